"""Reading what experts have told of health: only where the rules let, and every reading is noted."""

from collections.abc import Collection, Iterable

from kierto.actor import Actor
from kierto.errors import Refused
from kierto.events.actions import note_reading
from kierto.events.models import Read
from kierto.experts import queries, register
from kierto.experts.rules import SECRET_BEHIND_STRONG_ID, may_read_secrets
from kierto.people.models import Expert
from kierto.units.models import Organisation, Theme


def readable(actor: Actor, organisations: Iterable[Organisation]) -> frozenset[int]:
    """The ids of the organisations whose stored secrets may be read in the actor's session."""
    return frozenset(one.id for one in organisations if may_read_secrets(actor, one.weak_reading_reason))


def read_themes(actor: Actor, experts: Collection[Expert]) -> dict[int, list[Theme]]:
    """By expert, what their experience is about.

    Raises:
        Refused: secret-behind-strong-id.
    """
    for expert in experts:
        _note(actor, expert, Read.THEMES)
    return register.themes_told(experts)


def read_needs(actor: Actor, expert: Expert) -> str | None:
    """What to arrange for the expert.

    Raises:
        Refused: secret-behind-strong-id.
    """
    _note(actor, expert, Read.NEEDS)
    needs = queries.needs_of(expert.id)
    return needs.text.decode() if needs else None


def read_own_words(actor: Actor, expert: Expert) -> str | None:
    """What the expert has told of themself.

    Raises:
        Refused: secret-behind-strong-id.
    """
    _note(actor, expert, Read.OWN_WORDS)
    return expert.own_words.decode() if expert.own_words else None


def _note(actor: Actor, expert: Expert, what: Read) -> None:
    if not may_read_secrets(actor, register.organisation_of(expert).weak_reading_reason):
        raise Refused(SECRET_BEHIND_STRONG_ID)
    if expert.person_id != actor.person_id:
        note_reading(actor, expert.organisation_id, expert.person_id, what)
