"""What happens to a meeting by itself."""

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import lock_one
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingLapsed
from kierto.meetings.models import Meeting, MeetingState


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
