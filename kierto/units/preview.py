"""An import in two steps: what a file would do is shown first, row by row; said yes to, all of it is saved, or nothing.

The result that the job's page shows:

    {"added": n, "changed": n, "unchanged": n, "ignored": ["Phone", …], "withheld": ["Diagnosis", …]}
    with "saved": true                 when it has been saved
    with "steps": […], "digest": "…"   before: the first rows and what each would do, like
                                       {"row": 2, "act": "changed", "name": "…", "fields": ["service"]}
                                       and of hosting hours "hours": [[1, "9–11, 13–16.30"], …], by weekday
    with "meanwhile": true             when what was agreed to is not what would happen any more
    with "problems": […], "problem_count": n
                                       like {"row": 3, "column": "service", "message": "…", "values": {…}, "cell": "…"}

Row 1 is the header; messages are English source strings. Of persons there are numbers only: no names, no cells.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from kierto.database import lock_one, reading, savepoint
from kierto.errors import Refused
from kierto.jobs.work import JobInput, Progress, Question, Result, Store
from kierto.units.hosting import written
from kierto.units.models import Organisation
from kierto.units.rules import Hours
from kierto.units.table import HEADER_ROW, Column, NotATable, Problem, Row, Table, read
from kierto.words import N_

LISTED = 200
"""How many problems the result lists; more do not help anyone."""

SHOWN = 20
"""How many rows the preview shows."""

_TRIES = 3

State = TypeVar("State")
Wanted = TypeVar("Wanted")


class Act(StrEnum):
    """What a row would do."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Step(NamedTuple):
    """What a row would do to what; `fields` are the columns that change. The name is never a person's.

    `hours`: the hosting hours that a unit would have, all of them.
    """

    row: int
    act: Act
    name: str = ""
    fields: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()


@dataclass
class Plan(Generic[Wanted]):
    """What a file would do: step by step, and what is to be stored for it; or what is wrong with it."""

    steps: list[Step] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Import(Generic[State, Wanted]):
    """One kind of import.

    `load` reads what the file is compared with, as values that can be compared; `plan` finds out what would happen,
    touching no database; `store` stores it in few statements. `withheld`: what the headers of columns hold that are
    not to be in such a file at all.
    """

    columns: tuple[Column, ...]
    load: Callable[[JobInput, Sequence[Row]], State]
    plan: Callable[[JobInput, Sequence[Row], State, Progress], Plan[Wanted]]
    store: Callable[[JobInput, Sequence[Wanted]], None]
    withheld: tuple[str, ...] = ()

    def run(self, job: JobInput, progress: Progress) -> Store:
        """The job: find out what the file would do, and ask; once agreed, hand back how to save it.

        Raises:
            Stopped: the person asked the job to stop.
        """
        try:
            table = read(job.file or b"", self.columns, self.withheld)
        except NotATable as fault:
            return partial(_refused, [fault.problem], Table([], [], [], {}))
        if not table.rows:
            nothing = Problem(HEADER_ROW, "", N_("The file has no rows under its header."), {})
            return partial(_refused, [nothing], table)
        with reading():
            state = self.load(job, table.rows)
        plan = self.plan(job, table.rows, state, progress)
        if job.agreed:
            return partial(self._save, job, table, state, plan)
        return partial(_answer, plan, table)

    def _save(self, job: JobInput, table: Table, state: State, plan: Plan[Wanted]) -> Result | Question:
        """Save what was agreed to; what has changed since the file was looked through is looked at again."""
        lock_one(Organisation, job.organisation_id)
        for last in (False,) * (_TRIES - 1) + (True,):
            now = self.load(job, table.rows)
            if now != state:
                state, plan = now, self.plan(job, table.rows, now, _silent)
            answer = _answer(plan, table)
            if isinstance(answer, dict):
                return answer
            if job.seen and job.seen.get("digest") != answer.result["digest"]:
                return Question(answer.result | {"meanwhile": True})
            try:
                with savepoint():
                    self.store(job, plan.wanted)
            except Refused:  # somebody elsewhere stored the same address in this moment: at the next look it is there
                if last:
                    raise
                continue
            return {"saved": True, **_counts(plan), **_left_out(table)}
        raise AssertionError


def _answer(plan: Plan[Wanted], table: Table) -> Result | Question:
    """What the file would do, for its person to agree to; or the end of it: problems, or nothing to change."""
    if plan.problems:
        return _refused(plan.problems, table)
    result = {**_counts(plan), **_left_out(table)}
    if not plan.wanted:
        return result
    first = sorted(plan.steps, key=lambda step: step.act is Act.UNCHANGED)[:SHOWN]
    steps = [
        {"row": step.row, "act": step.act.value, "name": step.name, "fields": _headers(step.fields, table)}
        | ({"hours": _by_weekday(step.hours)} if step.hours else {})
        for step in sorted(first)
    ]
    digest = sha256(repr(plan.steps).encode()).hexdigest()
    return Question({**result, "steps": steps, "digest": digest})


def _by_weekday(hours: Sequence[Hours]) -> list[tuple[int, str]]:
    return [(day, written(spans)) for day, spans in groupby(sorted(hours), key=lambda one: one.weekday)]


def _headers(columns: Sequence[str], table: Table) -> list[str]:
    return [table.headers.get(column, column) for column in columns]


def _counts(plan: Plan[Wanted]) -> Result:
    counted = Counter(step.act for step in plan.steps)
    return {act.value: counted[act] for act in Act}


def _refused(problems: Sequence[Problem], table: Table) -> Result:
    firsts: dict[tuple[int, str], Problem] = {}  # one for each cell
    for problem in problems:
        firsts.setdefault((problem.row, problem.column), problem)
    listed = sorted(firsts.values(), key=lambda problem: problem.row)[:LISTED]
    return {
        **_counts(Plan()),
        "problems": [
            problem._replace(column=table.headers.get(problem.column, problem.column))._asdict() for problem in listed
        ],
        "problem_count": len(firsts),
        **_left_out(table),
    }


def _left_out(table: Table) -> Result:
    return {"ignored": table.ignored} | ({"withheld": table.withheld} if table.withheld else {})


def _silent(done: int, total: int) -> None:
    """Inside the transaction nothing is reported."""
