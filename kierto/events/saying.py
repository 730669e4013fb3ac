"""An event as a person reads it: its sentence in their language, enumerated values said in words."""

from kierto.events.catalogue import KINDS, data_of
from kierto.events.models import Event
from kierto.words import N_, gettext

WORDS = {
    "adapt": N_("we adapt it and try"),
    "arrived": N_("it waits for an answer"),
    "declined": N_("not for this unit"),
    "in_use": N_("in use"),
    "rooted": N_("rooted"),
    "stopped": N_("stopped"),
    "trying": N_("being tried"),
}
"""Enumerated value → what it is called within a sentence."""


def said(event: Event) -> str:
    """What happened. A kind that this version does not know is called by its name."""
    if event.kind not in KINDS:
        return event.kind
    data = data_of(event.kind, event.data)
    values = data.as_json()
    return gettext(
        type(data).sentence,
        **{
            name: gettext(WORDS[value]) if isinstance(value, str) and value in WORDS else value
            for name, value in values.items()
        },
    )
