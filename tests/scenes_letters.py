"""How each letter about rounds, meetings and seats comes about, and what leaves then."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from email.message import EmailMessage

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
    MeetingCoHosted,
    MeetingConfirmed,
    MeetingHeldAnyway,
    MeetingLapsed,
    MeetingMixLost,
    MeetingMixMissing,
    MeetingMoved,
    MeetingReminded,
    VisitorsInvited,
)
from kierto.events.catalogue.rounds import (
    RoundCancelled,
    RoundClosed,
    RoundOpened,
    RoundReopened,
    StopAdded,
    StopTakenBack,
    SwapAsked,
    SwapDeclined,
    SwapDone,
)
from kierto.events.catalogue.seats import (
    FacilitatorNamed,
    SeatGiven,
    SeatNotGiven,
    SeatOfferDeclined,
    SeatOffered,
    SeatWithdrawn,
)
from kierto.events.models import QueuedEvent, Subject
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages import actions
from kierto.messages.models import Message
from kierto.messages.rendering import rendered
from kierto.messages.sms import Sms
from kierto.people.models import Person
from kierto.rounds.models import RoundState, StopSwap, SwapState
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.settings import Settings
from tests.cast import NAMES, Cast, Thing

Happened = tuple[Subject, EventData]
Swapped = SwapAsked | SwapDone | SwapDeclined


def nobody_waits() -> None:
    """For a message of what the cast has done."""
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


def invited(cast: Cast) -> Happened:
    for name in ("expert", "other_expert"):
        seat_of(cast, name, cast.proposed, SeatState.INVITED)
    seat_of(cast, "third_expert", cast.proposed, SeatState.DECLINED)
    return cast.proposed.load(), ExpertsInvited(count=2)


def _visitors(cast: Cast) -> Happened:
    seat_of(cast, "staff", cast.proposed, SeatState.INVITED, SeatRole.VISITING_STAFF)
    return cast.proposed.load(), VisitorsInvited(unit_id=cast.unit.id)


def offered(cast: Cast) -> Happened:
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


def ended(cast: Cast) -> Happened:
    seat = seat_of(cast, "other_expert", cast.proposed, SeatState.WITHDRAWN)
    return seat, SeatWithdrawn(meeting_id=cast.proposed.id, role="expert")


def _offer_ended(cast: Cast) -> Happened:
    seat = seat_of(cast, "other_expert", cast.proposed, SeatState.DECLINED)
    return seat, SeatOfferDeclined(meeting_id=cast.proposed.id, role="expert")


def of_confirmed(data: EventData) -> Callable[[Cast], Happened]:
    return lambda cast: (cast.confirmed.load(), data)


def _round_cancelled(cast: Cast) -> Happened:
    round_ = cast.spring.load()
    round_.state, round_.ended_because = RoundState.CANCELLED, "Rahat loppuivat"
    return round_, RoundCancelled()


def _round_closed(cast: Cast) -> Happened:
    round_ = cast.spring.load()
    round_.state, cast.stop.load().round_ended = RoundState.CLOSED, True
    return round_, RoundClosed(skipped=1)


def _co_hosted(cast: Cast) -> Happened:
    meeting = cast.proposed.load()
    meeting.co_unit_id = cast.unit.id
    return meeting, MeetingCoHosted(unit_id=cast.unit.id)


def moved(cast: Cast) -> Happened:
    meeting = cast.confirmed.load()
    seat_of(cast, "expert", cast.confirmed, SeatState.RECONFIRM)
    seat_of(cast, "other_expert", cast.confirmed, SeatState.WAITING)
    seat_of(cast, "third_expert", cast.confirmed, SeatState.DECLINED)
    before = meeting.starts_at - timedelta(days=1)
    return meeting, MeetingMoved(before_at=before, starts_at=meeting.starts_at, asked_again=1)


def cancelled(cast: Cast) -> Happened:
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


def swap_scene(
    state: SwapState, data: type[SwapAsked] | type[SwapDone] | type[SwapDeclined]
) -> Callable[[Cast], Happened]:
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
    RoundReopened.kind: (lambda cast: (cast.spring.load(), RoundReopened()), {"host"}),
    RoundCancelled.kind: (_round_cancelled, {"host"}),
    RoundClosed.kind: (_round_closed, {"host"}),
    MeetingCoHosted.kind: (_co_hosted, {"host"}),
    StopAdded.kind: (
        lambda cast: (cast.stop.load(), StopAdded(round_id=cast.spring.id, unit_id=cast.unit.id)),
        {"host"},
    ),
    StopTakenBack.kind: (
        lambda cast: (cast.stop.load(), StopTakenBack(round_id=cast.spring.id, unit_id=cast.unit.id)),
        {"host"},
    ),
    SwapAsked.kind: (swap_scene(SwapState.ASKED, SwapAsked), {"coordinator"}),
    SwapDone.kind: (swap_scene(SwapState.DONE, SwapDone), {"other_host", "coordinator"}),
    SwapDeclined.kind: (swap_scene(SwapState.DECLINED, SwapDeclined), {"other_host"}),
    MeetingBooked.kind: (
        lambda cast: (
            cast.proposed.load(),
            MeetingBooked(cast.other_unit.id, cast.proposed.load().starts_at, cast.id("coordinator")),
        ),
        {"other_host", "coordinator"},
    ),
    ExpertsInvited.kind: (invited, {"expert", "other_expert"}),
    VisitorsInvited.kind: (_visitors, {"staff"}),
    SeatOffered.kind: (offered, {"other_expert"}),
    SeatGiven.kind: (_given, {"other_expert"}),
    SeatNotGiven.kind: (_not_given, {"other_expert"}),
    FacilitatorNamed.kind: (_facilitator, {"staff"}),
    SeatWithdrawn.kind: (ended, {"other_expert"}),
    SeatOfferDeclined.kind: (_offer_ended, {"other_expert"}),
    MeetingConfirmed.kind: (of_confirmed(MeetingConfirmed()), {"expert", "worker"}),
    MeetingHeldAnyway.kind: (of_confirmed(MeetingHeldAnyway()), {"expert", "worker"}),
    MeetingMoved.kind: (moved, {"expert", "other_expert", "worker"}),
    MeetingCancelled.kind: (cancelled, {"expert", "worker"}),
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
