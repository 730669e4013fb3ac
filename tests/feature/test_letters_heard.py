"""What people hear that they did not: what is to be done, that it is said anew, that it has ended, whom to call."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.actions import record
from kierto.events.catalogue import EventData
from kierto.events.catalogue.experts import ExpertPaused
from kierto.events.catalogue.meetings import ExpertsInvited, MeetingBooked, MeetingCancelled, MeetingMoved
from kierto.events.catalogue.rounds import RoundReopened, StopTakenBack
from kierto.events.catalogue.seats import SeatAnswerRecorded, SeatNotGiven, SeatOffered, SeatWithdrawn
from kierto.meetings.models import MeetingState
from kierto.messages import actions
from kierto.messages.letters import Outdated
from kierto.messages.models import Message, MessageState
from kierto.messages.sms import Sms
from kierto.people.models import Expert
from kierto.rounds.lifecycle import cancel_round, close_round, reopen_round
from kierto.rounds.models import Stop
from kierto.rounds.skipping import skip_stop, take_back_stop
from kierto.seats.facilitating import name_facilitator, remove_facilitator
from kierto.seats.leaving import pause
from kierto.seats.recording import Reason, calls_to_make, record_call
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from tests.cast import NOW, Cast
from tests.scenes_letters import (
    SCENES,
    Happened,
    ended,
    everyone,
    happen,
    invited,
    mail_of,
    nobody_waits,
    offered,
    only_phones,
    seat_of,
    told,
    written,
)
from tests.sms import parts


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    nobody_waits()
    everyone(language="fi")


def _after(kind: str) -> list[Message]:
    """The letters of the kind, once all that has happened is told."""
    with writing():
        actions.fan_out(100)
        found = list(session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))
        session.expunge_all()
    return found


def _of(cast: Cast, messages: list[Message], name: str) -> Message:
    (own,) = [message for message in messages if message.person_id == cast.id(name)]
    return own


def _booked(state: SeatState, interest_days: int = 0) -> Callable[[Cast], Happened]:
    """The second unit's booking by a coordinator; its host's seat is in that state."""

    def scene(cast: Cast) -> Happened:
        seat_of(cast, "other_host", cast.proposed, state, SeatRole.HOST_STAFF)
        meeting = cast.proposed.load()
        meeting.interest_until = clock.now() + timedelta(days=interest_days) if interest_days else None
        return meeting, MeetingBooked(cast.other_unit.id, meeting.starts_at, cast.id("coordinator"))

    return scene


def test_a_unit_that_has_booked_reads_who_must_still_come(cast: Cast, settings: Settings) -> None:
    messages = happen(cast, _booked(SeatState.DECLINED))
    host = mail_of(_of(cast, messages, "other_host"), settings)[1]
    assert "Sinun ei tarvitse tehdä nyt mitään." not in host
    assert "Myös yksikkönne työntekijän pitää tulla kokoukseen." in host
    assert f"Kerro, kuka tulee:\n{settings.base_url}/meetings/{cast.proposed.ref}" in host
    assert "Kysy yksiköstä, kuka pääsee." in mail_of(_of(cast, messages, "coordinator"), settings)[1]


def test_a_unit_whose_worker_comes_needs_to_do_nothing(cast: Cast, settings: Settings) -> None:
    host = mail_of(_of(cast, happen(cast, _booked(SeatState.ACCEPTED)), "other_host"), settings)[1]
    assert "Sinun ei tarvitse tehdä nyt mitään." in host
    assert "työntekijän pitää tulla" not in host
    assert "Katso kokous:" in host


def test_who_comes_already_reads_that_one_more_worker_is_needed(cast: Cast, settings: Settings) -> None:
    def scene(cast: Cast) -> Happened:
        cast.proposed.load().mix_staff = 2
        return _booked(SeatState.ACCEPTED)(cast)

    host = mail_of(_of(cast, happen(cast, scene), "other_host"), settings)[1]
    assert "Yksiköstänne tarvitaan vielä toinen työntekijä." in host
    assert "Tuletko itse?" not in host


@pytest.mark.parametrize(
    ("days", "words"),
    [(7, "Kokemusasiantuntijat vastaavat viimeistään: ti 19.1. klo 10.00."), (0, "jotka vastaavat ensin.")],
)
def test_who_has_booked_reads_until_when_experts_answer(cast: Cast, settings: Settings, days: int, words: str) -> None:
    host = mail_of(_of(cast, happen(cast, _booked(SeatState.ACCEPTED, days)), "other_host"), settings)[1]
    assert words in host


def test_a_round_that_was_cancelled_and_opened_again_says_so_to_units_whose_turn_waits(
    cast: Cast, settings: Settings
) -> None:
    with writing():
        cancel_round(cast.actor("coordinator"), cast.spring.load(), "Rahat loppuivat")
    with writing():
        reopen_round(cast.actor("coordinator"), cast.spring.load())
    messages = _after(RoundReopened.kind)
    assert {"host", "other_host"} <= told(cast, messages)
    subject, text, html = mail_of(_of(cast, messages, "host"), settings)
    assert subject == "Kierros on taas auki: Kevään kierros"
    for body in (text, html):
        assert "Kierros on taas auki. Yksikkönne voi varata kokouksensa." in body
        assert f"/rounds/{cast.spring.ref}/book/{cast.unit.ref}" in body


def test_a_round_that_was_closed_and_opened_again_is_told_once(cast: Cast) -> None:
    with writing():
        for stop in session.scalars(select(Stop).where(Stop.round_id == cast.spring.id)):
            if stop.id != cast.stop.id:
                session.delete(stop)
        session.flush()
        session.expire_all()
        close_round(cast.actor("coordinator"), cast.spring.load())
    with writing():
        assert reopen_round(cast.actor("coordinator"), cast.spring.load()) == 1
    assert told(cast, _after(RoundReopened.kind)) == {"host"}
    assert _after(StopTakenBack.kind) == []


def test_a_turn_that_was_skipped_and_given_back_says_so(cast: Cast, settings: Settings) -> None:
    with writing():
        skip_stop(cast.actor("coordinator"), cast.stop.load(), "Remontti")
    with writing():
        take_back_stop(cast.actor("coordinator"), cast.stop.load())
    (message,) = _after(StopTakenBack.kind)
    subject, text, _html = mail_of(message, settings)
    assert subject == "Yksiköllänne on taas vuoro: Kevään kierros"
    assert "Yksikkönne vuoro ohitettiin aiemmin." in text


@pytest.mark.parametrize("state", [SeatState.ACCEPTED, SeatState.RECONFIRM])
def test_who_leads_a_meeting_that_moves_reads_why_they_hear_of_it(
    cast: Cast, settings: Settings, state: SeatState
) -> None:
    def scene(cast: Cast) -> Happened:
        seat_of(cast, "staff", cast.confirmed, state, SeatRole.FACILITATOR)
        return SCENES[MeetingMoved.kind][0](cast)

    text = mail_of(_of(cast, happen(cast, scene), "staff"), settings)[1]
    assert "koska sinut valittiin kokouksen vetäjäksi" in text
    assert "olet sanonut pääseväsi" not in text
    assert "aikkasi" not in text, "a facilitator has no seat"


def test_a_move_tells_when_it_was_from_beginning_to_end(cast: Cast, settings: Settings) -> None:
    messages = happen(cast, SCENES[MeetingMoved.kind][0])
    _subject, text, html = mail_of(_of(cast, messages, "worker"), settings)
    assert "Milloin: tiistai 26. tammikuuta 2027 klo 13–15\nAikaisemmin: ma 25.1. klo 13–15\n" in text
    assert "ma 25.1. klo 13–15" in html


def _cancel(cast: Cast) -> Happened:
    meeting = cast.proposed.load()
    meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    return meeting, MeetingCancelled(late=False)


def test_who_was_invited_and_has_not_answered_hears_that_the_meeting_is_cancelled(
    cast: Cast, settings: Settings
) -> None:
    happen(cast, invited)
    with writing():
        for message in session.scalars(select(Message).where(Message.kind == ExpertsInvited.kind)):
            message.state = MessageState.SENT
    messages = [one for one in happen(cast, _cancel) if one.kind == MeetingCancelled.kind]
    assert told(cast, messages) == {"expert", "other_expert", "other_host"}
    _subject, text, html = mail_of(_of(cast, messages, "expert"), settings)
    for body in (text, html):
        assert "Kokous on peruttu. Sinun ei tarvitse vastata." in body
        assert "koska sinulle lähetettiin kutsu kokoukseen" in body
        assert "tarvitse tulla" not in body


@pytest.mark.parametrize(("sent", "hears"), [(True, True), (False, False)])
def test_whose_offer_was_their_invitation_hears_that_the_meeting_is_cancelled(
    cast: Cast, sent: bool, hears: bool
) -> None:
    """They were asked before others and let it pass: they are invited like them, without another letter."""
    happen(cast, offered)
    with writing():
        seat_of(cast, "other_expert", cast.proposed, SeatState.INVITED)
        seat_of(cast, "third_expert", cast.proposed, SeatState.INVITED)
        for message in session.scalars(select(Message).where(Message.kind == SeatOffered.kind)):
            message.state = MessageState.SENT if sent else MessageState.OUTDATED
    messages = [one for one in happen(cast, _cancel) if one.kind == MeetingCancelled.kind]
    assert told(cast, messages) == {"other_host"} | ({"other_expert"} if hears else set())


def test_whose_invitation_never_left_hears_of_no_cancelling(cast: Cast) -> None:
    """Neither leaves then."""
    happen(cast, invited)
    messages = [one for one in happen(cast, _cancel) if one.kind == MeetingCancelled.kind]
    assert told(cast, messages) == {"other_host"}


def test_who_thinks_about_it_since_a_call_is_called_when_the_meeting_is_cancelled(cast: Cast) -> None:
    only_phones()
    everyone(phone_proved_at=clock.now() - timedelta(days=400), created_at=clock.now() - timedelta(days=400))
    with clock.at(NOW + timedelta(minutes=1)), writing():
        for name in ("expert", "third_expert"):
            seat_of(cast, name, cast.proposed, SeatState.INVITED)
        record_call(cast.actor("coordinator"), seat_of(cast, "expert", cast.proposed, SeatState.INVITED))
    with clock.at(NOW + timedelta(minutes=2)), writing():
        _cancel(cast)
        calls = [(call.seat.person_id, call.reason) for call in calls_to_make(cast.actor("coordinator"), 20)]
    assert (cast.id("expert"), Reason.CANCELLED) in calls
    assert cast.id("third_expert") not in [person for person, _reason in calls]


def test_whose_seat_somebody_else_ended_hears_of_it_and_whom_to_ask(cast: Cast, settings: Settings) -> None:
    with writing():
        cast.organisation.load().phone = "+358931012345"
    (message,) = happen(cast, ended, cast.actor("coordinator"))
    subject, text, html = mail_of(message, settings)
    assert "Sinulla ei ole enää paikkaa kokouksessa" in subject
    for body in (text, html):
        assert "Sinun ei tarvitse tulla." in body
        assert "Kysy meiltä." in body
        assert "09\N{NO-BREAK SPACE}31012345" in body or "09 31012345" in body
        assert "Aino Koskinen" not in body


def test_who_was_to_lead_and_is_not_any_more_hears_of_it(cast: Cast, settings: Settings) -> None:
    with writing():
        seat = name_facilitator(cast.actor("coordinator"), cast.proposed.load(), cast.id("staff"))
    with writing():
        remove_facilitator(cast.actor("coordinator"), session.merge(seat))
    (message,) = _after(SeatWithdrawn.kind)
    assert message.person_id == cast.id("staff")
    assert "Et enää vedä tätä kokousta. Sinun ei tarvitse tulla." in mail_of(message, settings)[1]


@pytest.mark.parametrize(
    "known",
    [SeatAnswerRecorded(meeting_id=1, reason_code="phone"), ExpertPaused()],
    ids=["they said so", "another letter"],
)
def test_who_knows_that_their_seat_has_ended_is_not_told(cast: Cast, known: EventData) -> None:
    with writing():
        seat, data = ended(cast)
        record(cast.actor("coordinator"), seat, known)
        record(cast.actor("coordinator"), seat, data)
    assert _after(SeatWithdrawn.kind) == []


def test_a_break_is_told_by_its_own_letter_alone(cast: Cast) -> None:
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one()
        pause(cast.actor("coordinator"), expert)
    assert told(cast, _after(ExpertPaused.kind)) == {"expert"}
    assert _after(SeatWithdrawn.kind) == []


@pytest.mark.parametrize("kind", SCENES)
def test_a_letter_names_one_number_the_nearest(cast: Cast, settings: Settings, kind: str) -> None:
    with writing():
        cast.organisation.load().phone = "+358931012345"
    for message in happen(cast, SCENES[kind][0]):
        for body in mail_of(message, settings)[1:]:
            assert body.count("31012345") == 1
            assert settings.help_phone not in body


@pytest.mark.parametrize(
    ("phone", "email"), [("+358931012345", None), (None, "apua@alue.test"), ("+358931012345", "apua@alue.test")]
)
def test_the_number_and_the_address_are_of_one_body(
    cast: Cast, settings: Settings, phone: str | None, email: str | None
) -> None:
    with writing():
        organisation = cast.organisation.load()
        organisation.phone, organisation.email = phone, email
    (message,) = happen(cast, ended)
    for body in mail_of(message, settings)[1:]:
        assert ("31012345" in body, "apua@alue.test" in body) == (phone is not None, email is not None)
        assert settings.help_phone not in body
        assert settings.help_email not in body


def test_without_a_number_of_the_organisation_help_is_everybodys(cast: Cast, settings: Settings) -> None:
    (message,) = happen(cast, ended)
    assert mail_of(message, settings)[1].count(settings.help_phone) == 1


CALLED = (
    "meeting.experts_invited",
    "seat.offered",
    "seat.given",
    "meeting.moved",
    "meeting.reminded",
    "seat.withdrawn",
)


@pytest.mark.parametrize("kind", CALLED)
def test_a_text_message_names_the_number_where_help_may_be_needed(cast: Cast, settings: Settings, kind: str) -> None:
    only_phones()
    for message in happen(cast, SCENES[kind][0]):
        sms = written(message, settings)
        assert isinstance(sms, Sms)
        assert sms.text.endswith(f" Apua: {settings.help_phone}")
        assert parts(sms.text) <= 2


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_text_message_asks_who_waits_only_when_they_can_take_a_seat(
    cast: Cast, settings: Settings, language: str, elsewhere: bool
) -> None:
    """Whoever has a seat in another meeting then gives that one up first."""
    only_phones()
    everyone(language=language)

    def scene(cast: Cast) -> Happened:
        if elsewhere:
            here, there = cast.proposed.load(), cast.confirmed.load()
            there.starts_at, there.ends_at = here.starts_at, here.ends_at
            seat_of(cast, "other_expert", cast.confirmed, SeatState.ACCEPTED)
        return SCENES[SeatNotGiven.kind][0](cast)

    (message,) = happen(cast, scene)
    sms = written(message, settings)
    assert isinstance(sms, Sms)
    first = {"fi": "Jos perut sen,", "sv": "Om du avbokar den", "en": "If you give it up,"}[language]
    assert (first in sms.text) == elsewhere
    assert parts(sms.text) <= 2


def test_a_number_that_would_make_a_third_text_message_is_left_out(cast: Cast, settings: Settings) -> None:
    only_phones()
    with writing():
        cast.other_unit.load().name = type(cast.other_unit.load().name)("Š" + "ö" * 40)
    (message,) = happen(cast, ended)
    sms = written(message, settings)
    assert isinstance(sms, Sms)
    assert "Apua" not in sms.text


def test_of_two_offers_of_a_seat_only_the_living_one_is_told(cast: Cast, settings: Settings) -> None:
    first = [one.id for one in happen(cast, offered)]
    messages = [one for one in happen(cast, offered) if one.kind == SeatOffered.kind]
    assert len(messages) == 2
    for message in messages:
        if message.id in first:
            with pytest.raises(Outdated):
                written(message, settings)
        else:
            assert "Vastaa viimeistään" in mail_of(message, settings)[1]


def test_another_seats_later_offer_silences_no_letter(cast: Cast, settings: Settings) -> None:
    (message,) = happen(cast, offered)
    with writing():
        other = seat_of(cast, "third_expert", cast.proposed, SeatState.OFFERED)
        record(SYSTEM, other, SeatOffered(meeting_id=cast.proposed.id, until=None))
    assert "Vastaa viimeistään" in mail_of(message, settings)[1]
