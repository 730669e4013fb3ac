"""The language in use and the translation of source strings, alike in a request, the worker and the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from babel import negotiate_locale
from babel.support import LazyProxy, NullTranslations, Translations

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

CATALOGUES = Path(__file__).parent.parent / "translations"

_current: ContextVar[Language] = ContextVar("kierto_language", default="fi")


def current() -> Language:
    """The language people are spoken to now."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within the block, everything is said in `language`."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def matched(*wishes: str | None) -> Language:
    """The first wish that Kierto speaks, else Finnish; a wish may be a tag like `sv-FI`."""
    found = negotiate_locale([wish.replace("-", "_") for wish in wishes if wish], LANGUAGES)
    return next((language for language in LANGUAGES if language == found), "fi")


@cache
def _catalogue(language: Language) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


def N_(message: str) -> str:
    """Mark a source string for the catalogues; it is translated where it is shown."""
    return message


def gettext(message: str, **values: object) -> str:
    """The source string in the current language, its `%(name)s` places filled.

    A value that is itself a lazy or localised text is said in the same language.
    """
    text: str = _catalogue(current()).ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form for `num` in the current language; `%(num)s` is filled by itself."""
    return plural(one, many, num) % {"num": num, **values}


def plural(one: str, many: str, num: int) -> str:
    """The form for `num` in the current language, its places not filled: templates escape what they fill in."""
    text: str = _catalogue(current()).ungettext(one, many, num)
    return text


def lazy_gettext(message: str, **values: object) -> str:
    """A text that is translated each time it is shown: for labels declared at import. It does all that a str does."""
    return cast(str, LazyProxy(lambda: gettext(message, **values), enable_cache=False))
