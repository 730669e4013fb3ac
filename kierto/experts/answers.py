"""What an application holds while it is being written: the answers, page by page, as one encrypted JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, time
from enum import StrEnum
from typing import Any, NamedTuple


class Step(StrEnum):
    """The pages of an application, in their order."""

    CONSENT = "consent"
    NAME = "name"
    REACH = "reach"
    THEMES = "themes"
    WHERE = "where"
    TIMES = "times"
    NEEDS = "needs"
    MORE = "more"
    CHECK = "check"


OF_THE_PERSON = (Step.NAME, Step.REACH)
"""What is not asked of who is signed in: Kierto knows it."""


ASKED_ANEW = (Step.CONSENT, Step.THEMES, Step.WHERE, Step.NEEDS, Step.MORE)
OF_ONE_ORGANISATION = (
    "consent",
    "version",
    "themes",
    "themes_consent",
    "municipalities",
    "needs",
    "needs_consent",
    "own_words",
)
"""The pages that are asked anew, and the answers that do not go along, when one applies elsewhere instead."""


class Part(StrEnum):
    """A part of the day, as people say when they can come; its hours on Helsinki's clocks."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def hours(self) -> tuple[time, time]:
        return _HOURS[self]


_HOURS = {
    Part.MORNING: (time(8), time(12)),
    Part.AFTERNOON: (time(12), time(16)),
    Part.EVENING: (time(16), time(20)),
}


class Hours(NamedTuple):
    """When in a week somebody can come; `weekday`: 1 is Monday."""

    weekday: int
    from_at: time
    until_at: time


@dataclass(frozen=True)
class Answers:
    """Every answer, empty until it is given. Consents are the ISO instants at which they were pressed."""

    seen: tuple[str, ...] = ()
    consent: str = ""
    version: int = 0
    name: str = ""
    email: str = ""
    phone: str = ""
    call_wished: bool = False
    unreachable: bool = False
    links: int = 0
    themes: tuple[str, ...] = ()
    themes_consent: str = ""
    municipalities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    earliest_start: str = ""
    longest_minutes: int = 0
    most_meetings: int = 0
    needs: str = ""
    needs_consent: str = ""
    home_base: str = ""
    training: str = ""
    own_words: str = ""

    def as_bytes(self) -> bytes:
        """JSON in UTF-8, without what is empty."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}).encode()

    @classmethod
    def of(cls, stored: bytes) -> "Answers":
        """The answers of an application's row; lists come back as tuples."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(stored).items()
            if name in known
        }
        return cls(**values)

    @property
    def reached(self) -> bool:
        """Whether it was said how the person is reached, or that they are not."""
        return bool(self.email or self.phone or self.unreachable)

    def given_at(self, consent: str) -> datetime:
        """When a consent (`consent`, `themes_consent`, `needs_consent`) was pressed."""
        return datetime.fromisoformat(getattr(self, consent))

    @property
    def hours(self) -> list[Hours]:
        """The ticked days and parts of the day as weekly hours; only days: all of the day; only parts: on weekdays."""
        if not (self.days or self.parts):
            return []
        parts = [part for part in Part if part.value in (self.parts or tuple(Part))]
        days = sorted(self.days or range(1, 6))
        return [Hours(day, *span) for day in days for span in joined(part.hours for part in parts)]


def joined(spans: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    """Spans of one day in order, those that touch or overlap made one."""
    found: list[tuple[time, time]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def steps(*, own: bool) -> tuple[Step, ...]:
    """The pages that are asked, in order; `own`: of a signed-in person who applies for themself."""
    return tuple(step for step in Step if not (own and step in OF_THE_PERSON))


def missing(answers: Answers, *, own: bool) -> Step | None:
    """The first page that must still be answered before sending; all others may be left empty."""
    if not answers.consent:
        return Step.CONSENT
    if not own and not answers.name:
        return Step.NAME
    if not own and not answers.reached:
        return Step.REACH
    return None
