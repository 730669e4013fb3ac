"""A meeting that does not take place: what each of those who hear of it is told, and why they are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kierto.actor import SYSTEM
from kierto.database import session, writing
from kierto.events.catalogue.meetings import MeetingCancelled, MeetingLapsed
from kierto.meetings.models import MeetingState
from kierto.messages.models import Message
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from kierto.units.fees import Rates, set_rates
from tests.cast import Cast
from tests.scenes_letters import SCENES, Happened, everyone, happen, mail_of, nobody_waits, seat_of, told

BECAUSE_YES = "olet sanonut pääseväsi"
KINDS = (MeetingCancelled.kind, MeetingLapsed.kind)


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    nobody_waits()
    everyone(language="fi")


def _off(kind: str, state: SeatState, role: SeatRole = SeatRole.EXPERT) -> Callable[[Cast], Happened]:
    """Off two hours before; one more person has a seat in that state, with a fee shown."""

    def scene(cast: Cast) -> Happened:
        meeting, data = SCENES[kind][0](cast)
        if kind == MeetingCancelled.kind:
            thing = cast.confirmed.load()
            thing.cancelled_at = thing.starts_at - timedelta(hours=2)
        seat_of(cast, "other_expert", cast.confirmed, state, role).cancellation_cents = 3500
        return meeting, data

    return scene


def _of(cast: Cast, messages: list[Message], name: str) -> Message:
    (own,) = [message for message in messages if message.person_id == cast.id(name)]
    return own


@pytest.mark.parametrize("state", [SeatState.INTERESTED, SeatState.WAITING, SeatState.OFFERED])
def test_who_never_said_yes_to_a_seat_is_promised_no_fee_and_no_first_place(
    cast: Cast, settings: Settings, state: SeatState
) -> None:
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, Rates(7000, 3500, 24, travel_paid=True, paid_by="Alue"))
    messages = happen(cast, _off(MeetingCancelled.kind, state))
    text = mail_of(_of(cast, messages, "other_expert"), settings)[1]
    assert "Sinun ei tarvitse tulla." in text
    assert "Jos kokous saa uuden ajan, voimme kutsua sinut uudelleen." in text
    assert "ensin sinulta" not in text
    assert "palkkio" not in text.casefold()


def test_who_leads_is_promised_no_fee_and_no_first_place(cast: Cast, settings: Settings) -> None:
    with writing():
        set_rates(SYSTEM, cast.organisation.load(), 2027, Rates(7000, 3500, 24, travel_paid=True, paid_by="Alue"))
    messages = happen(cast, _off(MeetingCancelled.kind, SeatState.ACCEPTED, SeatRole.FACILITATOR))
    text = mail_of(_of(cast, messages, "other_expert"), settings)[1]
    assert "Sinun ei tarvitse tulla." in text
    assert "Jos kokous saa uuden ajan" not in text
    assert "palkkio" not in text.casefold()
    assert BECAUSE_YES not in text


@pytest.mark.parametrize("state", [SeatState.INTERESTED, SeatState.WAITING, SeatState.OFFERED])
def test_who_waits_for_a_seat_hears_that_the_meeting_is_not_held(
    cast: Cast, settings: Settings, state: SeatState
) -> None:
    messages = happen(cast, _off(MeetingLapsed.kind, state))
    assert "other_expert" in told(cast, messages)
    assert "Sinun ei tarvitse tulla." in mail_of(_of(cast, messages, "other_expert"), settings)[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("waits", [True, False])
def test_a_contact_person_without_a_seat_reads_it_for_the_unit(
    cast: Cast, settings: Settings, kind: str, *, waits: bool
) -> None:
    """Where the turn waits again, the letter leads to booking it."""

    def scene(cast: Cast) -> Happened:
        data = MeetingCancelled(late=False) if kind == MeetingCancelled.kind else MeetingLapsed()
        meeting = cast.proposed.load()
        meeting.starts_at -= timedelta(days=365) if kind == MeetingLapsed.kind else timedelta()
        meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, meeting.starts_at
        seat_of(cast, "other_host", cast.proposed, SeatState.DECLINED, SeatRole.HOST_STAFF)
        if not waits:
            cast.proposed_stop.load().meeting_id = None
        session.flush()
        return meeting, data

    messages = happen(cast, scene)
    text = mail_of(_of(cast, messages, "other_host"), settings)[1]
    assert "Sinun ei tarvitse tulla" not in text
    assert BECAUSE_YES not in text
    assert ("Yksikkönne voi nyt valita uuden ajan." in text) is waits
    assert (f"/rounds/{cast.spring.ref}/book/{cast.other_unit.ref}" in text) is waits
