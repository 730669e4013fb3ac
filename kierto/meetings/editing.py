"""What a meeting's page tells beside time and people: room, description, remote link, who may see it."""

from dataclasses import dataclass

from kierto.actor import Actor
from kierto.database import lock_one
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingEdited
from kierto.meetings.models import Meeting
from kierto.meetings.rules import MEETING_OPEN, check_remote_link


@dataclass(frozen=True)
class MeetingDetails:
    """What is told of a meeting. The remote link and the number to dial are shown late (remote-link-late)."""

    room: str | None
    description: str | None
    remote_link: str | None
    dial_in: str | None
    public: bool

    @classmethod
    def of(cls, meeting: Meeting) -> "MeetingDetails":
        """What is told now."""
        return cls(meeting.room, meeting.description, meeting.remote_link, meeting.dial_in, meeting.public)


def edit_meeting(actor: Actor, meeting: Meeting, changes: MeetingDetails) -> None:
    """Change what is told of a meeting that has not begun; calendars follow (calendar-sequence).

    Changing nothing records nothing.

    Raises:
        Refused: meeting-open; remote-link-late when the link is no web address.
    """
    if changes.remote_link is not None:
        check_remote_link(changes.remote_link)
    meeting = lock_one(Meeting, meeting.id)
    if not meeting.open:
        raise Refused(MEETING_OPEN)
    before = MeetingDetails.of(meeting)
    if before == changes:
        return
    for name, value in vars(changes).items():
        setattr(meeting, name, value)
    if before.room != changes.room:
        meeting.reschedule()
    elif (before.description, before.public) != (changes.description, changes.public):
        meeting.touch()
    record(actor, meeting, MeetingEdited())
