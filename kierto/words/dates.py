"""Days and times as people say them, in Helsinki's time: "ti 12.1. klo 13–15"."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time

from kierto.words.language import N_, current, gettext

# Babel's `sv` and `en` are Sweden's and America's ways; people here read Finland's (dots in dates, 24 hours).
_LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_FI"}
_SHORT = {"fi": "ccc d.M.", "sv": "ccc d.M", "en": "ccc d MMM"}
_SHORT_YEAR = {"fi": "ccc d.M.y", "sv": "ccc d.M.y", "en": "ccc d MMM y"}
_LONG = {"fi": "cccc d. MMMM y", "sv": "EEEE 'den' d MMMM y", "en": "EEEE d MMMM y"}
_HOUR = {"fi": "H", "sv": "H", "en": "H:mm"}
_MINUTE = {"fi": "H.mm", "sv": "H.mm", "en": "H:mm"}


def day(on: date, *, today: date | None = None) -> str:
    """A day shortly: "ti 12.1."; with its year when that is not `today`'s."""
    patterns = _SHORT if today is None or today.year == on.year else _SHORT_YEAR
    return format_date(on, patterns[current()], locale=_LOCALES[current()])


def day_long(on: date) -> str:
    """A day in full: "tiistai 12. tammikuuta 2027"."""
    return format_date(on, _LONG[current()], locale=_LOCALES[current()])


def month(on: date) -> str:
    """A month with its year: "tammikuu 2027"."""
    return format_date(on, "LLLL y", locale=_LOCALES[current()])


_A_MONDAY = date(2027, 1, 4)


def weekday(number: int) -> str:
    """A day of the week in full: "maanantai"; 1 is Monday (ISO 8601)."""
    return format_date(_A_MONDAY + timedelta(days=number - 1), "cccc", locale=_LOCALES[current()])


def hours(start: datetime, end: datetime) -> str:
    """Wall-clock hours: "13–15", "12.30–14". Both times are local already."""
    whole = start.minute == 0 and end.minute == 0
    parts = []
    for moment in (start, end):
        patterns = _HOUR if (whole or moment.minute == 0) else _MINUTE
        parts.append(format_time(moment.time(), patterns[current()], locale=_LOCALES[current()]))
    return "–".join(parts)


def moment(at: datetime, *, today: date | None = None) -> str:
    """A point in time: "ti 12.1. klo 13.00". It is local already."""
    clock = format_time(at.time(), _MINUTE[current()], locale=_LOCALES[current()])
    return gettext(WHEN, day=day(at.date(), today=today), hours=clock)


WHEN = N_("%(day)s at %(hours)s")


def when(start: datetime, end: datetime, *, today: date | None = None) -> str:
    """A meeting's time: "ti 12.1. klo 13–15". Both times are local already."""
    return gettext(WHEN, day=day(start.date(), today=today), hours=hours(start, end))
