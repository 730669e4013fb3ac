"""The layers hold, and each contract of `.importlinter` breaks when it is violated."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CONTRACTS = ROOT / ".importlinter"

# Contract → violations: a module, and the import that is added to it ("" for a module that should not be there).
PLANTS = {
    "house": [
        ("kierto/clock.py", "import kierto.actor"),  # from below
        ("kierto/seats/rules.py", "import kierto.rounds.rules"),  # a lower room from a higher one
        ("kierto/events/queries.py", "import kierto.jobs.queries"),  # from beside
        ("kierto/web/guard.py", "import kierto.pages.start.views"),
        ("kierto/helpers.py", ""),  # a room that nobody has placed
    ],
    "room": [
        ("kierto/seats/queries.py", "import kierto.seats.actions"),
        ("kierto/rounds/models.py", "import kierto.rounds.queries"),
        ("kierto/people/rules.py", "import kierto.people.models"),
    ],
    "rules": [
        ("kierto/seats/rules.py", "import flask"),
        ("kierto/rounds/rules.py", "import sqlalchemy"),
        ("kierto/units/rules.py", "import wtforms"),
        ("kierto/meetings/rules.py", "import icalendar"),
        ("kierto/practices/rules.py", "import kierto.database"),
    ],
    "rooms": [
        ("kierto/seats/actions.py", "from flask import g"),
        ("kierto/rounds/queries.py", "from flask import request"),
        ("kierto/units/importing.py", "import wtforms"),
    ],
    "pages": [
        ("kierto/pages/start/views.py", "from kierto.database import session"),
        ("kierto/pages/calendars/views.py", "from sqlalchemy import select"),
    ],
    "topics": [("kierto/pages/start/views.py", "import kierto.pages.calendars.views")],
    "flask_sqlalchemy": [("kierto/seats/queries.py", "import flask_sqlalchemy")],
    "engine": [("kierto/seats/queries.py", "from kierto.database.engine import engine")],
    "forms": [
        ("kierto/pages/start/views.py", "import wtforms"),
        ("kierto/web/guard.py", "import flask_wtf"),
    ],
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(CONTRACTS, folder)
    for source in (ROOT / "kierto").rglob("*.py"):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    return folder


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, *options], cwd=folder, capture_output=True, text=True, check=False)


def test_the_layers_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_every_contract_has_its_plants() -> None:
    parser = ConfigParser()
    parser.read(CONTRACTS)
    assert {section.rpartition(":")[2] for section in parser.sections() if ":contract:" in section} == set(PLANTS)


@pytest.mark.parametrize(
    ("contract", "module", "violation"),
    [(contract, module, violation) for contract, plants in PLANTS.items() for module, violation in plants],
)
def test_a_violation_breaks_its_contract(copy: Path, contract: str, module: str, violation: str) -> None:
    file = copy / module
    before = file.read_text() if file.exists() else None
    assert (before is None) == (not violation)
    try:
        file.write_text(f"{before or ''}\n{violation}\n")
        done = lint(copy, "--contract", contract)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert done.returncode == 1, done.stdout
    assert "1 broken" in done.stdout, done.stdout
