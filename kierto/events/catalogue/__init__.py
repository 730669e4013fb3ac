"""Every kind of event Kierto has ever recorded. It only grows: a released kind is never renamed or removed."""

from kierto.events.catalogue import (
    applications,
    experts,
    meetings,
    people,
    practices,
    privacy,
    rounds,
    seats,
    sign_in,
    units,
)
from kierto.events.catalogue.base import KINDS, EventData, data_of

__all__ = [
    "KINDS",
    "EventData",
    "applications",
    "data_of",
    "experts",
    "meetings",
    "people",
    "practices",
    "privacy",
    "rounds",
    "seats",
    "sign_in",
    "units",
]
