"""What every test may ask for: an application on each database with the cast in it, and the cast itself."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from flask import Flask

from kierto import clock
from tests import postgres
from tests.cast import NOW, Cast, make_cast
from tests.databases import DATABASES, POSTGRESQL, Database, open_database

REQUIRED = os.environ.get("KIERTO_TEST_REQUIRE") == "all"
CHOICE = "KIERTO_TEST_DATABASES"


# How long an example takes depends on what else the machine is doing.
hypothesis.settings.register_profile("kierto", deadline=None)
hypothesis.settings.load_profile("kierto")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--databases",
        default=os.environ.get(CHOICE, ",".join(DATABASES)),
        help=f"the databases to test on, comma-separated ({', '.join(DATABASES)}); {CHOICE} says the same",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The controller of several workers starts the one PostgreSQL that they share."""
    config.addinivalue_line("markers", "only(database): the test is about what is that database's own")
    chosen = _chosen(config)
    if unknown := set(chosen) - set(DATABASES):
        raise pytest.UsageError(f"--databases: {', '.join(sorted(unknown))}? Choose from {', '.join(DATABASES)}.")
    controls = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if controls and POSTGRESQL in chosen:
        postgres.start()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses the database runs once on each of the chosen ones."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", _chosen(metafunc.config), indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that are about another database than the one they would run on."""
    apart = [item for item in items if isinstance(item, pytest.Function) and _elsewhere(item)]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]


def _elsewhere(item: pytest.Function) -> bool:
    marker = item.get_closest_marker("only")
    return marker is not None and item.callspec.params["database"] not in marker.args


def _chosen(config: pytest.Config) -> list[str]:
    return [name.strip() for name in str(config.getoption("--databases")).split(",") if name.strip()]


class Playhouse:
    """The databases of this process and the cast in each, made when first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Database, Cast]] = {}

    def of(self, kind: str) -> tuple[Database, Cast]:
        if kind not in self._made:
            database = open_database(kind)
            if database is None:
                (pytest.fail if REQUIRED else pytest.skip)(postgres.MISSING)
            cast = Cast(database.app)
            database.fill(lambda: make_cast(cast))
            self._made[kind] = database, cast
        return self._made[kind]

    def close(self) -> None:
        for database, _cast in self._made.values():
            database.close()


@pytest.fixture(scope="session")
def playhouse() -> Iterator[Playhouse]:
    playhouse = Playhouse()
    yield playhouse
    playhouse.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, playhouse: Playhouse) -> Database:
    """A fresh copy of the database that the cast lives in; `database.kind` says which it is."""
    found, _cast = playhouse.of(request.param)
    found.fresh()
    return found


@pytest.fixture
def now() -> Iterator[None]:
    """It is a certain Tuesday morning (`tests.cast.NOW`) and the clock runs on from there."""
    with clock.at(NOW):
        yield


@pytest.fixture
def app(database: Database, now: None) -> Iterator[Flask]:
    """The application, its context pushed: actions and queries can be called; requests have a context of their own."""
    with database.app.app_context():
        yield database.app


@pytest.fixture
def cast(app: Flask, database: Database, playhouse: Playhouse) -> Cast:
    """The people, and the things they have made: see `tests.cast.Cast`."""
    return playhouse.of(database.kind)[1]
