"""What an expert's limits may be, for the forms that ask for them: applying, and one's own page."""

from datetime import time
from typing import Any

from kierto.words import gettext, ngettext

_STARTS = ("09:00", "10:00", "11:00", "12:00", "13:00", "14:00")
_LENGTHS = (60, 90, 120, 180)
_MOST = (1, 2, 3, 4, 6, 8)


def offer_limits(form: Any) -> None:
    """Fill the three lists of a form; the first choice of each is no limit, and what it holds is one of them."""
    none = gettext("No limit")
    starts = sorted({*_STARTS, form.earliest_start.data or ""} - {""})
    lengths = sorted({*_LENGTHS, form.longest_minutes.data or 0} - {0})
    most = sorted({*_MOST, form.most_meetings.data or 0} - {0})
    form.earliest_start.choices = [("", none), *((one, hour(one)) for one in starts)]
    form.longest_minutes.choices = [("0", none), *((str(one), length(one)) for one in lengths)]
    form.most_meetings.choices = [("0", none), *((str(one), str(one)) for one in most)]


def hour(text: str | time) -> str:
    """A time of day on Helsinki's clocks: "9.00"."""
    at = text if isinstance(text, time) else time.fromisoformat(text)
    return f"{at.hour}.{at:%M}"


def length(minutes: int) -> str:
    """How long a meeting is: "2 hours", "90 minutes"."""
    if minutes % 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
