"""What the demonstration does not happen to have: drafts, long work, a full meeting, a region where nothing is yet."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path

from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor, Membership, Role
from kierto.actor import VISITOR as NOBODY
from kierto.app import create_app
from kierto.database import session, writing
from kierto.events.models import Event
from kierto.experts import importing as experts
from kierto.experts.answers import Step
from kierto.experts.applying import answer, begin, consent, send
from kierto.experts.busy import Span
from kierto.experts.busy_times import keep_busy
from kierto.experts.codes import claim_token, going_on_code
from kierto.experts.queries import draft_of
from kierto.jobs.actions import enqueue
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.models import Message, MessageState
from kierto.people import queries as people
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.people.inviting import invite, invitee
from kierto.people.joining import make_joining_link
from kierto.people.models import ExpertState, Person
from kierto.practices.actions import Wording, draft_practice
from kierto.practices.models import Practice
from kierto.practices.retiring import retire_unit
from kierto.privacy.models import RetentionNotice
from kierto.privacy.rules import DataKind
from kierto.rounds.actions import RoundPlan, choose_units, create_round, open_round
from kierto.rounds.booking import book_stop
from kierto.rounds.lifecycle import cancel_round, close_round
from kierto.rounds.models import Round
from kierto.rounds.skipping import skip_stop
from kierto.rounds.together import meet_together
from kierto.seats.actions import take_seat, withdraw
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from kierto.sign_in.actions import Device, new_sign_in_link
from kierto.sign_in.contacts import change_contact, confirm_new
from kierto.sign_in.models import Channel
from kierto.sign_in.passes import make_pass
from kierto.sign_in.providers import Place, Wanted, add_provider
from kierto.sign_in.tokens import answer_token, confirming_code, confirming_token, invitation_token, link_token
from kierto.statements.actions import Obstacle, send_feedback
from kierto.units import importing, importing_hours
from kierto.units.actions import add_organisation, add_unit
from kierto.units.models import Organisation, Service, Theme, Unit
from kierto.words import Localised
from tests.browser.crawl import VISITOR

SAMPLE = Path(__file__).parent.parent.parent / "kierto" / "static" / "demo" / "units-helsinki.csv"
FAULTY = b"name_fi,service,street_address,municipality\n,health centre,Katu 1,Helsinki\nAsema,bakery,Katu 2,Espoo\n"
UNHEARD = "yksikkö;viikonpäivä;alkaa;päättyy\nTuntematon;xx;25;9.5\n".encode()
PEOPLE = "nimi;sähköposti;kunta;diagnoosi\nMaija Mallikas;maija@example.fi;Porvoo;x\n".encode()
IMPORTS = (
    (importing.KIND, SAMPLE.read_bytes(), SAMPLE.name),
    (importing.KIND, FAULTY, "väärin.csv"),
    (importing_hours.KIND, UNHEARD, "tunnit.csv"),
    (experts.KIND, PEOPLE, "asiantuntijat.csv"),
)
"""Files that a worker looks through: two wait for an answer, two are to be mended."""

QUEUED = 4
"""How many more experts want a seat than there are."""


@dataclass
class Rarities:
    """Who came, by reference, and where: addresses that no link leads to, each with who may open it."""

    people: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)


def add_rarities(folder: Path) -> Rarities:
    """Add them to the instance; a worker that serves it does the long work."""
    settings = Settings.from_environ({"KIERTO_INSTANCE": str(folder)})
    rare = Rarities()
    with create_app(settings).app_context():
        with writing():
            organisation = session.scalars(select(Organisation).order_by(Organisation.id).limit(1)).one()
            coordinator = _somebody(organisation, rare)
            draft, rounds = _drafts(people.actor_for(coordinator), organisation)
            rare.addresses += [(coordinator.ref, f"/rounds/{round_.ref}") for round_ in rounds]
            rare.addresses.append((coordinator.ref, f"/practices/{draft.ref}"))
            for kind, content, name in IMPORTS:
                job = enqueue(people.actor_for(coordinator), organisation.id, kind, {}, content, name)
                rare.addresses.append((coordinator.ref, f"/jobs/{job.ref}"))
            _empty_region(rare)
            link = new_sign_in_link(coordinator)
            rare.addresses.append((VISITOR, f"/sign-in/{link_token(link, settings.secret_key)}"))
            _ways_in(coordinator, organisation, settings.secret_key, rare)
            _ways_into_a_unit(coordinator, organisation, settings.secret_key, rare)
            _ends_and_faults(organisation, rare)
            _applications(organisation, settings.secret_key, rare)
            _addresses_to_confirm(coordinator, organisation, settings.secret_key, rare)
        with writing():
            _unit_that_ended(coordinator, organisation, rare)
            _looked_after(coordinator, organisation, rare)
        _rounds_of_every_kind(coordinator, organisation, rare)
        _full_meeting(organisation, settings.secret_key, rare)
    return rare


def _somebody(organisation: Organisation, rare: Rarities) -> Person:
    person = add_person("Kerttu Koordinaattori")
    give_role(SYSTEM, person, organisation.id, Role.COORDINATOR)
    rare.people.append(person.ref)
    return person


def _addresses_to_confirm(coordinator: Person, organisation: Organisation, secret_key: str, rare: Rarities) -> None:
    """Somebody who changes both addresses at once: one new end is confirmed, no old one is."""
    person = add_person("Vaihto Vaihtaja", email="vanha@kierto.test", phone="+358480000003")
    approve_expert(SYSTEM, person, organisation.id)
    me = people.actor_for(person)
    device = Device("192.0.2.1", "tests")
    email = change_contact(me, Channel.EMAIL, "uusi@kierto.test", device, secret_key)
    phone = change_contact(me, Channel.SMS, "+358480000004", device, secret_key)
    confirm_new(me, phone, confirming_code(phone, secret_key), secret_key)
    rare.people.append(person.ref)
    rare.addresses += [
        (person.ref, "/me/contact/email"),
        (person.ref, "/me/contact/email/code"),
        (VISITOR, f"/contact/{confirming_token(email, secret_key)}"),
        (coordinator.ref, f"/calls/{person.ref}"),
    ]


def _unit_that_ended(coordinator: Person, organisation: Organisation, rare: Rarities) -> None:
    """A unit that ended just now, so that it can be taken back; no link leads to it but from a search."""
    service = session.scalars(select(Service)).first()
    assert service is not None
    unit = add_unit(
        SYSTEM,
        organisation.id,
        Localised("Lakkautettu asema", "Indragen station"),
        service_id=service.id,
        municipality="Helsinki",
        street_address="Kaukotie 3",
    )
    session.flush()
    retire_unit(SYSTEM, unit, None, "Yksikkö on päättynyt.")
    rare.addresses.append((coordinator.ref, f"/units/{unit.ref}"))


def _drafts(actor: Actor, organisation: Organisation) -> tuple[Practice, list[Round]]:
    """A round without units, one with units, and a practice that is not agreed yet."""
    theme = session.scalars(select(Theme)).first()
    assert theme is not None
    rounds = [create_round(actor, organisation.id, _plan(name, theme.id)) for name in ("Tyhjä luonnos", "Luonnos")]
    session.flush()
    units = session.scalars(select(Unit).where(Unit.organisation_id == organisation.id).limit(3)).all()
    choose_units(actor, rounds[1], [unit.id for unit in units])
    held = [one for one in _meetings(organisation) if one.held]
    wording = Wording("fi", "Kahvi ennen kokousta", "Keitämme kahvia.", "Puhe alkaa helpommin.")
    return draft_practice(actor, held[-1], wording), rounds


def _rounds_of_every_kind(coordinator: Person, organisation: Organisation, rare: Rarities) -> None:
    """A round in which two units meet together, one is skipped and one booked; one cancelled; one closed early."""
    made = []
    for name in ("Yhteinen kierros", "Peruttu kierros", "Kesken jäänyt kierros"):
        with writing():
            planner = people.actor_for(coordinator)
            theme = session.scalars(select(Theme)).first()
            assert theme is not None
            in_use = (Unit.organisation_id == organisation.id, Unit.retired_on.is_(None))
            units = session.scalars(select(Unit.id).where(*in_use).limit(4)).all()
            made.append(create_round(planner, organisation.id, _plan(name, theme.id)))
            choose_units(planner, made[-1], units)
            open_round(planner, made[-1])
    with writing():
        actor = people.actor_for(coordinator)
        first, second, third, fourth = made[0].stops
        for stop, days in ((first, 40), (fourth, 61)):
            book_stop(actor, stop, clock.today() + timedelta(days=days), time(16), override=True)
    with writing():
        meet_together(actor, first, second)
    with writing():
        skip_stop(actor, third, "Yksikkö muuttaa.")
    with writing():
        cancel_round(actor, made[1], "Rahoitus loppui.")
    with writing():
        close_round(actor, made[2])
    addresses = [*(f"/rounds/{one.ref}" for one in made), f"/rounds/{made[0].ref}/swap/{fourth.unit.ref}"]
    rare.addresses += [(coordinator.ref, address) for address in addresses]


def _plan(name: str, theme_id: int) -> RoundPlan:
    today = clock.today()
    return RoundPlan(
        name=Localised(name),
        theme_id=theme_id,
        from_on=today + timedelta(days=30),
        until_on=today + timedelta(days=120),
        minutes=120,
        mix_experts=1,
        mix_staff=1,
        seats=4,
        gap_days=7,
        interest_days=0,
        public=True,
    )


def _full_meeting(organisation: Organisation, secret_key: str, rare: Rarities) -> None:
    """A meeting with a line before it and a seat offered: here come who has the offer, and who waits last."""
    with writing():
        meeting = next(one for one in _meetings(organisation) if one.open and one.state is MeetingState.CONFIRMED)
        experts = [add_person(f"Jonna Jonottaja {number}") for number in range(meeting.seats + QUEUED)]
        for person in experts:
            approve_expert(SYSTEM, person, organisation.id)
    for person in experts:
        with writing():
            take_seat(SYSTEM, meeting, person.id, SeatRole.EXPERT)
    seats = select(Seat).where(Seat.meeting_id == meeting.id, Seat.role == SeatRole.EXPERT).limit(1)
    with writing():
        withdraw(SYSTEM, session.scalars(seats.where(Seat.state == SeatState.ACCEPTED)).one())
        offered = session.scalars(seats.where(Seat.state == SeatState.OFFERED)).one()
        rare.people += [offered.person.ref, experts[-1].ref]
        for state in (SeatState.OFFERED, SeatState.ACCEPTED, SeatState.WAITING, SeatState.WITHDRAWN):
            seat = session.scalars(seats.where(Seat.state == state)).one()
            rare.addresses.append((VISITOR, f"/answer/{answer_token(seat, secret_key)}"))


def _looked_after(coordinator: Person, organisation: Organisation, rare: Rarities) -> None:
    """A meeting to come that lacks people, and somebody who could come and was not asked; one that is over."""
    meetings = _meetings(organisation)
    coming = next(one for one in meetings if one.open)
    coming.mix_staff, coming.seats = coming.mix_staff + 3, coming.seats + 3
    late = add_person("Laura Lateva", phone="+358480000009")
    approve_expert(SYSTEM, late, organisation.id)
    over = next(one for one in meetings if one.state is MeetingState.CONFIRMED and one.started)
    rare.addresses += [
        (coordinator.ref, f"/meetings/{coming.ref}"),
        (coordinator.ref, f"/meetings/{coming.ref}/decide"),
        (coordinator.ref, f"/meetings/{coming.ref}/answers?name=lateva"),
        (coordinator.ref, f"/meetings/{coming.ref}/answers/{late.ref}"),
        (coordinator.ref, f"/meetings/{coming.ref}/facilitators?name=k"),
        (coordinator.ref, f"/meetings/{over.ref}"),
        (coordinator.ref, f"/meetings/{over.ref}/happened"),
    ]


def _ways_into_a_unit(coordinator: Person, organisation: Organisation, secret_key: str, rare: Rarities) -> None:
    """Invitations of somebody new and of somebody known, and a unit's joining link."""
    actor = people.actor_for(coordinator)
    unit = session.scalars(select(Unit).where(Unit.organisation_id == organisation.id).limit(1)).one()
    to = Membership(organisation.id, Role.STAFF, unit.id)
    for address in ("uusi.tulija@kierto.example", "maarit.salmela@kierto.example"):
        made = invite(actor, invitee("Uusi Tulija", address, "fi"), to)
        rare.addresses.append((VISITOR, f"/invitation/{invitation_token(made, secret_key)}"))
    token = make_joining_link(actor, unit, 30)
    rare.addresses += [(VISITOR, f"/join/{token}"), (VISITOR, f"/join/{token}/sent")]


def _ways_in(coordinator: Person, organisation: Organisation, secret_key: str, rare: Rarities) -> None:
    """An expert with a paper pass, which their coordinator sees as well; a provider of single sign-on, out of reach."""
    person = add_person("Paavo Paperi")
    expert = approve_expert(SYSTEM, person, organisation.id)
    session.flush()
    where = Place(organisation.id, organisation.ref, organisation.name)
    add_provider(SYSTEM, where, "http://127.0.0.1:9", Wanted(Localised("Virran väki"), "kierto", "x", strong=True))
    made = make_pass(people.actor_for(person), person, "2580", secret_key)
    rare.people.append(person.ref)
    rare.addresses += [
        (VISITOR, f"/pass/{made.token}"),
        (person.ref, "/me/pass"),
        (coordinator.ref, f"/experts/{expert.ref}/pass"),
    ]


def _ends_and_faults(organisation: Organisation, rare: Rarities) -> None:
    """An expert who left and was told of the end, an obstacle that waits too long, a message that did not leave."""
    left = add_person("Lauri Lähtenyt")
    approve_expert(SYSTEM, left, organisation.id).state = ExpertState.LEFT
    now = clock.now()
    due_on = clock.today() + timedelta(days=20)
    about = {"organisation_id": organisation.id, "person_id": left.id}
    session.add(RetentionNotice(**about, kind=DataKind.EXPERTS_LEFT, due_on=due_on, told_at=now))
    with clock.at(now - timedelta(days=20)):
        send_feedback(NOBODY, Obstacle("Teksti on liian pientä.", "/practices/", organisation.id, None, "fi"))
    event_id = session.scalars(select(Event.id).limit(1)).one()
    sent = {"kind": "meeting.booked", "event_id": event_id, "subject_id": 1, "created_at": now, "next_attempt_at": now}
    fault = "550 mailbox unavailable"
    session.add(Message(**about, **sent, dedupe_key="rare", state=MessageState.FAILED, fault=fault))
    rare.people.append(left.ref)


def _applications(organisation: Organisation, secret_key: str, rare: Rarities) -> None:
    """An application to go on with, one with a known address, one that waits; somebody in two registers."""
    known = session.scalars(select(Person).where(Person.email.is_not(None)).limit(1)).one()
    made = []
    for _number in range(3):
        draft = draft_of(NOBODY, begin(NOBODY, organisation.id, "fi"))
        assert draft is not None
        consent(draft)
        made.append(draft)
    begun, claimed, waiting = made
    answer(claimed, Step.REACH, name="Hilma Hakija", email=known.email)
    send(NOBODY, claimed)
    answer(waiting, Step.REACH, name="Oili Odottaja", themes=("encounter",), themes_consent=clock.now().isoformat())
    answer(waiting, Step.NEEDS, unreachable=True, needs="Hissi", needs_consent=clock.now().isoformat())
    applicant = send(NOBODY, waiting)
    twofold = add_person("Kaija Kahdessa")
    other = session.scalars(select(Organisation).where(Organisation.id != organisation.id).limit(1)).one()
    for one in (organisation, other):
        approve_expert(SYSTEM, twofold, one.id)
    tomorrow = clock.instant(clock.today() + timedelta(days=1), time(9))
    keep_busy(people.actor_for(twofold), [Span(tomorrow, tomorrow + timedelta(hours=2))])
    rare.people += [session.get_one(Person, applicant.person_id).ref, twofold.ref]
    rare.addresses += [
        (VISITOR, f"/apply/go-on/{going_on_code(begun, secret_key)}"),
        (VISITOR, f"/apply/go-on/{begun.id}-aaaaa-aaaaa"),
        (VISITOR, f"/apply/claim/{claim_token(claimed, secret_key)}"),
        (twofold.ref, "/me/availability"),
        (twofold.ref, "/me/busy"),
        (twofold.ref, "/me/busy/remove"),
    ]


def _empty_region(rare: Rarities) -> None:
    """A coordinator and an expert of an organisation that has nothing else, and somebody with no part in any."""
    empty = add_organisation(Localised("Tyhjä hyvinvointialue"))
    coordinator, expert, outsider = add_person("Tyyne Tyhjä"), add_person("Ella Eka"), add_person("Olli Outo")
    give_role(SYSTEM, coordinator, empty.id, Role.COORDINATOR)
    approve_expert(SYSTEM, expert, empty.id)
    rare.people += [coordinator.ref, expert.ref, outsider.ref]


def _meetings(organisation: Organisation) -> list[Meeting]:
    return list(
        session.scalars(
            select(Meeting).where(Meeting.organisation_id == organisation.id).order_by(Meeting.starts_at, Meeting.id)
        )
    )
