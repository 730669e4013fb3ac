"""The erasure of one's own data. A planted person is in every table that can hold something."""

from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select

from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.events.models import Event, QueuedEvent, Read, Reading
from kierto.meetings.models import Meeting
from kierto.messages.models import Message, MessageState
from kierto.people.actions import give_role
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.people.names import ERASED
from kierto.privacy.erasing import erase_person
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.words import gettext, speaking
from tests.cast import Cast
from tests.planted import everything_stored, planted
from tests.scenes import experts_take, meetings_booked, seat_in
from tests.scenes_own_data import NEEDS, OWN_WORDS, everything_told, expert_row
from tests.together import at_once


def test_not_one_planted_word_is_left_after_erasing(cast: Cast) -> None:
    """erase-person: every table of the database, read raw; encrypted columns decrypted."""
    everything_told(cast)
    assert planted(cast)
    page = cast.client("expert").get("/me/data/erase")
    start = page.form().submit(expect=303, sure="y").follow()
    assert "Your data was erased." in start.message
    stored = everything_stored()
    assert planted(cast) == set()
    for gone in ("planted", "Matti Virtanen", NEEDS, OWN_WORDS):
        assert gone not in stored
    with reading():
        person = cast.people["expert"].load()
        assert (person.email, person.phone, person.erased_at is not None) == (None, None, True)
        assert expert_row(cast).state is ExpertState.LEFT


def test_the_number_stays_and_is_called_the_same_by_everyone(cast: Cast) -> None:
    with writing():
        erase_person(cast.actor("expert"), cast.id("expert"))
    with reading():
        past = seat_in(cast, "expert", cast.held)
        assert past is not None
        assert past.state is SeatState.ACCEPTED
    for language in ("fi", "sv", "en"):
        with speaking(language), reading():
            assert cast.people["expert"].load().name == gettext(ERASED)
    assert "A person whose data was erased" in cast.client("coordinator").get(f"/meetings/{cast.held.ref}").text


def test_erasing_signs_out_everywhere_and_happens_once(cast: Cast) -> None:
    elsewhere = cast.client("expert", strongly=True)
    elsewhere.get("/me")
    client = cast.client("expert")
    client.get("/me/data/erase").form().submit(expect=303, sure="y")
    client.get("/me", expect=403)
    elsewhere.get("/me", expect=403)
    with writing():
        erase_person(cast.actor("coordinator"), cast.id("expert"))
    with reading():
        assert len(session.scalars(select(Event).where(Event.kind == "person.erased")).all()) == 1


def test_consequences_are_said_in_numbers_first(cast: Cast) -> None:
    meetings_booked(cast, 2)
    text_ = cast.client("expert").get("/me/data/erase").text
    assert "You give up 3 seats in coming meetings." in text_
    assert "You leave the register of experts in 1 organisation." in text_
    assert "1 meeting you have been to: that somebody was there, not who." in text_
    assert "We send no message of it" in text_


def test_nobody_erases_themself_by_a_slip(cast: Cast) -> None:
    page = cast.client("expert").get("/me/data/erase").form().submit(expect=422)
    assert page.field_errors == {"sure": "Tick the box if you want your data erased."}
    cast.client("expert").get("/me")


def test_coming_seats_are_given_up_and_offers_pass_on(cast: Cast) -> None:
    (meeting,) = meetings_booked(cast, 1, seats=2)
    (waiting,) = experts_take(cast, meeting, 1)
    with writing():
        erase_person(cast.actor("expert"), cast.id("expert"))
    with reading():
        assert waiting.load().state is SeatState.OFFERED
        own = seat_in(cast, "expert", meeting)
        assert own is not None
        assert own.state is SeatState.WITHDRAWN
        assert meeting.load().seats_taken == 2


def test_the_last_coordinator_is_told_what_to_do_first(cast: Cast) -> None:
    """erase-person: who must be there hands on first."""
    page = cast.client("coordinator").get("/me/data/erase")
    assert "sure" not in str([form.fields for form in page.forms])
    refused = cast.client("coordinator").post("/me/data/erase", expect=422, data={"sure": "y"})
    assert refused.errors
    with reading():
        assert cast.people["coordinator"].load().erased_at is None
    assert cast.client("administrator").post("/me/data/erase", expect=422, data={"sure": "y"}).errors


def test_a_host_contact_is_erased_and_their_role_ends(cast: Cast) -> None:
    with writing():
        erase_person(cast.actor("host"), cast.id("host"))
    with reading():
        assert session.scalars(select(Member).where(Member.person_id == cast.id("host"))).all() == []
        kinds = session.scalars(select(Event.kind).where(Event.actor_id == cast.id("host"))).all()
        assert "membership.ended" in kinds


def test_what_waits_to_be_sent_is_not_sent(cast: Cast) -> None:
    with writing():
        now = session.scalars(select(Message)).all()
        assert all(message.state is not MessageState.DUE or message.person_id for message in now)
        event = session.scalars(select(Event).limit(1)).one()
        message = Message(
            organisation_id=cast.organisation.id,
            dedupe_key="own",
            kind="meeting.booked",
            event_id=event.id,
            subject_id=event.subject_id,
            person_id=cast.id("expert"),
            next_attempt_at=event.at,
            created_at=event.at,
        )
        session.add(message)
        session.flush()
        number = message.id
    everything_told(cast)
    with writing():
        erase_person(cast.actor("expert"), cast.id("expert"))
    with reading():
        assert session.get_one(Message, number, populate_existing=True).state is MessageState.OUTDATED
        about = select(Event.id).where(Event.subject.in_(("invitations", "sign_in_requests", "accessibility_feedback")))
        assert session.scalars(select(QueuedEvent).where(QueuedEvent.event_id.in_(about))).all() == []


def test_readings_stay_as_numbers(cast: Cast) -> None:
    everything_told(cast)
    with writing():
        erase_person(cast.actor("expert"), cast.id("expert"))
    with reading():
        assert len(session.scalars(select(Reading).where(Reading.person_id == cast.id("expert"))).all()) == len(Read)


def test_erasing_while_a_seat_is_given(app: Flask, cast: Cast) -> None:
    """Whichever comes first: in the end nobody who is erased holds a seat, and the counter is right."""
    (meeting, other) = meetings_booked(cast, 2)
    expert = cast.actor("other_expert")

    def give(thing: Any) -> None:
        take_seat(expert, session.get_one(Meeting, thing.id), cast.id("other_expert"), SeatRole.EXPERT)

    at_once(
        app,
        [
            lambda: give(meeting),
            lambda: erase_person(expert, cast.id("other_expert")),
            lambda: give(other),
        ],
    )
    with reading():
        assert session.get_one(Person, cast.id("other_expert")).erased_at is not None
        coming = select(Seat).where(
            Seat.person_id == cast.id("other_expert"), Seat.meeting_id.in_((meeting.id, other.id))
        )
        assert {seat.state for seat in session.scalars(coming)} <= {SeatState.WITHDRAWN}
        for thing in (meeting, other):
            holding = select(Seat).where(Seat.meeting_id == thing.id, Seat.state.in_(SeatState.holding()))
            assert thing.load().seats_taken == len(session.scalars(holding).all())


def test_erasing_twice_at_once(app: Flask, cast: Cast) -> None:
    actor = cast.actor("expert")
    results = at_once(app, [lambda: erase_person(actor, cast.id("expert"))] * 3)
    assert results == [None] * 3
    with reading():
        assert len(session.scalars(select(Event).where(Event.kind == "person.erased")).all()) == 1
        assert session.scalars(select(Expert.state).where(Expert.person_id == cast.id("expert"))).all() == [
            ExpertState.LEFT
        ]


def test_two_last_coordinators_cannot_both_go(app: Flask, cast: Cast) -> None:
    with writing():
        give_role(cast.actor("coordinator"), cast.people["outsider"].load(), cast.organisation.id, Role.COORDINATOR)
    actors = [cast.actor("coordinator"), cast.actor("outsider")]
    at_once(app, [partial(erase_person, actor, actor.person_id or 0) for actor in actors])
    with reading():
        left = session.scalars(
            select(Member).where(Member.organisation_id == cast.organisation.id, Member.role == Role.COORDINATOR)
        ).all()
        assert len(left) == 1
