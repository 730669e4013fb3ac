"""What experts tell of themselves and when they can come. Every verb locks the person first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import delete, select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.applications import ExpertProfileChanged, ExpertTimesChanged
from kierto.experts import queries
from kierto.experts.answers import Hours, joined
from kierto.experts.models import AvailableHours, AwayDates, ExpertMunicipality
from kierto.experts.rules import AWAY_FUTURE
from kierto.people.models import Expert, Person
from kierto.units.rules import UNIT_HOURS_IN_ORDER


@dataclass(frozen=True)
class Profile:
    """What an expert tells of themself. Municipalities by their Finnish names, none: anywhere; languages by code.

    `own_words`: None leaves them as they are: they may not have been shown.
    """

    municipalities: Sequence[str] = ()
    languages: Sequence[str] = ()
    home_base: str = ""
    training: str = ""
    fee_wish: str = ""
    own_words: str | None = None


@dataclass(frozen=True)
class Limits:
    """Limits, not wishes; None: no limit. `earliest_start` on Helsinki's clocks, the meetings and euros a month."""

    earliest_start: time | None = None
    longest_minutes: int | None = None
    most_meetings: int | None = None
    most_euros: int | None = None


def write_profile(actor: Actor, expert: Expert, profile: Profile) -> None:
    """Write what the expert tells of themself, instead of all before."""
    lock_one(Person, expert.person_id)
    expert.languages = list(profile.languages)
    expert.home_base = profile.home_base or None
    expert.training = profile.training or None
    expert.fee_wish = profile.fee_wish or None
    if profile.own_words is not None:
        expert.own_words = profile.own_words.encode() or None
    session.execute(delete(ExpertMunicipality).where(ExpertMunicipality.expert_id == expert.id))
    session.add_all(
        ExpertMunicipality(organisation_id=expert.organisation_id, expert_id=expert.id, municipality=name)
        for name in sorted(set(profile.municipalities))
    )
    record(actor, expert, ExpertProfileChanged())


def write_own_words(actor: Actor, expert: Expert, text: str) -> None:
    """Write, or with an empty text delete, what the expert says in their own words."""
    lock_one(Person, expert.person_id)
    expert.own_words = text.strip().encode() or None
    record(actor, expert, ExpertProfileChanged())


def write_limits(actor: Actor, expert: Expert, limits: Limits) -> None:
    """Write the expert's limits, instead of all before."""
    lock_one(Person, expert.person_id)
    expert.earliest_start = limits.earliest_start
    expert.longest_minutes = limits.longest_minutes
    expert.most_meetings = limits.most_meetings
    expert.most_euros = limits.most_euros
    record(actor, expert, ExpertTimesChanged())


def replace_hours(actor: Actor, expert: Expert, hours: Iterable[Hours]) -> None:
    """Write when in a week the expert can come, instead of all before; hours of a day that touch become one.

    Raises:
        Refused: unit-hours-in-order.
    """
    lock_one(Person, expert.person_id)
    days: dict[int, list[tuple[time, time]]] = {}
    for weekday, start, end in hours:
        if start >= end:
            raise Refused(UNIT_HOURS_IN_ORDER, field="until_at")
        days.setdefault(weekday, []).append((start, end))
    session.execute(delete(AvailableHours).where(AvailableHours.expert_id == expert.id))
    session.add_all(
        AvailableHours(
            organisation_id=expert.organisation_id, expert_id=expert.id, weekday=weekday, from_at=start, until_at=end
        )
        for weekday, spans in days.items()
        for start, end in joined(spans)
    )
    record(actor, expert, ExpertTimesChanged())


def add_hours(actor: Actor, expert: Expert, hours: Iterable[Hours]) -> None:
    """Add to when in a week the expert can come.

    Raises:
        Refused: unit-hours-in-order.
    """
    lock_one(Person, expert.person_id)
    known = [Hours(one.weekday, one.from_at, one.until_at) for one in queries.hours_of(expert.id)]
    replace_hours(actor, expert, [*known, *hours])


def remove_hours(actor: Actor, expert: Expert, hours_id: int) -> None:
    """Take one of the weekly hours away; one that is gone already is no fault."""
    lock_one(Person, expert.person_id)
    row = session.scalar(
        select(AvailableHours).where(AvailableHours.expert_id == expert.id, AvailableHours.id == hours_id)
    )
    _take_away(actor, expert, row)


def add_away(actor: Actor, expert: Expert, from_on: date, until_on: date) -> None:
    """Add days on which the expert cannot come, the last one included; no reason is asked. Twice changes nothing.

    Raises:
        Refused: unit-hours-in-order; away-future.
    """
    lock_one(Person, expert.person_id)
    if until_on < from_on:
        raise Refused(UNIT_HOURS_IN_ORDER, field="until_on")
    if until_on < clock.today():
        raise Refused(AWAY_FUTURE, field="until_on")
    if any((one.from_on, one.until_on) == (from_on, until_on) for one in queries.away_of(expert.id)):
        return
    session.add(
        AwayDates(organisation_id=expert.organisation_id, expert_id=expert.id, from_on=from_on, until_on=until_on)
    )
    record(actor, expert, ExpertTimesChanged())


def remove_away(actor: Actor, expert: Expert, away_id: int) -> None:
    """Take such days away; those that are gone already are no fault."""
    lock_one(Person, expert.person_id)
    row = session.scalar(select(AwayDates).where(AwayDates.expert_id == expert.id, AwayDates.id == away_id))
    _take_away(actor, expert, row)


def _take_away(actor: Actor, expert: Expert, row: AvailableHours | AwayDates | None) -> None:
    if row is not None:
        session.delete(row)
        session.flush()
        record(actor, expert, ExpertTimesChanged())
