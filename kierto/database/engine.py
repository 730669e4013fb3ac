"""The engine and the session: Flask-SQLAlchemy, with SQLite made as strict as PostgreSQL."""

import sqlite3
from time import monotonic, sleep
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from kierto.database.base import Base
from kierto.database.constraints import refusal
from kierto.settings import Settings

WRITING = "kierto_writing"
PATIENCE = 30.0
"""Seconds that a connection waits for SQLite's lock before it gives up."""

NAP = 0.02

# No transaction begins by itself: only reading() and writing() open one.
_db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"autobegin": False, "expire_on_commit": False},
    disable_autonaming=True,
)
session: scoped_session[Session] = _db.session  # type: ignore[assignment]  # Flask-SQLAlchemy's own Session subclass


def configure(app: Flask, settings: Settings) -> None:
    """Connect the application to the database that the settings name."""
    # What people wrote never stands in an exception's text, and so in no log.
    options: dict[str, Any] = {"hide_parameters": True}
    if settings.database_url.startswith("sqlite"):
        # The driver begins no transactions of its own: `_begin` says when a transaction takes the write lock.
        options["connect_args"] = {"isolation_level": None, "timeout": PATIENCE}
    else:
        options |= {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    _db.init_app(app)
    with app.app_context():
        listen(_db.engine)


def engine() -> Engine:
    """The current application's engine: for upgrades, bulk demo data and tests."""
    return _db.engine


def close() -> None:
    """Close the current application's connections; whoever asks later opens new ones."""
    _db.engine.dispose()


def listen(engine: Engine) -> None:
    """Attach what makes an engine Kierto's: SQLite's pragmas and lock, constraints that speak rules."""
    event.listen(engine, "handle_error", _speak_rules)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    _be_patient(connection, PATIENCE)


def _be_patient(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")


def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at the start of a writing transaction.

    A transaction that reads first and writes later fails with "database is locked" when another wrote in between.
    """
    if connection.get_execution_options().get(WRITING):
        _take_write_lock(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_write_lock(connection: Connection) -> None:
    """Wait for SQLite's one write lock, asking the more often the longer it takes: who came first is served first.

    SQLite's own waiting asks ever more seldom. With 8 processes writing all the time the unlucky ones waited over 30 s
    and failed, while newcomers went past; like this none waited over 5 s, and all were done in half the time.
    """
    driver: Any = connection.connection.driver_connection
    began = monotonic()
    _be_patient(driver, 0)
    try:
        while (waited := monotonic() - began) < PATIENCE:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                sleep(NAP / (1 + 10 * waited))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails as SQLAlchemy says it
    finally:
        _be_patient(driver, PATIENCE)


def _speak_rules(context: ExceptionContext) -> BaseException | None:
    if isinstance(context.sqlalchemy_exception, IntegrityError):
        return refusal(context.sqlalchemy_exception)
    return None
