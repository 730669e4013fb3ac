"""Hosting hours as people write them: "9–11, 13–16.30" for a day."""

import re
from collections.abc import Iterable
from datetime import time

from kierto.units.rules import Hours

_TIME = r"(\d{1,2})(?:[.:](\d{2}))?"
_SPAN = re.compile(rf"(?:klo|kl\.?)?\s*{_TIME}\s*(?:[-–—]|\s)\s*{_TIME}", re.IGNORECASE)


def read(weekday: int, text: str) -> list[Hours]:
    """The stretches of the day that the text gives, in its order; an empty text gives none.

    Raises:
        ValueError: it is not understood.
    """
    parts = [part.strip() for part in re.split(r"[,;]|\bja\b|\boch\b|\band\b", text)]
    return [_span(weekday, part) for part in parts if part]


def written(hours: Iterable[Hours]) -> str:
    """The stretches of one day as `read` takes them: "9–11, 13–16.30"."""
    return ", ".join(f"{_clock(one.from_at)}–{_clock(one.until_at)}" for one in sorted(hours))


def _span(weekday: int, text: str) -> Hours:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    start, end = (time(int(hour), int(minute or 0)) for hour, minute in (found.group(1, 2), found.group(3, 4)))
    return Hours(weekday, start, end)


def _clock(at: time) -> str:
    return f"{at.hour}.{at.minute:02}" if at.minute else str(at.hour)
