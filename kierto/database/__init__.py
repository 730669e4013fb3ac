"""The database: tables' base and column types, units of work, locks, upgrades.

Rooms import what they need from here; nothing else knows Flask-SQLAlchemy.
"""

from kierto.database.base import (
    NO_ORGANISATION,
    Base,
    Global,
    Referable,
    Tenant,
    TenantNumber,
    belongs,
    tenant_key,
)
from kierto.database.engine import close, configure, session
from kierto.database.transactions import act, lock, lock_one, reading, savepoint, writing
from kierto.database.types import (
    CONTACT,
    FREE,
    HEALTH,
    NOT_PERSONAL,
    Encrypted,
    Ref,
    UtcDateTime,
    localised,
    new_ref,
)

__all__ = [
    "CONTACT",
    "FREE",
    "HEALTH",
    "NOT_PERSONAL",
    "NO_ORGANISATION",
    "Base",
    "Encrypted",
    "Global",
    "Ref",
    "Referable",
    "Tenant",
    "TenantNumber",
    "UtcDateTime",
    "act",
    "belongs",
    "close",
    "configure",
    "localised",
    "lock",
    "lock_one",
    "new_ref",
    "reading",
    "savepoint",
    "session",
    "tenant_key",
    "writing",
]
