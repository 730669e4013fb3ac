"""The demo region, filled through the actions that people use, each at the time when they would have used it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from kierto import clock
from kierto.actor import SYSTEM, Actor, Membership, Role
from kierto.database import session, writing
from kierto.demo import fees
from kierto.demo.days import working_hour
from kierto.demo.mail import deliver
from kierto.demo.obstacles import answer_about_lists, tell_of_buttons, tell_of_lists
from kierto.demo.people import PEOPLE
from kierto.demo.places import COAST, HELSINKI, ORGANISATIONS, REACH, RETIRED, UNITS
from kierto.demo.register import APPLICANTS, add_twice, apply, keep
from kierto.demo.staff import invite_more, set_mail_domains
from kierto.demo.story import Tour, Visit, Wish, tours
from kierto.demo.units import add_units
from kierto.meetings.models import Meeting
from kierto.people import queries as people
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.people.models import Person
from kierto.practices.actions import agree_practice, answer_adoption, draft_practice, write_text
from kierto.practices.models import Practice
from kierto.practices.rules import Answer
from kierto.rounds.actions import RoundPlan, choose_units, create_round, open_round
from kierto.rounds.booking import book_stop, move_stop
from kierto.rounds.lifecycle import close_round
from kierto.rounds.models import Round, Stop
from kierto.rounds.swapping import ask_swap
from kierto.seats.actions import take_seat
from kierto.seats.rules import SeatRole
from kierto.settings import Settings
from kierto.sign_in.actions import Device, ask
from kierto.units import queries as units
from kierto.units.actions import add_organisation, allow_weak_reading, change_reach
from kierto.units.models import Organisation

COORDINATORS = {HELSINKI: "maarit", COAST: "camilla"}
"""Who decides for an organisation."""

BOOKED_BEFORE = timedelta(days=13)
"""How long before a meeting its host contact books it."""

PREPARED = timedelta(days=21)
"""How long before its first meeting a round is opened."""

CLOSED_AFTER = timedelta(days=21)
"""How long after its last meeting a round is closed."""


class Step(NamedTuple):
    """Something that somebody did at an instant."""

    at: datetime
    do: Callable[[], None]


class Region:
    """The region while it is being made: the ids of everything by the names that the story uses."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.organisations: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def actor(self, name: str) -> Actor:
        """The person as they are known now."""
        return people.actor_for(session.get_one(Person, self.people[name]))

    def contact(self, unit: str) -> Actor:
        """The unit's host contact."""
        return self.actor(
            next(name for name, one in PEOPLE.items() if one.unit == unit and one.role is Role.HOST_CONTACT)
        )

    def hour(self, day: date, at: time) -> datetime:
        """When somebody did something on a day, or on the next open one; always in the past."""
        return working_hour(day, at, self.now)


def fill(settings: Settings) -> None:
    """Fill an empty database; each step is committed by itself, as it was in life."""
    now = clock.now()
    region = Region(now)
    plans = tours(now)
    beginning = min(visit.day for tour in plans for visit in tour.visits)
    steps = [Step(clock.instant(beginning, time(9)) - 3 * PREPARED, lambda: _people_and_places(region))]
    steps += _fees(region, clock.local(steps[0].at).date(), clock.local(now).date())
    for tour in plans:
        steps += Telling(region, tour).steps()
    steps.append(Step(now - timedelta(days=2), partial(_invite_more, region)))
    steps.append(Step(now - timedelta(days=20), partial(_keep_register, region)))
    steps.append(Step(now - timedelta(days=3), partial(_add_twice, region)))
    for days, applicant in enumerate(reversed(APPLICANTS), start=1):
        steps.append(Step(now - timedelta(days=4 * days), partial(_apply, region, applicant)))
    steps += _obstacles(region, now)
    steps.append(Step(now - timedelta(hours=2), partial(_ask_with_a_silent_number, settings)))
    for step in sorted(steps, key=lambda step: step.at):
        with clock.at(step.at):
            with writing():
                step.do()
            deliver(settings)


def _obstacles(region: Region, now: datetime) -> Iterator[Step]:
    """Two obstacles that were told of, one of them answered."""
    yield Step(now - timedelta(days=18), lambda: tell_of_lists(region.organisations[HELSINKI]))
    yield Step(
        now - timedelta(days=15),
        lambda: answer_about_lists(region.actor("maarit"), region.organisations[HELSINKI]),
    )
    yield Step(now - timedelta(days=4), lambda: tell_of_buttons(region.organisations[HELSINKI]))


def _fees(region: Region, first: date, last: date) -> Iterator[Step]:
    """Fees are decided for the year in which the story begins, and for each one after it as it begins."""
    for year in range(first.year, last.year + 1):
        day = first if year == first.year else min(date(year, 1, 2), last)
        at = min(clock.instant(day, time(9, 30)), region.now)
        for key, coordinator in COORDINATORS.items():
            yield Step(at, partial(_decide_fees, region, key, coordinator, year))


def _decide_fees(region: Region, key: str, coordinator: str, year: int) -> None:
    fees.decide(region.actor(coordinator), session.get_one(Organisation, region.organisations[key]), key, year)


def _people_and_places(region: Region) -> None:
    for key, name in ORGANISATIONS.items():
        organisation = add_organisation(name, bilingual=True)
        change_reach(SYSTEM, organisation, REACH[key])
        region.organisations[key] = organisation.id
        region.units |= add_units(organisation, UNITS[key], RETIRED[key])
    set_mail_domains(region.organisations)
    for key, player in PEOPLE.items():
        person = add_person(
            player.name,
            email=player.email,
            phone=player.phone,
            language=player.language,
            administrator=player.role is None,
        )
        person.phone_proved_at = region.now if player.phone and not player.silent else None
        if player.silent:
            person.created_at -= timedelta(days=366)
        region.people[key] = person.id
        if player.role is Role.EXPERT and player.organisation:
            approve_expert(SYSTEM, person, region.organisations[player.organisation])
        elif player.role and player.organisation:
            unit_id = region.units[player.unit] if player.unit else None
            give_role(SYSTEM, person, region.organisations[player.organisation], player.role, unit_id)


def _keep_register(region: Region) -> None:
    by_id = {region.organisations[key]: region.actor(name) for key, name in COORDINATORS.items()}
    keep(by_id, region.people, clock.local(region.now).date())
    # Whoever tries the demo comes in by a press: in Helsinki they see what otherwise asks for a strong sign-in.
    allow_weak_reading(
        region.actor("timo"),
        session.get_one(Organisation, region.organisations[HELSINKI]),
        "Kokeiluversio: ihmiset ovat keksittyjä.",
    )


def _apply(region: Region, told: dict[str, object]) -> None:
    apply(region.organisations[HELSINKI], **told)


def _add_twice(region: Region) -> None:
    add_twice(region.actor("joonas"), region.organisations[HELSINKI])


def _ask_with_a_silent_number(settings: Settings) -> None:
    """Somebody wants to sign in with a number that nobody has reached for long: the desk asks for a call."""
    phone = next(player.phone for player in PEOPLE.values() if player.silent)
    ask(phone or "", "fi", Device("demo", "demo"), settings.secret_key)


def _invite_more(region: Region) -> None:
    unit = Membership(region.organisations[HELSINKI], Role.STAFF, region.units["koivukallio"])
    invite_more(region.contact("koivukallio"), region.actor("maarit"), unit)


class Telling:
    """One round's story as steps; keeps the ids of what they have made, by unit."""

    def __init__(self, region: Region, tour: Tour) -> None:
        self.region = region
        self.tour = tour
        self.round_id = 0
        self.stops: dict[str, int] = {}
        self.meetings: dict[str, int] = {}
        self.practices: dict[str, int] = {}

    def steps(self) -> Iterator[Step]:
        """Everything that happened in the round."""
        opened = self.region.hour(self.tour.visits[0].day - PREPARED, time(10))
        yield Step(opened, self._open)
        for visit in self.tour.visits:
            booked = max(opened, self.region.hour(visit.day - BOOKED_BEFORE, time(11))) + timedelta(minutes=5)
            yield Step(booked, partial(self._book, visit))
            taken = [(name, SeatRole.HOST_STAFF) for name in visit.staff]
            taken += [(name, SeatRole.EXPERT) for name in visit.experts]
            for number, (name, role) in enumerate(taken, start=1):
                yield Step(booked + timedelta(minutes=4 * number), partial(self._take_seat, visit, name, role))
            if visit.moved_from is not None:
                yield Step(booked + timedelta(minutes=30), partial(self._move, visit))
            if visit.practice is not None:
                begun = clock.instant(visit.day, visit.at)
                yield Step(begun + timedelta(minutes=60), partial(self._draft, visit))
                yield Step(begun + timedelta(minutes=75), partial(self._agree, visit))
                for unit, (days, answer, words) in visit.practice.answers.items():
                    answered = self.region.hour(visit.day + timedelta(days=days), time(14))
                    yield Step(answered, partial(self._answer, visit, unit, answer, words))
        if self.tour.wish is not None:
            yield Step(self.region.now - timedelta(minutes=20), partial(self._ask_swap, self.tour.wish))
        if self.tour.closed:
            yield Step(self.region.hour(self.tour.visits[-1].day + CLOSED_AFTER, time(15)), self._close)

    def _close(self) -> None:
        close_round(self.region.actor(self.tour.coordinator), session.get_one(Round, self.round_id))

    def _open(self) -> None:
        tour = self.tour
        coordinator = self.region.actor(tour.coordinator)
        plan = RoundPlan(
            name=tour.name,
            theme_id=next(theme.id for theme in units.themes() if theme.code == tour.theme),
            from_on=tour.visits[0].day - timedelta(days=7),
            until_on=tour.visits[-1].day + timedelta(days=120),
            minutes=tour.minutes,
            mix_experts=tour.mix_experts,
            mix_staff=1,
            seats=tour.seats,
            gap_days=tour.gap_days,
            interest_days=tour.interest_days,
            public=tour.public,
        )
        round_ = create_round(coordinator, self.region.organisations[tour.organisation], plan)
        names = [*(visit.unit for visit in tour.visits), *tour.waiting]
        choose_units(coordinator, round_, [self.region.units[name] for name in names])
        open_round(coordinator, round_)
        self.round_id = round_.id
        self.stops = {name: stop.id for name, stop in zip(names, round_.stops, strict=True)}

    def _book(self, visit: Visit) -> None:
        stop = session.get_one(Stop, self.stops[visit.unit])
        on, at = visit.moved_from or (visit.day, visit.at)
        self.meetings[visit.unit] = book_stop(self.region.contact(visit.unit), stop, on, at, override=True).id

    def _move(self, visit: Visit) -> None:
        stop = session.get_one(Stop, self.stops[visit.unit])
        move_stop(self.region.contact(visit.unit), stop, visit.day, visit.at, override=True)

    def _ask_swap(self, wish: Wish) -> None:
        stop, other = (session.get_one(Stop, self.stops[unit]) for unit in (wish.unit, wish.other))
        ask_swap(self.region.contact(wish.unit), stop, other, wish.words, override=True)

    def _take_seat(self, visit: Visit, name: str, role: SeatRole) -> None:
        actor = self.region.actor(name)
        take_seat(actor, session.get_one(Meeting, self.meetings[visit.unit]), self.region.people[name], role)

    def _draft(self, visit: Visit) -> None:
        assert visit.practice is not None
        contact, (first, *others) = self.region.contact(visit.unit), visit.practice.texts
        practice = draft_practice(contact, session.get_one(Meeting, self.meetings[visit.unit]), first)
        for text in others:
            write_text(contact, practice, text)
        self.practices[visit.unit] = practice.id

    def _agree(self, visit: Visit) -> None:
        assert visit.practice is not None
        practice = session.get_one(Practice, self.practices[visit.unit])
        experts, workers = visit.practice.experts, visit.practice.workers
        agree_practice(self.region.contact(visit.unit), practice, experts=experts, workers=workers)

    def _answer(self, visit: Visit, unit: str, answer: Answer, words: str) -> None:
        practice = session.get_one(Practice, self.practices[visit.unit])
        arrived = next(one for one in practice.adoptions if one.unit_id == self.region.units[unit])
        answer_adoption(self.region.contact(unit), arrived, answer, words)
