"""An event as a person reads it: its sentence in their language, enumerated values said in words."""

from dataclasses import fields

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

TOPICS = {
    "applications": N_("Applications and consents"),
    "experts": N_("Experts"),
    "people": N_("Roles and invitations"),
    "sign_in": N_("Signing in and addresses"),
    "units": N_("Organisations and units"),
    "rounds": N_("Rounds"),
    "meetings": N_("Meetings"),
    "seats": N_("Seats in meetings"),
    "practices": N_("Practices"),
    "privacy": N_("Own data, feedback and statements"),
}
"""Module of the catalogue → what its kinds are about, in the order in which people choose from them."""


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


def called(kind: str) -> str:
    """A kind of event or of its message by itself: its sentence without a full stop, "…" for what it would tell."""
    if kind not in KINDS:
        return kind
    cls = KINDS[kind]
    return gettext(cls.sentence, **{field.name: "…" for field in fields(cls)}).removesuffix(".")


def by_topic() -> dict[str, list[tuple[str, str]]]:
    """Every kind and what it is called, under its topic."""
    topics: dict[str, list[tuple[str, str]]] = {topic: [] for topic in TOPICS}
    for kind, cls in KINDS.items():
        topics[cls.__module__.rpartition(".")[2]].append((kind, called(kind)))
    return {gettext(TOPICS[topic]): kinds for topic, kinds in topics.items()}
