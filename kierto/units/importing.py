"""The import of units from a CSV file: every problem is seen by row and column, then all are saved or none.

The job's result is `{"added": n}`, or `{"added": 0, "problems": […], "problem_count": n}` with problems like
`{"row": 3, "column": "service", "message": "…", "values": {…}}`: row 1 is the header, the message an English source
string. Columns that Kierto does not read are named in `"ignored"`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session
from kierto.events.actions import record, record_all
from kierto.events.catalogue.units import UnitAdded, UnitsImported
from kierto.jobs.models import Job
from kierto.jobs.work import JobInput, Progress, Result, Store
from kierto.units.models import Service, Unit
from kierto.units.table import HEADER_ROW, NotATable, Problem, Row, read
from kierto.words import N_, Localised, folded

KIND = "units.import"
REQUIRED = ("name_fi", "service", "street_address", "municipality")
OPTIONAL = ("name_sv", "name_en")
LISTED = 200
"""How many problems the result lists; more do not help anyone."""

_LONGEST = {"name_fi": 200, "name_sv": 200, "name_en": 200, "street_address": 200, "municipality": 100}


@dataclass(frozen=True)
class NewUnit:
    """A row of the file, found to be in order."""

    row: int
    name: Localised
    service_id: int
    street_address: str
    municipality: str


def run(job: JobInput, progress: Progress) -> Store:
    """The job `units.import`: read the file, see its problems, hand back how to save its units.

    Raises:
        Stopped: the person asked the job to stop.
    """
    try:
        table = read(job.file or b"", REQUIRED, OPTIONAL)
    except NotATable as fault:
        return _refusing([fault.problem], [])
    if not table.rows:
        return _refusing([Problem(HEADER_ROW, "", N_("The file has no rows under its header."), {})], table.ignored)
    with reading():
        services = _services()
        taken = _names(job.organisation_id)
    units: list[NewUnit] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for done, row in enumerate(table.rows):
        progress(done, len(table.rows))
        found = [*_shape_problems(row), *_service_problems(row, services), *_name_problems(row, seen, taken)]
        problems += found
        if not found:
            units.append(_unit(row, services))
    progress(len(table.rows), len(table.rows))
    return _refusing(problems, table.ignored) if problems else _saving(job, units, table.ignored)


def _saving(job: JobInput, units: list[NewUnit], ignored: list[str]) -> Store:
    def store() -> Result:
        taken = _names(job.organisation_id)  # somebody may have added one since the file was looked through
        late = [_already_there(unit.row, unit.name.fi) for unit in units if folded(unit.name.fi) in taken]
        if late:
            return _refusing(late, ignored)()
        rows = [
            Unit(
                organisation_id=job.organisation_id,
                name=unit.name,
                service_id=unit.service_id,
                municipality=unit.municipality,
                street_address=unit.street_address,
                created_at=clock.now(),
            )
            for unit in units
        ]
        for row in rows:
            row.fold()
        session.add_all(rows)
        record_all(job.actor, rows, UnitAdded())
        record(job.actor, session.get_one(Job, job.id), UnitsImported(count=len(units)))
        return {"added": len(units), "ignored": ignored}

    return store


def _refusing(problems: list[Problem], ignored: list[str]) -> Store:
    return lambda: {
        "added": 0,
        "problems": [problem._asdict() for problem in problems[:LISTED]],
        "problem_count": len(problems),
        "ignored": ignored,
    }


def _shape_problems(row: Row) -> Iterator[Problem]:
    for column in REQUIRED:
        if not row.cells[column]:
            yield Problem(row.number, column, N_("This cell is empty. Fill it in."), {})
    for column, longest in _LONGEST.items():
        if len(row.cells.get(column, "")) > longest:
            yield Problem(
                row.number, column, N_("This is too long: at most %(longest)s characters."), {"longest": longest}
            )
    if row.surplus:
        yield Problem(
            row.number,
            "",
            N_("The row has more cells than the header. Put quotation marks around what has a comma in it."),
            {},
        )


def _service_problems(row: Row, services: dict[str, int]) -> Iterator[Problem]:
    value = row.cells["service"]
    if value and folded(value) not in services:
        message = N_("Kierto does not know the service “%(service)s”. Use a name from the list of services.")
        yield Problem(row.number, "service", message, {"service": value[:100]})


def _name_problems(row: Row, seen: dict[str, int], taken: Iterable[str]) -> Iterator[Problem]:
    name = row.cells["name_fi"]
    if not name:
        return
    first = seen.setdefault(folded(name), row.number)
    if first != row.number:
        message = N_("The unit “%(name)s” is already on row %(first)s.")
        yield Problem(row.number, "name_fi", message, {"name": name[:200], "first": first})
    elif folded(name) in taken:
        yield _already_there(row.number, name)


def _already_there(row: int, name: str) -> Problem:
    message = N_("The organisation already has the unit “%(name)s”. Remove this row.")
    return Problem(row, "name_fi", message, {"name": name[:200]})


def _unit(row: Row, services: dict[str, int]) -> NewUnit:
    cells = row.cells
    return NewUnit(
        row=row.number,
        name=Localised(cells["name_fi"], cells.get("name_sv") or None, cells.get("name_en") or None),
        service_id=services[folded(cells["service"])],
        street_address=cells["street_address"],
        municipality=cells["municipality"],
    )


def _services() -> dict[str, int]:
    """Code, and name in any language → id."""
    found: dict[str, int] = {}
    for service in session.scalars(select(Service)):
        for text in (service.code, service.name.fi, service.name.sv, service.name.en):
            if text:
                found[folded(text)] = service.id
    return found


def _names(organisation_id: int) -> frozenset[str]:
    names = session.scalars(select(Unit.name).where(Unit.organisation_id == organisation_id))
    return frozenset(folded(name.fi) for name in names)
