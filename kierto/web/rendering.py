"""Jinja as Kierto's pages use it: strict names, the reader's language, times and names as people say them."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from babel.numbers import format_decimal
from flask import Flask, current_app, g, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from kierto import clock, words
from kierto.actor import VISITOR
from kierto.events.catalogue import EventData
from kierto.events.saying import called
from kierto.people.addresses import spoken_phone
from kierto.people.helping import help_at
from kierto.people.words import role_can, role_name
from kierto.settings import resources
from kierto.units import expert_words, municipalities
from kierto.web.qr import qr
from kierto.web.states import described, job_called
from kierto.web.waiting import way_back
from kierto.words import Language, Localised, Text

LANGUAGES: dict[Language, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
"""Each language by its own name, as the switch on every page shows it."""


class Timed(Protocol):
    """Anything that lasts from one instant to another; both aware."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def set_up(app: Flask) -> None:
    """Give the application its templates, their filters and the names that every one of them knows."""
    app.template_folder = str(resources("templates"))
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
    }
    env = app.jinja_env
    env.install_gettext_callables(words.gettext, words.plural, newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it
    env.filters |= _FILTERS
    env.globals |= {
        "actor": LocalProxy(lambda: g.get("actor", VISITOR)),
        "current_language": words.current,
        "help_at": LocalProxy(lambda: g.get("help_at") or help_at(None, app.config["KIERTO"])),
        "here": LocalProxy(lambda: request.path),
        "in_language": in_language,
        "languages": LANGUAGES,
        "settings": app.config["KIERTO"],
        "static": static,
        "way_back": way_back,
    }


def in_words_of(text: str, organisation: expert_words.Speaks) -> str:
    """The text with the organisation's own word for its experts: `{{ _("Experts")|in_words_of(organisation) }}`."""
    return expert_words.in_words_of(organisation, text)


def say(value: Localised | Text | str | None, language: str | None = None) -> Markup:
    """A name or a written text; where it is not in the page's language, marked with its own (WCAG 3.1.2).

    A `Localised` knows its language; for a plain string give it: `{{ text.title|say(text.language) }}`.
    """
    if isinstance(value, Localised):
        value = value.text()
    if isinstance(value, Text):
        value, language = value
    if value is None or language is None or language == words.current():
        return escape(value or "")
    return Markup('<span lang="{}">{}</span>').format(language, value)


def sentence(data: EventData) -> str:
    """What happened, as a history says it."""
    return words.gettext(data.sentence, **data.as_json())


def day(on: date) -> str:
    """A day shortly: "ti 12.1."; an instant's day is the one in Helsinki."""
    return words.day(_local_day(on), today=clock.today())


def day_long(on: date) -> str:
    """A day in full: "tiistai 12. tammikuuta 2027"."""
    return words.day_long(_local_day(on))


def _local_day(on: date) -> date:
    return clock.local(on).date() if isinstance(on, datetime) else on


def when(thing: Timed) -> str:
    """When a meeting is: "ti 12.1. klo 13–15"."""
    return words.when(clock.local(thing.starts_at), clock.local(thing.ends_at), today=clock.today())


def hours(thing: Timed) -> str:
    """A meeting's hours: "13–15"."""
    return words.hours(clock.local(thing.starts_at), clock.local(thing.ends_at))


def moment(at: datetime) -> str:
    """A point in time: "ti 12.1. klo 13.00"."""
    return words.moment(clock.local(at), today=clock.today())


def number(value: float) -> str:
    """A number as Finland writes it in the reader's language: "1 200,5"."""
    return format_decimal(value, locale=f"{words.current()}_FI")


def phone(number: str) -> str:
    """A phone number as people here write it, on one line."""
    return spoken_phone(number).replace(" ", "\N{NO-BREAK SPACE}")


def phone_link(phone: str) -> Markup:
    """A phone number that a telephone can call."""
    called = "".join(character for character in phone if character.isdigit() or character == "+")
    # Kept as + and digits, but for the number of help in the settings: that is written as it should be read.
    spoken = spoken_phone(phone) if phone.startswith("+") and phone[1:].isdigit() else phone
    shown = spoken.replace(" ", "\N{NO-BREAK SPACE}")
    return Markup('<a class="ds-link" href="tel:{}">{}</a>').format(called, shown)


def mail_link(address: str) -> Markup:
    """An e-mail address to write to."""
    return Markup('<a class="ds-link" href="mailto:{0}">{0}</a>').format(address)


def in_language(language: Language) -> str:
    """The address of this page in another language."""
    asked: list[tuple[str, Any]] = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return f"{quote(request.path)}?{urlencode([*asked, ('lang', language)])}"


def static(path: str) -> str:
    """The address of a static file, new whenever the file is: browsers keep it for a year."""
    folder = current_app.static_folder
    assert folder is not None
    file = Path(folder, path)
    changed_ns = file.stat().st_mtime_ns if file.exists() else 0
    return url_for("static", filename=path, v=_mark(file, changed_ns))


@lru_cache(maxsize=256)
def _mark(file: Path, changed_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if changed_ns else "missing"


_FILTERS: dict[str, Callable[..., Any]] = {
    "called": called,
    "day": day,
    "day_long": day_long,
    "euros": words.euros,
    "hours": hours,
    "in_words_of": in_words_of,
    "job_called": job_called,
    "mail_link": mail_link,
    "moment": moment,
    "municipality": municipalities.said,
    "number": number,
    "phone": phone,
    "phone_link": phone_link,
    "qr": qr,
    "role_can": role_can,
    "role_name": role_name,
    "say": say,
    "sentence": sentence,
    "spoken": words.spoken,
    "state": described,
    "weekday": words.weekday,
    "when": when,
}
"""What templates say `|name` for."""
