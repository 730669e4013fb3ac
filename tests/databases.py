"""The databases that tests run on: one migrated template with the cast in it, and a fresh copy of it for each test."""

import os
import shutil
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask

from kierto.database.engine import engine
from kierto.database.upgrade import upgrade
from kierto.settings import Settings
from tests import postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)
CAST = "cast"
"""The template that `fill` keeps."""

Made = TypeVar("Made")


def settings_for(database_url: str, instance: Path) -> Settings:
    """Settings as tests need them: fixed secrets, everything else in the folder."""
    return Settings(
        instance=instance,
        database_url=database_url,
        secret_key="a secret of the tests, long enough to be one",
        encryption_keys=("dGhlIHRlc3RzJyBvd24ga2V5LCBvZiAzMiBieXRlcy4=",),
        base_url="http://localhost",
        mail_url=f"maildir:{instance}/mail",
        mail_from="kierto@localhost",
        sms_url="",
        sms_key="",
        help_phone="09 310 10000",
        help_email="apua@kierto.test",
        demo=False,
        host="127.0.0.1",
        port=5000,
        web_processes=2,
        trusted_proxies=0,
    )


class Database(ABC):
    """One kind of database for one process of tests: `app` runs on a copy that `fresh()` makes anew."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="kierto-tests-", dir=_memory()))
        self.app = _create_app(settings_for(self._address(), self.folder / "instance"))
        self._more: list[Flask] = []
        self._kept: dict[str, Any] = {}
        self._create()

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.config["KIERTO"]
        return found

    def fill(self, make: Callable[[], None]) -> None:
        """Migrate the empty database, let `make` fill it, and keep the result as the template of every copy."""
        with self.app.app_context():
            upgrade()
            make()
        self._keep_as(CAST)

    def fresh_with(self, name: str, make: Callable[[], Made]) -> Made:
        """A fresh copy in which `make` has been called, and what that returned: called once, then copied."""
        if name not in self._kept:
            self.fresh()
            self._kept[name] = make()
            self._keep_as(name)
        self.fresh(name)
        made: Made = self._kept[name]
        return made

    def fresh(self, name: str = CAST) -> None:
        """Put a new copy of the template of that name where the application looks."""
        self._let_go()
        self._copy(name)
        _forget_feeds(self.app)
        shutil.rmtree(self.settings.instance, ignore_errors=True)
        self.settings.instance.mkdir()

    def another_app(self, **changed: object) -> Flask:
        """One more application on the same database, with other settings; it lasts until the next `fresh()`."""
        app = _create_app(replace(self.settings, **changed))  # type: ignore[arg-type]  # names of settings, checked there
        self._more.append(app)
        return app

    def close(self) -> None:
        """Leave nothing behind."""
        self._let_go()
        self._remove()
        shutil.rmtree(self.folder)

    def _let_go(self) -> None:
        for app in (self.app, *self._more):
            with app.app_context():
                engine().dispose()
        self._more.clear()

    @abstractmethod
    def _address(self) -> str: ...

    @abstractmethod
    def _create(self) -> None: ...

    @abstractmethod
    def _keep_as(self, name: str) -> None: ...

    @abstractmethod
    def _copy(self, name: str) -> None: ...

    @abstractmethod
    def _remove(self) -> None: ...


class SqliteDatabase(Database):
    """A file, copied."""

    def _address(self) -> str:
        return f"sqlite:///{self._file}"

    @property
    def _file(self) -> Path:
        return self.folder / "kierto.sqlite"

    def _template(self, name: str) -> Path:
        return self.folder / f"{name}.template.sqlite"

    def _create(self) -> None:
        self._file.touch()

    def _keep_as(self, name: str) -> None:
        self._let_go()
        # Copied by SQLite itself, so that nothing is left in the log that lies beside the file.
        source, target = sqlite3.connect(self._file), sqlite3.connect(self._template(name))
        source.backup(target)
        source.close()
        target.close()

    def _copy(self, name: str) -> None:
        for log in (f"{self._file}-wal", f"{self._file}-shm"):
            Path(log).unlink(missing_ok=True)
        shutil.copyfile(self._template(name), self._file)

    def _remove(self) -> None:
        """The folder goes as a whole."""


class PostgresqlDatabase(Database):
    """A database, made from a template by the server."""

    def __init__(self, cluster: postgres.Cluster) -> None:
        self._cluster = cluster
        self._name = f"kierto_{os.getpid()}"
        super().__init__(POSTGRESQL)

    def _address(self) -> str:
        return self._cluster.url(self._name)

    def _template(self, name: str) -> str:
        return f"{self._name}_template_{name}"

    def _create(self) -> None:
        self._remove()
        self._cluster.create(self._name)

    def _keep_as(self, name: str) -> None:
        self._let_go()
        self._cluster.create(self._template(name), self._name)

    def _copy(self, name: str) -> None:
        self._cluster.drop(self._name)
        self._cluster.create(self._name, self._template(name))

    def _remove(self) -> None:
        for name in (self._name, *map(self._template, (CAST, *self._kept))):
            self._cluster.drop(name)


def open_database(kind: str) -> Database | None:
    """The database of the kind, empty; None where this machine has none."""
    if kind == SQLITE:
        return SqliteDatabase(SQLITE)
    cluster = postgres.start()
    return PostgresqlDatabase(cluster) if cluster else None


def _create_app(settings: Settings) -> Flask:
    from kierto.app import create_app  # here, so that a page that does not import breaks no unit test

    return create_app(settings)


def _forget_feeds(app: Flask) -> None:
    """The feeds that the application has kept were of another copy: two copies may count the same changes."""
    from kierto.calendars.feed import Bodies
    from kierto.pages.calendars.views import BODIES

    app.extensions[BODIES] = Bodies()


def _memory() -> Path | None:
    """Linux's folder in memory, where there is one: nothing here outlives the run."""
    folder = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own there
    return folder if os.access(folder, os.W_OK) else None
