"""One's own page."""

from datetime import timedelta

import pytest

from kierto import clock
from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.meetings.models import MeetingState
from kierto.pages.me import coming
from kierto.people.actions import give_role
from kierto.people.models import Person
from kierto.seats.actions import withdraw
from kierto.seats.rules import SeatRole, SeatState
from kierto.units.fees import Rates, set_rates
from tests.cast import HELD_AT, HELD_ON, PROPOSED_ON, Cast
from tests.client import Page
from tests.scenes import experts_take, meetings_booked, practices_agreed, seat_in, seat_taken, swap_asked


def headings(page: Page) -> list[str]:
    """What the page tells of; last come one's own things, for everyone."""
    *found, last = [heading.text.strip() for heading in page.document.select("main h2")]
    assert last == "My own things"
    return found


def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    page = cast.client().get("/me", 403)
    assert page.heading == "Sign in first"
    assert page.links["Sign in"] == "/sign-in?next=%2Fme"


def test_the_next_meeting_comes_first_and_says_where_on_one_line(cast: Cast) -> None:
    page = cast.client("expert", language="fi").get("/me")
    first = page.document.select("main section")[0]
    words = " ".join(first.text.split())
    assert "ti 26.1." in words
    assert "13–15" in words
    assert "Tikkurilan kuntoutusosasto, Kielotie 11, Vantaa" in words
    assert f"/meetings/{cast.confirmed.ref}" in page.links.values()


def test_an_expert_sees_what_they_could_join(cast: Cast) -> None:
    page = cast.client("expert").get("/me")
    assert headings(page) == [
        "Your next meeting",
        "Please answer",
        "Meetings you could join",
        "What came of your visits",
    ]
    assert asked_of(page) == [f"/meetings/{cast.proposed.ref}"]
    assert "No other meetings are coming up" in page.text


def asked_of(page: Page) -> list[str]:
    """The meetings of which the page waits for an answer, in its order."""
    links = page.document.select("section[aria-labelledby=asked] .k-now > p:last-child a")
    return [str(link.attr("href")) for link in links]


def test_invitations_beyond_the_first_stand_among_what_one_could_join(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "INVITATIONS", 1)
    page = cast.client("third_expert", language="en").get("/me")
    assert asked_of(page) == [f"/meetings/{cast.confirmed.ref}"]
    assert list(joinable_rows(page)) == [f"/meetings/{cast.proposed.ref}"]


def test_an_invitation_is_answered_there_and_one_stays_there(cast: Cast) -> None:
    page = cast.client("third_expert").get("/me")
    button = "I cannot come this time Tue 26 Jan at 13:00–15:00, Tikkurilan kuntoutusosasto"
    after = page.form(button=button).submit().follow()
    assert after.path == "/me"
    assert asked_of(after) == [f"/meetings/{cast.proposed.ref}"]


def test_a_move_is_asked_about_before_invitations(cast: Cast) -> None:
    with writing():
        cast.seat.load().state = SeatState.RECONFIRM
    page = cast.client("expert").get("/me")
    assert asked_of(page) == [f"/meetings/{cast.confirmed.ref}", f"/meetings/{cast.proposed.ref}"]
    assert "The meeting has a new time. Can you still come?" in page.text
    assert headings(page)[0] == "Please answer"


def test_the_next_meeting_says_who_meets_one_and_the_fee(cast: Cast) -> None:
    with writing():
        cast.seat.load().fee_cents = 8000
        give_role(
            cast.actor("coordinator"),
            session.get_one(Person, cast.id("worker")),
            cast.organisation.id,
            Role.HOST_CONTACT,
            cast.third_unit.id,
        )
    words = cast.client("expert", language="fi").get("/me").document.select("main section")[0].text
    assert "Sari ottaa sinut vastaan." in words
    assert "Heikkinen" not in words
    assert "80" in words


def test_a_question_about_times_is_for_the_contact_person_of_the_asked_unit(cast: Cast) -> None:
    with writing():
        give_role(
            cast.actor("coordinator"),
            session.get_one(Person, cast.id("worker")),
            cast.organisation.id,
            Role.HOST_CONTACT,
            cast.third_unit.id,
        )
    swap = swap_asked(cast)
    address = f"/rounds/{cast.spring.ref}/swaps/{swap.ref}"
    assert address in cast.client("worker").get("/me").links.values()
    assert address not in cast.client("other_host").get("/me").links.values()


def test_the_contact_person_is_asked_whether_the_meeting_was_held(cast: Cast) -> None:
    with writing():
        cast.held.load().asked_happened_at = clock.now()
    address = f"/meetings/{cast.held.ref}/happened"
    assert cast.client("host").get("/me").links["Was the meeting held?"] == address
    assert address not in cast.client("staff").get("/me").links.values()


def test_what_came_of_a_visit_is_told(cast: Cast) -> None:
    visits = cast.client("expert").get("/me").document.select_one("section[aria-labelledby=visits]")
    assert visits is not None
    assert "Vastaanotolle saa tulla saattajan kanssa: tried or in use in 1 unit" in " ".join(visits.text.split())
    assert visits.select_one(f'a[href="/practices/{cast.practice.ref}"]') is not None


@pytest.mark.parametrize("name", ["expert", "host"])
def test_a_meeting_that_is_over_is_found_again(cast: Cast, name: str) -> None:
    """The expert sees what was agreed; the host contact who writes it down afterwards finds the way."""
    page = cast.client(name).get("/me")
    visits = page.document.select("section[aria-labelledby=visits] h3 a")
    assert [link.attr("href") for link in visits] == [f"/meetings/{cast.held.ref}"]


def test_who_withdrew_has_not_been_there(cast: Cast) -> None:
    with clock.at(clock.instant(HELD_ON, HELD_AT) - timedelta(hours=1)), writing():
        seat = seat_in(cast, "expert", cast.held)
        assert seat is not None
        withdraw(cast.actor("expert"), seat)
    assert "What came of your visits" not in headings(cast.client("expert").get("/me"))


def test_an_expert_for_whom_there_is_nothing_is_told_so(cast: Cast) -> None:
    with clock.at(clock.instant(PROPOSED_ON, HELD_AT) + timedelta(hours=3)):
        assert "No other meetings are coming up" in cast.client("expert").get("/me").text


def test_an_offer_is_answered_there(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 2)
    seat_taken(cast, "other_expert", cast.confirmed)
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    page = cast.client("other_expert").get("/me")
    assert headings(page)[0] == "Please answer"
    assert "Answer by: Thu 14 Jan at 10:00" in page.text
    button = "I come Tue 26 Jan at 13:00–15:00, Tikkurilan kuntoutusosasto"
    after = page.form(button=button).submit().follow()
    assert after.path == "/me"
    assert after.message == "You have a seat. Welcome!"
    assert headings(cast.client("other_expert").get("/me"))[0] == "Your next meeting"


def test_places_in_waiting_lists_are_told(cast: Cast) -> None:
    client = cast.client("other_expert")
    queries = []
    for number in range(3):
        (meeting,) = meetings_booked(cast, 1, first=number, seats=2)
        experts_take(cast, meeting, 1, first=number)
        seat_taken(cast, "other_expert", meeting)
        page = client.get("/me")
        assert page.text.count("You are number 2 on the waiting list.") == number + 1
        queries.append(client.queries)
    assert queries == [queries[0]] * 3


def joinable_rows(page: Page) -> dict[str, str]:
    """Address of each meeting one could join → what its row says."""
    rows = page.document.select("section[aria-labelledby=joinable] .k-row")
    return {str(row.select("a")[0].attr("href")): row.text for row in rows}


def test_a_full_meeting_says_that_one_may_wait_for_a_seat(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coming, "INVITATIONS", 0)
    client = cast.client("other_expert")
    full, kept, free = meetings_booked(cast, 3)
    client.get("/me")
    queries = client.queries
    experts_take(cast, full, 4, first=200)
    with writing():
        meeting = kept.load()
        meeting.mix_staff = meeting.seats - meeting.seats_taken + 1
    rows = joinable_rows(client.get("/me"))
    assert "The meeting is full. You can join the waiting list." in rows[f"/meetings/{full.ref}"]
    assert "The last seats are kept for those the meeting still needs." in rows[f"/meetings/{kept.ref}"]
    assert "waiting list" not in rows[f"/meetings/{free.ref}"]
    assert client.queries == queries
    page = client.get(f"/meetings/{full.ref}").form(button="I come").submit().follow()
    assert "You are number 3 on the waiting list." in page.text


def test_a_cancelled_meeting_is_not_the_next_one(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().state = MeetingState.CANCELLED
    page = cast.client("expert").get("/me")
    assert headings(page)[:2] == ["Please answer", "Your meetings"]
    assert "You need not come." in page.text


def test_a_seat_given_up_is_not_shown(cast: Cast) -> None:
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    with reading():
        seat = seat_in(cast, "expert", cast.confirmed)
        assert seat is not None
        assert seat.state is SeatState.WITHDRAWN
    assert headings(cast.client("expert").get("/me")) == [
        "Please answer",
        "Meetings you could join",
        "What came of your visits",
    ]


def test_a_host_contact_is_led_to_their_unit_and_its_turn(cast: Cast) -> None:
    page = cast.client("host").get("/me")
    assert headings(page) == ["Your unit", "What came of your visits"]
    assert "it is your unit’s turn to have a meeting." in page.text
    booking = f"/rounds/{cast.spring.ref}/book/{cast.unit.ref}"
    assert booking in page.links.values()
    assert f"/units/{cast.unit.ref}" in page.links.values()
    page.client.get(booking)


def test_staff_are_told_who_books(cast: Cast) -> None:
    page = cast.client("staff").get("/me")
    assert "Your unit’s contact person books it." in page.text
    assert not [address for address in page.links.values() if "/book" in address]


def test_what_waits_for_an_answer_is_counted(cast: Cast) -> None:
    page = cast.client("worker").get("/me")
    assert page.links["1 practice to answer: Tikkurilan kuntoutusosasto"] == f"/units/{cast.third_unit.ref}/practices"
    practices_agreed(cast, 2)
    assert "3 practices to answer: Tikkurilan kuntoutusosasto" in cast.client("worker").get("/me").links


def test_three_units_cost_no_more_queries_than_one(cast: Cast) -> None:
    client = cast.client("host")
    client.get("/me")
    few = client.queries
    with writing():
        person = session.get_one(Person, cast.id("host"))
        for unit in (cast.other_unit, cast.third_unit):
            give_role(cast.actor("coordinator"), person, cast.organisation.id, Role.HOST_CONTACT, unit.id)
    page = client.get("/me")
    assert headings(page)[0] == "Your units"
    assert len(page.document.select("section[aria-labelledby=work] .k-rows li")) == 3
    assert client.queries == few


def test_three_seats_cost_no_more_queries_than_one(cast: Cast) -> None:
    client = cast.client("expert")
    client.get("/me")
    few = client.queries
    meetings_booked(cast, 3)
    page = client.get("/me")
    assert len(page.document.select("section[aria-labelledby=others] .k-rows li")) == 3
    assert client.queries == few == 15


def test_a_coordinator_is_led_to_the_desk(cast: Cast) -> None:
    page = cast.client("coordinator").get("/me")
    assert headings(page) == ["You coordinate"]
    assert page.document.select("main .ds-button")[0].attr("href") == "/desk"
    assert page.links["To the desk"] == "/desk"
    assert {"/rounds/", "/rounds/new", "/units/import"} <= set(page.links.values())
    assert "first" not in page.text


def at_the_time_of_the_confirmed(cast: Cast) -> None:
    """The proposed meeting is at the same time as the confirmed one, past the rules that would see to it."""
    with writing():
        other, here = cast.proposed.load(), cast.confirmed.load()
        other.starts_at, other.ends_at = here.starts_at + timedelta(hours=1), here.ends_at + timedelta(hours=1)


def warnings(page: Page, section: str) -> list[str]:
    found = page.document.select(f"section[aria-labelledby={section}] .ds-alert")
    return [" ".join(one.text.split()) for one in found]


THE_CONFIRMED = "Tue 26 Jan at 13:00–15:00, Tikkurilan kuntoutusosasto."
THE_PROPOSED = "Tue 26 Jan at 14:00–16:00, Malmin päihdepoliklinikka."
ONE_OF_THEM = "You can have a seat in only one of them."


def test_an_invitation_to_the_time_of_ones_seat_says_so(cast: Cast) -> None:
    """Rule person-one-place; the seat's own card does not speak of every invitation."""
    client = cast.client("expert")
    assert warnings(client.get("/me"), "asked") == []
    queries = client.queries
    at_the_time_of_the_confirmed(cast)
    page = client.get("/me")
    said = f"You have a seat in another meeting at the same time: {THE_CONFIRMED} {ONE_OF_THEM}"
    assert warnings(page, "asked") == [said]
    assert warnings(page, "next") == []
    assert client.queries == queries


def test_two_invitations_at_one_time_say_so_of_each_other(cast: Cast) -> None:
    at_the_time_of_the_confirmed(cast)
    said = "You are asked to another meeting at the same time, too: {} " + ONE_OF_THEM
    page = cast.client("third_expert").get("/me")
    assert warnings(page, "asked") == [said.format(THE_PROPOSED), said.format(THE_CONFIRMED)]


@pytest.mark.parametrize("state", [SeatState.WAITING, SeatState.INTERESTED])
def test_who_waits_for_a_seat_at_the_time_of_another_is_told(cast: Cast, state: SeatState) -> None:
    at_the_time_of_the_confirmed(cast)
    with writing():
        seat = seat_in(cast, "expert", cast.proposed)
        assert seat is not None
        seat.state = state
        seat.waiting_since = seat.interested_since = clock.now()
    page = cast.client("expert").get("/me")
    said = "You wait for a seat in another meeting at the same time: " + f"{THE_PROPOSED} {ONE_OF_THEM}"
    assert warnings(page, "next") == [said]
    said = f"You have a seat in another meeting at the same time: {THE_CONFIRMED} {ONE_OF_THEM}"
    assert warnings(page, "others") == [said]


def test_what_is_paid_is_told_once_and_folded_after_that(cast: Cast) -> None:
    """Rule fee-before-yes: the sum stands beside each question, all of it where it is asked first."""
    with writing():
        rates = Rates(7000, 3500, 24, travel_paid=True, paid_by="Rannikon hyvinvointialue")
        set_rates(cast.actor("coordinator"), cast.organisation.load(), 2027, rates)
    first, second = cast.client("third_expert").get("/me").document.select("form.k-answers")
    assert not first.select("details")
    (folded,) = second.select("details")
    assert folded.select("summary")[0].text == "Fee: 70\N{NO-BREAK SPACE}€"
    assert "Rannikon hyvinvointialue" in folded.text
    assert "Rannikon hyvinvointialue" in first.text


@pytest.mark.parametrize("who", ["outsider", "applicant", "decision_maker", "administrator"])
def test_who_has_no_part_yet_is_told_what_will_be_there(cast: Cast, who: str) -> None:
    assert "Nothing is waiting for you here" in cast.client(who).get("/me").text


def test_a_worker_with_a_seat_sees_both(cast: Cast) -> None:
    page = cast.client("worker").get("/me")
    assert headings(page) == ["Your next meeting", "Your unit"]
    with reading():
        seat = seat_in(cast, "worker", cast.confirmed)
        assert seat is not None
        assert seat.role is SeatRole.HOST_STAFF
