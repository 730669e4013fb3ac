"""The page that a message's link opens: every state of a seat, one press, and opening it changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.meetings.actions import cancel_meeting
from kierto.meetings.models import Meeting, MeetingState
from kierto.people.models import Expert
from kierto.seats.answering import LINK_LASTS
from kierto.seats.leaving import pause
from kierto.seats.models import Seat
from kierto.seats.rules import Answered, SeatRole, SeatState
from kierto.units.fees import Rates, set_rates
from tests.cast import NAMES, Cast, Thing
from tests.client import Client, Page
from tests.scenes import experts_take, seat_in
from tests.scenes_answering import answer_of

YES, NO, CALL, NO_CALL = "I come", "I cannot come this time", "Call me", "I need no call after all"
RATES = Rates(7000, 3500, 24, travel_paid=True, paid_by="Rannikon hyvinvointialue")


def seat_as(cast: Cast, state: SeatState, meeting: Thing[Meeting] | None = None, name: str = "third_expert") -> int:
    """The expert's seat, in that state; its id. Nobody has to have brought it there."""
    meeting = meeting or cast.confirmed
    with writing():
        seat = seat_in(cast, name, meeting)
        if seat is None:
            seat = Seat(
                organisation_id=cast.organisation.id,
                meeting_id=meeting.id,
                person_id=cast.id(name),
                role=SeatRole.EXPERT,
                created_at=clock.now(),
                state=state,
            )
            session.add(seat)
        before = seat.holds
        seat.state, now = state, clock.now()
        seat.offered_until = now + timedelta(days=2) if state is SeatState.OFFERED else None
        seat.waiting_since = now if state is SeatState.WAITING else None
        seat.interested_since = now if state is SeatState.INTERESTED else None
        session.flush()
        seat.meeting.seats_taken += seat.holds - before
        if state is SeatState.INTERESTED:
            seat.meeting.interest_until = now + timedelta(days=3)
        return seat.id


def opened(cast: Cast, seat_id: int, client: Client | None = None) -> Page:
    return (client or cast.client()).get(f"/answer/{answer_of(cast, seat_id)}")


def state_of(seat_id: int) -> SeatState:
    session.remove()
    with reading():
        return session.get_one(Seat, seat_id).state


def buttons(page: Page) -> list[str]:
    return [button for form in page.forms if form.action == page.path for button in form.buttons]


STATES = {
    SeatState.INVITED: ("Can you come to a meeting?", [YES, NO, CALL]),
    SeatState.INTERESTED: ("You do not have a seat yet.", [NO, CALL]),
    SeatState.OFFERED: ("A seat is free for you. Do you want it?", [YES, NO, CALL]),
    SeatState.ACCEPTED: ("You have a seat. Welcome!", [NO, CALL]),
    SeatState.RECONFIRM: ("The meeting has a new time. Can you still come?", [YES, NO, CALL]),
    SeatState.DECLINED: ("You do not come this time.", [YES, CALL]),
    SeatState.WITHDRAWN: ("You do not come this time.", [YES, CALL]),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_says_how_things_stand_and_what_can_be_answered(cast: Cast, state: SeatState) -> None:
    page = opened(cast, seat_as(cast, state))
    assert (page.heading, buttons(page)) == STATES[state]
    assert "Tue 26 Jan at 13:00–15:00" in page.text
    assert "Tikkurilan kuntoutusosasto" in page.text
    assert "Kielotie 11, Vantaa" in page.text
    for name in set(NAMES) - {"host"}:
        assert NAMES[name][0] not in page.whole_text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "private, no-store"


def test_on_the_waiting_list_one_sees_the_place_and_may_take_a_free_seat(cast: Cast) -> None:
    page = opened(cast, seat_as(cast, SeatState.WAITING))
    assert page.heading == "You are on the waiting list."
    assert "You are number 1 on the waiting list." in page.text
    assert buttons(page) == [YES, NO, CALL]
    experts_take(cast, cast.confirmed, 2)
    full = seat_as(cast, SeatState.WAITING, name="other_expert")
    assert buttons(opened(cast, full)) == [NO, CALL]


@pytest.mark.parametrize("state", [*STATES, SeatState.WAITING])
@pytest.mark.parametrize("answer", ["yes", "no", "call"])
def test_every_answer_in_every_state_is_taken_and_can_be_taken_back(cast: Cast, state: SeatState, answer: str) -> None:
    """Also such as no button offers: an older tab, another device."""
    id_ = seat_as(cast, state)
    client = cast.client()
    token = answer_of(cast, id_)
    page = client.post(f"/answer/{token}", 303, {"answer": answer}).follow()
    now = state_of(id_)
    if answer == "call":
        assert now is state
        assert "You asked us to call." in page.text
    elif answer == "no":
        assert now in (SeatState.DECLINED, SeatState.WITHDRAWN)
        assert page.heading == "You do not come this time."
    else:
        assert now is (SeatState.INTERESTED if state is SeatState.INTERESTED else SeatState.ACCEPTED)
    for back in ("no", "yes"):
        client.post(f"/answer/{token}", 303, {"answer": back}).follow()
    assert state_of(id_) is (SeatState.INTERESTED if state is SeatState.INTERESTED else SeatState.ACCEPTED)


@pytest.mark.parametrize("state", [*STATES, SeatState.WAITING])
def test_a_wish_to_be_called_is_taken_back_with_a_press(cast: Cast, state: SeatState) -> None:
    id_ = seat_as(cast, state)
    page = opened(cast, id_)
    asked = page.form().submit(303, answer="call").follow()
    assert buttons(asked) == [NO_CALL if button == CALL else button for button in buttons(page)]
    after = asked.form().submit(303, answer="no_call").follow()
    assert "You asked us to call." not in after.text
    assert (after.heading, buttons(after)) == (page.heading, buttons(page))
    before = count_events()
    cast.client().post(page.path, 303, {"answer": "no_call"})
    assert (state_of(id_), count_events()) == (state, before), "twice changes nothing"


def test_one_press_after_opening_answers_and_who_and_how_is_kept(cast: Cast) -> None:
    id_ = seat_as(cast, SeatState.INVITED)
    after = opened(cast, id_).form().submit(303, answer="yes").follow()
    assert (after.heading, after.message) == ("You have a seat. Welcome!", "Thank you. We got your answer.")
    with reading():
        seat = session.get_one(Seat, id_)
        assert (seat.answered, seat.answered_by) == (Answered.LINK, cast.id("third_expert"))
        assert seat.answered_at is not None


def test_opening_changes_nothing(cast: Cast) -> None:
    """Mail scanners open every link, by GET and by HEAD."""
    id_ = seat_as(cast, SeatState.INVITED)
    token = answer_of(cast, id_)
    before = count_events()
    for method in ("GET", "HEAD", "OPTIONS"):
        with clock.at(clock.now()):
            cast.client().browser.open(f"/answer/{token}?answer=yes", method=method)
    assert (state_of(id_), count_events()) == (SeatState.INVITED, before)


def count_events() -> int:
    session.remove()
    with reading():
        return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.mark.parametrize("name", ["visitor", "expert", "coordinator", "neighbour"])
def test_whoever_is_signed_in_on_the_device_makes_no_difference_and_stays_signed_in(cast: Cast, name: str) -> None:
    id_ = seat_as(cast, SeatState.INVITED)
    client = cast.client(name)
    opened(cast, id_, client).form().submit(303, answer="yes").follow()
    with reading():
        assert session.get_one(Seat, id_).answered_by == cast.id("third_expert")
    client.get("/me", 403 if name == "visitor" else 200)


def test_an_answer_that_is_none_asks_again(cast: Cast) -> None:
    id_ = seat_as(cast, SeatState.INVITED)
    page = opened(cast, id_).form().submit(303).follow()
    assert page.message == "We did not get your answer. Press one of the buttons below."
    assert state_of(id_) is SeatState.INVITED


def paid(cast: Cast) -> None:
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, RATES)


def test_an_expert_reads_the_fee_before_yes_and_comes_with_it(cast: Cast) -> None:
    paid(cast)
    id_ = seat_as(cast, SeatState.INVITED)
    page = opened(cast, id_)
    for words in ("70 €", "Is paid beside the fee.", "35 €", "Rannikon hyvinvointialue"):
        assert words in page.text
    form = page.form()
    assert form.choices("fee") == {"": "I take the fee.", "none": "I come without a fee."}
    form.submit(303, answer="yes")
    with reading():
        seat = session.get_one(Seat, id_)
        assert (seat.fee_cents, seat.cancellation_cents, seat.fee_declined) == (7000, 3500, False)


def test_a_fee_is_declined_with_the_same_press(cast: Cast) -> None:
    paid(cast)
    id_ = seat_as(cast, SeatState.INVITED)
    after = opened(cast, id_).form().submit(303, answer="yes", fee="none").follow()
    assert "You have chosen to come without a fee." in after.text
    with reading():
        seat = session.get_one(Seat, id_)
        assert (seat.state, seat.fee_declined) == (SeatState.ACCEPTED, True)


def test_a_fee_that_changed_since_the_page_was_opened_is_looked_at_once_more(cast: Cast) -> None:
    paid(cast)
    id_ = seat_as(cast, SeatState.INVITED)
    form = opened(cast, id_).form()
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, Rates(6000, 0, 24, travel_paid=True, paid_by="X"))
    after = form.submit(303, answer="yes").follow()
    assert after.message == "The fee has changed since you saw it. Look at it once more, then answer."
    assert state_of(id_) is SeatState.INVITED
    after.form().submit(303, answer="yes")
    assert state_of(id_) is SeatState.ACCEPTED


def test_an_undecided_fee_is_said_and_a_worker_reads_of_none(cast: Cast) -> None:
    assert "The fee has not been decided yet." in opened(cast, seat_as(cast, SeatState.INVITED)).text
    paid(cast)
    with reading():
        worker = seat_in(cast, "worker", cast.confirmed)
        assert worker is not None
        id_ = worker.id
    assert "fee" not in opened(cast, id_).text


def test_who_meets_one_is_named(cast: Cast) -> None:
    id_ = seat_as(cast, SeatState.INVITED, cast.proposed)
    assert "You are met by: Mikko" in opened(cast, id_).text
    assert "Saarinen" not in opened(cast, id_).text


def test_a_full_meeting_puts_on_the_waiting_list_and_says_so(cast: Cast) -> None:
    id_ = seat_as(cast, SeatState.INVITED)
    experts_take(cast, cast.confirmed, 2)
    after = opened(cast, id_).form().submit(303, answer="yes").follow()
    assert after.heading == "You are on the waiting list."
    assert state_of(id_) is SeatState.WAITING


def test_during_the_days_of_interest_it_says_until_when_and_what_then(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().interest_until = clock.now() + timedelta(days=3)
    id_ = seat_as(cast, SeatState.INVITED)
    page = opened(cast, id_)
    assert "Answer by: Fri 15 Jan at 10:00" in page.text
    after = page.form().submit(303, answer="yes").follow()
    assert after.heading == "You do not have a seat yet."
    assert "You have said that you could come. Seats are given then: Fri 15 Jan at 10:00." in after.text


def _cancelled(cast: Cast, meeting: Meeting) -> None:
    cancel_meeting(cast.actor("coordinator"), meeting, "Remontti")


def _lapsed(_cast: Cast, meeting: Meeting) -> None:
    meeting.state, meeting.confirmed_at, meeting.starts_at = MeetingState.PROPOSED, None, clock.now()


def _begun(_cast: Cast, meeting: Meeting) -> None:
    meeting.starts_at = clock.now()


def _not_held(_cast: Cast, meeting: Meeting) -> None:
    meeting.state, meeting.happened = MeetingState.CANCELLED, False
    meeting.cancelled_at = meeting.starts_at = clock.now()


OVER = {
    "cancelled": (_cancelled, "The meeting is cancelled."),
    "lapsed": (_lapsed, "The meeting is not held. It did not get the people it needs."),
    "begun": (_begun, "The meeting has begun or is over."),
    "not held": (_not_held, "This meeting was not held."),
}
NOT_FOR_THEM = {
    SeatState.INVITED: "You need not answer.",
    SeatState.OFFERED: "You need not answer.",
    SeatState.INTERESTED: "Nobody gets a seat in it.",
    SeatState.WAITING: "Nobody gets a seat in it.",
    SeatState.DECLINED: "",
    SeatState.WITHDRAWN: "",
}
"""What a cancelled meeting means for who has not said yes; who has need not come."""


@pytest.mark.parametrize("state", SeatState)
@pytest.mark.parametrize("end", OVER)
def test_a_meeting_that_is_over_is_told_kindly_and_asks_nothing(cast: Cast, end: str, state: SeatState) -> None:
    id_ = seat_as(cast, state)
    ends, words = OVER[end]
    end_it(cast, ends)
    client = cast.client()
    page = opened(cast, id_, client)
    if end == "cancelled":
        words = f"{words} {NOT_FOR_THEM.get(state, 'You need not come.')}".strip()
    assert (page.heading, buttons(page)) == (words, [])
    if end == "cancelled":
        assert "Why: Remontti" in page.text
    for answer in ("yes", "no", "call"):
        after = client.post(page.path, 303, {"answer": answer}).follow()
        assert after.message == "The meeting has begun or was cancelled. Seats no longer change."
    assert state_of(id_) is state


def end_it(cast: Cast, ends: Callable[[Cast, Meeting], None]) -> None:
    with writing():
        ends(cast, cast.confirmed.load())


def test_an_offer_that_has_passed_on_is_told_kindly(cast: Cast) -> None:
    id_ = seat_as(cast, SeatState.OFFERED)
    page = opened(cast, id_)
    with clock.at(clock.now() + timedelta(days=3)):
        after = page.form().submit(303, answer="yes").follow()
    assert after.message == "The offer has ended. You keep your place in the waiting list and are asked again."


def test_the_link_ends_a_month_after_the_meeting(cast: Cast) -> None:
    token = answer_of(cast, cast.seat.id)
    with reading():
        ended = cast.confirmed.load().ends_at + LINK_LASTS
    with clock.at(ended - timedelta(minutes=1)):
        cast.client().get(f"/answer/{token}")
    with clock.at(ended + timedelta(minutes=1)):
        page = cast.client().get(f"/answer/{token}", 302).follow(410)
    assert page.heading == "This link no longer works"
    assert page.links["Try again"] == f"/answer/{token}"


def test_a_seat_that_is_no_more_or_began_another_time_is_not_reached(cast: Cast) -> None:
    """A database may give an id again."""
    token = answer_of(cast, cast.seat.id)
    with writing():
        cast.seat.load().created_at -= timedelta(seconds=1)
    cast.client().get(f"/answer/{token}", 302)


def test_who_is_no_expert_any_more_is_refused_kindly(cast: Cast) -> None:
    id_ = seat_as(cast, SeatState.INVITED)
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("third_expert"))).one()
        pause(cast.actor("coordinator"), expert)
    page = opened(cast, id_)
    after = page.form().submit(303, answer="yes").follow()
    assert "approved" in after.message
    assert state_of(id_) in (SeatState.DECLINED, SeatState.WITHDRAWN)


def test_links_speak_the_language_of_their_letter(cast: Cast) -> None:
    token = answer_of(cast, cast.seat.id)
    page = cast.client().get(f"/answer/{token}?lang=fi")
    assert page.heading == "Sinulla on paikka. Tervetuloa!"
    assert page.client.get(f"/answer/{token}").heading == page.heading, "and go on speaking it"


def test_of_another_meeting_on_that_day_it_says_only_that_there_is_one(cast: Cast) -> None:
    """Whoever has the link sees this one seat: another one has a link of its own."""
    with writing():
        other, here = cast.proposed.load(), cast.confirmed.load()
        other.starts_at, other.ends_at = here.starts_at - timedelta(hours=4), here.starts_at - timedelta(hours=2)
    seat_as(cast, SeatState.ACCEPTED, cast.proposed)
    page = opened(cast, seat_as(cast, SeatState.INVITED))
    assert "You have another meeting on the same day, in another place." in page.text
    assert "Malmin" not in page.whole_text
    assert "Helsinki" not in page.text


def facilitator_as(cast: Cast, state: SeatState) -> int:
    id_ = seat_as(cast, state)
    with writing():
        seat = session.get_one(Seat, id_)
        seat.meeting.seats_taken -= seat.holds
        seat.role = SeatRole.FACILITATOR
    return id_


@pytest.mark.parametrize("state", [SeatState.WITHDRAWN, SeatState.DECLINED])
def test_who_led_the_meeting_and_was_taken_out_does_not_put_themself_back(cast: Cast, state: SeatState) -> None:
    """Rule seat-no-double-hat: who leads a meeting is named to."""
    id_ = facilitator_as(cast, state)
    assert YES not in buttons(opened(cast, id_))
    cast.client().post(f"/answer/{answer_of(cast, id_)}", 303, {"answer": "yes"})
    assert state_of(id_) is state


def test_who_leads_a_meeting_that_was_moved_says_that_they_still_come(cast: Cast) -> None:
    id_ = facilitator_as(cast, SeatState.RECONFIRM)
    opened(cast, id_).form().submit(303, answer="yes")
    assert state_of(id_) is SeatState.ACCEPTED
