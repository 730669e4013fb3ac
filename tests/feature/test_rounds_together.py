"""Two units that hold one meeting: one host, one co-host, a worker of each, both visited; and apart again."""

from datetime import date, time, timedelta
from functools import partial

from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.actions import fan_out
from kierto.messages.models import Message
from kierto.people.actions import give_role
from kierto.policy import EDIT_MEETING, SEE_NEEDS, SEE_PARTICIPANTS, TAKE_SEAT
from kierto.practices.retiring import retire_unit
from kierto.rounds.booking import book_stop, give_up_stop
from kierto.rounds.models import Stop, StopState
from kierto.rounds.together import co_hosts, meet_apart, meet_together
from kierto.seats.actions import take_seat, withdraw
from kierto.seats.models import Seat
from kierto.seats.queries import has_mix, upcoming_in
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import CONFIRMED_ON, Cast, Thing
from tests.refusals import refused
from tests.scenes import seat_taken, tasks_on
from tests.scenes_letters import mail_of
from tests.scenes_rounds import kinds, skip, states_of
from tests.together import at_once


def together(cast: Cast, stop: Thing[Stop] | None = None) -> None:
    """The first unit of the spring meets together with the third one, or another one."""
    with writing():
        meet_together(cast.actor("coordinator"), (stop or cast.confirmed_stop).load(), cast.stop.load())


def seat_of(cast: Cast, name: str, meeting: Thing[Meeting]) -> Seat | None:
    return session.query(Seat).filter_by(person_id=cast.id(name), meeting_id=meeting.id).one_or_none()


def test_both_units_have_their_turn_in_one_meeting(cast: Cast) -> None:
    together(cast)
    together(cast)
    with reading():
        meeting = cast.confirmed.load()
        assert (meeting.unit_id, meeting.co_unit_id) == (cast.third_unit.id, cast.unit.id)
        assert cast.stop.load().meeting_id == meeting.id
        assert (meeting.mix_staff, meeting.staff_needed) == (1, 2), "what was booked stays; a worker of each is needed"
    assert states_of(cast.spring) == [StopState.BOOKED] * 3
    assert kinds("meeting.co_hosted") == [{"unit_id": cast.unit.id}]
    with clock.at(clock.instant(CONFIRMED_ON, time(14))):
        assert states_of(cast.spring)[0] is StopState.VISITED


def test_the_mix_needs_a_worker_of_each(cast: Cast) -> None:
    """Rule meeting-mix: two workers of one unit are not enough; what was met before is flagged as lost."""
    together(cast)
    assert len(kinds("meeting.mix_lost")) == 1
    with writing():
        colleague = cast.people["outsider"].load()
        give_role(cast.actor("coordinator"), colleague, cast.organisation.id, Role.STAFF, cast.third_unit.id)
    for name, enough in (("outsider", False), ("staff", True)):
        with writing():
            take_seat(cast.actor(name), cast.confirmed.load(), cast.id(name), SeatRole.HOST_STAFF)
            assert has_mix(cast.confirmed.load()) is enough


def test_the_letter_says_whose_worker_is_missing(cast: Cast) -> None:
    together(cast)
    with writing():
        fan_out(100)
    with reading():
        unit = cast.unit.load().name.fi
        lost = session.scalars(select(Message).where(Message.kind == "meeting.mix_lost")).all()
        session.expunge_all()
    assert lost
    for message in lost:
        _subject, text, _html = mail_of(message, cast.app.config["KIERTO"])
        assert unit in text.partition("Vielä tarvitaan")[2].splitlines()[0]


def test_a_worker_of_each_confirms_it(cast: Cast) -> None:
    together(cast, cast.proposed_stop)
    steps = [("expert", SeatRole.EXPERT, MeetingState.PROPOSED), ("host", SeatRole.HOST_STAFF, MeetingState.CONFIRMED)]
    for name, role, state in steps:
        with writing():
            take_seat(cast.actor(name), cast.proposed.load(), cast.id(name), role)
            assert cast.proposed.load().state is state


def test_an_expert_who_works_in_the_second_unit_gives_the_seat_up(cast: Cast) -> None:
    """Rule seat-no-double-hat."""
    with writing():
        expert = cast.people["expert"].load()
        give_role(cast.actor("coordinator"), expert, cast.organisation.id, Role.STAFF, cast.unit.id)
    together(cast)
    with writing():
        assert cast.seat.load().state is SeatState.WITHDRAWN
    with refused("seat-no-double-hat"):
        take_seat(cast.actor("expert"), cast.confirmed.load(), cast.id("expert"), SeatRole.EXPERT)


def test_visitors_from_the_second_unit_are_host_staff_and_visitors_again(cast: Cast) -> None:
    with writing():
        take_seat(cast.actor("staff"), cast.confirmed.load(), cast.id("staff"), SeatRole.VISITING_STAFF)
    together(cast)
    with reading():
        seat = seat_of(cast, "staff", cast.confirmed)
        assert seat is not None
        assert seat.role is SeatRole.HOST_STAFF
        assert has_mix(cast.confirmed.load())
    assert kinds("meeting.mix_lost") == []
    with writing():
        meet_apart(cast.actor("coordinator"), cast.stop.load())
    with reading():
        seat = seat_of(cast, "staff", cast.confirmed)
        assert seat is not None
        assert seat.role is SeatRole.VISITING_STAFF
        worker = seat_of(cast, "worker", cast.confirmed)
        assert worker is not None
        assert worker.role is SeatRole.HOST_STAFF


def test_a_full_mix_gets_one_seat_more(cast: Cast) -> None:
    with writing():
        meeting = cast.proposed.load()
        meeting.seats = 2
    together(cast, cast.proposed_stop)
    with reading():
        assert (cast.proposed.load().seats, cast.proposed.load().staff_needed) == (3, 2)


def test_apart_again_the_turn_waits(cast: Cast) -> None:
    together(cast)
    with writing():
        assert co_hosts(cast.stop.load())
        meet_apart(cast.actor("coordinator"), cast.stop.load())
    with reading():
        meeting = cast.confirmed.load()
        assert (meeting.co_unit_id, meeting.mix_staff) == (None, 1)
        assert cast.stop.load().meeting_id is None
    assert states_of(cast.spring) == [StopState.WAITING, StopState.BOOKED, StopState.BOOKED]
    assert kinds("meeting.hosted_alone") == [{"unit_id": cast.unit.id}]


def test_apart_again_the_meeting_keeps_the_mix_that_it_was_booked_with(cast: Cast) -> None:
    """Rule meeting-mix: whatever the round has become since."""
    with writing():
        cast.confirmed.load().mix_staff, cast.spring.load().mix_staff = 3, 1
    together(cast)
    with writing():
        assert cast.confirmed.load().staff_needed == 3
        meet_apart(cast.actor("coordinator"), cast.stop.load())
    with reading():
        assert cast.confirmed.load().staff_needed == 3


def colleague(cast: Cast, name: str = "outsider", unit: str = "third_unit") -> None:
    with writing():
        person = cast.people[name].load()
        give_role(cast.actor("coordinator"), person, cast.organisation.id, Role.STAFF, getattr(cast, unit).id)


def test_the_last_seat_is_the_other_units(cast: Cast) -> None:
    """Rules seat-mix-kept and meeting-mix: workers of one unit do not take the place of the other's."""
    together(cast)
    with writing():
        cast.confirmed.load().seats = 3
    colleague(cast)
    outsider = seat_taken(cast, "outsider", cast.confirmed, SeatRole.HOST_STAFF)
    with reading():
        assert outsider.load().state is SeatState.WAITING, "kept for the first unit"
    staff = seat_taken(cast, "staff", cast.confirmed, SeatRole.HOST_STAFF)
    with reading():
        assert staff.load().state is SeatState.ACCEPTED
        assert has_mix(cast.confirmed.load())
    with writing():
        withdraw(cast.actor("staff"), staff.load())
    with reading():
        assert outsider.load().state is SeatState.WAITING, "what is freed is kept, too"
    host = seat_taken(cast, "host", cast.confirmed, SeatRole.HOST_STAFF)
    with writing():
        assert host.load().state is SeatState.ACCEPTED
        worker = seat_of(cast, "worker", cast.confirmed)
        assert worker is not None
        withdraw(cast.actor("worker"), worker)
    with reading():
        assert outsider.load().state is SeatState.OFFERED, "of the unit that lacks one"


def test_the_desk_says_of_which_unit_a_worker_is_lacking(cast: Cast) -> None:
    """Rule meeting-mix: two workers of one unit are enough in number, and the other's is still asked for."""
    together(cast)
    colleague(cast)
    seat_taken(cast, "outsider", cast.confirmed, SeatRole.HOST_STAFF)
    client, address = cast.client("coordinator"), f"/meetings/{cast.confirmed.ref}/decide"
    with reading():
        name = str(cast.unit.load().name)
    with clock.at(clock.instant(CONFIRMED_ON, time(9)) - timedelta(days=3)):
        assert f"Still needed: 1 worker ({name})" in tasks_on(client.get("/desk"))[address]
        assert f"1 worker ({name})" in client.get(address).text
        assert f"1 worker ({name})" in client.get(f"/meetings/{cast.confirmed.ref}").text
        seat_taken(cast, "staff", cast.confirmed, SeatRole.HOST_STAFF)
        assert address not in tasks_on(client.get("/desk"))


def test_only_a_co_host_leaves(cast: Cast) -> None:
    """Rule stop-together."""
    together(cast)
    for stop in (cast.confirmed_stop, cast.proposed_stop):
        with refused("stop-together"):
            meet_apart(cast.actor("coordinator"), stop.load())


def test_a_cancelled_meeting_lets_both_wait(cast: Cast) -> None:
    together(cast)
    with writing():
        give_up_stop(cast.actor("coordinator"), cast.confirmed_stop.load(), "Vesivahinko")
    assert states_of(cast.spring) == [StopState.WAITING, StopState.BOOKED, StopState.WAITING]
    with writing():
        book_stop(cast.actor("coordinator"), cast.stop.load(), CONFIRMED_ON, time(9))


def test_who_cannot_meet_together(cast: Cast) -> None:
    """Rule stop-together: one has a meeting to come, the other waits; both are in one round."""
    pairs = [
        (cast.confirmed_stop, cast.proposed_stop),
        (cast.stop, cast.stop),
        (cast.confirmed_stop, cast.autumn_stop),
        (cast.stop, cast.confirmed_stop),
    ]
    for host, guest in pairs:
        with refused("stop-together"):
            meet_together(cast.actor("coordinator"), host.load(), guest.load())
    skip(cast, cast.stop, "Muutto")
    with refused("stop-together"):
        meet_together(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.stop.load())


def test_a_unit_does_not_meet_with_itself(cast: Cast) -> None:
    """Rule meeting-two-units is the database's last word."""
    with refused("meeting-two-units"):
        cast.confirmed.load().co_unit_id = cast.third_unit.id
        session.flush()


def test_a_third_unit_does_not_join_two(cast: Cast) -> None:
    together(cast)
    with writing():
        give_up_stop(cast.actor("coordinator"), cast.proposed_stop.load(), "Vesivahinko")
    with refused("stop-together"):
        meet_together(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.proposed_stop.load())


def test_a_unit_with_another_meeting_then_does_not_join(cast: Cast) -> None:
    """Rule meeting-unit-free: also for who is a co-host, whichever comes first."""
    with writing():
        give_up_stop(cast.actor("coordinator"), cast.proposed_stop.load(), "Vesivahinko")
    with writing():
        book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, time(14))
    with refused("meeting-unit-free"):
        meet_together(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.proposed_stop.load())
    together(cast)
    with writing():
        turn = session.query(Stop).filter_by(round_id=cast.autumn.id, unit_id=cast.unit.id).one()
        turn.meeting_id, cast.autumn.load().gap_days = None, 0
    with refused("meeting-unit-free"):
        book_stop(cast.actor("coordinator"), session.get_one(Stop, turn.id), CONFIRMED_ON, time(14))


def test_the_second_unit_works_there_too(cast: Cast) -> None:
    """Its contact and its workers may what those of the host may; its page shows the meeting."""
    with reading():
        assert not EDIT_MEETING.allows(cast.actor("host"), cast.confirmed.load())
        assert not TAKE_SEAT.allows(cast.actor("staff"), cast.confirmed.load())
    together(cast)
    with reading():
        meeting = cast.confirmed.load()
        for permission in (EDIT_MEETING, SEE_PARTICIPANTS, SEE_NEEDS):
            assert permission.allows(cast.actor("host"), meeting)
            assert not permission.allows(cast.actor("other_host"), meeting)
        assert TAKE_SEAT.allows(cast.actor("staff"), meeting)
        shown = upcoming_in(cast.actor("staff"), cast.unit.load(), 5)
        assert cast.confirmed.id in {one.id for one in shown}
    assert f"/meetings/{cast.confirmed.ref}" in cast.client("staff").get(f"/units/{cast.unit.ref}").links.values()


def test_a_co_host_is_not_retired_before_its_meeting(cast: Cast) -> None:
    """Rule unit-meetings-first."""
    together(cast)
    with refused("unit-meetings-first"):
        retire_unit(cast.actor("coordinator"), cast.unit.load(), None, "Loppui")


def _book(cast: Cast) -> str:
    book_stop(cast.actor("coordinator"), cast.stop.load(), date(2027, 2, 16), time(13))
    return "booked"


def _together(cast: Cast) -> str:
    meet_together(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.stop.load())
    return "together"


def test_of_booking_and_meeting_together_at_one_moment_one_is_refused(app: Flask, cast: Cast) -> None:
    results = at_once(app, [partial(_book, cast), partial(_together, cast)])
    told = [one.rule.id if isinstance(one, Refused) else one for one in results]
    assert told in (["booked", "stop-together"], ["round-each-unit-once", "together"])
