"""What an event's data is: a class for each kind, which only grow in number: none is ever renamed or removed.

Fields are ids, enumerated values, instants, numbers and names of changed fields; never names, contacts, free text or
tokens. The sentence is what a person reads in a history.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

KINDS: dict[str, type["EventData"]] = {}


@dataclass(frozen=True)
class EventData:
    """What one kind of event tells beside who, when and about what."""

    kind: ClassVar[str]
    sentence: ClassVar[str]
    told: ClassVar[bool] = False  # whether people get messages of it

    def __init_subclass__(cls) -> None:
        KINDS[cls.kind] = cls

    def as_json(self) -> dict[str, Any]:
        """Plain values for the JSON column; instants in ISO 8601, UTC."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


_INSTANTS = (datetime, datetime | None)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def data_of(kind: str, data: dict[str, Any]) -> EventData:
    """An event's data as its class; fields added since it was recorded take their defaults.

    Raises:
        KeyError: no such kind.
    """
    cls = KINDS[kind]
    known = {field.name: field.type for field in fields(cls)}
    values = {
        name: datetime.fromisoformat(value) if known[name] in _INSTANTS and value is not None else value
        for name, value in data.items()
        if name in known
    }
    return cls(**values)
