"""The import of units: a unit is the same when its Finnish name is; an empty cell leaves what Kierto has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import insert, select

from kierto import clock
from kierto.database import lock, session
from kierto.events.actions import record, record_all, record_new
from kierto.events.catalogue.units import UnitAdded, UnitChanged, UnitsImported
from kierto.jobs.models import Job
from kierto.jobs.work import JobInput, Progress
from kierto.units import municipalities
from kierto.units.cells import YES_OR_NO, near, yes_or_no
from kierto.units.models import Service, Unit
from kierto.units.preview import Act, Import, Plan, Step
from kierto.units.table import Column, Problem, Row, shape_problems
from kierto.words import N_, folded

KIND = "units.import"
NEAR = N_("Kierto does not know this. Did you mean: %(near)s?")
UNKNOWN_SERVICE = N_("Kierto does not know this service. Use a name from the list of services.")
UNKNOWN_MUNICIPALITY = N_("Kierto does not know this municipality. Check how it is written.")

ACCESS = ("step_free", "lift", "accessible_wc", "induction_loop", "parking", "quiet_room")
COLUMNS = (
    Column("name_fi", ("nimi", "finskt namn", "nimi suomeksi", "yksikkö", "yksikön nimi", "name", "unit"), True, 200),
    Column("service", ("palvelu", "tjänst", "palvelun laji", "service", "kind of service"), True),
    Column("street_address", ("katuosoite", "gatuadress", "osoite", "lähiosoite", "adress", "address"), True, 200),
    Column("municipality", ("kunta", "kommun", "kaupunki", "stad", "ort", "city"), True),
    Column("name_sv", ("nimi ruotsiksi", "namn", "namn på svenska", "enhet", "name in swedish"), longest=200),
    Column("name_en", ("nimi englanniksi", "namn på engelska", "name in english"), longest=200),
    Column("arrival_fi", ("saapumisohje", "ankomst på finska", "saapuminen"), longest=1000),
    Column("arrival_sv", ("saapumisohje ruotsiksi", "ankomst", "ankomstanvisning"), longest=1000),
    Column("arrival_en", ("saapumisohje englanniksi", "ankomst på engelska", "arrival"), longest=1000),
    Column("step_free", ("esteetön", "utan trappor", "esteetön pääsy", "ei portaita", "tillgänglig")),
    Column("lift", ("hissi", "hiss", "elevator")),
    Column("accessible_wc", ("esteetön wc", "tillgänglig toalett", "inva wc", "accessible toilet")),
    Column("induction_loop", ("induktiosilmukka", "hörslinga", "hearing loop")),
    Column("parking", ("pysäköinti", "parkering", "pysäköintipaikka", "parkeringsplats")),
    Column("quiet_room", ("hiljainen huone", "tyst rum", "rauhallinen tila", "lugnt rum")),
)
_TEXTS = ("name_fi", "name_sv", "name_en", "street_address", "arrival_fi", "arrival_sv", "arrival_en")
_KEPT = (*_TEXTS, "service_id", "municipality", *ACCESS)
_OF_COLUMN = {"service_id": "service"}

_SEARCHED = ("name_fi", "name_sv", "name_en", "street_address", "municipality")


@dataclass(frozen=True)
class UnitNow:
    """A unit as it is: its id, whether it is in use, and the values that a file can change."""

    id: int
    retired: bool
    values: Mapping[str, object]


@dataclass(frozen=True)
class Known:
    """What a file of units is compared with: by folded name."""

    services: Mapping[str, int]
    spoken: Mapping[str, str]
    units: Mapping[str, UnitNow]


@dataclass(frozen=True)
class WantedUnit:
    """A unit to be added (`id` is None), or the values of one that are to be changed."""

    id: int | None
    values: Mapping[str, object]


def _load(job: JobInput, _rows: Sequence[Row]) -> Known:
    services: dict[str, int] = {}
    spoken: dict[str, str] = {}
    for service in session.scalars(select(Service)):
        for text in (service.code, service.name.en, service.name.sv, service.name.fi):
            if text:
                services[folded(text)], spoken[folded(text)] = service.id, text
    table = Unit.__table__
    columns = [table.c[name] for name in _KEPT]
    units = session.execute(
        select(table.c.id, table.c.retired_on, *columns).where(table.c.organisation_id == job.organisation_id)
    )
    return Known(
        services,
        spoken,
        {
            folded(unit.name_fi): UnitNow(unit.id, unit.retired_on is not None, dict(zip(_KEPT, unit[2:], strict=True)))
            for unit in units
        },
    )


def _plan(_job: JobInput, rows: Sequence[Row], known: Known, progress: Progress) -> Plan[WantedUnit]:
    plan: Plan[WantedUnit] = Plan()
    seen: dict[str, int] = {}
    for done, row in enumerate(rows):
        progress(done, len(rows))
        problems = [*shape_problems(row, COLUMNS), *_meaning_problems(row, known), *_name_problems(row, seen, known)]
        plan.problems += problems
        if not problems:
            _step(plan, row, known)
    progress(len(rows), len(rows))
    return plan


def _step(plan: Plan[WantedUnit], row: Row, known: Known) -> None:
    name = row.cells["name_fi"]
    values = _values(row, known)
    now = known.units.get(folded(name))
    if now is None:
        plan.steps.append(Step(row.number, Act.ADDED, name))
        plan.wanted.append(WantedUnit(None, values))
        return
    changed = {key: value for key, value in values.items() if now.values[key] != value}
    fields = tuple(_OF_COLUMN.get(key, key) for key in changed)
    plan.steps.append(Step(row.number, Act.CHANGED if changed else Act.UNCHANGED, name, fields))
    if changed:
        plan.wanted.append(WantedUnit(now.id, changed))


def _values(row: Row, known: Known) -> dict[str, object]:
    """What the row tells, by the unit's own columns; empty cells tell nothing."""
    values: dict[str, object] = {name: row.cells[name] for name in _TEXTS if row.cells.get(name)}
    values["service_id"] = known.services[folded(row.cells["service"])]
    values["municipality"] = municipalities.municipality(row.cells["municipality"])
    values |= {name: yes_or_no(row.cells[name]) for name in ACCESS if row.cells.get(name)}
    return values


def _meaning_problems(row: Row, known: Known) -> Iterator[Problem]:
    cells = row.cells
    if cells["service"] and folded(cells["service"]) not in known.services:
        yield unknown(row, "service", UNKNOWN_SERVICE, near(cells["service"], known.spoken))
    if cells["municipality"] and municipalities.municipality(cells["municipality"]) is None:
        yield unknown(row, "municipality", UNKNOWN_MUNICIPALITY, municipalities.near(cells["municipality"]))
    for name in ACCESS:
        if cells.get(name) and yes_or_no(cells[name]) is None:
            yield Problem(row.number, name, YES_OR_NO, {}, cells[name][:100])


def unknown(row: Row, column: str, message: str, alike: Sequence[str], *, shown: bool = True) -> Problem:
    """A word that Kierto does not know, with what it may have been meant to be."""
    cell = row.cells[column][:100] if shown else ""
    if alike:
        return Problem(row.number, column, NEAR, {"near": ", ".join(alike)}, cell)
    return Problem(row.number, column, message, {}, cell)


def _name_problems(row: Row, seen: dict[str, int], known: Known) -> Iterator[Problem]:
    name = row.cells["name_fi"]
    if not name:
        return
    first = seen.setdefault(folded(name), row.number)
    if first != row.number:
        message = N_("This unit is on row %(first)s already. Remove one of the two.")
        yield Problem(row.number, "name_fi", message, {"first": first}, name[:100])
    elif (now := known.units.get(folded(name))) and now.retired:
        message = N_("This unit is no longer in use in Kierto. Remove the row, or take the unit into use first.")
        yield Problem(row.number, "name_fi", message, {}, name[:100])


def _store(job: JobInput, wanted: Sequence[WantedUnit]) -> None:
    """Units to change are locked, those to add go in by one statement (calendar-sequence: feeds look again)."""
    rows = [
        {
            **dict.fromkeys(("name_sv", "name_en", "arrival_sv", "arrival_en", *ACCESS)),
            "arrival_fi": "",
            **unit.values,
            "organisation_id": job.organisation_id,
            "created_at": clock.now(),
            "changed_at": clock.now(),
            "folded": _folded(unit.values),
        }
        for unit in wanted
        if unit.id is None
    ]
    if rows:
        statement = insert(Unit).returning(Unit.id, sort_by_parameter_order=True)
        record_new(job.actor, "units", job.organisation_id, session.scalars(statement, rows).all(), UnitAdded())
    _change(job, {unit.id: unit.values for unit in wanted if unit.id is not None})
    record(job.actor, session.get_one(Job, job.id), UnitsImported(count=len(wanted)))


def _change(job: JobInput, wanted: Mapping[int, Mapping[str, object]]) -> None:
    units = lock(Unit, wanted)
    for unit in units:
        _set(unit, wanted[unit.id])
        unit.fold()
        unit.touch()
    by_fields = sorted(units, key=lambda unit: ",".join(wanted[unit.id]))
    for fields, alike in groupby(by_fields, key=lambda unit: ",".join(wanted[unit.id])):
        record_all(job.actor, list(alike), UnitChanged(fields=fields))


def _set(unit: Unit, values: Mapping[str, object]) -> None:
    for column, value in values.items():
        whole, _, language = column.rpartition("_")
        if whole in ("name", "arrival"):
            setattr(unit, whole, replace(getattr(unit, whole), **{language: value}))
        else:
            setattr(unit, column, value)


def _folded(values: Mapping[str, object]) -> str:
    return folded(" ".join(str(values[name]) for name in _SEARCHED if values.get(name)))[:800]


IMPORT = Import(COLUMNS, _load, _plan, _store)
run = IMPORT.run
"""The job `units.import`."""
