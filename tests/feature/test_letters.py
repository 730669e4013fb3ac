"""Every letter about rounds, meetings and seats: who gets it, in which words, as a mail and as a text message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select, update

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import reading, session, writing
from kierto.events.actions import record
from kierto.events.catalogue import EventData
from kierto.events.catalogue.meetings import (
    ExpertsInvited,
    ExpertsReminded,
    MeetingAskedHappened,
    MeetingBooked,
    MeetingCancelled,
    MeetingConfirmed,
    MeetingHeldAnyway,
    MeetingLapsed,
    MeetingMixLost,
    MeetingMixMissing,
    MeetingMoved,
    MeetingReminded,
    VisitorsInvited,
)
from kierto.events.catalogue.rounds import RoundOpened, StopAdded, StopTakenBack, SwapAsked, SwapDeclined, SwapDone
from kierto.events.catalogue.seats import FacilitatorNamed, SeatGiven, SeatNotGiven, SeatOffered
from kierto.events.models import QueuedEvent, Subject
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages import actions
from kierto.messages.letters import LETTERS, meetings, rounds, seats
from kierto.messages.models import Message
from kierto.messages.rendering import rendered
from kierto.messages.sms import Sms
from kierto.people.models import Person
from kierto.rounds.models import StopSwap, SwapState
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from kierto.words import LANGUAGES
from tests.cast import NAMES, Cast, Thing
from tests.sms import parts

Happened = tuple[Subject, EventData]

MINE = meetings.LETTERS.keys() | rounds.LETTERS.keys() | seats.LETTERS.keys()


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    """Nobody waits for a message of what the cast has done."""
    with writing():
        for row in session.scalars(select(QueuedEvent)):
            session.delete(row)


def seat_of(cast: Cast, name: str, meeting: Thing[Meeting], state: SeatState, role: SeatRole = SeatRole.EXPERT) -> Seat:
    """The seat of one of the cast, in that state whatever it was; inside `writing()`."""
    own = select(Seat).where(Seat.meeting_id == meeting.id, Seat.person_id == cast.id(name))
    seat = session.scalar(own)
    if seat is None:
        seat = Seat(
            organisation_id=cast.organisation.id,
            meeting_id=meeting.id,
            person_id=cast.id(name),
            created_at=clock.now(),
            role=role,
            state=state,
        )
        session.add(seat)
    seat.state, seat.role = state, role
    session.flush()
    return seat


def _invited(cast: Cast) -> Happened:
    for name in ("expert", "other_expert"):
        seat_of(cast, name, cast.proposed, SeatState.INVITED)
    seat_of(cast, "third_expert", cast.proposed, SeatState.DECLINED)
    return cast.proposed.load(), ExpertsInvited(count=2)


def _visitors(cast: Cast) -> Happened:
    seat_of(cast, "staff", cast.proposed, SeatState.INVITED, SeatRole.VISITING_STAFF)
    return cast.proposed.load(), VisitorsInvited(unit_id=cast.unit.id)


def _offered(cast: Cast) -> Happened:
    seat = seat_of(cast, "other_expert", cast.proposed, SeatState.OFFERED)
    seat.offered_until = clock.now() + timedelta(days=2)
    return seat, SeatOffered(meeting_id=cast.proposed.id, until=seat.offered_until)


def _given(cast: Cast) -> Happened:
    seat = seat_of(cast, "other_expert", cast.proposed, SeatState.ACCEPTED)
    return seat, SeatGiven(meeting_id=cast.proposed.id, role="expert")


def _not_given(cast: Cast) -> Happened:
    seat = seat_of(cast, "other_expert", cast.proposed, SeatState.WAITING)
    return seat, SeatNotGiven(meeting_id=cast.proposed.id, role="expert")


def _facilitator(cast: Cast) -> Happened:
    seat = seat_of(cast, "staff", cast.proposed, SeatState.ACCEPTED, SeatRole.FACILITATOR)
    return seat, FacilitatorNamed(meeting_id=cast.proposed.id)


def _meeting(data: EventData) -> Callable[[Cast], Happened]:
    return lambda cast: (cast.confirmed.load(), data)


def _moved(cast: Cast) -> Happened:
    meeting = cast.confirmed.load()
    seat_of(cast, "expert", cast.confirmed, SeatState.RECONFIRM)
    seat_of(cast, "other_expert", cast.confirmed, SeatState.WAITING)
    seat_of(cast, "third_expert", cast.confirmed, SeatState.INVITED)
    before = meeting.starts_at - timedelta(days=1)
    return meeting, MeetingMoved(before_at=before, starts_at=meeting.starts_at, asked_again=1)


def _cancelled(cast: Cast) -> Happened:
    meeting = cast.confirmed.load()
    seat_of(cast, "third_expert", cast.confirmed, SeatState.INVITED)
    meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    meeting.cancel_reason = "Sairastumisia"
    return meeting, MeetingCancelled(late=True)


def _lapsed(cast: Cast) -> Happened:
    meeting = cast.confirmed.load()
    meeting.confirmed_at = None
    meeting.starts_at = clock.now() - timedelta(minutes=1)
    meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    return meeting, MeetingLapsed()


def _near(data: EventData) -> Callable[[Cast], Happened]:
    def scene(cast: Cast) -> Happened:
        meeting = cast.confirmed.load()
        meeting.starts_at, meeting.ends_at = clock.now() + timedelta(days=1), clock.now() + timedelta(days=1, hours=2)
        meeting.unit.arrival = type(meeting.unit.arrival)("Ovi on pihan puolella.")
        return meeting, data

    return scene


def _without_mix(cast: Cast) -> Happened:
    seat_of(cast, "expert", cast.confirmed, SeatState.WITHDRAWN)
    return cast.confirmed.load(), MeetingMixLost()


def _swap(state: SwapState, data: type[SwapAsked] | type[SwapDone] | type[SwapDeclined]) -> Callable[[Cast], Happened]:
    def scene(cast: Cast) -> Happened:
        asking, asked = cast.proposed_stop.load(), cast.confirmed_stop.load()
        assert asking.meeting is not None
        assert asked.meeting is not None
        swap = StopSwap(
            organisation_id=cast.organisation.id,
            asking_stop_id=asking.id,
            asked_stop_id=asked.id,
            asking_starts_at=asking.meeting.starts_at,
            asked_starts_at=asked.meeting.starts_at,
            state=state,
            words="Meillä on silloin muutto.",
            asked_at=clock.now(),
        )
        session.add(swap)
        session.flush()
        return swap, data(unit_id=cast.other_unit.id, asked_unit_id=cast.third_unit.id)

    return scene


SCENES: Mapping[str, tuple[Callable[[Cast], Happened], set[str]]] = {
    RoundOpened.kind: (lambda cast: (cast.spring.load(), RoundOpened()), {"host"}),
    StopAdded.kind: (
        lambda cast: (cast.stop.load(), StopAdded(round_id=cast.spring.id, unit_id=cast.unit.id)),
        {"host"},
    ),
    StopTakenBack.kind: (
        lambda cast: (cast.stop.load(), StopTakenBack(round_id=cast.spring.id, unit_id=cast.unit.id)),
        {"host"},
    ),
    SwapAsked.kind: (_swap(SwapState.ASKED, SwapAsked), {"coordinator"}),
    SwapDone.kind: (_swap(SwapState.DONE, SwapDone), {"other_host", "coordinator"}),
    SwapDeclined.kind: (_swap(SwapState.DECLINED, SwapDeclined), {"other_host"}),
    MeetingBooked.kind: (
        lambda cast: (
            cast.proposed.load(),
            MeetingBooked(cast.other_unit.id, cast.proposed.load().starts_at, cast.id("coordinator")),
        ),
        {"other_host", "coordinator"},
    ),
    ExpertsInvited.kind: (_invited, {"expert", "other_expert"}),
    VisitorsInvited.kind: (_visitors, {"staff"}),
    SeatOffered.kind: (_offered, {"other_expert"}),
    SeatGiven.kind: (_given, {"other_expert"}),
    SeatNotGiven.kind: (_not_given, {"other_expert"}),
    FacilitatorNamed.kind: (_facilitator, {"staff"}),
    MeetingConfirmed.kind: (_meeting(MeetingConfirmed()), {"expert", "worker"}),
    MeetingHeldAnyway.kind: (_meeting(MeetingHeldAnyway()), {"expert", "worker"}),
    MeetingMoved.kind: (_moved, {"expert", "other_expert", "worker"}),
    MeetingCancelled.kind: (_cancelled, {"expert", "worker"}),
    MeetingLapsed.kind: (_lapsed, {"expert", "worker"}),
    MeetingReminded.kind: (_near(MeetingReminded(days=1)), {"worker"}),
    ExpertsReminded.kind: (_near(ExpertsReminded(days=1)), {"expert"}),
    MeetingMixMissing.kind: (
        lambda cast: (cast.proposed.load(), MeetingMixMissing()),
        {"coordinator", "other_host"},
    ),
    MeetingMixLost.kind: (_without_mix, {"coordinator"}),
    MeetingAskedHappened.kind: (lambda cast: (cast.held.load(), MeetingAskedHappened()), {"host"}),
}
"""Kind → how it comes about, and who of the cast is told."""


def happen(cast: Cast, scene: Callable[[Cast], Happened], by: Actor = SYSTEM) -> list[Message]:
    """The messages that come of it."""
    with writing():
        record(by, *scene(cast))
    with writing():
        actions.fan_out(100)
    session.remove()
    with reading():
        found = list(session.scalars(select(Message).order_by(Message.person_id)))
        session.expunge_all()
    return found


def told(cast: Cast, messages: list[Message]) -> set[str]:
    return {name for name in NAMES for message in messages if message.person_id == cast.id(name)}


def written(message: Message, settings: Settings) -> EmailMessage | Sms | None:
    session.remove()
    with reading():
        return rendered(message.id, settings)


def mail_of(message: Message, settings: Settings) -> tuple[str, str, str]:
    """Subject, plain text and HTML."""
    mail = written(message, settings)
    assert isinstance(mail, EmailMessage)
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (body.get_content() if body is not None else "" for body in bodies)
    return str(mail["Subject"]), text, html


def everyone(**values: object) -> None:
    with writing():
        session.execute(update(Person).values(**values))


def only_phones() -> None:
    """Everyone has a number of their own, and no e-mail address."""
    with writing():
        for person in session.scalars(select(Person)):
            person.email, person.phone, person.phone_proved_at = None, f"+35848{person.id:07}", clock.now()


def test_every_letter_of_the_rooms_has_its_scene() -> None:
    assert SCENES.keys() == MINE
    assert LETTERS.keys() >= MINE


@pytest.mark.parametrize("kind", SCENES)
def test_who_is_told(cast: Cast, kind: str) -> None:
    scene, who = SCENES[kind]
    messages = happen(cast, scene)
    assert told(cast, messages) == who
    assert {message.kind for message in messages} == {kind}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SCENES)
def test_the_mail(cast: Cast, settings: Settings, kind: str, language: str) -> None:
    """In the person's language, with its link, alike as plain text and as HTML, and with nothing about health."""
    everyone(language=language)
    with writing():
        meeting = cast.confirmed.load()
        themes = [name for name in (meeting.theme.name.fi, meeting.theme.name.sv, meeting.theme.name.en) if name]
    for message in happen(cast, SCENES[kind][0]):
        subject, text, html = mail_of(message, settings)
        assert f'<html lang="{language}">' in html
        assert f"{settings.base_url}/" in text
        for address in (word for word in text.split() if word.startswith(settings.base_url)):
            assert address.replace("&", "&amp;") in html
        for body in (subject, text, html):
            assert not [theme for theme in themes if theme.casefold() in body.casefold()]
            assert not [wrong for wrong in ("None", "%(", "{{", "[]", "Undefined") if wrong in body]
        assert subject == " ".join(subject.split())
        assert len(subject) < 110


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SCENES)
def test_the_text_message(cast: Cast, settings: Settings, kind: str, language: str) -> None:
    """Short enough for two, in the alphabet of text messages, with a link that an ordinary address makes longer."""
    only_phones()
    everyone(language=language)
    messages = happen(cast, SCENES[kind][0])
    assert told(cast, messages) == SCENES[kind][1]
    for message in messages:
        sms = written(message, replace(settings, base_url="https://kierto.pirkanmaanhva.example.fi"))
        assert isinstance(sms, Sms)
        assert sms.language == language
        assert sms.text.startswith("Kierto")
        assert " https://kierto.pirkanmaanhva.example.fi/" in sms.text
        assert parts(sms.text) <= 2, f"{len(sms.text)}: {sms.text}"
