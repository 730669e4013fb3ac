"""What a task on the desk is; kinds of tasks that have a module of their own are made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kierto import clock
from kierto.words import day, gettext

MOST = 20
"""So many tasks of one kind are shown; where there are more, the last one leads to them all."""

SOON = timedelta(days=1)
NO_HURRY = timedelta(days=30)


@dataclass(frozen=True)
class Task:
    """One thing to do: what it is about, what is known of it, and the words of the link that leads to where it is done.

    `by` is the day on which it should be done at the latest: what is first to be done stands first.
    """

    kind: str
    title: str
    detail: str
    href: str
    action: str
    by: date

    @property
    def late(self) -> bool:
        return self.by < clock.today()


def more(found: Sequence[object], title: str, href: str, by: date) -> Iterable[Task]:
    """Where there are more than are shown: what leads to them all."""
    if len(found) > MOST:
        yield Task(kind="", title=title, detail="", href=href, action=gettext("Show all"), by=by)


def day_of(at: datetime) -> str:
    """The day of an instant as people say it."""
    return day(clock.local(at).date(), today=clock.today())
