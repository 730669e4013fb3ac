"""Files sent, looked through and saved, as a worker and a coordinator do it."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from kierto.database import reading, session, writing
from kierto.jobs import actions
from kierto.jobs.models import Job, JobState
from kierto.worker.jobs import run
from tests.cast import Cast

DATA = Path(__file__).parent / "data"
UNITS = (DATA / "units-helsinki.csv").read_bytes()
HOURS = (DATA / "hosting-hours-sample.csv").read_bytes()
LEASE = timedelta(seconds=60)


def sheet(*rows: list[object]) -> bytes:
    """A workbook as a spreadsheet program saves it."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(cast: Cast, kind: str, file: str | bytes, by: str = "coordinator") -> int:
    """Ask for an import."""
    content = file.encode() if isinstance(file, str) else file
    with writing():
        return actions.enqueue(cast.actor(by), cast.organisation.id, kind, {}, content, "tiedosto").id


def work() -> None:
    """What a worker does until no job waits."""
    while True:
        with writing():
            job = actions.claim(LEASE)
        if job is None:
            return
        run(job.id, job.attempts, LEASE)


def job(id_: int) -> Job:
    """The job as it is now, its file too."""
    session.remove()
    with reading():
        found = session.get_one(Job, id_)
        found.file  # noqa: B018 - it is read only when asked for
        session.expunge(found)
    return found


def press_save(cast: Cast, id_: int, by: str = "coordinator") -> None:
    """The coordinator says yes."""
    with writing():
        actions.agree(cast.actor(by), session.get_one(Job, id_))


def looked_through(cast: Cast, kind: str, file: str | bytes) -> Job:
    """The job once the file has been looked through."""
    id_ = send(cast, kind, file)
    work()
    return job(id_)


def saved(cast: Cast, kind: str, file: str | bytes) -> Mapping[str, Any]:
    """The result when it was looked through without a problem, agreed to, and saved."""
    seen = looked_through(cast, kind, file)
    assert seen.state is JobState.ASKING, seen.result
    press_save(cast, seen.id)
    work()
    done = job(seen.id)
    assert (done.state, done.file) == (JobState.DONE, None)
    assert done.result is not None
    assert done.result["saved"], done.result
    return done.result


def problems(cast: Cast, kind: str, file: str | bytes) -> list[tuple[int, str]]:
    """Where something is to be mended: row and column; nothing else is left of the file."""
    seen = looked_through(cast, kind, file)
    assert (seen.state, seen.file) == (JobState.DONE, None)
    return [(problem["row"], problem["column"]) for problem in told(seen)]


def told(seen: Job) -> list[dict[str, Any]]:
    """The problems, each with a sentence that can be said."""
    assert seen.result is not None
    found: list[dict[str, Any]] = seen.result.get("problems", [])
    for problem in found:
        assert problem["message"] % problem["values"]
    return found


def counts(result: Mapping[str, Any] | None) -> tuple[int, int, int]:
    """Added, changed, unchanged."""
    assert result is not None
    return result["added"], result["changed"], result["unchanged"]
