"""What happens to meetings by themselves, and to all of them at once."""

from datetime import timedelta

from sqlalchemy import func, select, update

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingLapsed
from kierto.events.catalogue.units import ThemeRenamed
from kierto.meetings.models import Meeting, MeetingState
from kierto.units.models import Theme
from kierto.units.vocabulary import check_word
from kierto.words import Localised


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
