"""What must hold of one step, from the tables before it to the tables after it, as domain.md says it.

A step is one transaction. Each finding begins with the rule's id.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from itertools import product

from tests.stateful.picture import (
    HOLDING,
    Picture,
    Row,
    day,
    elsewhere,
    lacking,
    mix_met,
    needed,
    two_weekdays_later,
    waited_for,
)
from tests.stateful.standing import ONE_DAY
from tests.stateful.suiting import suits, turn

NEARLY = timedelta(seconds=30)
"""How long a step may take: instants that it wrote are this near to those recomputed."""

MOVES = {
    "proposed": {"proposed", "confirmed", "cancelled"},
    "confirmed": {"confirmed", "closed", "cancelled"},
    "closed": {"closed"},
    "cancelled": {"cancelled"},
}
GIVEN = ("seat.given", "seat.taken", "seat.reconfirmed")


class Step:
    """Two pictures; `began` is when the step did."""

    def __init__(self, before: Picture, after: Picture, began: datetime) -> None:
        self.before, self.after, self.began = before, after, began

    @cached_property
    def meetings(self) -> list[tuple[Row, Row]]:
        return [(one, self.after.meetings[id_]) for id_, one in self.before.meetings.items()]

    @cached_property
    def seats(self) -> list[tuple[Row | None, Row]]:
        return [(self.before.seats.get(id_), one) for id_, one in self.after.seats.items()]

    def told(self, *kinds: str) -> set[int]:
        """The ids of what events of these kinds were recorded about."""
        return {event.subject_id for event in self.after.events if event.kind in kinds}

    def takes_interest(self, meeting_id: int) -> bool:
        """Whether experts say that they are interested in the meeting, before and after the step."""
        meeting = self.before.meetings.get(meeting_id, self.after.meetings[meeting_id])
        until = meeting.interest_until
        return until is not None and until > self.began

    @cached_property
    def due(self) -> dict[int, list[Row]]:
        """Meeting → the interested seats that this step has given or not given."""
        found: dict[int, list[Row]] = {}
        for seat in self.before.seats.values():
            if seat.state == "interested" and not self.takes_interest(seat.meeting_id):
                found.setdefault(seat.meeting_id, []).append(seat)
        decided = self.told("seat.given") | {seat.id for was, seat in self.seats if was and was.state != seat.state}
        return {id_: seats for id_, seats in found.items() if any(seat.id in decided for seat in seats)}


def faults(step: Step) -> list[str]:
    """Everything that does not hold."""
    return [fault for check in CHECKS for fault in check(step)]


def sequences(step: Step) -> Iterator[str]:
    """Rule calendar-sequence."""
    for was, now in step.meetings:
        if now.sequence < was.sequence or now.version < was.version or now.changed_at < was.changed_at:
            yield f"calendar-sequence: meeting {now.id} has gone back"
        when = any(
            getattr(was, name) != getattr(now, name) for name in ("starts_at", "ends_at", "unit_id", "room", "state")
        )
        if when and now.sequence <= was.sequence:
            yield f"calendar-sequence: meeting {now.id} has another time, place or state and its sequence stands"
        shown = any(
            getattr(was, name) != getattr(now, name)
            for name in ("co_unit_id", "theme_id", "description", "public", "sequence")
        )
        newer = now.version > was.version and now.changed_at - was.changed_at >= timedelta(seconds=1)
        if shown and not newer:
            yield f"calendar-sequence: what a feed shows of meeting {now.id} has changed and it is no newer"
        if was.uid != now.uid:
            yield f"calendar-sequence: meeting {now.id} has another UID"


def confirmed(step: Step) -> Iterator[str]:
    """Rule meeting-mix: confirmed when its mix is met or it is held anyway; who loses it is flagged at once."""
    given = [*step.told(*GIVEN)]
    lost = step.told("meeting.mix_lost")
    for id_, now in step.after.meetings.items():
        was = step.before.meetings.get(id_)
        state = was.state if was else "proposed"
        if now.state not in MOVES[state]:
            yield f"meeting-mix: meeting {id_} went from {state} to {now.state}"
        anyway = now.override_reason is not None and (was is None or now.override_reason != was.override_reason)
        becomes = (state, now.state) == ("proposed", "confirmed")
        if becomes and not anyway and not mix_met(step.after, now, also=given):
            yield f"meeting-mix: meeting {id_} was confirmed without its mix"
        if was is None or state != "confirmed" or now.state != "confirmed" or not step.after.is_open(now):
            continue
        if mix_met(step.before, was) and not mix_met(step.after, now) and id_ not in lost:
            yield f"meeting-mix: meeting {id_} has lost its mix and is not flagged"


def kept_for_the_mix(step: Step) -> Iterator[str]:
    """Rule seat-mix-kept: nothing that is done leaves less room than the mix still needs, until it is released."""
    for was, now in step.meetings:
        if not step.after.is_open(now) or now.mix_released or was.co_unit_id != now.co_unit_id:
            continue
        before, after = (
            sum(lacking(picture, one).values()) - (one.seats - one.seats_taken)
            for picture, one in ((step.before, was), (step.after, now))
        )
        if after > max(0, before):
            yield f"seat-mix-kept: meeting {now.id} has given away what its mix needs"


def interest(step: Step) -> Iterator[str]:
    """Rule seat-interest-first: during its days experts get nothing, but those who had a seat before it was cancelled.

    When a meeting is moved that is within two days by then, its days of interest end with the moving.
    """
    for was, now in step.seats:
        if now.role != "expert" or now.state not in ("accepted", "offered", "waiting"):
            continue
        if not step.takes_interest(now.meeting_id) or step.after.meetings[now.meeting_id].state == "cancelled":
            continue
        had = was is not None and was.state in HOLDING
        asked_first = now.state in ("offered", "waiting") and now.asked_first
        if not had and not asked_first and (was is None or was.state != now.state):
            yield f"seat-interest-first: seat {now.id} is {now.state} during the days of interest"


def fair_turns(step: Step) -> Iterator[str]:
    """Rule seat-fair-turn."""
    given = step.told("seat.given")
    if bad := given - {seat.id for seats in step.due.values() for seat in seats}:
        yield f"seat-interest-first: seats {sorted(bad)} were given and not due"
    left = step.told("seat.withdrawn", "seat.offer_declined")
    for meeting_id, seats in step.due.items():
        gets = [seat for seat in seats if seat.id in given]
        waits = [seat for seat in seats if seat.id not in given and suits(step.before, seat)]
        for seat in gets:
            if not suits(step.before, seat):
                yield f"seat-fair-turn: seat {seat.id} was given, and meeting {meeting_id} does not suit"
        for one, other in product(gets, waits):
            if turn(step.before, other) < turn(step.before, one):
                yield f"seat-fair-turn: seat {one.id} was given before seat {other.id}, whose turn it was"
        for seat in waits:
            if step.after.seats[seat.id].state == "offered" and not left:
                yield f"seat-fair-turn: seat {seat.id} is offered what it should have been given"


def offers(step: Step) -> Iterator[str]:
    """Rule seat-waiting-order: an offer's clock, whom it goes to, and what becomes of who lets it pass."""
    made = step.told("seat.offered")
    for was, now in step.seats:
        meeting = step.after.meetings[now.meeting_id]
        if now.state == "offered" and (was is None or was.state != "offered"):
            if now.id not in made:
                yield f"seat-waiting-order: seat {now.id} was offered and nobody is told"
            yield from _clock(step, now, meeting)
        if was is not None and (was.state, now.state) == ("offered", "waiting"):
            if now.waiting_since != (was.waiting_since or was.created_at):
                yield f"seat-waiting-order: seat {now.id} let an offer pass and has lost its place"
            if now.passed_at is None:
                yield f"seat-waiting-order: seat {now.id} let an offer pass, which is not kept"
        if was is not None and was.state == now.state == "waiting" and was.waiting_since != now.waiting_since:
            yield f"seat-waiting-order: seat {now.id} has another place in the line"
        if was is not None and (was.state, now.state) == ("waiting", "offered") and _elsewhere(step, now):
            yield f"seat-waiting-order: seat {now.id} is offered and its person is in another meeting then"
    for meeting in step.after.open_meetings():
        yield from _order(step, meeting)


def _elsewhere(step: Step, seat: Row) -> bool:
    """Whether the person was in another meeting then when the step began, and is still."""
    return all(elsewhere(picture, seat) for picture in (step.before, step.after))


def nobody_passed_over(step: Step) -> Iterator[str]:
    """Rules seat-waiting-order and seat-mix-kept: nobody waits while a seat for their role is free and unoffered.

    Who was in another meeting then until this step is found by the worker.
    """
    before = waited_for(step.before)
    for id_, seat in waited_for(step.after).items():
        was = step.before.seats.get(id_)
        free_now = was is not None and elsewhere(step.before, was)
        if id_ not in before and not free_now:
            yield f"seat-waiting-order: seat {id_} waits while a seat of meeting {seat.meeting_id} is free for it"


def _clock(step: Step, seat: Row, meeting: Row) -> Iterator[str]:
    last = meeting.starts_at - ONE_DAY
    late = last <= step.began
    expected = min(two_weekdays_later(step.began), meeting.starts_at if late else last)
    by_phone = step.after.tables["persons"][seat.person_id].email is None
    if seat.offered_until is None and (late or not by_phone):
        yield f"seat-waiting-order: the offer of seat {seat.id} has no clock"
    elif seat.offered_until is not None and abs(seat.offered_until - expected) > NEARLY:
        yield f"seat-waiting-order: the offer of seat {seat.id} ends {seat.offered_until}, not {expected}"


def _order(step: Step, meeting: Row) -> Iterator[str]:
    """Of who waited: the one whose role the mix lacks most, then the first to come."""
    seats = step.after.seats_in(meeting.id)
    fresh = [seat for seat in seats if seat.state == "offered" and _state(step.before, seat) == "waiting"]
    waits = [
        seat
        for seat in seats
        if seat.state == "waiting"
        and seat.passed_at is None
        and _state(step.before, seat) == "waiting"
        and not any(elsewhere(picture, seat) for picture in (step.before, step.after))
    ]
    lack = {seat.id: needed(step.after, meeting, seat, [one.id for one in fresh]) for seat in (*fresh, *waits)}
    for one, other in product(fresh, waits):
        alike = one.role == other.role and lack[one.id] == lack[other.id]
        if alike and (other.waiting_since, other.id) < (one.waiting_since, one.id):
            yield f"seat-waiting-order: seat {one.id} was offered before seat {other.id}, which waited longer"
        if len(fresh) == 1 and lack[other.id] > lack[one.id]:
            yield f"seat-waiting-order: seat {one.id} was offered, and the mix lacks the role of seat {other.id}"


def _state(picture: Picture, seat: Row) -> str | None:
    was = picture.seats.get(seat.id)
    return was.state if was else None


def moved(step: Step) -> Iterator[str]:
    """Rule seat-reconfirm: who has a seat is asked when the new time is far from what they agreed to; the mover is not.

    Small moves add up: what counts is the time that they said yes to.
    """
    movers = {event.actor_id for event in step.after.events if event.kind in ("meeting.moved", "swap.done")}
    for was, now in step.meetings:
        if was.starts_at == now.starts_at or now.state == "cancelled":
            continue
        for seat in step.before.seats_in(was.id):
            agreed, state = seat.agreed_starts_at or was.starts_at, step.after.seats[seat.id].state
            if day(agreed) == day(now.starts_at) and abs(agreed - now.starts_at) <= timedelta(minutes=30):
                continue
            if seat.state == "reconfirm" and state != "reconfirm":
                yield f"seat-reconfirm: seat {seat.id} is not asked any more"
            if seat.state == "accepted" and state != "reconfirm" and seat.person_id not in movers:
                yield f"seat-reconfirm: seat {seat.id} is not asked whether the new time suits"


def fees(step: Step) -> Iterator[str]:
    """Rule fee-before-yes: what was shown before the yes is kept; later rates change nothing of it."""
    for was, now in step.seats:
        fresh = now.answered_at != (was.answered_at if was else None)  # who waits for a former seat has said nothing
        if not fresh and was is not None and (was.fee_cents, was.fee_declined) != (now.fee_cents, now.fee_declined):
            yield f"fee-before-yes: what was agreed of seat {now.id} has changed without an answer"
        rate = step.after.rate(now.organisation_id, day(step.after.meetings[now.meeting_id].starts_at).year)
        said_yes = now.state in ("accepted", "interested", "waiting") and now.role == "expert"
        if fresh and said_yes and rate is not None and now.fee_cents != rate.fee_cents:
            yield f"fee-before-yes: seat {now.id} has kept {now.fee_cents}, and {rate.fee_cents} was shown"


CHECKS: tuple[Callable[[Step], Iterator[str]], ...] = (
    sequences,
    confirmed,
    kept_for_the_mix,
    interest,
    fair_turns,
    offers,
    nobody_passed_over,
    moved,
    fees,
)
