"""What must hold of the tables at every moment, as domain.md says it. Each finding begins with the rule's id."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations, groupby

from tests.stateful.picture import COMING, Picture, Row, day, holds, hosts, mix_met, overlap, waited_for

ONE_DAY = timedelta(hours=24)
SAID_FOR_ANOTHER = ("phone", "told", "paper")


def faults(picture: Picture) -> list[str]:
    """Everything that does not hold."""
    return [fault for check in CHECKS for fault in check(picture)]


def capacity(picture: Picture) -> Iterator[str]:
    for meeting in picture.meetings.values():
        held = sum(holds(seat) for seat in picture.seats_in(meeting.id))
        if held != meeting.seats_taken:
            yield f"seat-capacity: meeting {meeting.id} counts {meeting.seats_taken} taken seats, {held} are held"
        if held > meeting.seats:
            yield f"seat-capacity: {held} hold the {meeting.seats} seats of meeting {meeting.id}"


def one_place(picture: Picture) -> Iterator[str]:
    came = sorted(
        (seat for seat in picture.seats.values() if seat.state == "accepted"), key=lambda seat: int(seat.person_id)
    )
    for person_id, theirs in groupby(came, key=lambda seat: seat.person_id):
        meetings = [picture.meetings[seat.meeting_id] for seat in theirs]
        going_on = [meeting for meeting in meetings if meeting.state != "cancelled"]
        for one, other in combinations(going_on, 2):
            if overlap(one, other):
                yield f"person-one-place: person {person_id} comes to meetings {one.id} and {other.id} at one time"


def one_hat(picture: Picture) -> Iterator[str]:
    """Rules seat-no-double-hat and expert-approved, of meetings to come."""
    approved = {(one.person_id, one.organisation_id) for one in picture.rows("experts") if one.state == "approved"}
    for meeting in picture.open_meetings():
        seats = [seat for seat in picture.seats_in(meeting.id) if seat.state in COMING]
        if len({seat.person_id for seat in seats}) != len(seats):
            yield f"seat-no-double-hat: somebody has two seats in meeting {meeting.id}"
        for seat in seats:
            here = picture.works_in(seat.person_id, hosts(meeting))
            if seat.role == "expert" and here:
                yield f"seat-no-double-hat: seat {seat.id} is an expert's where they work"
            if seat.role == "expert" and (seat.person_id, seat.organisation_id) not in approved:
                yield f"expert-approved: seat {seat.id} is no approved expert's"
            if seat.role in ("host_staff", "visiting_staff") and here is not (seat.role == "host_staff"):
                yield f"seat-no-double-hat: seat {seat.id} has the role {seat.role}"


def gaps(picture: Picture) -> Iterator[str]:
    for round_ in picture.rounds.values():
        days = {
            stop.meeting_id: day(picture.meetings[stop.meeting_id].starts_at)
            for stop in picture.stops.values()
            if stop.round_id == round_.id and picture.turn(stop) in ("booked", "visited")
        }
        for (one, first), (other, second) in combinations(days.items(), 2):
            if abs((second - first).days) < round_.gap_days:
                yield f"round-gap: meetings {one} and {other} are nearer than {round_.gap_days} days"
        for meeting_id, on in days.items():
            if not round_.from_on <= on <= round_.until_on:
                yield f"round-within: meeting {meeting_id} is outside its round"


def units_free(picture: Picture) -> Iterator[str]:
    going_on = [meeting for meeting in picture.meetings.values() if meeting.state != "cancelled"]
    for one, other in combinations(going_on, 2):
        if overlap(one, other) and set(hosts(one)) & set(hosts(other)):
            yield f"meeting-unit-free: meetings {one.id} and {other.id} are held in one unit at one time"


def turns(picture: Picture) -> Iterator[str]:
    """Rule round-each-unit-once."""
    seen: set[tuple[int, int]] = set()
    for stop in picture.stops.values():
        if (stop.round_id, stop.unit_id) in seen:
            yield f"round-each-unit-once: unit {stop.unit_id} is twice in round {stop.round_id}"
        seen.add((stop.round_id, stop.unit_id))
        turn, state = picture.turn(stop), picture.stop_state(stop)
        if state == "skipped" and turn != "waiting":
            yield f"round-each-unit-once: stop {stop.id} was skipped and has a meeting"
        if turn != "waiting" and stop.unit_id not in hosts(picture.meetings[stop.meeting_id]):
            yield f"round-each-unit-once: stop {stop.id} has another unit's meeting"
        yield from _of_round(picture.rounds[stop.round_id], stop, state)
    for meeting in picture.meetings.values():
        whose = [
            stop for stop in picture.stops.values() if stop.meeting_id == meeting.id and picture.turn(stop) != "waiting"
        ]
        if whose and sorted(stop.unit_id for stop in whose) != sorted(hosts(meeting)):
            yield f"round-each-unit-once: meeting {meeting.id} is not the turn of each unit that hosts it"
        if picture.is_open(meeting) and not whose:
            yield f"round-each-unit-once: meeting {meeting.id} is nobody's turn"


def _of_round(round_: Row, stop: Row, state: str) -> Iterator[str]:
    if round_.state in ("closed", "cancelled") and state == "booked":
        yield f"round-meetings-first: round {round_.id} has ended, and stop {stop.id} has a meeting to come"
    # A meeting that was said not to have happened after the round ended gives its turn back.
    if round_.state == "closed" and state == "waiting" and stop.meeting_id is None:
        yield f"round-each-unit-once: round {round_.id} has closed and stop {stop.id} was neither visited nor skipped"


def mixes(picture: Picture) -> Iterator[str]:
    """Rule meeting-mix."""
    for meeting in picture.meetings.values():
        if meeting.state == "confirmed" and meeting.confirmed_at is None:
            yield f"meeting-mix: meeting {meeting.id} is confirmed since no moment"
        if picture.is_open(meeting) and meeting.state == "proposed" and mix_met(picture, meeting):
            yield f"meeting-mix: meeting {meeting.id} has its mix and is not confirmed"


def offers(picture: Picture) -> Iterator[str]:
    """Rule seat-waiting-order: an offer has its clock, or it waits for a call (and so is on the desk)."""
    for meeting in picture.open_meetings():
        for seat in picture.seats_in(meeting.id):
            if seat.state == "offered":
                if seat.offered_until is None and picture.tables["persons"][seat.person_id].email is not None:
                    yield f"seat-waiting-order: the offer of seat {seat.id} has no end, and nobody is to call"
                if seat.offered_until is not None and seat.offered_until > meeting.starts_at:
                    yield f"seat-waiting-order: the offer of seat {seat.id} outlasts the beginning"
            elif seat.offered_until is not None:
                yield f"seat-waiting-order: seat {seat.id} is {seat.state} and has the clock of an offer"
            if seat.state == "waiting" and seat.waiting_since is None:
                yield f"seat-waiting-order: seat {seat.id} waits since no moment"
            if seat.state == "interested" and seat.interested_since is None:
                yield f"seat-interest-first: seat {seat.id} is interested since no moment"


def answers(picture: Picture) -> Iterator[str]:
    """Rules answer-for-another and fee-before-yes."""
    for seat in picture.seats.values():
        if seat.answered_by not in (None, seat.person_id) and seat.answered not in SAID_FOR_ANOTHER:
            yield f"answer-for-another: somebody else answered for seat {seat.id} and did not say how they know"
        decided = picture.rates_since.get(seat.organisation_id)
        if seat.role != "expert" or seat.state not in ("accepted", "reconfirm") or decided is None:
            continue
        if seat.answered_at is None:
            yield f"fee-before-yes: seat {seat.id} is accepted and nobody has said yes"
        elif seat.answered_at > decided and seat.fee_cents is None:
            yield f"fee-before-yes: seat {seat.id} has kept no fee"


CHECKS: tuple[Callable[[Picture], Iterator[str]], ...] = (
    capacity,
    one_place,
    one_hat,
    gaps,
    units_free,
    turns,
    mixes,
    offers,
    answers,
)


def overdue(picture: Picture) -> list[str]:
    """What the worker has left undone: asked right after it has done its turn."""
    found = [
        f"seat-waiting-order: seat {seat.id} waits while a seat of meeting {seat.meeting_id} is free for it"
        for seat in waited_for(picture).values()
    ]
    for meeting in picture.meetings.values():
        if meeting.state == "proposed" and meeting.starts_at <= picture.now:
            found.append(f"meeting-mix: meeting {meeting.id} has begun and is still proposed")
        for seat in picture.seats_in(meeting.id) if picture.is_open(meeting) else ():
            if seat.state == "interested" and meeting.interest_until <= picture.now:
                found.append(f"seat-interest-first: the seats of meeting {meeting.id} were not given")
            ends = seat.offered_until or meeting.starts_at - ONE_DAY
            if seat.state == "offered" and ends <= picture.now:
                found.append(f"seat-waiting-order: the offer of seat {seat.id} has ended and was not passed on")
    return found
