from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import reading, session, writing
from kierto.events.actions import record
from kierto.events.catalogue import KINDS
from kierto.events.catalogue.meetings import MeetingBooked
from kierto.events.models import Event, QueuedEvent
from kierto.meetings.models import MeetingState
from kierto.messages import actions, letters, queries, recipients
from kierto.messages.models import Message, MessageState
from kierto.messages.rendering import message_id_of, rendered
from kierto.messages.rules import WAITS
from kierto.people.actions import add_person, give_role
from kierto.people.models import Person
from kierto.seats.actions import answer_offer, take_seat, withdraw
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from kierto.worker.clocks import run_out
from kierto.worker.delivery import Delivery, FanOut
from tests.cast import Cast

LEASE = timedelta(minutes=5)


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture
def quiet(app: Flask) -> None:
    """Nobody waits for a message of what the cast has done."""
    with writing():
        for row in session.scalars(select(QueuedEvent)):
            session.delete(row)


def book(cast: Cast, by: str | None = "host") -> int:
    """The event of a booking of the first unit."""
    with writing():
        meeting = cast.held.load()
        booked = MeetingBooked(unit_id=cast.unit.id, starts_at=meeting.starts_at, booked_by=cast.id(by) if by else None)
        return record(SYSTEM, meeting, booked).id


def fan_out() -> actions.FannedOut:
    with writing():
        return actions.fan_out(100)


def messages() -> Sequence[Message]:
    session.remove()
    with reading():
        found = session.scalars(select(Message).order_by(Message.person_id)).all()
        session.expunge_all()
    return found


def only_message() -> Message:
    (message,) = messages()
    return message


def render(settings: Settings) -> EmailMessage:
    id_ = only_message().id
    with reading():
        mail = rendered(id_, settings)
    assert isinstance(mail, EmailMessage)
    return mail


def deliver(settings: Settings) -> None:
    Delivery(settings, LEASE).run(lambda: True)


def test_every_kind_of_event_that_people_are_told_of_has_its_recipients_and_letters() -> None:
    assert {kind for kind, data in KINDS.items() if data.told} == recipients.FINDERS.keys() == letters.LETTERS.keys()


@pytest.mark.usefixtures("quiet")
def test_who_booked_and_the_units_other_host_contacts_get_one_message_each(cast: Cast) -> None:
    with writing():
        second = add_person("Toinen Yhteyshenkilö", email="toinen@kierto.test")
        give_role(SYSTEM, second, cast.organisation.id, Role.HOST_CONTACT, cast.unit.id)
    event = book(cast, by="coordinator")
    assert fan_out() == (1, frozenset())
    assert {message.person_id for message in messages()} == {cast.id("coordinator"), cast.id("host"), second.id}
    assert {message.kind for message in messages()} == {"meeting.booked"}
    assert {message.state for message in messages()} == {MessageState.DUE}
    assert all(message.dedupe_key == f"{event}:meeting.booked:{message.person_id}" for message in messages())
    with reading():
        assert not queries.any_event_queued()


@pytest.mark.usefixtures("quiet")
def test_an_event_queued_again_tells_nobody_twice(cast: Cast) -> None:
    event = book(cast)
    fan_out()
    with writing():
        session.add(QueuedEvent(organisation_id=cast.organisation.id, event_id=event))
    assert fan_out().events == 1
    assert len(messages()) == 1


@pytest.mark.usefixtures("quiet")
def test_what_was_rolled_back_is_told_to_nobody(cast: Cast) -> None:
    with suppress(KeyError), writing():
        record(SYSTEM, cast.held.load(), MeetingBooked(cast.unit.id, clock.now(), cast.id("host")))
        raise KeyError
    assert fan_out() == (0, frozenset())


@pytest.mark.usefixtures("quiet")
def test_one_event_that_cannot_be_told_stops_no_other_and_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second = book(cast), book(cast)
    known = recipients.recipients_of

    def one_fails(event: Event) -> list[recipients.Recipient]:
        if event.id == first:
            raise KeyError(event.kind)
        return known(event)

    monkeypatch.setattr(actions, "recipients_of", one_fails)
    step = FanOut()
    assert step.step() is True
    assert len(messages()) == 1
    assert step.step() is False, "for a minute the event is passed over"
    monkeypatch.undo()
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert step.step() is True
    assert len(messages()) == 2


@pytest.mark.usefixtures("quiet")
def test_who_has_no_address_is_unreachable_by_mail(cast: Cast, settings: Settings) -> None:
    with writing():
        session.get_one(Person, cast.id("host")).email = None
    book(cast)
    fan_out()
    assert only_message().state is MessageState.UNREACHABLE
    deliver(settings)
    assert queries.kept_mails(settings) == []


@pytest.mark.usefixtures("quiet")
def test_who_lost_the_address_meanwhile_is_unreachable_too(cast: Cast, settings: Settings) -> None:
    book(cast)
    fan_out()
    with writing():
        session.get_one(Person, cast.id("host")).email = None
    deliver(settings)
    assert only_message().state is MessageState.UNREACHABLE


@pytest.mark.usefixtures("quiet")
def test_a_mail_tells_when_and_where_and_leads_to_the_meeting(cast: Cast, settings: Settings) -> None:
    book(cast)
    fan_out()
    deliver(settings)
    message = only_message()
    assert (message.state, message.attempts, message.fault) == (MessageState.SENT, 1, None)
    assert message.sent_at is not None
    (mail,) = queries.kept_mails(settings)
    assert (mail.sender, mail.to) == ("Kierto <kierto@localhost>", cast.email("host"))
    for body in (mail.text, mail.html):
        assert "Kallion terveysasema" in body
        assert "Porthaninkatu 1, Helsinki" in body
        assert "13–15" in body
        assert f"{settings.base_url}/meetings/{cast.held.ref}" in body
        assert settings.help_phone in body
        assert settings.help_email in body
    assert "Kallion terveysasema" in mail.subject
    assert queries.kept_mail(settings, mail.key) == mail


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("language", "unit"), [("fi", "Kallion"), ("sv", "Berghälls"), ("en", "Kallion")])
def test_a_mail_speaks_its_readers_language(cast: Cast, settings: Settings, language: str, unit: str) -> None:
    with writing():
        session.get_one(Person, cast.id("host")).language = language
    book(cast)
    fan_out()
    mail = render(settings)
    assert mail["Content-Language"] == language
    html = mail.get_body(("html",))
    assert html is not None
    assert f'<html lang="{language}">' in html.get_content()
    assert unit in html.get_content()


@pytest.mark.usefixtures("quiet")
def test_help_that_is_not_set_is_not_mentioned(cast: Cast, settings: Settings) -> None:
    book(cast)
    fan_out()
    mail = render(replace(settings, help_phone="", help_email=""))
    text = mail.get_body(("plain",))
    assert text is not None
    assert "None" not in text.get_content()


@pytest.mark.usefixtures("quiet")
def test_a_mail_has_the_same_message_id_each_time(cast: Cast, settings: Settings) -> None:
    book(cast)
    fan_out()
    message = only_message()
    ids = {render(settings)["Message-ID"] for _ in range(2)}
    assert ids == {message_id_of(message.id, message.created_at, settings)}


@pytest.mark.usefixtures("quiet")
def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(cast: Cast) -> None:
    book(cast)
    fan_out()
    with writing():
        first = actions.claim(LEASE)
    with writing():
        assert actions.claim(LEASE) is None
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        with writing():
            second = actions.claim(LEASE)
        assert first is not None
        assert second is not None
        assert first.message_id == second.message_id
        with writing():
            actions.mark_fault(first, "SMTP 550", permanent=True)
        assert only_message().state is MessageState.DUE, "who comes too late changes nothing"
        with writing():
            actions.mark_sent(second)
    assert only_message().state is MessageState.SENT


@pytest.mark.usefixtures("quiet")
def test_attempts_in_vain_wait_longer_and_longer_and_end(cast: Cast) -> None:
    book(cast)
    fan_out()
    moment = clock.now() + timedelta(seconds=1)
    for wait in (*WAITS, None):
        with clock.at(moment):
            with writing():
                claim = actions.claim(LEASE)
                assert claim is not None
            with writing():
                actions.mark_fault(claim, "SMTP 451", permanent=False)
            with writing():
                assert actions.claim(LEASE) is None
        moment += (wait or timedelta(0)) + timedelta(seconds=1)
    message = only_message()
    assert (message.state, message.fault) == (MessageState.FAILED, "SMTP 451")


@pytest.mark.usefixtures("quiet")
def test_a_letter_that_cannot_be_written_stops_no_other_and_is_tried_again(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(cast)
    fan_out()

    def fails(_told: letters.Told) -> letters.Facts:
        raise KeyError

    monkeypatch.setitem(letters.LETTERS, "meeting.booked", letters.Letter(fails))
    deliver(settings)
    message = only_message()
    assert (message.state, message.fault) == (MessageState.DUE, "not rendered: KeyError")
    monkeypatch.undo()
    with clock.at(clock.now() + timedelta(minutes=2)):
        deliver(settings)
    assert only_message().state is MessageState.SENT


@pytest.mark.usefixtures("quiet")
def test_health_sees_how_much_mail_waits(cast: Cast, settings: Settings) -> None:
    with reading():
        assert queries.mail_backlog() == (0, 0, None)
    book(cast)
    with reading():
        assert queries.mail_backlog() == (1, 0, None)
    fan_out()
    waiting_since = only_message().created_at
    with reading():
        assert queries.mail_backlog() == (0, 1, waiting_since)
    deliver(settings)
    with reading():
        assert queries.mail_backlog() == (0, 0, None)


@pytest.mark.usefixtures("quiet")
def test_kept_mails_come_newest_first(cast: Cast, settings: Settings) -> None:
    for by in ("coordinator", "other_host"):
        book(cast, by=by)
        fan_out()
        deliver(settings)
    mails = queries.kept_mails(settings)
    assert len(mails) == 4
    assert {mail.to for mail in mails[:2]} == {cast.email("other_host"), cast.email("host")}
    assert queries.kept_mails(settings, limit=1) == mails[:1]


def test_a_meeting_booked_by_a_page_is_told_by_mail(cast: Cast, settings: Settings) -> None:
    fan_out()
    deliver(settings)
    told = {mail.to for mail in queries.kept_mails(settings)}
    # The applicant hears that the application has arrived, the worker that the meeting takes place.
    told_of = ("host", "other_host", "coordinator", "neighbour", "applicant", "worker")
    assert {cast.email(name) for name in told_of} <= told


@pytest.mark.usefixtures("quiet")
def test_a_cancelled_meeting_is_no_longer_told_as_booked(cast: Cast, settings: Settings) -> None:
    book(cast)
    fan_out()
    with writing():
        cast.held.load().state = MeetingState.CANCELLED
    deliver(settings)
    assert only_message().state is MessageState.OUTDATED
    assert queries.kept_mails(settings) == []


def offered_to_the_other_expert(cast: Cast) -> Seat:
    """The confirmed meeting is full, an expert waits, another withdraws."""
    with writing():
        meeting = cast.confirmed.load()
        meeting.seats = meeting.seats_taken
        waiting = take_seat(cast.actor("other_expert"), meeting, cast.id("other_expert"), SeatRole.EXPERT).id
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    with reading():
        offered = session.get_one(Seat, waiting)
        session.expunge(offered)
    return offered


@pytest.mark.usefixtures("quiet")
def test_who_is_offered_a_seat_reads_until_when_to_answer(cast: Cast, settings: Settings) -> None:
    offered_to_the_other_expert(cast)
    fan_out()
    deliver(settings)
    (mail,) = [mail for mail in queries.kept_mails(settings) if mail.to == cast.email("other_expert")]
    for body in (mail.text, mail.html):
        assert f"{settings.base_url}/answer/" in body
        assert "14.1" in body, "two weekdays after the cast's Tuesday"


@pytest.mark.usefixtures("quiet")
def test_an_offer_that_was_answered_before_its_mail_left_is_not_told(cast: Cast, settings: Settings) -> None:
    seat = offered_to_the_other_expert(cast)
    fan_out()
    with writing():
        answer_offer(cast.actor("other_expert"), session.get_one(Seat, seat.id), yes=True)
    deliver(settings)
    (message,) = [message for message in messages() if message.kind == "seat.offered"]
    assert message.state is MessageState.OUTDATED


@pytest.mark.usefixtures("quiet")
def test_an_offer_passes_on_when_its_time_is_over(cast: Cast) -> None:
    seat = offered_to_the_other_expert(cast)
    run_out()
    with reading():
        assert session.get_one(Seat, seat.id).state is SeatState.OFFERED
    assert seat.offered_until is not None
    with clock.at(seat.offered_until + timedelta(seconds=1)):
        run_out()
    with reading():
        assert session.get_one(Seat, seat.id).state is SeatState.WAITING
