"""The import of hosting hours: the file's rows of a unit become all of that unit's hours."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import delete, insert, select

from kierto.database import lock, session
from kierto.events.actions import record, record_all
from kierto.events.catalogue.units import HostingHoursImported, UnitHoursChanged
from kierto.jobs.models import Job
from kierto.jobs.work import JobInput, Progress
from kierto.units.cells import TIME, WEEKDAY, near, time_of, weekday_of
from kierto.units.importing import unknown
from kierto.units.models import HostingHours, Unit
from kierto.units.preview import Act, Import, Plan, Step
from kierto.units.rules import UNIT_HOURS_IN_ORDER, Hours
from kierto.units.table import Column, Problem, Row, shape_problems
from kierto.words import N_, folded

KIND = "hosting_hours.import"
UNKNOWN_UNIT = N_("The organisation has no such unit in use. Check its name, or add the unit first.")
SEVERAL_UNITS = N_("Several units have this name in some language. Write the Finnish name.")

COLUMNS = (
    Column("unit", ("yksikkö", "enhet", "yksikön nimi", "nimi", "enhetens namn", "name", "name_fi"), True),
    Column("weekday", ("viikonpäivä", "veckodag", "päivä", "dag", "day"), True),
    Column("from", ("alkaa", "börjar", "alku", "klo", "mistä", "från", "start", "starts", "begins"), True),
    Column("to", ("päättyy", "slutar", "loppuu", "loppu", "asti", "mihin", "till", "end", "ends", "until"), True),
)


@dataclass(frozen=True)
class Known:
    """What a file of hours is compared with: ids by folded name (0: several units'), names, and the hours there are."""

    ids: Mapping[str, int]
    names: Mapping[str, str]
    hours: Mapping[int, frozenset[Hours]]


@dataclass(frozen=True)
class WantedHours:
    """All the hours that a unit is to have."""

    unit_id: int
    hours: frozenset[Hours]


def _load(job: JobInput, _rows: Sequence[Row]) -> Known:
    mine = Unit.organisation_id == job.organisation_id
    ids: dict[str, int] = {}
    names: dict[str, str] = {}
    units = session.execute(
        select(Unit.id, Unit.name_fi, Unit.name_sv, Unit.name_en).where(mine, Unit.retired_on.is_(None))  # type: ignore[attr-defined]  # columns of a composite
    ).all()
    for unit in units:
        for name in {folded(name): name for name in unit[2:] if name}.values():
            ids[folded(name)] = 0 if ids.get(folded(name), unit.id) != unit.id else unit.id
            names[folded(name)] = name
    for unit in units:  # the Finnish name is one unit's alone
        ids[folded(unit.name_fi)], names[folded(unit.name_fi)] = unit.id, unit.name_fi
    hours: defaultdict[int, set[Hours]] = defaultdict(set)
    for one in session.execute(
        select(HostingHours.unit_id, HostingHours.weekday, HostingHours.from_at, HostingHours.until_at).where(
            HostingHours.organisation_id == job.organisation_id
        )
    ):
        hours[one.unit_id].add(Hours(*one[1:]))
    return Known(ids, names, {unit_id: frozenset(found) for unit_id, found in hours.items()})


def _plan(_job: JobInput, rows: Sequence[Row], known: Known, progress: Progress) -> Plan[WantedHours]:
    plan: Plan[WantedHours] = Plan()
    wanted: defaultdict[int, dict[Hours, int]] = defaultdict(dict)
    called: dict[int, str] = {}
    for done, row in enumerate(rows):
        progress(done, len(rows))
        problems = [*shape_problems(row, COLUMNS), *_meaning_problems(row, known)]
        if not problems:
            unit_id, hours = known.ids[folded(row.cells["unit"])], _hours(row)
            problems += _order_problems(row, hours, wanted[unit_id])
            wanted[unit_id].setdefault(hours, row.number)
            called.setdefault(unit_id, row.cells["unit"])
        plan.problems += problems
    progress(len(rows), len(rows))
    for unit_id, found in wanted.items():
        now, then = known.hours.get(unit_id, frozenset()), frozenset(found)
        act = Act.UNCHANGED if now == then else Act.CHANGED if now else Act.ADDED
        plan.steps.append(Step(min(found.values()), act, called[unit_id], hours=tuple(sorted(then))))
        if act is not Act.UNCHANGED:
            plan.wanted.append(WantedHours(unit_id, then))
    return plan


def _hours(row: Row) -> Hours:
    from_at, until_at = time_of(row.cells["from"]), time_of(row.cells["to"])
    return Hours(weekday_of(row.cells["weekday"]) or 0, from_at or time.min, until_at or time.min)


def _meaning_problems(row: Row, known: Known) -> Iterator[Problem]:
    cells = row.cells
    unit_id = known.ids.get(folded(cells["unit"]))
    if cells["unit"] and unit_id is None:
        yield unknown(row, "unit", UNKNOWN_UNIT, near(cells["unit"], known.names))
    elif unit_id == 0:
        yield Problem(row.number, "unit", SEVERAL_UNITS, {}, cells["unit"][:100])
    if cells["weekday"] and weekday_of(cells["weekday"]) is None:
        yield Problem(row.number, "weekday", WEEKDAY, {}, cells["weekday"][:100])
    for name in ("from", "to"):
        if cells[name] and time_of(cells[name]) is None:
            yield Problem(row.number, name, TIME, {}, cells[name][:100])


def _order_problems(row: Row, hours: Hours, others: Mapping[Hours, int]) -> Iterator[Problem]:
    """Rules unit-hours-in-order and unit-hours-apart, row by row."""
    if hours.from_at >= hours.until_at:
        yield Problem(row.number, "to", UNIT_HOURS_IN_ORDER.sentence, {}, row.cells["to"][:100])
    for other, number in others.items():
        if other.weekday == hours.weekday and other.from_at < hours.until_at and hours.from_at < other.until_at:
            message = N_("This overlaps with row %(first)s. Make one time of the two, or remove one.")
            yield Problem(row.number, "from", message, {"first": number}, row.cells["from"][:100])
            return


def _store(job: JobInput, wanted: Sequence[WantedHours]) -> None:
    """The units are locked: they guard when they host (meeting-unit-free)."""
    units = lock(Unit, (one.unit_id for one in wanted))
    ids = [unit.id for unit in units]
    session.execute(delete(HostingHours).where(HostingHours.unit_id.in_(ids)))
    session.execute(
        insert(HostingHours),
        [
            {"organisation_id": job.organisation_id, "unit_id": one.unit_id, **hours._asdict()}
            for one in wanted
            for hours in sorted(one.hours)
        ],
    )
    counts = {one.unit_id: len(one.hours) for one in wanted}
    for unit in units:
        unit.touch()
    for count in sorted(set(counts.values())):
        alike = [unit for unit in units if counts[unit.id] == count]
        record_all(job.actor, alike, UnitHoursChanged(count=count))
    record(job.actor, session.get_one(Job, job.id), HostingHoursImported(count=len(wanted)))


IMPORT = Import(COLUMNS, _load, _plan, _store)
run = IMPORT.run
"""The job `hosting_hours.import`."""
