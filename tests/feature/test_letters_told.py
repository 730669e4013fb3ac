"""What letters say in the end: of what is no longer so nothing, of what is, what their reader needs."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.events.actions import record
from kierto.events.catalogue.meetings import (
    ExpertsInvited,
    ExpertsReminded,
    MeetingAskedHappened,
    MeetingBooked,
    MeetingCancelled,
    MeetingConfirmed,
    MeetingHeldAnyway,
    MeetingLapsed,
    MeetingMixLost,
    MeetingMixMissing,
    MeetingMoved,
    MeetingReminded,
    VisitorsInvited,
)
from kierto.events.catalogue.rounds import (
    RoundCancelled,
    RoundOpened,
    RoundReopened,
    StopAdded,
    StopTakenBack,
    SwapDone,
)
from kierto.events.catalogue.seats import (
    FacilitatorNamed,
    SeatGiven,
    SeatNotGiven,
    SeatOfferDeclined,
    SeatOffered,
    SeatWithdrawn,
)
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages import actions
from kierto.messages.letters import Outdated, meetings, rounds, seats
from kierto.messages.models import Message
from kierto.people.models import Member
from kierto.rounds.models import RoundState, StopSwap, SwapState
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from kierto.units.fees import Rates, set_rates
from tests.cast import Cast
from tests.scenes_letters import (
    SCENES,
    Happened,
    cancelled,
    everyone,
    happen,
    invited,
    mail_of,
    moved,
    nobody_waits,
    of_confirmed,
    offered,
    only_phones,
    seat_of,
    swap_scene,
    told,
    written,
)

MINE = meetings.LETTERS.keys() | rounds.LETTERS.keys() | seats.LETTERS.keys()


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    nobody_waits()


def _cancel(cast: Cast) -> None:
    for thing in (cast.confirmed, cast.proposed):
        thing.load().state = MeetingState.CANCELLED
    cast.spring.load().state = RoundState.CANCELLED
    for swap in session.scalars(select(StopSwap)):
        swap.state = SwapState.WITHDRAWN


def _given_back(cast: Cast) -> None:
    """Everyone has said that they cannot come, and somebody has said that the meeting was held."""
    for seat in session.scalars(select(Seat)):
        seat.state = SeatState.DECLINED
    cast.held.load().happened = True
    _cancel(cast)


def _as_it_should_be(cast: Cast) -> None:
    """The people who were missing have come."""
    for thing in (cast.confirmed, cast.proposed):
        for seat in session.scalars(select(Seat).where(Seat.meeting_id == thing.id)):
            seat.state = SeatState.ACCEPTED


def _comes_again(cast: Cast) -> None:
    seat_of(cast, "other_expert", cast.proposed, SeatState.ACCEPTED)


STAYS_TRUE = {MeetingBooked.kind, MeetingCancelled.kind, MeetingLapsed.kind}
CHANGES: Mapping[str, Callable[[Cast], None]] = {
    **dict.fromkeys(MINE - STAYS_TRUE, _given_back),
    MeetingBooked.kind: _cancel,
    RoundCancelled.kind: lambda cast: setattr(cast.spring.load(), "state", RoundState.OPEN),
    **dict.fromkeys((SeatWithdrawn.kind, SeatOfferDeclined.kind), _comes_again),
    MeetingMixMissing.kind: _as_it_should_be,
    MeetingMixLost.kind: _as_it_should_be,
    MeetingCancelled.kind: lambda cast: _state(cast, MeetingState.CONFIRMED),
    MeetingLapsed.kind: lambda cast: _state(cast, MeetingState.CONFIRMED),
}
"""Kind → what happens before it leaves."""


def _state(cast: Cast, state: MeetingState) -> None:
    cast.confirmed.load().state = state


@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_what_is_no_longer_so_is_not_sent(cast: Cast, settings: Settings, kind: str) -> None:
    messages = happen(cast, SCENES[kind][0])
    assert messages
    with writing():
        CHANGES[kind](cast)
    for message in messages:
        with pytest.raises(Outdated):
            written(message, settings)


ANSWERED_BY_LINK = (
    ExpertsInvited.kind,
    VisitorsInvited.kind,
    SeatOffered.kind,
    SeatGiven.kind,
    SeatNotGiven.kind,
    FacilitatorNamed.kind,
    MeetingConfirmed.kind,
    MeetingHeldAnyway.kind,
    MeetingMoved.kind,
    MeetingReminded.kind,
    ExpertsReminded.kind,
)


@pytest.mark.parametrize("kind", ANSWERED_BY_LINK)
def test_a_link_that_answers_goes_to_no_number_that_may_be_somebody_elses(
    cast: Cast, settings: Settings, kind: str
) -> None:
    only_phones()
    messages = happen(cast, SCENES[kind][0])
    assert all("/answer/" in str(written(message, settings)) for message in messages)
    everyone(phone_proved_at=clock.now() - timedelta(days=400), created_at=clock.now() - timedelta(days=400))
    assert [written(message, settings) for message in messages] == [None] * len(messages)


@pytest.mark.parametrize("kind", SCENES)
def test_who_did_it_themself_is_not_told_unless_it_is_their_confirmation(cast: Cast, kind: str) -> None:
    scene, who = SCENES[kind]
    doer = min(who)
    still = {MeetingBooked.kind, MeetingConfirmed.kind, ExpertsInvited.kind, VisitorsInvited.kind, SeatOffered.kind}
    by_time = {MeetingLapsed.kind, MeetingReminded.kind, ExpertsReminded.kind, MeetingMixMissing.kind}
    to_do = {RoundOpened.kind, RoundReopened.kind, StopAdded.kind, StopTakenBack.kind, MeetingAskedHappened.kind}
    expected = who if kind in still | by_time | to_do else who - {doer}
    assert told(cast, happen(cast, scene, cast.actor(doer))) == expected


def test_an_invitation_says_until_when_the_days_of_interest_last(cast: Cast, settings: Settings) -> None:
    with writing():
        cast.proposed.load().interest_until = clock.now() + timedelta(days=7)
        set_rates(SYSTEM, cast.organisation.load(), 2027, Rates(7000, 3500, 24, travel_paid=True, paid_by="Alue"))
    message = happen(cast, invited)[0]
    _subject, text, html = mail_of(message, settings)
    for words in ("Vastaa viimeistään: ti 19.1. klo 10.00", "70", "Matkat", "35", "Alue", "Mikko Saarinen"):
        assert words in text
        assert words in html
    with clock.at(clock.now() + timedelta(days=8)):
        assert "Paikat menevät niille, jotka vastaavat ensin." in mail_of(message, settings)[1]


def test_people_of_a_cancelled_meeting_are_asked_first_and_told_so(cast: Cast, settings: Settings) -> None:
    def scene(cast: Cast) -> Happened:
        seat, data = offered(cast)
        assert isinstance(seat, Seat)
        seat.asked_first = True
        return seat, data

    everyone(language="fi")
    (message,) = happen(cast, scene)
    assert "Kysymme ensin sinulta" in mail_of(message, settings)[1]


def test_an_offer_whose_clock_begins_with_a_call_names_no_time(cast: Cast, settings: Settings) -> None:
    def scene(cast: Cast) -> Happened:
        seat, _data = offered(cast)
        assert isinstance(seat, Seat)
        seat.offered_until = None
        return seat, SeatOffered(meeting_id=cast.proposed.id, until=None)

    everyone(language="fi")
    (message,) = happen(cast, scene)
    assert "Vastaa viimeistään" not in mail_of(message, settings)[1]


def test_who_hosts_a_cancelled_meeting_is_led_to_a_new_time(cast: Cast, settings: Settings) -> None:
    def scene(cast: Cast) -> Happened:
        meeting = cast.proposed.load()
        meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
        return meeting, MeetingCancelled(late=False)

    (message,) = happen(cast, scene)
    assert message.person_id == cast.id("other_host")
    text = mail_of(message, settings)[1]
    assert f"/rounds/{cast.spring.ref}/book/{cast.other_unit.ref}" in text
    assert "Yksikkönne voi nyt valita uuden ajan." in text


@pytest.mark.parametrize(
    ("hours", "declined", "paid"),
    [(23, False, True), (25, False, False), (23, True, False)],
)
def test_who_was_to_come_reads_of_the_fee_for_a_late_cancellation(
    cast: Cast, settings: Settings, *, hours: int, declined: bool, paid: bool
) -> None:
    def scene(cast: Cast) -> Happened:
        meeting, data = cancelled(cast)
        assert isinstance(meeting, Meeting)
        meeting.cancelled_at = meeting.starts_at - timedelta(hours=hours)
        seat = cast.seat.load()
        seat.cancellation_cents, seat.fee_declined = 3500, declined
        return meeting, data

    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, Rates(7000, 3500, 24, travel_paid=True, paid_by="Alue"))
    messages = happen(cast, scene)
    (own,) = [message for message in messages if message.person_id == cast.id("expert")]
    assert ("35 €" in mail_of(own, settings)[1].replace("\N{NO-BREAK SPACE}", " ")) is paid


def test_a_coordinator_books_for_every_unit_that_has_no_contact_person(cast: Cast, settings: Settings) -> None:
    """One letter, one link for each unit."""
    with writing():
        host = cast.people["host"].load()
        for member in session.scalars(select(Member).where(Member.person_id == host.id)):
            session.delete(member)
        for stop in (cast.proposed_stop, cast.confirmed_stop):
            stop.load().meeting_id = None
    messages = happen(cast, SCENES[RoundOpened.kind][0])
    assert told(cast, messages) == {"coordinator", "other_host"}
    (own,) = [message for message in messages if message.person_id == cast.id("coordinator")]
    _subject, text, html = mail_of(own, settings)
    for unit, there in ((cast.unit, True), (cast.third_unit, True), (cast.other_unit, False)):
        for body in (text, html):
            assert (f"/rounds/{cast.spring.ref}/book/{unit.ref}" in body) is there


def test_only_the_last_of_several_moves_is_told(cast: Cast, settings: Settings) -> None:
    messages = happen(cast, moved)
    with writing():
        meeting = cast.confirmed.load()
        meeting.starts_at += timedelta(hours=1)
        meeting.ends_at += timedelta(hours=1)
    for message in messages:
        with pytest.raises(Outdated):
            written(message, settings)


def test_a_change_of_times_is_told_to_contact_persons_by_itself(cast: Cast) -> None:
    """The moves that belong to it are told to those who come."""
    with writing():
        swap, done = swap_scene(SwapState.DONE, SwapDone)(cast)
        record(SYSTEM, swap, done)
        meeting = cast.proposed.load()
        seat = seat_of(cast, "other_host", cast.proposed, SeatState.WITHDRAWN, SeatRole.HOST_STAFF)
        assert seat.state is SeatState.WITHDRAWN
        record(SYSTEM, meeting, MeetingMoved(meeting.starts_at, meeting.starts_at, 0))
    with writing():
        actions.fan_out(100)
    session.remove()
    with reading():
        kinds = session.scalars(select(Message.kind).where(Message.person_id == cast.id("other_host"))).all()
    assert kinds == ["swap.done"]


def test_held_anyway_is_told_to_whoever_has_not_heard_that_it_takes_place(cast: Cast) -> None:
    first = happen(cast, of_confirmed(MeetingConfirmed()))
    with writing():
        seat_of(cast, "third_expert", cast.confirmed, SeatState.ACCEPTED)
    both = happen(cast, of_confirmed(MeetingHeldAnyway()))
    new = {message.person_id for message in both} - {message.person_id for message in first}
    assert len(both) == len(first) + 1
    assert new == {cast.id("third_expert")}


def test_held_anyway_said_twice_is_told_once_to_each(cast: Cast) -> None:
    first = happen(cast, of_confirmed(MeetingHeldAnyway()))
    assert first
    assert len(happen(cast, of_confirmed(MeetingHeldAnyway()))) == len(first)


def test_both_units_of_a_meeting_are_asked_whether_it_was_held(cast: Cast) -> None:
    def scene(cast: Cast) -> Happened:
        meeting = cast.held.load()
        meeting.co_unit_id = cast.other_unit.id
        return meeting, MeetingAskedHappened()

    assert told(cast, happen(cast, scene)) == {"host", "other_host"}


def test_an_offer_that_rested_while_the_meeting_moved_tells_until_when_it_stands_now(
    cast: Cast, settings: Settings
) -> None:
    everyone(language="fi")
    (message,) = happen(cast, offered)
    before = mail_of(message, settings)[1]
    with writing():
        seat_of(cast, "other_expert", cast.proposed, SeatState.OFFERED).offered_until = clock.now() + timedelta(days=1)
    after = mail_of(message, settings)[1]
    assert "Vastaa viimeistään" in after
    assert after != before
