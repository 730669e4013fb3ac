"""The log: it never changes, it is young for ten years, and every kind ever released can still be read."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.actions import record
from kierto.events.catalogue import KINDS, data_of
from kierto.events.catalogue.units import UnitAdded
from kierto.events.models import Event
from kierto.words import LANGUAGES, gettext, speaking
from tests.cast import Cast

RELEASED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "released_events.json").read_text())
"""Kind → data of one such event, as it was first stored. Add a new kind here; never take one out or change one."""

PLAIN = {"int", "str", "bool", "datetime", "float", "StrEnum"}


def test_every_kind_is_kept() -> None:
    assert set(RELEASED) == set(KINDS)


@pytest.mark.parametrize("kind", RELEASED)
def test_what_was_recorded_can_be_read(kind: str) -> None:
    data = data_of(kind, RELEASED[kind])
    stored = data.as_json()
    assert {name: stored[name] for name in RELEASED[kind]} == RELEASED[kind]
    assert data_of(kind, json.loads(json.dumps(stored))) == data
    for language in LANGUAGES:
        with speaking(language):
            said = gettext(type(data).sentence, **stored)
        assert said.strip().endswith(".")
        assert "%(" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_events_tell_of_nobody(kind: str) -> None:
    """Only numbers, instants and enumerated words; a name of a field that smells of a person's data is none."""
    for field in fields(KINDS[kind]):
        types = get_args(field.type) or (field.type,)
        assert {one.__name__ for one in types if one is not type(None)} <= PLAIN
        if str in types:
            assert field.name in {"consent", "role", "stage", "language", "state", "reason_code", "fields"}


def test_an_event_never_changes(cast: Cast) -> None:
    with pytest.raises(DBAPIError, match="never change"), writing():
        session.execute(update(Event).values(kind="unit.added"))
    with writing():
        session.scalars(select(Event).limit(1)).one().actor_id = 999
        with pytest.raises(DBAPIError, match="never change"):
            session.flush()


def test_a_young_event_stays(app: Flask) -> None:
    with pytest.raises(DBAPIError, match="stay"), writing():
        session.execute(delete(Event))


def test_an_old_event_may_go(cast: Cast) -> None:
    with writing():
        event = record(SYSTEM, cast.unit.load(), UnitAdded())
        session.flush()
        old = {"at": datetime.now(UTC) - timedelta(days=365 * 10 + 9), "id": event.id + 1000}
        columns = "act, organisation_id, actor_id, kind, subject, subject_id, data"
        # Time cannot be turned back for a recorded event: it is written as an old one.
        session.execute(
            text(f"INSERT INTO events (id, at, {columns}) SELECT :id, :at, {columns} FROM events LIMIT 1"), old
        )
        session.execute(delete(Event).where(Event.id == old["id"]))
    with writing():
        assert session.get(Event, old["id"]) is None
