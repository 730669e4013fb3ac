"""What organisations pay experts for meetings: rates by year, each organisation's own. Sums are in cents."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.events.actions import record
from kierto.events.catalogue.units import FeeRateSet
from kierto.units.models import FeeRate, Organisation


@dataclass(frozen=True)
class Rates:
    """What an organisation has decided for a year; `late_hours` before the start a cancellation is a late one."""

    fee_cents: int
    cancellation_cents: int
    late_hours: int
    travel_paid: bool
    paid_by: str


def set_rates(actor: Actor, organisation: Organisation, year: int, rates: Rates) -> FeeRate:
    """Decide the rates of a year. What was agreed on seats before stays as it was (fee-before-yes).

    Saying the same again changes nothing. The organisation's lock guards its rates.
    """
    lock_one(Organisation, organisation.id)
    kept = _of_year(organisation.id, year)
    if kept is None:
        kept = FeeRate(organisation_id=organisation.id, year=year, **vars(rates))
        session.add(kept)
    elif vars(rates) == {name: getattr(kept, name) for name in vars(rates)}:
        return kept
    for name, value in vars(rates).items():
        setattr(kept, name, value)
    session.flush()
    record(actor, organisation, FeeRateSet(year=year))
    return kept


def rate_of(organisation_id: int, year: int) -> FeeRate | None:
    """What the organisation pays for a meeting in the year: the latest rates decided for it or a year before.

    Rates go on until new ones are decided. None when it has never decided any.
    """
    return session.scalar(
        select(FeeRate)
        .where(FeeRate.organisation_id == organisation_id, FeeRate.year <= year)
        .order_by(FeeRate.year.desc())
        .limit(1)
    )


def rates_of(organisation: Organisation) -> Sequence[FeeRate]:
    """Every year's rates of the organisation, the latest year first."""
    return session.scalars(
        select(FeeRate).where(FeeRate.organisation_id == organisation.id).order_by(FeeRate.year.desc())
    ).all()


def years_to_set() -> Sequence[int]:
    """The years whose rates can be decided now: this one and the next."""
    this = clock.today().year
    return (this, this + 1)


def _of_year(organisation_id: int, year: int) -> FeeRate | None:
    return session.scalar(select(FeeRate).where(FeeRate.organisation_id == organisation_id, FeeRate.year == year))
