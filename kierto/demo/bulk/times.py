"""When meetings in bulk are: open days around today, four starts a day, nobody in two places."""

from datetime import date, datetime, time, timedelta

from kierto.clock import instant
from kierto.meetings.rules import is_closed

BACK, AHEAD = timedelta(days=730), timedelta(days=365)
STARTS = (time(9), time(11), time(13), time(15))
LENGTHS = (60, 90, 120)
"""Minutes; none reaches into the next start."""


class Times:
    """The open days from two years ago to a year ahead, without today, and who is taken when in one organisation."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.midnight = instant(today, time.min)
        every = (today - BACK + timedelta(days=number) for number in range((BACK + AHEAD).days + 1))
        self.days = [day for day in every if day != today and not is_closed(day)]
        self._taken: set[tuple[int, int, int]] = set()

    @property
    def starts(self) -> int:
        """How many meetings one unit could have at most."""
        return len(self.days) * len(STARTS)

    def start(self, index: int, slot: int) -> datetime:
        """The instant of one of a day's starts."""
        return instant(self.days[index], STARTS[slot])

    def past(self, index: int) -> bool:
        return self.days[index] < self.today

    def free(self, who: int, index: int, slot: int) -> bool:
        return (who, index, slot) not in self._taken

    def take(self, who: int, index: int, slot: int) -> None:
        """A unit (by its negative id) or a person is somewhere at that time."""
        self._taken.add((who, index, slot))

    def clear(self) -> None:
        """The next organisation has its own people."""
        self._taken.clear()
