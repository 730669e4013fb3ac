"""The vocabularies that everyone shares: services added and renamed, themes added.

A theme is renamed by the room of meetings, which show it. Nothing is ever deleted: rounds, practices and people's
backgrounds are told by these words.
"""

import re
import unicodedata

from sqlalchemy import select

from kierto.actor import Actor
from kierto.database import session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.units import ServiceAdded, ServiceRenamed, ThemeAdded
from kierto.units.models import Service, Theme
from kierto.units.rules import WORD_NAMED_ONCE
from kierto.words import LANGUAGES, Localised, folded

_LONGEST_CODE = 40


def add_service(actor: Actor, name: Localised) -> Service:
    """A new kind of service.

    Raises:
        Refused: word-named-once.
    """
    check_word(Service, name)
    service = Service(code=_code(Service, name), name=name)
    session.add(service)
    record(actor, service, ServiceAdded())
    return service


def rename_service(actor: Actor, service: Service, name: Localised) -> None:
    """Call a kind of service something else. Saying the same again changes nothing.

    Raises:
        Refused: word-named-once.
    """
    if service.name == name:
        return
    check_word(Service, name, but=service.id)
    service.name = name
    record(actor, service, ServiceRenamed())


def add_theme(actor: Actor, name: Localised) -> Theme:
    """A new theme.

    Raises:
        Refused: word-named-once.
    """
    check_word(Theme, name)
    theme = Theme(code=_code(Theme, name), name=name)
    session.add(theme)
    record(actor, theme, ThemeAdded())
    return theme


def check_word(model: type[Service] | type[Theme], name: Localised, but: int | None = None) -> None:
    """No other word of the vocabulary has one of these names in the same language; case and spaces make no other name.

    Raises:
        Refused: word-named-once.
    """
    for other in session.scalars(select(model.name).where(model.id != (but or 0))):
        for language in LANGUAGES:
            text, theirs = getattr(name, language), getattr(other, language)
            if text and theirs and folded(text) == folded(theirs):
                raise Refused(WORD_NAMED_ONCE, field=f"name_{language}")


def _code(model: type[Service] | type[Theme], name: Localised) -> str:
    """What files and exports call the word: "home-care"; with a number where there is one such already."""
    plain = unicodedata.normalize("NFKD", name.en or name.fi).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST_CODE - 4] or "word"
    taken = set(session.scalars(select(model.code).where(model.code.startswith(code, autoescape=True))))
    return next(one for one in (code, *(f"{code}-{number}" for number in range(2, 999))) if one not in taken)
