"""Two units of a round change the times of their meetings with each other: asked, answered, taken back."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased, joinedload

from kierto import clock
from kierto.actor import Actor, Role
from kierto.database import lock, lock_one, session
from kierto.errors import NotFound, Refused
from kierto.events.actions import record
from kierto.events.catalogue.rounds import SwapAsked, SwapDeclined, SwapDone, SwapWithdrawn
from kierto.meetings.models import Meeting
from kierto.meetings.rules import MEETING_UNIT_FREE, Span, check_hosting
from kierto.people.models import Person
from kierto.rounds.booking import coming_meeting, hosts_of, lock_hosts, locked_round, read_anew, shift, tell_of_move
from kierto.rounds.models import Round, RoundState, Stop, StopState, StopSwap, SwapState
from kierto.rounds.rules import ROUND_OPEN, STOP_SWAP
from kierto.rounds.timing import timing
from kierto.seats.models import Seat
from kierto.units.models import Unit
from kierto.units.queries import blocked_of, hours_of
from kierto.words import N_


def ask_swap(actor: Actor, stop: Stop, other: Stop, words: str = "", *, override: bool = False) -> StopSwap:
    """Ask another unit of the round to change times. A unit asks one other at a time; the same twice changes nothing.

    Both new times are judged as if each meeting were moved. That the asking unit hosts at the other's time is said here
    (`override`); the asked one says so for itself when it answers.

    Raises:
        Refused: round-open; booked-ahead when one of the meetings is not to come; stop-swap; round-within, round-gap,
            meeting-unit-free.
    """
    locked_round(stop)
    read_anew(other)
    if other.round_id != stop.round_id or other.meeting_id == stop.meeting_id:
        raise Refused(STOP_SWAP, N_("Choose another unit of the round, one with a meeting of its own."), field="other")
    mine, theirs = _both_locked(stop, other)
    _judge(stop, mine, theirs, override=override)
    _judge(other, theirs, mine, override=True)
    asked = session.scalar(
        _full().where(StopSwap.asking_stop_id == stop.id, StopSwap.state == SwapState.ASKED),
        execution_options={"populate_existing": True},
    )
    if asked is not None:
        if asked.current and asked.asked_stop_id == other.id:
            return asked
        _out_of_date(actor, asked)
    swap = StopSwap(
        organisation_id=stop.organisation_id,
        asking_stop_id=stop.id,
        asked_stop_id=other.id,
        asking_starts_at=mine.starts_at,
        asked_starts_at=theirs.starts_at,
        hosts_anyway=override and not _hosts_then(stop, mine, theirs),
        words=words.strip() or None,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(swap)
    record(actor, swap, SwapAsked(unit_id=stop.unit_id, asked_unit_id=other.unit_id))
    return swap


def answer_swap(actor: Actor, swap: StopSwap, *, yes: bool, override: bool = False) -> StopSwap:
    """Say yes or no to changing times. Yes moves both meetings in one step, each with its people (seat-reconfirm).

    Both times are judged again: either unit may have blocked days or booked something since. The same answer twice
    changes nothing. `override`: who answers says that their unit hosts then.

    Raises:
        Refused: stop-swap when it was answered or taken back, or one of the meetings has another time by now;
            round-open, round-within, booked-ahead, round-gap, meeting-unit-free.
    """
    swap = _locked(swap)
    wanted = SwapState.DONE if yes else SwapState.DECLINED
    if swap.state is wanted:
        return swap
    if swap.state is not SwapState.ASKED or (yes and not swap.current):
        raise Refused(STOP_SWAP)
    units = {"unit_id": swap.asking.unit_id, "asked_unit_id": swap.asked.unit_id}
    if not yes:
        _end(actor, swap, SwapState.DECLINED)
        record(actor, swap, SwapDeclined(**units))
        return swap
    if swap.asking.round.state is not RoundState.OPEN:
        raise Refused(ROUND_OPEN)
    mine, theirs = _both_locked(swap.asking, swap.asked)
    _judge_again(swap, mine, theirs, override=override)
    before = (mine.span, theirs.span)
    after = (in_place_of(mine, theirs), in_place_of(theirs, mine))
    _lock_people([mine, theirs])
    shift(mine, after[0])
    shift(theirs, after[1])
    _end(actor, swap, SwapState.DONE)
    record(actor, swap, SwapDone(**units))
    tell_of_move(actor, mine, before[0])
    tell_of_move(actor, theirs, before[1])
    return swap


def _out_of_date(actor: Actor, asked: StopSwap) -> None:
    """Take an older question back whose meetings have moved since.

    Raises:
        Refused: stop-swap when it still waits for its answer.
    """
    if asked.current:
        raise Refused(STOP_SWAP, N_("You have asked another unit already. Take that question back first."))
    _end(actor, asked, SwapState.WITHDRAWN)


def withdraw_swap(actor: Actor, swap: StopSwap) -> StopSwap:
    """Take the question back. Taking it back twice, or when it was answered already, changes nothing."""
    swap = _locked(swap)
    if swap.state is SwapState.ASKED:
        _end(actor, swap, SwapState.WITHDRAWN)
        record(actor, swap, SwapWithdrawn(unit_id=swap.asking.unit_id, asked_unit_id=swap.asked.unit_id))
    return swap


def swap_in(actor: Actor, ref: str, swap: str) -> StopSwap:
    """A question about changing times in a round, seen by the contact persons of both units and by coordinators.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(
        _seen(actor).join(Round, Round.id == _ASKING.round_id).where(Round.ref == ref, StopSwap.ref == swap)
    )
    if found is None:
        raise NotFound
    return found


def asked_swaps(actor: Actor, round_: Round | None = None) -> Sequence[StopSwap]:
    """The questions that wait for an answer and that the actor asked, answers, or coordinates; the oldest first.

    Of one round when it is given. Those out of date are left out.
    """
    statement = _seen(actor).where(StopSwap.state == SwapState.ASKED)
    if round_ is not None:
        statement = statement.where(_ASKING.round_id == round_.id)
    return [swap for swap in session.scalars(statement.order_by(StopSwap.asked_at, StopSwap.id)) if swap.current]


def swaps_to_answer(actor: Actor, unit: Unit) -> Sequence[StopSwap]:
    """The questions that the unit is to answer, oldest first."""
    return [swap for swap in asked_swaps(actor) if swap.asked.unit_id == unit.id]


def asked_by(stop: Stop) -> StopSwap | None:
    """What the unit has asked another one and waits for, if that is not out of date."""
    found = session.scalar(_full().where(StopSwap.asking_stop_id == stop.id, StopSwap.state == SwapState.ASKED))
    return found if found is not None and found.current else None


def may_swap(stop: Stop) -> Sequence[Stop]:
    """The round's other turns with a meeting to come, which this one may change times with, soonest first."""
    stops = session.scalars(
        select(Stop)
        .where(Stop.round_id == stop.round_id, Stop.id != stop.id, Stop.meeting_id != stop.meeting_id)
        .options(joinedload(Stop.unit), joinedload(Stop.meeting))
    )
    coming = [(one.meeting.starts_at, one.id, one) for one in stops if one.state is StopState.BOOKED and one.meeting]
    return [one for _starts_at, _id, one in sorted(coming, key=lambda it: it[:2])]


def not_hosted(stop: Stop, others: Sequence[Stop]) -> Sequence[Stop]:
    """Those of the other turns at whose time this one's unit does not host unless somebody says so (meeting-unit-free).

    All the turns have a meeting; in so many queries however many they are.
    """
    host = hosts_of(stop)[0]
    hours, blocked = hours_of(host), [(dates.from_on, dates.until_on) for dates in blocked_of(host)]
    found = []
    for other in others:
        assert stop.meeting is not None
        assert other.meeting is not None
        try:
            check_hosting(in_place_of(stop.meeting, other.meeting), hours, blocked)
        except Refused:
            found.append(other)
    return found


_ASKING, _ASKED = aliased(Stop), aliased(Stop)


def _full() -> Select[StopSwap]:
    """Questions with both turns, their units and meetings."""
    asking, asked = joinedload(StopSwap.asking), joinedload(StopSwap.asked)
    return select(StopSwap).options(
        asking.joinedload(Stop.unit),
        asking.joinedload(Stop.meeting),
        asking.joinedload(Stop.round),
        asked.joinedload(Stop.unit),
        asked.joinedload(Stop.meeting),
        joinedload(StopSwap.asker),
    )


def _seen(actor: Actor) -> Select[StopSwap]:
    """The questions that the actor sees: contact persons of the two units, and coordinators."""
    hosted = [one.unit_id for one in actor.memberships if one.role is Role.HOST_CONTACT]
    return (
        _full()
        .join(_ASKING, _ASKING.id == StopSwap.asking_stop_id)
        .join(_ASKED, _ASKED.id == StopSwap.asked_stop_id)
        .where(
            or_(
                StopSwap.organisation_id.in_(actor.organisations_as(Role.COORDINATOR)),
                _ASKING.unit_id.in_(hosted),
                _ASKED.unit_id.in_(hosted),
            )
        )
    )


def _locked(swap: StopSwap) -> StopSwap:
    """The question as it is now; its round is locked."""
    lock_one(Round, swap.asking.round_id)
    return session.scalars(_full().where(StopSwap.id == swap.id), execution_options={"populate_existing": True}).one()


def _both_locked(one: Stop, other: Stop) -> tuple[Meeting, Meeting]:
    """The turns' meetings, locked after the units that hold them.

    Raises:
        Refused: booked-ahead.
    """
    lock_hosts([one, other])
    in_order = sorted((one, other), key=lambda stop: stop.meeting_id or 0)
    meetings = {stop.id: coming_meeting(stop) for stop in in_order}
    return meetings[one.id], meetings[other.id]


def _judge(stop: Stop, meeting: Meeting, other: Meeting, *, override: bool) -> None:
    """Whether the turn's meeting may have the other's time, as if it were moved there. Both are locked.

    Raises:
        Refused: booked-ahead, round-within, round-gap, meeting-unit-free.
    """
    span = in_place_of(meeting, other)
    limits = timing(stop.round, hosts_of(stop), span, but=[meeting.id, other.id])
    limits.check(clock.local(span.start).date(), span, override=override)


def _hosts_then(stop: Stop, meeting: Meeting, other: Meeting) -> bool:
    """Whether the turn's unit hosts at the other meeting's time without saying so (meeting-unit-free)."""
    try:
        _judge(stop, meeting, other, override=False)
    except Refused:
        return False
    return True


def _judge_again(swap: StopSwap, mine: Meeting, theirs: Meeting, *, override: bool) -> None:
    """Judge both times at the yes. Whoever answers can do nothing about the other unit's days: they are told who can.

    Raises:
        Refused: booked-ahead, round-within, round-gap, meeting-unit-free.
    """
    try:
        _judge(swap.asking, mine, theirs, override=swap.hosts_anyway)
    except Refused as fault:
        if fault.rule is not MEETING_UNIT_FREE:
            raise
        raise Refused(
            MEETING_UNIT_FREE,
            N_(
                "%(unit)s asked for your time, but can no longer have its meeting then: it has blocked the day or "
                "booked something since. Ask it to change that and say yes then, or say no."
            ),
            unit=str(swap.asking.unit.name),
        ) from None
    try:
        _judge(swap.asked, theirs, mine, override=override)
    except Refused as fault:
        if fault.rule is not MEETING_UNIT_FREE or fault.field == "override":
            raise
        raise Refused(
            MEETING_UNIT_FREE,
            N_("Your unit has another meeting at that time. Move or cancel that one first, or say no."),
        ) from None


def in_place_of(meeting: Meeting, other: Meeting) -> Span:
    """When the meeting is if it begins when the other one does, with its own length."""
    return Span(other.starts_at, other.starts_at + (meeting.ends_at - meeting.starts_at))


def _lock_people(meetings: Sequence[Meeting]) -> None:
    """Lock everybody with a seat in any of the meetings at once: one after the other they would be out of order."""
    seated = select(Seat.person_id).where(Seat.meeting_id.in_([meeting.id for meeting in meetings]))
    lock(Person, session.scalars(seated))


def _end(actor: Actor, swap: StopSwap, state: SwapState) -> None:
    swap.state, swap.answered_by, swap.answered_at = state, actor.person_id, clock.now()
    session.flush()
