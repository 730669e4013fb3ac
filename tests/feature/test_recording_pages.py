"""The pages on which a coordinator records answers for others and sees what to say in a call (answer-for-another)."""

from datetime import time, timedelta

import pytest

from kierto import clock
from kierto.database import writing
from kierto.meetings.actions import cancel_meeting
from kierto.seats.calling import ask_to_call
from kierto.seats.rules import SeatState
from tests.cast import CONFIRMED_ON, NOW, Cast
from tests.scenes import seat_taken, tasks_on

CONFIRMED_AT = clock.instant(CONFIRMED_ON, time(13))


# ---- recorded answers ----


def test_an_answer_is_recorded_and_seen_by_its_person(cast: Cast) -> None:
    """Rule answer-for-another: who and how."""
    client = cast.client("coordinator")
    page = client.get(f"/meetings/{cast.confirmed.ref}").click("Answers")
    assert "Matti Virtanen" in page.text
    record = client.get(f"/seats/{cast.seat.ref}/record")
    faults = record.form(button="Record").submit(expect=422).field_errors
    assert set(faults) == {"answer", "how"}
    done = record.form(button="Record").submit(answer="no", how="phone").follow()
    assert "they do not come" in done.message
    assert "The answer came by phone. Recorded by Aino Koskinen" in done.text
    done = client.get(f"/seats/{cast.seat.ref}/record").form(button="Record").submit(answer="yes", how="told").follow()
    assert "they come" in done.message
    assert "told face to face" in cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").text


def test_somebody_new_is_found_and_recorded(cast: Cast) -> None:
    with writing():
        new = cast.new_expert(7).ref
    client = cast.client("coordinator")
    assert "Nobody was found" in client.get(f"/meetings/{cast.confirmed.ref}/answers?name=xyz").text
    page = client.get(f"/meetings/{cast.confirmed.ref}/answers?name=7").click("Asiantuntija 7")
    assert page.path == f"/meetings/{cast.confirmed.ref}/answers/{new}"
    done = page.form(button="Record").submit(how="paper").follow()
    assert "they come" in done.message
    assert "The answer came on paper." in done.text


def test_answers_are_recorded_before_it_begins(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT):
        client = cast.client("coordinator")
        assert "no longer be recorded" in client.get(f"/seats/{cast.seat.ref}/record").text
        client.post(f"/seats/{cast.seat.ref}/record", expect=422, data={"answer": "no", "how": "phone"})


def test_a_refused_answer_is_said_on_the_page(cast: Cast) -> None:
    """Rule person-one-place, for somebody new."""
    with writing():
        other = cast.proposed.load()
        other.starts_at, other.ends_at = cast.confirmed.load().starts_at, cast.confirmed.load().ends_at
    page = cast.client("coordinator").post(
        f"/meetings/{cast.proposed.ref}/answers/{cast.people['expert'].ref}", expect=422, data={"how": "phone"}
    )
    assert "They cannot come at that time" in page.text


# ---- calls ----


def test_a_call_waits_on_the_desk_and_its_answer_is_recorded(cast: Cast) -> None:
    with writing():
        ask_to_call(cast.actor("expert"), cast.seat.load())
    client, address = cast.client("coordinator"), f"/seats/{cast.seat.ref}/call"
    assert "Asked to be called" in tasks_on(client.get("/desk"))[address]
    page = client.get(address)
    assert "They asked to be called." in page.text
    assert page.form(button="Yes, they come").submit(expect=302).follow().heading == "Desk"
    assert address not in tasks_on(client.get("/desk"))
    with writing():
        assert cast.seat.load().state is SeatState.ACCEPTED


@pytest.mark.parametrize(
    ("button", "state"), [("No, they do not come", SeatState.WITHDRAWN), ("They think about it", SeatState.ACCEPTED)]
)
def test_a_call_ends_in_whatever_they_said(cast: Cast, button: str, state: SeatState) -> None:
    with writing():
        ask_to_call(cast.actor("expert"), cast.seat.load())
    page = cast.client("coordinator").get(f"/seats/{cast.seat.ref}/call")
    page.form(button=button).submit()
    with writing():
        seat = cast.seat.load()
        assert (seat.state, seat.call_wanted_at) == (state, None)


def test_a_call_without_a_button_is_asked_again(cast: Cast) -> None:
    page = cast.client("coordinator").post(f"/seats/{cast.seat.ref}/call", expect=422, data={"answer": "perhaps"})
    assert "We did not get the answer." in page.text


def test_who_only_a_call_reaches_hears_that_it_is_cancelled(cast: Cast) -> None:
    with writing():
        person = cast.people["expert"].load()
        person.email, person.phone = None, "+358401234567"
        person.phone_proved_at = NOW - timedelta(days=2000)
        cancel_meeting(cast.actor("coordinator"), cast.confirmed.load(), "Vesivahinko")
    client, address = cast.client("coordinator"), f"/seats/{cast.seat.ref}/call"
    assert "cancelled, and only a call" in tasks_on(client.get("/desk"))[address]
    page = client.get(address)
    assert "Vesivahinko" in page.text
    page.form(button="They know now").submit()
    assert address not in tasks_on(client.get("/desk"))


def test_of_what_is_over_nothing_is_asked(cast: Cast) -> None:
    with clock.at(CONFIRMED_AT):
        page = cast.client("coordinator").get(f"/seats/{cast.seat.ref}/call")
        assert "nothing to ask any more" in page.text
        cast.client("coordinator").post(f"/seats/{cast.seat.ref}/call", expect=422, data={"answer": "yes"})


# ---- queries ----


def test_more_seats_cost_no_more_queries(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(f"/meetings/{cast.confirmed.ref}/answers")
    few = client.queries
    with writing():
        for number in range(5):
            cast.new_expert(number)
    seat_taken(cast, "other_expert", cast.confirmed)
    seat_taken(cast, "third_expert", cast.confirmed)
    client.get(f"/meetings/{cast.confirmed.ref}/answers")
    assert client.queries == few


def test_more_calls_cost_no_more_queries(cast: Cast) -> None:
    client = cast.client("coordinator")
    seats = [
        cast.seat,
        seat_taken(cast, "other_expert", cast.confirmed),
        seat_taken(cast, "third_expert", cast.confirmed),
    ]
    client.get("/desk")
    client.get("/desk")
    none = client.queries
    with writing():
        for seat in seats:
            seat.load().call_wanted_at = NOW
    assert len([address for address in tasks_on(client.get("/desk")) if address.endswith("/call")]) == 3
    assert client.queries <= none + 1
