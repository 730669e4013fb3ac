"""What the text of a cell means: times, weekdays, days, yes and no, and what it may have been meant to be."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from difflib import get_close_matches

from kierto.words import N_, folded

TIME = N_("This is no time of day. Write it like this: 9.00 or 15.30.")
WEEKDAY = N_("This is no weekday. Write it like this: ti, tiistai, tisdag, Tuesday or 2.")
DAY = N_("This is no day that exists. Write it like this: 24.1.2027.")
YES_OR_NO = N_("Write “yes” or “no” here, or leave the cell empty.")

_NEAR = 3
_DAY_MINUTES = 24 * 60
_CLOCK = re.compile(r"(?:kl(?:o|\.|ockan)?\s*)?(\d{1,2})(?:\s*[.:]\s*(\d{1,2})(?:[.:]00)?)?\s*(?:h)?", re.IGNORECASE)
_PART_OF_DAY = re.compile(r"0[.,](\d+)")
_WEEKDAYS = (
    ("ma", "maanantai", "må", "mån", "måndag", "mo", "mon", "monday", "1"),
    ("ti", "tiistai", "tis", "tisdag", "tu", "tue", "tues", "tuesday", "2"),
    ("ke", "keskiviikko", "on", "ons", "onsdag", "we", "wed", "wednesday", "3"),
    ("to", "torstai", "tor", "tors", "torsdag", "th", "thu", "thur", "thurs", "thursday", "4"),
    ("pe", "perjantai", "fr", "fre", "fredag", "fri", "friday", "5"),
    ("la", "lauantai", "lö", "lör", "lördag", "sa", "sat", "saturday", "6"),
    ("su", "sunnuntai", "sö", "sön", "söndag", "sun", "sunday", "7"),
)
_BY_NAME = {name: number for number, names in enumerate(_WEEKDAYS, 1) for name in names}
_YES = frozenset({"yes", "y", "kyllä", "k", "on", "ja", "j", "true", "tosi", "sant", "x", "1"})
_NO = frozenset({"no", "n", "ei", "e", "nej", "false", "epätosi", "falskt", "-", "–", "0"})


def time_of(text: str) -> time | None:
    """A time of day as people and spreadsheets write it: 9.00, 9:00, 9, klo 9, 0.375 (a part of the day).

    15.3 is what spreadsheets leave of 15.30. 9.5 may be half past nine or nine fifty: it is none.
    """
    part = _PART_OF_DAY.fullmatch(text)
    if part and len(part[1]) > 2:
        minutes = round(float(f"0.{part[1]}") * _DAY_MINUTES)
        return time(*divmod(minutes, 60)) if minutes < _DAY_MINUTES else None
    found = _CLOCK.fullmatch(text.replace(",", "."))
    if found is None or found[2] == "5":
        return None
    hours, minutes = int(found[1]), int((found[2] or "0").ljust(2, "0"))
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def weekday_of(text: str) -> int | None:
    """A day of the week by its Finnish, Swedish or English name, short or long, or its number; 1 is Monday."""
    name = folded(text).rstrip(".")
    return _BY_NAME.get(name) or _BY_NAME.get(name.removesuffix("sin")) or _BY_NAME.get(name.removesuffix("ar"))


def date_of(text: str) -> date | None:
    """A day as people and spreadsheets write it: 24.1.2027, 24.01.2027, 2027-01-24."""
    for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def yes_or_no(text: str) -> bool | None:
    """Yes or no in three languages, as spreadsheets write them, or a cross; None when it is neither."""
    word = folded(text) or text
    return True if word in _YES else False if word in _NO else None


def near(text: str, known: Mapping[str, str]) -> list[str]:
    """At most three of what is known (folded text → how it is said) that are like the text, likest first."""
    alike = get_close_matches(folded(text), known, n=2 * _NEAR, cutoff=0.75)
    begun = [name for name in known if len(text) > 2 and name.startswith(folded(text))]
    return list(dict.fromkeys(known[name] for name in [*alike, *begun]))[:_NEAR]
