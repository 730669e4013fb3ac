"""A small world for chance to play in: four units, two rounds over them, experts with limits, workers, one coordinator.

It is made on the cast's database, beside what the cast has made: the checker looks at all of it.
"""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor, Role
from kierto.database import session, writing
from kierto.experts.models import AwayDates, ExpertMunicipality, ExpertTheme
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.people.models import Expert, ExpertState
from kierto.rounds.actions import choose_units, create_round, open_round
from kierto.rounds.models import Round
from kierto.units.actions import add_unit
from kierto.units.fees import Rates, set_rates
from kierto.units.models import Service, Theme
from kierto.words import Localised
from tests.cast import Cast, plan

FIRST, LAST = date(2027, 1, 11), date(2027, 2, 26)


@dataclass(frozen=True)
class World:
    """Ids of what there is. `people` are those who may come: experts and workers."""

    coordinator: Actor
    organisation_id: int
    units: list[int]
    rounds: list[int]
    experts: list[int]
    people: list[int]


def rates(euros: int) -> Rates:
    return Rates(euros * 100, 2000, 24, travel_paid=True, paid_by="Palkanlaskenta")


def make_world(cast: Cast) -> World:
    """`clock.now()` is when it is made."""
    with writing():
        coordinator = Actor(person_id=cast.id("coordinator"))
        organisation = cast.organisation.load()
        set_rates(coordinator, organisation, clock.today().year, rates(60))
        unit = add_unit(
            SYSTEM,
            organisation.id,
            Localised("Tapiolan mielenterveystalo"),
            service_id=session.scalars(select(Service.id).where(Service.code == "health-centre")).one(),
            municipality="Espoo",
            street_address="Kulttuuriaukio 2",
        )
        session.flush()
        units = [cast.unit.id, cast.other_unit.id, cast.third_unit.id, unit.id]
        workers = [cast.id(name) for name in ("host", "staff", "other_host", "worker")]
        workers += [_worker(organisation.id, unit_id, number) for number, unit_id in enumerate(units[1:])]
        experts = [cast.id(name) for name in ("expert", "other_expert", "third_expert")]
        experts += _experts(organisation.id, units)
    rounds = [
        _round(coordinator, cast.organisation.id, units, "Ensin tulleet", seats=3, gap_days=2),
        _round(coordinator, cast.organisation.id, units[1:], "Kiinnostuneet", seats=4, mix_experts=2, interest_days=2),
    ]
    return World(coordinator, cast.organisation.id, units, rounds, experts, [*experts, *workers])


def _worker(organisation_id: int, unit_id: int, number: int) -> int:
    person = add_person(f"Työntekijä {number}", email=f"tyontekija-{number}@kierto.test")
    give_role(SYSTEM, person, organisation_id, Role.STAFF, unit_id)
    return person.id


def _experts(organisation_id: int, units: list[int]) -> list[int]:
    """One whom only a call reaches, one who works in a unit, and some with limits, reach, days away and background."""
    made: list[Expert] = []
    for number in range(6):
        email = None if number == 0 else f"kokenut-{number}@kierto.test"
        made.append(approve_expert(SYSTEM, add_person(f"Kokenut {number}", email=email), organisation_id))
    session.flush()
    _by_phone, works, late, near, away, few = made
    give_role(SYSTEM, works.person, organisation_id, Role.STAFF, units[1])
    late.earliest_start = time(12)
    few.most_meetings, few.longest_minutes = 1, 120
    near_home = ExpertMunicipality(organisation_id=organisation_id, expert_id=near.id, municipality="Helsinki")
    days = AwayDates(
        organisation_id=organisation_id, expert_id=away.id, from_on=date(2027, 1, 18), until_on=date(2027, 1, 20)
    )
    theme_id = session.scalars(select(Theme.id).where(Theme.code == "encounter")).one()
    known = session.scalars(select(Expert).where(Expert.organisation_id == organisation_id, Expert.id != works.id))
    background = [
        ExpertTheme(organisation_id=organisation_id, expert_id=one.id, theme_id=theme_id)
        for one in known
        if one.state is ExpertState.APPROVED
    ]
    session.add_all([near_home, days, *background])
    session.flush()
    return [one.person_id for one in made]


def _round(actor: Actor, organisation_id: int, units: list[int], name: str, **changed: object) -> int:
    with writing():
        round_: Round = create_round(actor, organisation_id, plan(name, FIRST, LAST, **{"gap_days": 0} | changed))
        choose_units(actor, round_, units)
        open_round(actor, round_)
        return round_.id
