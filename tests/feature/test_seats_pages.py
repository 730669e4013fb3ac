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
from kierto.units.fees import Rates, set_rates
from tests.cast import CONFIRMED_ON, HELD_AT, Cast
from tests.client import Page
from tests.scenes import client_of, experts_take, seat_in, seat_taken


def state_of(cast: Cast, name: str) -> SeatState | None:
    """How one of the cast stands with the confirmed meeting."""
    with reading():
        seat = seat_in(cast, name, cast.confirmed)
        return seat.state if seat else None


def seat_ref(cast: Cast) -> str:
    """The seat of `other_expert` in the confirmed meeting."""
    with reading():
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
        return seat.ref


def test_an_expert_takes_a_seat(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    after = page.form(button="I come").submit().follow()
    assert after.path == f"/meetings/{cast.confirmed.ref}"
    assert after.message == "You have a seat. Welcome!"
    assert "You have a seat. Welcome!" in after.text
    with reading():
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
        assert (seat.state, seat.role) == (SeatState.ACCEPTED, SeatRole.EXPERT)


def test_the_meeting_confirms_itself_when_its_mix_is_met(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.proposed.ref}").form(button="I come").submit()
    assert "The meeting is confirmed: it takes place." in page.follow().text


def test_a_worker_of_the_unit_comes_as_one(cast: Cast) -> None:
    with writing():
        worker = add_person("Uusi Työntekijä")
        give_role(cast.actor("coordinator"), worker, cast.organisation.id, Role.STAFF, cast.third_unit.id)
    client = client_of(cast, worker.id)
    page = client.get(f"/meetings/{cast.confirmed.ref}")
    assert "come as its worker?" in page.text
    page.form(button="I come").submit()
    assert "1 expert, 2 workers of the unit" in client.get(f"/meetings/{cast.confirmed.ref}").text


def test_pressing_twice_is_as_good_as_once(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    form = page.form(button="I come")
    first, second = form.submit().follow(), form.submit().follow()
    assert first.message == second.message == "You have a seat. Welcome!"
    assert "2 experts" in second.text


def test_a_full_meeting_has_a_waiting_list(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 3)
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    assert "The meeting is full. Say that you come, and you wait for a seat." in page.text
    after = page.form(button="I come").submit().follow()
    assert after.message == "There is no free seat now. You are on the waiting list."
    assert "You are number 2 on the waiting list." in after.text
    left = after.form(button="I cannot come this time").submit().follow()
    assert left.message.startswith("You do not have a seat in this meeting any more.")
    assert "I come" in left.form(f"/seats/{seat_ref(cast)}/answer").buttons


def test_a_meeting_that_filled_up_meanwhile_gives_a_place_on_the_list(cast: Cast) -> None:
    form = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I come")
    experts_take(cast, cast.confirmed, 2)
    assert "number 1 on the waiting list" in form.submit().follow().text


def test_seats_kept_for_others_are_not_called_full(cast: Cast) -> None:
    with writing():
        cast.proposed.load().seats = 2
        worker = add_person("Uusi Työntekijä")
        give_role(cast.actor("coordinator"), worker, cast.organisation.id, Role.STAFF, cast.other_unit.id)
    page = client_of(cast, worker.id).get(f"/meetings/{cast.proposed.ref}")
    assert "The free seats are kept for those the meeting still needs." in page.text
    assert "number 1 on the waiting list" in page.form(button="Join the waiting list").submit().follow().text


def test_giving_a_seat_up_takes_one_press(cast: Cast) -> None:
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    form = page.form(button="I cannot come this time")
    after = form.submit().follow()
    assert after.message == "You do not have a seat in this meeting any more. Thank you for telling us."
    assert "Did you change your mind?" in after.text
    assert form.submit().follow().message == after.message
    assert after.form(button="I come").submit().follow().message == "You have a seat. Welcome!"


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
    assert "Answer by: Thu 14 Jan at 10:00" in page.text
    form = page.form(button="I come")
    assert form.submit().follow().message == "You have a seat. Welcome!"
    assert form.submit().follow().message == "You have a seat. Welcome!"
    assert state_of(cast, "other_expert") is SeatState.ACCEPTED


def test_an_offer_takes_no_and_can_be_taken_back(cast: Cast) -> None:
    page = offered(cast)
    yes, no = page.form(button="I come"), page.form(button="I cannot come this time")
    said = no.submit().follow().message
    assert said == "You do not have a seat in this meeting any more. Thank you for telling us."
    assert no.submit().follow().message == said
    assert state_of(cast, "other_expert") is SeatState.DECLINED
    assert yes.submit().follow().message == "You have a seat. Welcome!"


def test_an_offer_that_has_ended_says_so(cast: Cast) -> None:
    form = offered(cast).form(button="I come")
    with reading():
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
    with clock.at(clock.now() + timedelta(days=3)):
        assert "The offer has ended." in form.submit().follow().message
        with writing():
            pass_on_offer(cast.confirmed.id, seat.id)
        page = form.page.client.get(form.page.path)
        # Nobody else was waiting, so the seat is still there to be taken.
        assert "There is a free seat now." in page.text
        assert page.form(button="I come").submit().follow().message == "You have a seat. Welcome!"


def test_an_answer_that_is_neither_asks_again(cast: Cast) -> None:
    page = offered(cast)
    seat = page.form(button="I come").action
    after = page.client.post(seat, data={"csrf_token": page.client.csrf_token(), "answer": "perhaps"}).follow()
    assert after.message == "We did not get your answer. Press one of the buttons below."
    assert state_of(cast, "other_expert") is SeatState.OFFERED


def test_a_meeting_that_has_begun_meanwhile_says_so(cast: Cast) -> None:
    take = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I come")
    leave = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I cannot come this time")
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
    page = cast.client("expert").get(f"/meetings/{other.ref}").form(button="I come").submit().follow()
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
    assert cast.client().get(f"/meetings/{cast.confirmed.ref}").links["Sign in to take a seat"] == (
        f"/sign-in?next=/meetings/{cast.confirmed.ref}"
    )


def test_a_seat_is_its_own_persons_alone(cast: Cast) -> None:
    for who in ("visitor", "other_expert", "coordinator", "neighbour"):
        client = cast.client(who)
        client.post(f"/seats/{cast.seat.ref}/answer", 404, {"csrf_token": client.csrf_token(), "answer": "no"})
    assert state_of(cast, "expert") is SeatState.ACCEPTED


def test_who_loses_the_meeting_with_the_seat_comes_to_their_own_page(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().public = False
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        expert.state = ExpertState.PAUSED
    page = (
        cast.client("expert")
        .get(f"/meetings/{cast.confirmed.ref}")
        .form(button="I cannot come this time")
        .submit()
        .follow()
    )
    assert page.path == "/me"
    assert page.message.startswith("You do not have a seat in this meeting any more.")


def test_addresses_of_presses_lead_back_when_opened(cast: Cast) -> None:
    meeting = f"/meetings/{cast.confirmed.ref}"
    client = cast.client("expert")
    assert client.get(f"{meeting}/seat", 302).location == meeting
    assert client.get(f"/seats/{cast.seat.ref}/answer", 302).location == meeting


def seat_now(cast: Cast, name: str, state: SeatState) -> None:
    """How one of the cast stands with the confirmed meeting, past the actions that lead there."""
    with writing():
        seat = seat_in(cast, name, cast.confirmed)
        assert seat is not None
        meeting = cast.confirmed.load()
        meeting.seats_taken -= seat.holds
        seat.state = state
        meeting.seats_taken += seat.holds


@pytest.mark.parametrize(
    ("state", "says", "buttons"),
    [
        (SeatState.INVITED, "Can you come to a meeting?", ["I come", "I cannot come this time", "Call me"]),
        (SeatState.INTERESTED, "You do not have a seat yet.", ["I cannot come this time", "Call me"]),
        (SeatState.WAITING, "There is a free seat now.", ["I come", "I cannot come this time", "Call me"]),
        (SeatState.OFFERED, "A seat is free for you.", ["I come", "I cannot come this time", "Call me"]),
        (SeatState.ACCEPTED, "You have a seat. Welcome!", ["I cannot come this time", "Call me"]),
        (SeatState.RECONFIRM, "Can you still come?", ["I come", "I cannot come this time", "Call me"]),
        (SeatState.DECLINED, "You do not come this time.", ["I come", "Call me"]),
        (SeatState.WITHDRAWN, "You do not come this time.", ["I come", "Call me"]),
    ],
)
def test_every_state_says_how_things_stand_and_what_can_be_done(
    cast: Cast, state: SeatState, says: str, buttons: list[str]
) -> None:
    seat_now(cast, "expert", state)
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    assert says in page.text
    assert page.form(f"/seats/{cast.seat.ref}/answer").buttons == buttons


def rates_set(cast: Cast, fee_cents: int) -> None:
    """What the organisation pays in the year of the confirmed meeting."""
    with writing():
        rates = Rates(fee_cents, cancellation_cents=4000, late_hours=24, travel_paid=True, paid_by="Hyvinvointialue")
        set_rates(cast.actor("coordinator"), cast.organisation.load(), CONFIRMED_ON.year, rates)


def test_coming_without_a_fee_is_chosen_beside_it(cast: Cast) -> None:
    with writing():
        rates = Rates(
            fee_cents=8000, cancellation_cents=4000, late_hours=24, travel_paid=True, paid_by="Hyvinvointialue"
        )
        set_rates(cast.actor("coordinator"), cast.organisation.load(), CONFIRMED_ON.year, rates)
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    form = page.form(button="I come")
    assert list(form.choices("fee").values()) == ["I take the fee.", "I come without a fee."]
    after = form.submit(fee="none").follow()
    own = after.document.select_one("section[aria-labelledby=own]")
    assert own is not None
    assert "You have chosen to come without a fee." in own.text
    with reading():
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
        assert (seat.fee_declined, seat.fee_cents) == (True, 8000)


@pytest.mark.parametrize("days_of_interest", [0, 3])
def test_what_was_agreed_of_the_fee_is_said_after_yes(cast: Cast, days_of_interest: int) -> None:
    """On one's own seat in a line; on the card in full, with how late a cancellation must be to be paid for."""
    rates_set(cast, 8000)
    if days_of_interest:
        with writing():
            cast.confirmed.load().interest_until = clock.now() + timedelta(days=days_of_interest)
    form = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I come")
    after = form.submit().follow()
    rates_set(cast, 5000)
    after = after.client.get(after.path)
    own, card = (after.document.select_one(part) for part in ("section[aria-labelledby=own]", ".k-arrival"))
    assert own is not None
    assert card is not None
    assert "Your fee: 80\N{NO-BREAK SPACE}€" in own.text
    assert "80\N{NO-BREAK SPACE}€" in card.text
    assert "40\N{NO-BREAK SPACE}€, when it is cancelled less than 24 hours before." in card.text


def test_the_fee_is_shown_before_who_has_no_seat_says_yes(cast: Cast) -> None:
    """Rule fee-before-yes: whoever was not invited sees it too; a fee that changed since is looked at once more."""
    rates_set(cast, 8000)
    with writing():
        person = cast.new_expert(500)
    client = client_of(cast, person.id)
    form = client.get(f"/meetings/{cast.confirmed.ref}").form(f"/meetings/{cast.confirmed.ref}/seat")
    assert "80" in form.element.text
    with writing():
        cheaper = Rates(
            fee_cents=5000, cancellation_cents=0, late_hours=24, travel_paid=False, paid_by="Hyvinvointialue"
        )
        set_rates(cast.actor("coordinator"), cast.organisation.load(), CONFIRMED_ON.year, cheaper)
    after = form.submit().follow()
    assert after.message == "The fee has changed since you saw it. Look at it once more, then answer."
    again = after.form(f"/meetings/{cast.confirmed.ref}/seat").submit(fee="none").follow()
    assert again.message == "You have a seat. Welcome!"


def test_days_of_interest_are_explained(cast: Cast) -> None:
    """Rule seat-interest-first: until when one can say so, and who goes first."""
    with writing():
        cast.confirmed.load().interest_until = clock.now() + timedelta(days=3)
        person = cast.new_expert(500)
    invited = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    assert "Answer by: Fri 15 Jan at 10:00" in invited.text
    client = client_of(cast, person.id)
    page = client.get(f"/meetings/{cast.confirmed.ref}")
    assert "You can say that you could come until Fri 15 Jan at 10:00. Then the seats are given." in page.text
    after = page.form(button="I come").submit().follow()
    assert after.message == "Thank you. You do not have a seat yet. We tell you when the seats are given."
    assert "Seats are given then: Fri 15 Jan at 10:00." in after.text


def test_who_comes_along_is_a_number(cast: Cast) -> None:
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    assert page.links["Who comes along?"] == f"/seats/{cast.seat.ref}/companions"
    with writing():
        cast.seat.load().companions = 2
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    assert "2 people come along with you." in page.text
    coordinator = cast.client("coordinator").get(f"/meetings/{cast.confirmed.ref}")
    assert "2 people come along." in coordinator.text


def test_one_asks_to_be_called(cast: Cast) -> None:
    page = cast.client("other_expert").get(f"/meetings/{cast.confirmed.ref}")
    after = page.form(button="Call me").submit().follow()
    assert after.message == "Thank you. We call you."
    assert "You asked us to call. A coordinator calls you." in after.text
    assert state_of(cast, "other_expert") is SeatState.INVITED
