"""Chance books, moves, comes, waits, answers and gives up; after each step the tables are checked.

Every step is one transaction of one public action; to be refused is allowed, to leave something wrong behind is not.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from functools import partial
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from kierto import clock
from kierto.actor import Actor
from kierto.database import Base, reading, session, writing
from kierto.errors import KiertoError
from kierto.experts.deciding import come_back
from kierto.meetings.actions import hold_anyway
from kierto.meetings.happening import say_happened
from kierto.meetings.models import Meeting
from kierto.people.models import Expert, Member
from kierto.rounds.actions import RoundPlan
from kierto.rounds.booking import book_stop, give_up_stop, move_stop
from kierto.rounds.editing import add_stop, edit_round
from kierto.rounds.lifecycle import cancel_round, close_round, reopen_round
from kierto.rounds.models import Round, Stop, StopSwap
from kierto.rounds.skipping import skip_stop, take_back_stop
from kierto.rounds.swapping import answer_swap, ask_swap, withdraw_swap
from kierto.rounds.together import meet_apart, meet_together
from kierto.rounds.visiting import visit
from kierto.seats.actions import answer_move, answer_offer, decline, take_seat, withdraw
from kierto.seats.calling import ask_to_call, called
from kierto.seats.companions import set_companions
from kierto.seats.facilitating import name_facilitator, remove_facilitator
from kierto.seats.leaving import leave, pause
from kierto.seats.models import Seat
from kierto.seats.recording import record_answer
from kierto.seats.releasing import release_seats
from kierto.seats.rules import Answered, SeatRole
from kierto.seats.working import end_role
from kierto.units.fees import set_rates
from kierto.units.models import Organisation
from kierto.worker.clocks import _due
from tests.cast import NOW, Cast
from tests.databases import Database
from tests.stateful import changes, standing
from tests.stateful.picture import Picture, Row, hosts, take
from tests.stateful.world import FIRST, LAST, World, make_world, rates

STEP = timedelta(seconds=61)
"""Between two steps; no multiple of it is a whole hour for long, so that no instant that was kept is met exactly."""

PICK = st.integers(0, 59)
DAYS = st.integers(0, 7)
TIMES = st.sampled_from([time(9), time(10), time(12), time(13)])
Model = TypeVar("Model", bound=Base)
Item = TypeVar("Item")


class Machine(RuleBasedStateMachine):
    """The rules of the game. A subclass says on which database (`playing`)."""

    database: Database
    cast: Cast
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        session.remove()
        self.database.fresh()
        self.now, self.steps = NOW + timedelta(minutes=1), 0
        with clock.at(self.now):
            self.world: World = make_world(self.cast)
            self.picture = self._pictured(None)
        found = standing.faults(self.picture)
        assert not found, "\n".join(found)

    def teardown(self) -> None:
        session.remove()

    # What there is to choose from

    def one(self, rows: Sequence[Item], pick: int) -> Item:
        return rows[pick % len(rows)]

    def stops(self, *states: str) -> list[Row]:
        picture = self.picture
        return [
            stop
            for stop in picture.stops.values()
            if stop.round_id in self.world.rounds and (not states or picture.stop_state(stop) in states)
        ]

    def seats(self, *states: str) -> list[Row]:
        return [
            seat
            for meeting in self.picture.open_meetings()
            for seat in self.picture.seats_in(meeting.id)
            if seat.state in states
        ]

    def seldom(self) -> bool:
        """Whether it is the turn of what is done rarely: else chance would do little but that."""
        return self.steps % 3 == 0

    # Doing it

    def act(self, name: str, action: Callable[[], object]) -> bool:
        """One transaction; whether it was not refused. The checker looks at what it left behind."""
        self.now += STEP
        self.steps += 1
        with clock.at(self.now):
            try:
                with writing():
                    action()
            except KiertoError:
                done = False
            else:
                done = True
                self.done[name] += 1
            self.look()
        return done

    def look(self) -> None:
        after = self._pictured(self.picture)
        found = standing.faults(after) + changes.faults(changes.Step(self.picture, after, self.now))
        self.picture = after
        self.done.update(event.kind for event in after.events)
        assert not found, "\n".join(found)

    def _pictured(self, before: Picture | None) -> Picture:
        with reading():
            return take(before, clock.now())

    # Rounds and bookings

    @initialize(days=st.tuples(*[st.integers(1, 9)] * 5), at=TIMES, people=st.permutations(range(15)))
    def begins(self, days: Sequence[int], at: time, people: Sequence[int]) -> None:
        """Some meetings are booked, and people begin to come."""
        for number, later in enumerate(days):
            self.books(number, later, at, own=number % 2 == 0)
        for number, who in enumerate(people[:8]):
            if self.picture.open_meetings():
                self.comes(who if number % 3 else 0, who, declined=False)

    @rule(pick=PICK, days=DAYS, at=TIMES, own=st.booleans())
    @precondition(lambda self: self.stops("waiting"))
    def books(self, pick: int, days: int, at: time, own: bool) -> None:
        stop = self.one(self.stops("waiting"), pick)
        workers = [one.person_id for one in self.picture.rows("members") if one.unit_id == stop.unit_id]
        actor = Actor(person_id=self.one(workers, pick)) if own and workers else self.world.coordinator
        self.act("book", lambda: book_stop(actor, load(Stop, stop), self.day(days), at, override=True))

    @rule(pick=PICK, days=DAYS, at=TIMES)
    @precondition(lambda self: self.stops("booked"))
    def moves(self, pick: int, days: int, at: time) -> None:
        stop = self.one(self.stops("booked"), pick)
        actor = self.world.coordinator
        self.act("move", lambda: move_stop(actor, load(Stop, stop), self.day(days), at, override=True))

    def day(self, days: int) -> date:
        return clock.local(self.now).date() + timedelta(days=days)

    @rule(pick=PICK, other=PICK, say=st.sampled_from(["yes", "yes", "no", "withdraw"]))
    @precondition(lambda self: len(self.stops("booked")) > 1)
    def swaps(self, pick: int, other: int, say: str) -> None:
        one = self.one(self.stops("booked"), pick)
        others = [stop for stop in self.stops("booked") if stop.round_id == one.round_id]
        two, actor = self.one(others, other), self.world.coordinator
        self.act("ask to swap", lambda: ask_swap(actor, load(Stop, one), load(Stop, two), override=True))
        asked = [swap for swap in self.picture.rows("stop_swaps") if swap.asking_stop_id == one.id]
        if not asked:
            return
        if say == "withdraw":
            self.act("withdraw swap", lambda: withdraw_swap(actor, load(StopSwap, asked[-1])))
        else:
            self.act("swap", lambda: answer_swap(actor, load(StopSwap, asked[-1]), yes=say == "yes", override=True))

    @rule(pick=PICK, other=PICK, how=st.sampled_from(["give up", "skip", "take back", "together", "together"]))
    def changes_a_turn(self, pick: int, other: int, how: str) -> None:
        actor, stop = self.world.coordinator, self.one(self.stops(), pick)
        booked = self.stops("booked")
        shared = [one for one in booked if self.picture.meetings[one.meeting_id].co_unit_id == one.unit_id]
        if shared and pick % 2:
            how, stop = "apart", self.one(shared, pick)
        elif how in ("give up", "together") and booked:
            stop = self.one(booked, pick)
        elif how == "skip" and pick % 3:
            return  # rarer: what is skipped is not booked
        beside = [one for one in self.stops() if one.round_id == stop.round_id]
        co_stop = self.one([one for one in beside if self.picture.stop_state(one) == "waiting"] or beside, other)
        acts: dict[str, Callable[[], object]] = {
            "give up": lambda: give_up_stop(actor, load(Stop, stop), "Ei sovi."),
            "skip": lambda: skip_stop(actor, load(Stop, stop), "Remontti."),
            "take back": lambda: take_back_stop(actor, load(Stop, stop)),
            "together": lambda: meet_together(actor, load(Stop, stop), load(Stop, co_stop)),
            "apart": lambda: meet_apart(actor, load(Stop, stop)),
        }
        self.act(how, acts[how])

    @rule(pick=PICK, how=st.sampled_from(["close", "reopen", "cancel", "add stop", "edit", "edit"]), days=DAYS)
    @precondition(lambda self: self.seldom())
    def changes_a_round(self, pick: int, how: str, days: int) -> None:
        actor, round_ = self.world.coordinator, self.picture.rounds[self.one(self.world.rounds, pick)]
        if how == "cancel" and pick % 4:
            how = "reopen"
        acts: dict[str, Callable[[], object]] = {
            "close": lambda: close_round(actor, load(Round, round_)),
            "reopen": lambda: reopen_round(actor, load(Round, round_)),
            "cancel": lambda: cancel_round(actor, load(Round, round_), "Rahat loppuivat."),
            "add stop": lambda: add_stop(actor, load(Round, round_), self.world.units[0]),
            "edit": lambda: edit_round(actor, load(Round, round_), self.plan(round_, days)),
        }
        self.act(f"{how} round", acts[how])

    def plan(self, round_: Row, days: int) -> RoundPlan:
        """Other gaps, other sizes, other days of interest, another end."""
        now = load(Round, round_)
        names = ("name", "theme_id", "from_on", "until_on", "minutes", "mix_experts", "mix_staff", "seats", "gap_days")
        return RoundPlan(
            **{name: getattr(now, name) for name in names}
            | {"gap_days": days % 4, "seats": 2 + days % 3, "mix_experts": 1, "from_on": FIRST},
            public=days % 2 == 0,
            interest_days=days % 3,
        )

    # Seats

    @rule(pick=PICK, who=PICK, declined=st.booleans())
    @precondition(lambda self: self.picture.open_meetings())
    def comes(self, pick: int, who: int, declined: bool) -> None:
        meeting, person_id = self.one(self.picture.open_meetings(), pick), self.one(self.world.people, who)
        actor, role = Actor(person_id=person_id), SeatRole.EXPERT
        if self.picture.works_in(person_id, hosts(meeting)):
            role = SeatRole.HOST_STAFF
        elif person_id not in self.world.experts:
            self.act("visit", lambda: visit(actor, load(Meeting, meeting), person_id))
            return
        self.act("come", lambda: take_seat(actor, load(Meeting, meeting), person_id, role, fee_declined=declined))

    @rule(pick=PICK, first=PICK)
    @precondition(lambda self: self.picture.open_meetings())
    def several_come(self, pick: int, first: int) -> None:
        """So that there is a line."""
        for number in range(5):
            self.comes(pick, first + number, declined=False)

    @rule(pick=PICK, yes=st.booleans(), by_phone=st.booleans())
    @precondition(lambda self: self.seats("offered", "reconfirm"))
    def answers(self, pick: int, yes: bool, by_phone: bool) -> None:
        row = self.one(self.seats("offered", "reconfirm"), pick)
        if by_phone:
            actor = self.world.coordinator
            self.act("record", lambda: record_answer(actor, load(Seat, row), yes=yes, how=Answered.PHONE))
            return
        answer = answer_offer if row.state == "offered" else answer_move
        self.act(f"answer {row.state}", lambda: answer(Actor(person_id=row.person_id), load(Seat, row), yes=yes))

    @rule(pick=PICK, how=st.sampled_from([withdraw, decline]))
    @precondition(lambda self: self.seats("accepted", "waiting", "interested", "offered", "reconfirm"))
    def gives_up(self, pick: int, how: Callable[..., object]) -> None:
        row = self.one(self.seats("accepted", "waiting", "interested", "offered", "reconfirm"), pick)
        self.act("give up seat", lambda: how(Actor(person_id=row.person_id), load(Seat, row)))

    @rule(pick=PICK, how=st.sampled_from(["call wanted", "called", "called", "companions"]))
    @precondition(lambda self: self.seldom() and self.seats("accepted", "waiting", "offered"))
    def is_called(self, pick: int, how: str) -> None:
        row = self.one(self.seats("offered") or self.seats("accepted", "waiting"), pick)
        actor = Actor(person_id=row.person_id)
        acts: dict[str, Callable[[], object]] = {
            "call wanted": lambda: ask_to_call(actor, load(Seat, row)),
            "called": lambda: called(self.world.coordinator, load(Seat, row)),
            "companions": lambda: set_companions(actor, load(Seat, row), pick % 3),
        }
        self.act(how, acts[how])

    # The coordinator's desk

    @rule(pick=PICK, who=PICK, how=st.sampled_from(["release", "hold anyway", "lead", "lead no more"]))
    @precondition(lambda self: self.seldom() and self.picture.open_meetings())
    def decides(self, pick: int, who: int, how: str) -> None:
        actor, meeting = self.world.coordinator, self.one(self.picture.open_meetings(), pick)
        leading = [seat for seat in self.picture.seats_in(meeting.id) if seat.role == "facilitator"]
        if how == "lead no more" and not leading:
            how = "lead"
        acts: dict[str, Callable[[], object]] = {
            "release": lambda: release_seats(actor, load(Meeting, meeting)),
            "hold anyway": lambda: hold_anyway(actor, load(Meeting, meeting), "Pidetään silti."),
            "lead": lambda: name_facilitator(actor, load(Meeting, meeting), self.one(self.world.people, who)),
            "lead no more": lambda: remove_facilitator(actor, load(Seat, leading[0])),
        }
        self.act(how, acts[how])

    @rule(who=PICK, how=st.sampled_from(["pause", "back", "back", "leave", "ends work"]))
    @precondition(lambda self: self.seldom())
    def expert_rests(self, who: int, how: str) -> None:
        actor, ids = self.world.coordinator, {self.one(self.world.experts, who)}
        if how == "ends work":
            workers = [one for one in self.picture.rows("members") if one.unit_id in self.world.units]
            if len(workers) > 4:
                self.act(how, lambda: end_role(actor, load(Member, self.one(workers, who))))
            return
        if how == "back":
            ids = {one.person_id for one in self.picture.rows("experts") if one.state == "paused"} or ids
        expert = next(
            one
            for one in self.picture.rows("experts")
            if one.person_id in ids and one.organisation_id == self.world.organisation_id
        )
        if how != "leave" or who % 3 == 0:
            verb = {"pause": pause, "back": come_back, "leave": leave}[how]
            self.act(how, lambda: verb(actor, load(Expert, expert)))

    @rule(euros=st.sampled_from([50, 60, 80]))
    @precondition(lambda self: self.seldom())
    def decides_rates(self, euros: int) -> None:
        year = clock.local(self.now).year
        organisation_id = self.world.organisation_id
        self.act(
            "rates",
            lambda: set_rates(
                self.world.coordinator, session.get_one(Organisation, organisation_id), year, rates(euros)
            ),
        )

    # Time

    @rule(hours=st.sampled_from([0, 1, 5, 20, 24, 30, 60]))
    def time_goes_on(self, hours: int) -> None:
        if clock.local(self.now).date() < LAST:
            self.now += timedelta(hours=hours)
        self.worker()

    def worker(self) -> None:
        """Everything whose time has come, each in a transaction of its own, until nothing is left to do."""
        self.now += STEP
        for _ in range(10):
            with clock.at(self.now), reading():
                due = [(happen, ids) for happen, ids in _due() if happen.__module__.split(".")[1] != "sign_in"]
            if not due:
                break
            for happen, ids in due:
                self.act(happen.__name__, partial(happen, *ids))
        with clock.at(self.now):
            found = standing.overdue(self._pictured(self.picture))
        assert not found, "\n".join(found)

    @rule(pick=PICK, happened=st.booleans())
    @precondition(lambda self: self.stops("visited"))
    def was_held(self, pick: int, happened: bool) -> None:
        meeting = self.picture.meetings[self.one(self.stops("visited"), pick).meeting_id]
        actor = self.world.coordinator
        self.act("held", lambda: say_happened(actor, load(Meeting, meeting), happened=happened))


def load(model: type[Model], row: Row) -> Model:
    """The row of a picture as the rooms know it, read anew in this transaction."""
    return session.get_one(model, row.id, populate_existing=True)


def play(database: Database, cast: Cast, *, games: int, steps: int, **more: Any) -> Counter[str]:
    """Play so many games of so many steps; returns how often each action was done and each event recorded."""
    done: Counter[str] = Counter()
    machine = type("Playing", (Machine,), {"database": database, "cast": cast, "done": done})
    run_state_machine_as_test(
        machine,
        settings=settings(
            **{"derandomize": True, "database": None, "deadline": None, "phases": [Phase.generate]} | more,
            max_examples=games,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return done
