"""Everything that is stored of a person, in one stable shape: `data.json` of an export (see docs/own-data.md)."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any, NamedTuple

from kierto import clock
from kierto.actor import Actor
from kierto.database import NO_ORGANISATION, session
from kierto.events.actions import note_reading, record
from kierto.events.catalogue.privacy import PersonExported
from kierto.events.models import Read
from kierto.people.models import Person
from kierto.privacy import experts_own, traces

FORMAT = "kierto-own-data"
VERSION = 1
"""Grows when a name in `data.json` changes its meaning or goes; new names may come at any time."""

Shape = dict[str, Any]


class Export(NamedTuple):
    """The whole, as `data.json` has it: plain values only."""

    data: Shape

    @property
    def left_out(self) -> Sequence[str]:
        """Organisations of which something is left out, because the session is not strongly identified."""
        return [one["name"] for one in self.data["organisations"] if one["left_out"]]

    def packed(self, page: str) -> bytes:
        """A zip of `data.json` and of `page` as `data.html`."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr("data.json", json.dumps(self.data, ensure_ascii=False, indent=2))
            files.writestr("data.html", page)
        return packed.getvalue()


def export_person(actor: Actor) -> Export:
    """Collect everything that is stored of the actor themself, and write down that it was.

    Stored secrets are in it as far as secret-behind-strong-id lets them be read in this session.
    """
    person = session.get_one(Person, actor.person_id)
    export = Export(_plain(_collected(actor, person)))
    record(actor, person, PersonExported())
    note_reading(actor, NO_ORGANISATION, person.id, Read.EXPORT)
    return export


def _collected(actor: Actor, person: Person) -> Shape:
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": clock.now(),
        "person": {
            "ref": person.ref,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "language": person.language,
            "administrator": person.administrator,
            "known_since": person.created_at,
            "email_proved_at": person.email_proved_at,
            "phone_proved_at": person.phone_proved_at,
            "searched_as": person.folded,
        },
        "organisations": experts_own.organisations_of(actor, person),
        "applications_begun": experts_own.begun_by(actor, person),
        "applications_with_your_address": experts_own.sent_with_addresses_of(person),
        "busy_times": traces.busy_times_of(person),
        "seats": traces.seats_of(person),
        "practices": traces.practices_of(person),
        "messages": traces.messages_to(person),
        "sign_in": traces.ways_in(person),
        "invitations": traces.invitations_to(person),
        "feedback": traces.feedback_of(person),
        "files": traces.jobs_of(person),
        "what_happened": traces.events_of(person),
        "who_looked": traces.readings_of(person),
    }


def _plain(value: object) -> Any:
    """The value as JSON has it: instants in ISO 8601 and UTC, what is encrypted at rest in plain text."""
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case datetime() | date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case bytes():
            return value.decode()
    return value
