"""Rounds changed after they were planned: dates and numbers, units that join, their order."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from kierto import clock
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.practices.catching_up import agreed_in, join_round
from kierto.practices.models import Adoption
from kierto.practices.rules import Stage
from kierto.rounds.actions import RoundPlan
from kierto.rounds.booking import book_stop
from kierto.rounds.editing import add_stop, edit_round, may_join, order_stops
from kierto.rounds.models import Round, RoundState
from kierto.words import Localised
from tests.cast import CONFIRMED_ON, FREE_ON, HELD_AT, PROPOSED_ON, Cast, Thing
from tests.refusals import refused
from tests.scenes_rounds import call_off, close, draft, kinds, new_unit, skip, units_of
from tests.together import at_once


def plan_of(round_: Thing[Round]) -> RoundPlan:
    with reading():
        found = round_.load()
        return RoundPlan(**{name: getattr(found, name) for name in RoundPlan.__dataclass_fields__})


def edit(cast: Cast, round_: Thing[Round], **changed: Any) -> None:
    changes = replace(plan_of(round_), **changed)
    with writing():
        edit_round(cast.actor("coordinator"), round_.load(), changes)


# ---- what was decided ----


def test_an_open_round_is_changed_and_booked_meetings_keep_what_they_had(cast: Cast) -> None:
    edit(cast, cast.spring, name=Localised("Kevät"), seats=9, minutes=90, mix_experts=2, gap_days=3, public=False)
    with reading():
        found, meeting = cast.spring.load(), cast.proposed.load()
        assert (str(found.name), found.seats, found.minutes, found.gap_days) == ("Kevät", 9, 90, 3)
        assert (meeting.seats, meeting.mix_experts, meeting.public) == (4, 1, True)
        assert meeting.ends_at - meeting.starts_at == timedelta(minutes=120)
    assert len(kinds("round.edited")) == 1
    with writing():
        later = book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, HELD_AT)
        assert (later.seats, later.mix_experts, later.public) == (9, 2, False)


def test_changing_nothing_records_nothing(cast: Cast) -> None:
    edit(cast, cast.spring)
    assert kinds("round.edited") == []


def test_a_draft_is_changed(cast: Cast) -> None:
    coming = draft(cast)
    edit(cast, coming, gap_days=30, interest_days=3)
    with reading():
        assert (coming.load().gap_days, coming.load().interest_days) == (30, 3)


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.CANCELLED])
def test_a_round_that_is_over_is_not_changed(cast: Cast, state: RoundState) -> None:
    """Rule round-under-way."""
    with writing():
        cast.spring.load().state = state
    with pytest.raises(Refused) as fault:
        edit(cast, cast.spring, seats=9)
    assert fault.value.rule.id == "round-under-way"


@pytest.mark.parametrize(
    ("changed", "field", "whose"),
    [
        ({"from_on": CONFIRMED_ON + timedelta(days=1)}, "from_on", "Tikkurilan kuntoutusosasto (ti 26.1.)"),
        ({"until_on": PROPOSED_ON - timedelta(days=1)}, "until_on", "Malmin päihdepoliklinikka (ti 2.2.)"),
    ],
)
def test_dates_do_not_leave_meetings_outside(cast: Cast, changed: dict[str, date], field: str, whose: str) -> None:
    """Rule round-within: it says whose."""
    with pytest.raises(Refused) as fault:
        edit(cast, cast.spring, **changed)
    assert (fault.value.rule.id, fault.value.field, fault.value.values) == ("round-within", field, {"meetings": whose})
    with reading():
        assert cast.spring.load().from_on == date(2027, 1, 11)


def test_the_days_of_meetings_are_within(cast: Cast) -> None:
    edit(cast, cast.spring, from_on=CONFIRMED_ON, until_on=PROPOSED_ON)


def test_a_cancelled_meeting_holds_no_date(cast: Cast) -> None:
    call_off(cast, cast.spring)
    with writing():
        cast.spring.load().state = RoundState.OPEN
    edit(cast, cast.spring, from_on=PROPOSED_ON + timedelta(days=30))


def test_a_longer_gap_must_fit_what_is_booked(cast: Cast) -> None:
    """Rule round-gap: it says which two are too near."""
    edit(cast, cast.spring, gap_days=7)
    with pytest.raises(Refused) as fault:
        edit(cast, cast.spring, gap_days=8)
    assert (fault.value.rule.id, fault.value.field) == ("round-gap", "gap_days")
    told = {name: str(value) for name, value in fault.value.values.items()}
    assert told == {"one": "Tikkurilan kuntoutusosasto (ti 26.1.)", "other": "Malmin päihdepoliklinikka (ti 2.2.)"}
    edit(cast, cast.spring, gap_days=0)
    edit(cast, cast.spring, gap_days=7)


def test_numbers_that_cannot_be_are_refused(cast: Cast) -> None:
    """Rules round-ends-later and meeting-mix."""
    for changed, rule in (({"until_on": date(2026, 1, 1)}, "round-within"), ({"seats": 1}, "meeting-mix")):
        with pytest.raises(Refused) as fault:
            edit(cast, cast.spring, **changed)
        assert fault.value.rule.id == rule
    coming = draft(cast)
    with pytest.raises(Refused) as fault:
        edit(cast, coming, until_on=date(2026, 1, 1))
    assert fault.value.rule.id == "round-ends-later"


def _shorten(cast: Cast, plan: RoundPlan) -> str:
    edit_round(cast.actor("coordinator"), cast.spring.load(), plan)
    return "edited"


def _book(cast: Cast) -> str:
    book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, HELD_AT)
    return "booked"


def test_a_round_edited_while_booked_keeps_its_meetings_inside(app: Flask, cast: Cast) -> None:
    """The round's lock decides: whoever comes second is refused."""
    shorter = replace(plan_of(cast.spring), until_on=FREE_ON - timedelta(days=1))
    results = at_once(app, [partial(_shorten, cast, shorter), partial(_book, cast)])
    told = [one.rule.id if isinstance(one, Refused) else one for one in results]
    assert told in (["edited", "round-within"], ["round-within", "booked"])


# ---- joining ----


def test_a_unit_joins_with_the_last_turn_and_what_has_arrived(cast: Cast) -> None:
    """Rule practice-arrives: what the round has agreed arrives at who joins, once."""
    unit = new_unit(cast)
    with writing():
        assert agreed_in(cast.autumn.load()) == 1
        assert join_round(cast.actor("coordinator"), cast.autumn.load(), unit.id) == 1
    assert units_of(cast.autumn)[-1] == unit.id
    assert kinds("stop.added") == [{"round_id": cast.autumn.id, "unit_id": unit.id}]
    with reading():
        arrived = session.query(Adoption).filter_by(unit_id=unit.id).one()
        assert (arrived.practice_id, arrived.stage) == (cast.practice.id, Stage.ARRIVED)
        assert [stage.stage for stage in arrived.stages] == [Stage.ARRIVED]


def test_what_a_unit_knows_does_not_arrive_again(cast: Cast) -> None:
    unit = new_unit(cast)
    with writing():
        session.add(
            Adoption(
                organisation_id=cast.organisation.id,
                practice_id=cast.practice.id,
                unit_id=unit.id,
                stage=Stage.DECLINED,
                reason="Ei meille.",
            )
        )
    with writing():
        assert join_round(cast.actor("coordinator"), cast.autumn.load(), unit.id) == 0


def test_a_unit_joins_once(cast: Cast) -> None:
    """Rule round-each-unit-once; a skipped turn is given back instead."""
    with refused("round-each-unit-once", field="unit"):
        add_stop(cast.actor("coordinator"), cast.spring.load(), cast.unit.id)
    skip(cast, cast.stop, "Muutto")
    with pytest.raises(Refused, match="round-each-unit-once") as fault, writing():
        add_stop(cast.actor("coordinator"), cast.spring.load(), cast.unit.id)
    assert "Give it its turn back" in fault.value.message


def test_a_retired_unit_does_not_join(cast: Cast) -> None:
    """Rule unit-retired."""
    unit = new_unit(cast)
    with writing():
        unit.load().retired_on = clock.today()
    with refused("unit-retired"):
        add_stop(cast.actor("coordinator"), cast.spring.load(), unit.id)


def test_units_join_open_rounds(cast: Cast) -> None:
    unit = new_unit(cast)
    close(cast, cast.autumn)
    for round_ in (cast.autumn, draft(cast)):
        with refused("round-under-way"):
            add_stop(cast.actor("coordinator"), round_.load(), unit.id)


def test_who_may_join_is_offered_by_name(cast: Cast) -> None:
    late, early = new_unit(cast, "Yö"), new_unit(cast, "Aamu")
    with writing():
        new_unit_retired = late.load()
        assert [unit.id for unit in may_join(cast.spring.load())] == [early.id, late.id]
        new_unit_retired.retired_on = clock.today()
    with reading():
        assert [unit.id for unit in may_join(cast.spring.load())] == [early.id]


def _join(cast: Cast, unit: int) -> int:
    return join_round(cast.actor("coordinator"), cast.spring.load(), unit)


def test_two_who_let_units_join_at_one_moment(app: Flask, cast: Cast) -> None:
    one, other = new_unit(cast, "Yksi"), new_unit(cast, "Kaksi")
    results = at_once(app, [partial(_join, cast, unit.id) for unit in (one, one, other)])
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert sorted(units_of(cast.spring)[3:]) == sorted((one.id, other.id))


# ---- order ----


def test_the_order_of_an_open_round_is_changed(cast: Cast) -> None:
    wanted = list(reversed(units_of(cast.spring)))
    for _ in range(2):
        with writing():
            order_stops(cast.actor("coordinator"), cast.spring.load(), wanted)
    assert units_of(cast.spring) == wanted
    assert len(kinds("round.edited")) == 1


def test_an_order_of_other_units_is_refused(cast: Cast) -> None:
    """Rule round-changed."""
    with refused("round-changed"):
        order_stops(cast.actor("coordinator"), cast.spring.load(), [cast.unit.id, cast.other_unit.id])


def test_the_order_of_a_closed_round_stays(cast: Cast) -> None:
    close(cast, cast.autumn)
    there = units_of(cast.autumn)
    with refused("round-under-way"):
        order_stops(cast.actor("coordinator"), cast.autumn.load(), there)
