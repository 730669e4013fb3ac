"""For the time being: what the rooms of seats and meetings are about to have. Each goes when it is there."""

# mypy: ignore-errors
# ruff: noqa: ARG001
from kierto import clock
from kierto.database import session
from kierto.events.actions import record
from kierto.events.catalogue.meetings import MeetingCancelled
from kierto.meetings.models import MeetingState

try:
    from kierto.meetings.actions import cancel_meeting
except ImportError:

    def cancel_meeting(actor, meeting, reason):
        meeting.state, meeting.cancelled_at, meeting.cancel_reason = MeetingState.CANCELLED, clock.now(), reason
        meeting.reschedule()
        record(actor, meeting, MeetingCancelled(late=False))
        session.flush()


try:
    from kierto.seats.inviting import invite_experts, invite_former
except ImportError:

    def invite_experts(actor, meeting):
        return 0

    def invite_former(actor, meeting, former_meeting_ids):
        return 0


try:
    from kierto.seats.moving import move_seats
except ImportError:

    def move_seats(actor, meeting, before, *, far):
        return 0


try:
    from kierto.seats.suiting import suitable
except ImportError:

    def suitable(organisation_id, spans, unit, theme_id):
        return {}
