"""Was the meeting held? A meeting in which a practice was agreed was."""

from sqlalchemy import select

from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.meetings.happening import say_happened
from kierto.meetings.models import Meeting
from kierto.meetings.rules import MEETING_HAPPENED
from kierto.practices.models import Practice
from kierto.practices.rules import PracticeState
from kierto.words import N_


def say_held(actor: Actor, meeting: Meeting, *, held: bool) -> None:
    """Say whether a meeting that is over was held, as `meetings.happening.say_happened` does.

    "No" is refused while a practice of the meeting is agreed: units try it, and it says in which meeting it was born.
    A draft is no hindrance: nothing can be agreed in it any more. Guarded by the meeting's lock.

    Raises:
        Refused: meeting-happened.
    """
    meeting = lock_one(Meeting, meeting.id)
    agreed = session.scalars(
        select(Practice)
        .where(Practice.meeting_id == meeting.id, Practice.state == PracticeState.AGREED)
        .order_by(Practice.id)
        .limit(1)
    ).first()
    if not held and agreed is not None:
        raise Refused(
            MEETING_HAPPENED,
            N_(
                "This practice was agreed in the meeting: %(practice)s. So the meeting was held: answer yes. "
                "If the practice was written down for the wrong meeting, call your coordinator before you answer."
            ),
            field="happened",
            practice=agreed.text().title,
        )
    say_happened(actor, meeting, happened=held)
