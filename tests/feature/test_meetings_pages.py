"""The pages of meetings, and one's own seat as the pages say it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.meetings.models import MeetingState
from kierto.pages.meetings import views
from kierto.people.actions import add_person, give_role
from kierto.people.models import Expert, ExpertState
from kierto.rounds.actions import book_stop
from kierto.seats.actions import pass_on_offer, withdraw
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import CONFIRMED_ON, HELD_AT, HELD_ON, PROPOSED_ON, Cast
from tests.client import Page
from tests.scenes import client_of, experts_take, meetings_booked, seat_in, seat_taken


def listed(page: Page) -> list[str]:
    """The refs of the meetings that a page lists, in its order."""
    links = page.document.select(".k-rows h3 a")
    return [str(link.attr("href")).removeprefix("/meetings/") for link in links]


def facts(page: Page) -> dict[str, str]:
    """What the page tells of the meeting: term → fact."""
    pairs = page.document.select(".k-facts > div")
    return {pair.select("dt")[0].text.strip(): " ".join(pair.select("dd")[0].text.split()) for pair in pairs}


def state_of(cast: Cast, name: str) -> SeatState | None:
    """How one of the cast stands with the confirmed meeting."""
    with reading():
        seat = seat_in(cast, name, cast.confirmed)
        return seat.state if seat else None


# ---- the list ----


@pytest.mark.parametrize(
    ("who", "things"),
    [
        ("visitor", ["confirmed"]),
        ("outsider", ["confirmed"]),
        ("expert", ["confirmed", "proposed"]),
        ("host", ["confirmed", "proposed"]),
        ("coordinator", ["confirmed", "proposed"]),
        ("neighbour", ["confirmed", "foreign_meeting"]),
    ],
)
def test_the_list_has_what_one_may_see_soonest_first(cast: Cast, who: str, things: list[str]) -> None:
    page = cast.client(who).get("/meetings/")
    assert listed(page) == [cast.things()[thing].ref for thing in things]


def test_meetings_stand_under_their_days(cast: Cast) -> None:
    page = cast.client("expert", language="fi").get("/meetings/")
    days = [heading.text.strip() for heading in page.document.select("section[aria-labelledby^=day-] h2")]
    assert days == ["tiistai 26. tammikuuta 2027", "tiistai 2. helmikuuta 2027"]


def test_two_meetings_of_one_day_share_its_heading(cast: Cast) -> None:
    meetings_booked(cast, 2)
    page = cast.client().get("/meetings/")
    assert len(listed(page)) == 3
    assert len(page.document.select("section[aria-labelledby^=day-]")) == 2


def test_three_meetings_cost_no_more_queries_than_one(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get("/meetings/")
    few = client.queries
    meetings_booked(cast, 3)
    assert len(listed(client.get("/meetings/"))) == 5
    assert client.queries == few == 2


def test_the_list_goes_on_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    made = meetings_booked(cast, 4)
    first = cast.client().get("/meetings/")
    second = first.click("Show more")
    third = second.click("Show more")
    seen = [*listed(first), *listed(second), *listed(third)]
    assert len(seen) == 5
    assert set(seen) == {cast.confirmed.ref, *(meeting.ref for meeting in made)}
    assert "Show more" not in third.links
    assert listed(third.click("To the beginning")) == listed(first)


def test_a_list_from_behind_what_is_not_there_begins_at_the_beginning(cast: Cast) -> None:
    assert listed(cast.client().get("/meetings/?after=0000000000")) == [cast.confirmed.ref]
    assert listed(cast.client().get(f"/meetings/?after={cast.proposed.ref}")) == [cast.confirmed.ref]


def test_a_list_from_behind_the_last_says_so(cast: Cast) -> None:
    page = cast.client().get(f"/meetings/?after={cast.confirmed.ref}")
    assert "That was all" in page.text
    assert "To the beginning" in page.links


def test_what_is_over_or_cancelled_is_not_listed(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().state = MeetingState.CANCELLED
    page = cast.client().get("/meetings/")
    assert listed(page) == []
    assert "No meetings are coming up" in page.text
    assert page.links["Sign in"] == "/sign-in"
    assert "Sign in" not in cast.client("outsider").get("/meetings/").links


def test_a_meeting_that_goes_on_is_still_listed(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT) + timedelta(hours=1)):
        assert listed(cast.client().get("/meetings/")) == [cast.confirmed.ref]
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT) + timedelta(hours=2)):
        assert listed(cast.client().get("/meetings/")) == []


def test_the_list_can_be_followed_in_a_calendar(cast: Cast) -> None:
    links = cast.client(language="sv").get("/meetings/").links.values()
    assert "webcal://localhost/calendar.ics?lang=sv" in links
    assert "/calendar.ics?lang=sv" in links


# ---- one meeting ----


def test_the_top_says_when_and_where(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        meeting.room, meeting.description = "Kokoushuone 2", "Puhumme odottamisesta.\nKahvia on."
    card = cast.client(language="fi").get(f"/meetings/{cast.confirmed.ref}").document.select_one(".k-arrival")
    assert card is not None
    words = " ".join(card.text.split())
    assert "ti 26.1." in words
    assert "13–15" in words
    assert "Tikkurilan kuntoutusosasto" in words
    assert "Kielotie 11, Vantaa" in words
    assert "Kokoushuone 2" in words


def test_a_description_keeps_its_lines(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().description = "Puhumme odottamisesta.\nKahvia on."
    words = cast.client().get(f"/meetings/{cast.confirmed.ref}").document.select_one(".k-text")
    assert words is not None
    assert words.text == "Puhumme odottamisesta.\nKahvia on."


def test_a_name_in_another_language_says_which(cast: Cast) -> None:
    page = cast.client(language="sv").get(f"/meetings/{cast.confirmed.ref}")
    assert page.document.select_one(".k-arrival [lang=fi]") is not None


@pytest.mark.parametrize(
    ("who", "thing", "status"),
    [
        ("visitor", "confirmed", 200),
        ("visitor", "proposed", 404),
        ("outsider", "proposed", 404),
        ("decision_maker", "proposed", 404),
        ("expert", "proposed", 200),
        ("expert", "foreign_meeting", 404),
        ("neighbour", "proposed", 404),
    ],
)
def test_a_page_answers_those_who_may_see_it(cast: Cast, who: str, thing: str, status: int) -> None:
    cast.client(who).get(f"/meetings/{cast.things()[thing].ref}", status)


def test_who_comes_is_told_in_counts(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 1)
    page = cast.client().get(f"/meetings/{cast.confirmed.ref}")
    assert facts(page)["Who comes"] == "2 experts, 1 worker of the unit"
    assert facts(page)["Free seats"] == "1 of 4"


@pytest.mark.parametrize("who", ["visitor", "expert", "other_expert", "staff", "outsider", "worker", "neighbour"])
def test_names_are_not_for_everyone(cast: Cast, who: str) -> None:
    for thing in (cast.confirmed, cast.held):
        text = cast.client(who).get(f"/meetings/{thing.ref}").text
        assert "Matti Virtanen" not in text
        assert "Participants" not in text


@pytest.mark.parametrize("who", ["coordinator", "host"])
def test_names_are_for_coordinators_and_the_host_contact(cast: Cast, who: str) -> None:
    page = cast.client(who).get(f"/meetings/{cast.held.ref}")
    assert "Matti Virtanen" in page.text
    assert "Päivi Lahtinen" in page.text
    assert ("Matti Virtanen" in cast.client(who).get(f"/meetings/{cast.confirmed.ref}").text) == (who == "coordinator")


def test_the_list_of_names_keeps_the_waiting_in_their_order(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 2)
    experts_take(cast, cast.confirmed, 3, first=200)
    rows = cast.client("coordinator").get(f"/meetings/{cast.confirmed.ref}").document.select("table tbody tr")
    waiting = [row.text.split()[1] for row in rows if "waiting list" in row.text]
    assert waiting == ["200", "201", "202"]


def test_more_people_cost_no_more_queries(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(f"/meetings/{cast.confirmed.ref}")
    few = client.queries
    experts_take(cast, cast.confirmed, 5)
    client.get(f"/meetings/{cast.confirmed.ref}")
    assert client.queries == few == 6


def test_a_proposed_meeting_says_who_is_still_needed(cast: Cast) -> None:
    page = cast.client("expert").get(f"/meetings/{cast.proposed.ref}")
    assert "not yet certain" in page.text
    assert facts(page)["Still needed"] == "1 expert"


def test_a_confirmed_meeting_that_lost_its_mix_says_so(cast: Cast) -> None:
    assert "it takes place" in cast.client().get(f"/meetings/{cast.confirmed.ref}").text
    cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").form(f"/seats/{cast.seat.ref}/withdraw").submit()
    page = cast.client().get(f"/meetings/{cast.confirmed.ref}")
    assert "it has lost people it needs. Still needed: 1 expert." in page.text
    assert "it takes place" not in page.text


def test_a_cancelled_meeting_says_why(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, "Yksikkö muuttaa."
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    assert "This meeting is cancelled. You need not come." in page.text
    assert "Yksikkö muuttaa." in page.text
    assert not [form for form in page.forms if form.action.startswith(("/seats", "/meetings"))]


def test_a_meeting_without_its_people_is_said_not_to_have_been(cast: Cast) -> None:
    with clock.at(clock.instant(PROPOSED_ON, HELD_AT) + timedelta(minutes=1)):
        page = cast.client("expert").get(f"/meetings/{cast.proposed.ref}")
    assert "was not held" in page.text
    assert "What did we agree?" not in page.text


def test_a_meeting_goes_on_and_then_has_been(cast: Cast) -> None:
    with clock.at(clock.instant(HELD_ON, HELD_AT) + timedelta(minutes=5)):
        page = cast.client("host").get(f"/meetings/{cast.held.ref}")
        assert "Going on now" in page.text
        assert "You have a seat in this meeting." in page.text
    page = cast.client("host").get(f"/meetings/{cast.held.ref}")
    assert "You had a seat in this meeting." in page.text
    assert facts(page)["Who came"] == "1 expert, 1 worker of the unit"


def test_the_round_is_shown_to_those_who_see_it(cast: Cast) -> None:
    assert cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").links["Kevään kierros"] == (
        f"/rounds/{cast.spring.ref}"
    )
    assert "Kevään kierros" not in cast.client().get(f"/meetings/{cast.confirmed.ref}").text


def test_what_was_agreed_is_shown_once_the_meeting_has_begun(cast: Cast) -> None:
    held = f"/meetings/{cast.held.ref}"
    assert f"/practices/{cast.practice.ref}" in cast.client().get(held).links.values()
    assert f"/practices/{cast.draft.ref}" not in cast.client().get(held).links.values()
    worker = cast.client("staff").get(held)
    assert f"/practices/{cast.draft.ref}" in worker.links.values()
    assert worker.links["Write down a practice"] == f"{held}/practices/new"
    assert "Write down a practice" not in cast.client("expert").get(held).links
    assert "What did we agree?" not in cast.client("worker").get(f"/meetings/{cast.confirmed.ref}").text


# ---- one's own seat ----


def test_an_expert_takes_a_seat(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    after = page.form(f"/meetings/{cast.confirmed.ref}/seat", "Take a seat").submit().follow()
    assert after.path == f"/meetings/{cast.confirmed.ref}"
    assert after.message == "You have a seat. Welcome!"
    assert "You have a seat in this meeting." in after.text
    with reading():
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
        assert (seat.state, seat.role) == (SeatState.ACCEPTED, SeatRole.EXPERT)


def test_the_meeting_confirms_itself_when_its_mix_is_met(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.proposed.ref}").form(button="Take a seat").submit()
    assert "The meeting is confirmed: it takes place." in page.follow().text


def test_a_worker_of_the_unit_comes_as_one(cast: Cast) -> None:
    with writing():
        worker = add_person("Uusi Työntekijä")
        give_role(cast.actor("coordinator"), worker, cast.organisation.id, Role.STAFF, cast.third_unit.id)
    client = client_of(cast, worker.id)
    page = client.get(f"/meetings/{cast.confirmed.ref}")
    assert "come as its worker?" in page.text
    page.form(button="Take a seat").submit()
    assert "1 expert, 2 workers of the unit" in client.get(f"/meetings/{cast.confirmed.ref}").text


def test_pressing_twice_is_as_good_as_once(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    form = page.form(button="Take a seat")
    first, second = form.submit().follow(), form.submit().follow()
    assert first.message == second.message == "You have a seat. Welcome!"
    assert "2 experts" in second.text


def test_a_full_meeting_has_a_waiting_list(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 3)
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    assert "The meeting is full." in page.text
    after = page.form(button="Join the waiting list").submit().follow()
    assert after.message == "There is no free seat for you now. You are number 2 on the waiting list."
    assert "You are number 2 on the waiting list." in after.text
    left = after.form(button="Leave the waiting list").submit().follow()
    assert left.message.startswith("You do not have a seat in this meeting any more.")
    assert "Join the waiting list" in left.form().buttons


def test_a_meeting_that_filled_up_meanwhile_gives_a_place_on_the_list(cast: Cast) -> None:
    form = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}").form(button="Take a seat")
    experts_take(cast, cast.confirmed, 2)
    assert "number 1 on the waiting list" in form.submit().follow().message


def test_seats_kept_for_others_are_not_called_full(cast: Cast) -> None:
    with writing():
        cast.proposed.load().seats = 2
        worker = add_person("Uusi Työntekijä")
        give_role(cast.actor("coordinator"), worker, cast.organisation.id, Role.STAFF, cast.other_unit.id)
    page = client_of(cast, worker.id).get(f"/meetings/{cast.proposed.ref}")
    assert "The free seats are kept for those the meeting still needs." in page.text
    assert "number 1 on the waiting list" in page.form(button="Join the waiting list").submit().follow().message


def test_giving_a_seat_up_takes_one_press(cast: Cast) -> None:
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    form = page.form(button="I cannot come")
    after = form.submit().follow()
    assert after.message == "You do not have a seat in this meeting any more. Thank you for telling us."
    assert "You may still change your mind." in after.text
    assert form.submit().follow().message == after.message
    assert after.form(button="Take a seat").submit().follow().message == "You have a seat. Welcome!"


def offered(cast: Cast) -> Page:
    """The confirmed meeting as `other_expert` sees it, who waited and is now offered the seat that `expert` gave up."""
    experts_take(cast, cast.confirmed, 2)
    seat_taken(cast, "other_expert", cast.confirmed)
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    assert state_of(cast, "other_expert") is SeatState.OFFERED
    return cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")


def test_an_offer_says_until_when_and_takes_yes(cast: Cast) -> None:
    page = offered(cast)
    assert "Please answer by Thu 14 Jan at 10:00." in page.text
    form = page.form(button="Yes, I come")
    assert form.submit().follow().message == "You have a seat. Welcome!"
    assert form.submit().follow().message == "You have a seat. Welcome!"
    assert state_of(cast, "other_expert") is SeatState.ACCEPTED


def test_an_offer_takes_no_and_an_older_tab_hears_the_truth(cast: Cast) -> None:
    page = offered(cast)
    yes, no = page.form(button="Yes, I come"), page.form(button="No, not this time")
    said = no.submit().follow().message
    assert said == "You do not have a seat in this meeting any more. Thank you for telling us."
    assert no.submit().follow().message == said
    assert yes.submit().follow().message == said
    assert state_of(cast, "other_expert") is SeatState.WITHDRAWN


def test_an_offer_that_has_ended_says_so(cast: Cast) -> None:
    form = offered(cast).form(button="Yes, I come")
    with reading():
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
    with clock.at(clock.now() + timedelta(days=3)):
        with writing():
            pass_on_offer(cast.confirmed.id, seat.id)
        assert "The offer has ended." in form.submit().follow().message
        page = form.page.client.get(form.page.path)
        # Nobody else was waiting, so the seat is still there to be taken.
        assert "there is a free seat now" in page.text
        assert page.form(button="Take a seat").submit().follow().message == "You have a seat. Welcome!"


def test_an_answer_that_is_neither_asks_again(cast: Cast) -> None:
    page = offered(cast)
    seat = page.form(button="Yes, I come").action
    after = page.client.post(seat, data={"csrf_token": page.client.csrf_token(), "answer": "perhaps"}).follow()
    assert after.message == "We did not get your answer. Press Yes or No below."
    assert state_of(cast, "other_expert") is SeatState.OFFERED


def test_a_meeting_that_has_begun_meanwhile_says_so(cast: Cast) -> None:
    take = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}").form(button="Take a seat")
    leave = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I cannot come")
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT) + timedelta(minutes=1)):
        for form in (take, leave):
            after = form.submit().follow()
            assert after.message == "The meeting has begun or was cancelled. Seats no longer change."
            assert "Going on now" in after.text
    assert state_of(cast, "other_expert") is None
    assert state_of(cast, "expert") is SeatState.ACCEPTED


def test_a_meeting_at_the_same_time_is_named(cast: Cast) -> None:
    with writing():
        other = book_stop(cast.actor("other_host"), cast.autumn_stop.load(), CONFIRMED_ON, HELD_AT)
    page = cast.client("expert").get(f"/meetings/{other.ref}").form(button="Take a seat").submit().follow()
    assert page.message == "You already have a seat in another meeting at that time. Give that seat up first."


@pytest.mark.parametrize(
    ("who", "thing", "status"),
    [
        ("visitor", "confirmed", 403),
        ("outsider", "confirmed", 403),
        ("decision_maker", "confirmed", 403),
        ("applicant", "confirmed", 403),
        ("coordinator", "confirmed", 403),
        ("host", "confirmed", 403),
        ("visitor", "proposed", 404),
        ("neighbour", "proposed", 404),
    ],
)
def test_seats_are_not_for_everyone(cast: Cast, who: str, thing: str, status: int) -> None:
    client = cast.client(who)
    token = client.csrf_token()
    client.post(f"/meetings/{cast.things()[thing].ref}/seat", status, {"csrf_token": token})


@pytest.mark.parametrize("who", ["outsider", "decision_maker", "coordinator", "host"])
def test_no_button_is_shown_that_one_may_not_press(cast: Cast, who: str) -> None:
    page = cast.client(who).get(f"/meetings/{cast.confirmed.ref}")
    assert [form.action for form in page.forms] == ["/sign-out"]


def test_a_visitor_is_told_how_to_take_a_seat(cast: Cast) -> None:
    assert cast.client().get(f"/meetings/{cast.confirmed.ref}").links["Sign in to take a seat"] == "/sign-in"


@pytest.mark.parametrize("act", ["withdraw", "answer"])
def test_a_seat_is_its_own_persons_alone(cast: Cast, act: str) -> None:
    for who in ("visitor", "other_expert", "coordinator", "neighbour"):
        client = cast.client(who)
        client.post(f"/seats/{cast.seat.ref}/{act}", 404, {"csrf_token": client.csrf_token(), "answer": "no"})
    assert state_of(cast, "expert") is SeatState.ACCEPTED


def test_who_loses_the_meeting_with_the_seat_comes_to_their_own_page(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().public = False
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        expert.state = ExpertState.PAUSED
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I cannot come").submit().follow()
    assert page.path == "/me"
    assert page.message.startswith("You do not have a seat in this meeting any more.")


def test_addresses_of_presses_lead_back_when_opened(cast: Cast) -> None:
    meeting = f"/meetings/{cast.confirmed.ref}"
    client = cast.client("expert")
    assert client.get(f"{meeting}/seat", 302).location == meeting
    assert client.get(f"/seats/{cast.seat.ref}/withdraw", 302).location == meeting
    assert client.get(f"/seats/{cast.seat.ref}/answer", 302).location == meeting
