"""Column types: aware instants, encrypted bytes, public references, names in three languages."""

import secrets
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app
from sqlalchemy import DateTime, Dialect, LargeBinary, String
from sqlalchemy.orm import Composite, composite, mapped_column
from sqlalchemy.types import TypeDecorator

from kierto.words import Localised

# What a column tells of a person; every text and JSON column declares one (tests/checks walk them).
NOT_PERSONAL = {"personal": "none"}
CONTACT = {"personal": "contact"}
HEALTH = {"personal": "health"}
FREE = {"personal": "free"}

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def new_ref() -> str:
    """Ten random lower-case Crockford characters (50 bits): how URLs, QR codes and exports name a thing."""
    bits = secrets.randbits(50)  # one draw: an import makes thousands of them while others wait for its lock
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 50, 5))


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, whichever it is.

    Raises:
        ValueError: a naive datetime is stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[bytes]):
    """Bytes encrypted at rest with `KIERTO_ENCRYPTION_KEYS`: the first key encrypts, all of them decrypt."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _cipher().encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _cipher().decrypt(bytes(value))


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in current_app.config["KIERTO"].encryption_keys])


class Ref(TypeDecorator[str]):
    """The public reference of a row (`new_ref`)."""

    impl = String(10)
    cache_ok = True


def localised(name: str, length: int = 200, *, note: bool = False) -> Composite[Localised]:
    """Three columns `<name>_fi|sv|en` that hold one `Localised`.

    A name is never without its Finnish; a `note` may be empty, or in any of the languages.
    """
    column: Any = lambda language, **more: mapped_column(  # noqa: E731 - three alike, and no fourth
        f"{name}_{language}", String(length), info=NOT_PERSONAL, **more
    )
    finnish = column("fi", nullable=False, **({"server_default": ""} if note else {}))
    return composite(Localised, finnish, column("sv", nullable=True), column("en", nullable=True))
