"""One's own seat, as the page of its meeting shows it and takes presses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.people.actions import add_person, give_role
from kierto.people.models import Expert, ExpertState
from kierto.rounds.booking import book_stop
from kierto.seats.actions import withdraw
from kierto.seats.offering import pass_on_offer
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import CONFIRMED_ON, HELD_AT, Cast
from tests.client import Page
from tests.scenes import client_of, experts_take, seat_in, seat_taken


def state_of(cast: Cast, name: str) -> SeatState | None:
    """How one of the cast stands with the confirmed meeting."""
    with reading():
        seat = seat_in(cast, name, cast.confirmed)
        return seat.state if seat else None


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
    assert state_of(cast, "other_expert") is SeatState.DECLINED


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
    assert state_of(cast, "other_expert") is SeatState.INVITED
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
