"""What several processes do to one number at the same moment."""

from kierto.database import session, writing
from kierto.meetings.models import Meeting

EACH = 200


def count_up(meeting_id: int, _number: int) -> None:
    """Read, add one, write; so often that without the write lock some would be lost."""
    for _ in range(EACH):
        with writing():
            meeting = session.get_one(Meeting, meeting_id, populate_existing=True)
            meeting.version += 1
