"""Ways to break each thing that the checker looks for, by raw SQL: what a test of the checker does to the tables.

In the statements `{confirmed}`, `{proposed}` and the like are ids of the cast's things and people.
"""

from typing import NamedTuple


class Broken(NamedTuple):
    """What is done to the tables (after `first`, which is not yet wrong), and what must be found."""

    found: str
    sql: tuple[str, ...]
    first: tuple[str, ...] = ()


def seat(person: str, state: str, role: str = "expert", meeting: str = "confirmed", **more: str) -> str:
    """One more seat."""
    values = {
        "ref": f"'{person[:6]}{meeting[:2]}'",
        "organisation_id": "{organisation}",
        "meeting_id": f"{{{meeting}}}",
        "person_id": f"{{{person}}}",
        "role": f"'{role}'",
        "state": f"'{state}'",
        "created_at": "'2027-01-12 08:00:00+00:00'",
    } | more
    return f"INSERT INTO seats ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def event(kind: str, person: str, meeting: str = "confirmed") -> str:
    """An event about the person's seat."""
    return (
        "INSERT INTO events (organisation_id, at, act, kind, subject, subject_id, data) "
        f"SELECT {{organisation}}, '2027-01-12 08:00:00+00:00', 'act', '{kind}', 'seats', id, '{{{{}}}}' FROM seats "
        f"WHERE person_id = {{{person}}} AND meeting_id = {{{meeting}}}"
    )


def of_seat(what: str, which: str = "seat") -> str:
    return f"UPDATE seats SET {what} WHERE id = {{{which}}}"


def of_meeting(what: str, which: str = "confirmed") -> str:
    return f"UPDATE meetings SET {what} WHERE id = {{{which}}}"


def of_person(what: str, person: str, meeting: str = "confirmed") -> str:
    return f"UPDATE seats SET {what} WHERE person_id = {{{person}}} AND meeting_id = {{{meeting}}}"


WAITS = {"waiting_since": "'2027-01-12 08:00:00+00:00'"}
WAITS_LONGER = {"waiting_since": "'2027-01-12 07:00:00+00:00'"}
FULL = of_meeting("seats = 2")
ROOM = of_meeting("seats = 3, seats_taken = 3")
ENDS = "offered_until = '2027-01-14 08:00:00+00:00'"
OFFER = {"offered_until": "'2027-01-14 08:00:00+00:00'"}
LAST_ONE = (FULL, seat("other_expert", "waiting", **WAITS_LONGER), seat("third_expert", "waiting", **WAITS))
INTERESTED = (
    of_meeting("seats = 3, interest_until = '2027-01-12 07:30:00+00:00'"),
    seat("other_expert", "interested", interested_since="'2027-01-12 07:00:00+00:00'"),
    seat("third_expert", "interested", interested_since="'2027-01-12 07:10:00+00:00'"),
)
AWAY = (
    "INSERT INTO away_dates (organisation_id, expert_id, from_on, until_on) "
    "SELECT organisation_id, id, '2027-01-26', '2027-01-27' FROM experts WHERE person_id = {other_expert}"
)
AT_NOON = "starts_at = '2027-02-02 12:30:00+00:00', ends_at = '2027-02-02 13:30:00+00:00'"
AT_ONE_TIME = of_meeting("starts_at = '2027-01-26 12:00:00+00:00', ends_at = '2027-01-26 14:00:00+00:00'", "proposed")
SPRING = "WHERE round_id = {spring}"

AT_ALL_TIMES = (
    Broken("seat-capacity: meeting {confirmed} counts 3 taken", (of_meeting("seats_taken = 3"),)),
    Broken(
        "seat-capacity: 3 hold the 2 seats",
        (seat("other_expert", "accepted"), of_meeting("seats = 2, seats_taken = 2")),
    ),
    Broken(
        "person-one-place",
        (
            AT_ONE_TIME,
            seat("expert", "accepted", meeting="proposed"),
        ),
    ),
    Broken("is an expert's where they work", ("UPDATE members SET person_id = {expert} WHERE person_id = {worker}",)),
    Broken("expert-approved", ("UPDATE experts SET state = 'paused' WHERE person_id = {expert}",)),
    Broken("has the role visiting_staff", (of_person("role = 'visiting_staff'", "worker"),)),
    Broken(
        "somebody has two seats",
        ("DROP INDEX uq_seats_person", seat("expert", "waiting", **WAITS)),
    ),
    Broken("round-gap", ("UPDATE rounds SET gap_days = 8 WHERE id = {spring}",)),
    Broken("round-within", ("UPDATE rounds SET until_on = '2027-01-28' WHERE id = {spring}",)),
    Broken(
        "meeting-unit-free",
        (
            of_meeting(
                "unit_id = {other_unit}, starts_at = '2027-02-02 12:30:00+00:00', ends_at = '2027-02-02 13:30:00+00:00'"
            ),
        ),
    ),
    Broken(
        "meeting-unit-free",
        (of_meeting(f"co_unit_id = {{other_unit}}, {AT_NOON}"),),
    ),
    Broken("is twice in round", ("DROP INDEX uq_stops_unit", f"UPDATE stops SET unit_id = {{unit}} {SPRING}")),
    Broken("was skipped and has a meeting", ("UPDATE stops SET skipped_because = 'ei' WHERE id = {confirmed_stop}",)),
    Broken("has another unit's meeting", ("UPDATE stops SET meeting_id = {confirmed} WHERE id = {stop}",)),
    Broken("is not the turn of each unit", ("UPDATE meetings SET co_unit_id = {unit} WHERE id = {confirmed}",)),
    Broken("is nobody's turn", ("UPDATE stops SET meeting_id = NULL WHERE id = {confirmed_stop}",)),
    Broken("round-meetings-first", ("UPDATE rounds SET state = 'closed' WHERE id = {spring}",)),
    Broken("was neither visited nor skipped", ("UPDATE rounds SET state = 'closed' WHERE id = {spring}",)),
    Broken("is confirmed since no moment", (of_meeting("confirmed_at = NULL"),)),
    Broken("has its mix and is not confirmed", (of_meeting("state = 'proposed'"),)),
    Broken("has no end, and nobody is to call", (of_seat("state = 'offered'"),)),
    Broken("outlasts the beginning", (of_seat("state = 'offered', offered_until = '2027-02-26 08:00:00+00:00'"),)),
    Broken("has the clock of an offer", (of_seat(ENDS),)),
    Broken("waits since no moment", (of_seat("state = 'waiting'"), of_meeting("seats_taken = 1"))),
    Broken("is interested since no moment", (of_seat("state = 'interested'"), of_meeting("seats_taken = 1"))),
    Broken("answer-for-another", (of_seat("answered_by = {coordinator}"),)),
    Broken("has kept no fee", (of_seat("answered_at = '2027-01-13 08:00:00+00:00'"),)),
    Broken("nobody has said yes", (of_seat("answered_at = NULL"),)),
)

BY_A_STEP = (
    Broken("waits while a seat", (seat("other_expert", "waiting", **WAITS),)),
    Broken(
        "is in another meeting then",
        (of_person(f"state = 'offered', {ENDS}", "third_expert"), ROOM, event("seat.offered", "third_expert")),
        (
            FULL,
            seat("third_expert", "waiting", **WAITS),
            seat("third_expert", "accepted", meeting="proposed"),
            AT_ONE_TIME,
        ),
    ),
    Broken("has gone back", (of_meeting("sequence = sequence - 1"),)),
    Broken("its sequence stands", (of_meeting("state = 'cancelled'"),)),
    Broken("its sequence stands", (of_meeting("room = '2'"),)),
    Broken("it is no newer", (of_meeting("public = NOT public"),)),
    Broken("has another UID", (of_meeting("uid = 'other'"),)),
    Broken("went from confirmed to proposed", (of_meeting("state = 'proposed'"),)),
    Broken("was confirmed without its mix", (of_meeting("state = 'confirmed'", "proposed"),)),
    Broken("has lost its mix and is not flagged", (of_seat("state = 'withdrawn'"), of_meeting("seats_taken = 1"))),
    Broken(
        "seat-mix-kept",
        (of_seat("state = 'withdrawn'"), of_meeting("seats = 2"), seat("staff", "accepted", "visiting_staff")),
    ),
    Broken(
        "is accepted during the days of interest",
        (seat("other_expert", "accepted"), of_meeting("seats_taken = 3")),
        (of_meeting("interest_until = '2027-01-14 10:00:00+00:00'"),),
    ),
    Broken("were given and not due", (event("seat.given", "expert"),)),
    Broken(
        "was given before seat",
        (of_person("state = 'accepted'", "third_expert"), ROOM, event("seat.given", "third_expert")),
        INTERESTED,
    ),
    Broken(
        "was given before seat",
        (of_person("state = 'accepted'", "other_expert"), ROOM, event("seat.given", "other_expert")),
        (*INTERESTED, seat("other_expert", "accepted", meeting="proposed")),
    ),
    Broken(
        "does not suit",
        (of_person("state = 'accepted'", "other_expert"), ROOM, event("seat.given", "other_expert")),
        (*INTERESTED, AWAY),
    ),
    Broken(
        "is offered what it should have been given",
        (of_person(f"state = 'offered', {ENDS}", "other_expert"), ROOM),
        INTERESTED,
    ),
    Broken("was offered and nobody is told", (seat("other_expert", "offered", **OFFER), ROOM)),
    Broken("has no clock", (seat("other_expert", "offered"), ROOM)),
    Broken("ends 2027-01-15", (seat("other_expert", "offered", offered_until="'2027-01-15 08:00:00+00:00'"), ROOM)),
    Broken(
        "has lost its place",
        (of_seat("state = 'waiting', waiting_since = '2027-01-12 08:00:00+00:00'"),),
        (of_seat("state = 'offered'"),),
    ),
    Broken(
        "which is not kept",
        (of_seat("state = 'waiting', waiting_since = created_at"),),
        (of_seat("state = 'offered'"),),
    ),
    Broken(
        "has another place in the line",
        (of_person("waiting_since = '2027-01-12 06:00:00+00:00'", "third_expert"),),
        LAST_ONE,
    ),
    Broken("which waited longer", (of_person(f"state = 'offered', {ENDS}", "third_expert"), ROOM), LAST_ONE),
    Broken(
        "the mix lacks the role of",
        (of_person(f"state = 'offered', {ENDS}", "third_expert"), ROOM),
        (*LAST_ONE, of_meeting("mix_staff = 2, mix_experts = 0"), of_person("role = 'host_staff'", "other_expert")),
    ),
    Broken(
        "is not asked whether the new time suits",
        (of_meeting("starts_at = '2027-01-26 09:00:00+00:00', sequence = sequence + 1"),),
    ),
    Broken(
        "is not asked any more",
        (of_meeting("starts_at = '2027-01-26 09:00:00+00:00'"), of_seat("state = 'accepted'")),
        (of_seat("state = 'reconfirm'"),),
    ),
    Broken("has changed without an answer", (of_seat("fee_declined = NOT fee_declined"),)),
    Broken(
        "has kept None, and 6000 was shown",
        (seat("other_expert", "accepted", answered_at="'2027-01-12 08:00:30+00:00'"),),
    ),
)

LEFT_UNDONE = (
    Broken("has begun and is still proposed", (of_meeting("state = 'proposed'"),)),
    Broken("were not given", (), INTERESTED),
    Broken("waits while a seat", (seat("other_expert", "waiting", **WAITS),)),
    Broken("was not passed on", (of_seat("state = 'offered', offered_until = '2027-01-12 07:00:00+00:00'"),)),
)
