"""Cancelling a meeting or holding it without its mix; what happens to meetings by themselves, and to all at once."""

from datetime import timedelta

from sqlalchemy import func, select, update

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingCancelled, MeetingHeldAnyway, MeetingLapsed
from kierto.events.catalogue.units import ThemeRenamed
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import MEETING_OPEN, MEETING_REASON, is_late
from kierto.units.models import Theme
from kierto.units.vocabulary import check_word
from kierto.words import Localised


def cancel_meeting(actor: Actor, meeting: Meeting, reason: str) -> None:
    """Cancel a meeting that has not begun; its people are told, offers can no longer be answered, its stop waits again.

    Seats stay as they were: they say whom a new booking asks first (seat-interest-first). Cancelling a cancelled
    meeting changes nothing.

    Raises:
        Refused: meeting-reason without a reason; meeting-open when it has begun.
    """
    reason = _said(reason)
    meeting = lock_one(Meeting, meeting.id)
    if meeting.state is MeetingState.CANCELLED:
        return
    if not meeting.open:
        raise Refused(MEETING_OPEN)
    now = clock.now()
    meeting.state, meeting.cancelled_at, meeting.cancel_reason = MeetingState.CANCELLED, now, reason
    meeting.reschedule()
    record(actor, meeting, MeetingCancelled(late=is_late(meeting.starts_at, now)))


def hold_anyway(actor: Actor, meeting: Meeting, reason: str) -> None:
    """Have a meeting held though it lacks people that its mix needs (meeting-mix); a proposed one is confirmed.

    Saying the same again changes nothing.

    Raises:
        Refused: meeting-reason without a reason; meeting-open when it has begun or was cancelled.
    """
    reason = _said(reason)
    meeting = lock_one(Meeting, meeting.id)
    if not meeting.open:
        raise Refused(MEETING_OPEN)
    if meeting.override_reason == reason:
        return
    meeting.override_reason = reason
    if meeting.state is MeetingState.PROPOSED:
        meeting.state, meeting.confirmed_at = MeetingState.CONFIRMED, clock.now()
        meeting.reschedule()
    record(actor, meeting, MeetingHeldAnyway())


def _said(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(MEETING_REASON, field="reason")
    return reason


def lapse(meeting_id: int) -> None:
    """Cancel a proposed meeting whose time has come without its mix (meeting-mix); the stop it was for waits again.

    Nothing happens when it was confirmed or cancelled in the meantime.
    """
    meeting = lock_one(Meeting, meeting_id)
    if not meeting.lapsed or meeting.state is MeetingState.CANCELLED:
        return
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_at = clock.now()
    meeting.reschedule()
    record(SYSTEM, meeting, MeetingLapsed())


def rename_theme(actor: Actor, theme: Theme, name: Localised) -> None:
    """Call a theme something else. Every meeting about it changes, so that feeds show the name (calendar-sequence).

    Saying the same again changes nothing.

    Raises:
        Refused: word-named-once.
    """
    if theme.name == name:
        return
    check_word(Theme, name, but=theme.id)
    theme.name = name
    about = Meeting.theme_id == theme.id
    newest = session.scalar(select(func.max(Meeting.changed_at)).where(about))
    # One instant for all, later than any of theirs, also for clients that know only whole seconds (`Meeting.touch`).
    later = max(clock.now(), newest + timedelta(seconds=1)) if newest else clock.now()
    touched = session.scalars(
        update(Meeting).where(about).values(version=Meeting.version + 1, changed_at=later).returning(Meeting.id),
        execution_options={"synchronize_session": False},
    ).all()
    record(actor, theme, ThemeRenamed(meetings=len(touched)))
