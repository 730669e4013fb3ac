"""What every table keeps to: layers, tenants, and what its columns say of persons. No database needed."""

from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Enum, ForeignKeyConstraint, LargeBinary, String, Table, TypeDecorator
from sqlalchemy.types import TypeEngine

from kierto.database import Base, Global, Ref, Tenant, TenantNumber
from tests.tables import import_models

ROOT = Path(__file__).parent.parent.parent
GLOBAL = {
    "busy_spans",
    "contact_changes",
    "identities",
    "organisations",
    "paper_passes",
    "person_sessions",
    "persons",
    "services",
    "sign_in_attempts",
    "sign_in_requests",
    "themes",
    "worker_state",
}
"""Tables of no organisation."""

DECLARATIONS = {"none", "contact", "health", "free"}


def _rooms() -> list[str]:
    """The rooms from top to bottom, as `.importlinter` has them."""
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:house"]["layers"].split("\n")
    return [name.strip(" ()") for line in lines for name in line.split("|") if line.strip()]


import_models()

MODELS: dict[str, type[Any]] = {str(mapper.class_.__tablename__): mapper.class_ for mapper in Base.registry.mappers}
TABLES = [pytest.param(table, id=name) for name, table in Base.metadata.tables.items()]
TENANT_TABLES = {name for name, model in MODELS.items() if issubclass(model, Tenant)}


def _room_of(table: str) -> int:
    return _rooms().index(MODELS[table].__module__.split(".")[1])


@pytest.mark.parametrize("table", TABLES)
def test_foreign_keys_point_only_downward(table: Table) -> None:
    for key in table.foreign_key_constraints:
        assert _room_of(table.name) <= _room_of(key.referred_table.name), f"{key.name} points up"


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_whose_it_is(table: Table) -> None:
    model = MODELS[table.name]
    kinds = [kind for kind in (Global, Tenant, TenantNumber) if issubclass(model, kind)]
    assert len(kinds) == 1
    assert (kinds[0] is Global) == (table.name in GLOBAL)
    if kinds[0] is Global:
        assert "organisation_id" not in table.columns
        assert not {key.referred_table.name for key in table.foreign_key_constraints} & TENANT_TABLES
    else:
        assert not table.columns["organisation_id"].nullable


def test_every_global_table_exists() -> None:
    assert set(MODELS) >= GLOBAL


@pytest.mark.parametrize("table", [one for one in TABLES if str(one.id) in TENANT_TABLES])
def test_rows_of_two_organisations_cannot_be_mixed(table: Table) -> None:
    referred = [key.referred_table.name for key in table.foreign_key_constraints]
    assert "organisations" in referred
    for key in table.foreign_key_constraints:
        if key.referred_table.name in TENANT_TABLES:
            assert key.column_keys[0] == "organisation_id", f"{key.name} can mix organisations"
            assert _target(key) == ["organisation_id", "id"]


def _target(key: ForeignKeyConstraint) -> list[str]:
    return [element.column.name for element in key.elements]


@pytest.mark.parametrize("table", TABLES)
def test_numbers_that_end_in_id_are_foreign_keys(table: Table) -> None:
    """Bare numbers are for what lies above, and for what outlives what it tells of."""
    # client_id is OpenID Connect's name.
    bare = {"events": {"actor_id", "subject_id", "organisation_id"}, "event_queue": {"event_id", "organisation_id"}}
    bare |= {"jobs": {"organisation_id"}, "messages": {"event_id", "organisation_id", "subject_id"}}
    bare |= {"identity_providers": {"client_id"}}
    bare |= {"readings": {"organisation_id", "person_id", "reader_id"}, "accessibility_feedback": {"organisation_id"}}
    loose = {column.name for column in table.columns if column.name.endswith("_id") and not column.foreign_keys}
    assert loose == bare.get(table.name, set())


def _texts() -> list[Column[Any]]:
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    return [column for column in columns if _is_text(column.type)]


def _is_text(kind: TypeEngine[Any]) -> bool:
    if isinstance(kind, Enum | Ref):
        return False
    return isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, String | JSON | LargeBinary)


@pytest.mark.parametrize("column", [pytest.param(column, id=str(column)) for column in _texts()])
def test_text_declares_what_it_tells_of_a_person(column: Column[Any]) -> None:
    assert column.info.get("personal") in DECLARATIONS
