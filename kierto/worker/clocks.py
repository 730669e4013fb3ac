"""What time alone sets in motion: offers run out, proposed meetings lapse, reminders and questions leave."""

from collections.abc import Callable

import structlog

from kierto.database import reading, writing
from kierto.experts.applying import delete_expired
from kierto.experts.queries import expired
from kierto.jobs.actions import forget_unanswered
from kierto.jobs.queries import unanswered
from kierto.meetings.actions import lapse
from kierto.meetings.happening import ask_happened, to_ask_happened
from kierto.meetings.queries import lapsed
from kierto.messages.reminding import mixes_missing, remind, reminders_due, warn_of_mix
from kierto.rounds.visiting import invite_next, to_invite_visitors
from kierto.seats.interest import interest_ended, offer_waited_for, settle_interest
from kierto.seats.offering import offers_run_out, pass_on_offer, waited_for
from kierto.sign_in.actions import forget_old
from kierto.sign_in.queries import anything_old

log = structlog.get_logger()


def run_out() -> None:
    """Let everything happen whose time has come, each by itself: one that fails stops no other."""
    with reading():
        due = _due()
    for happen, ids in due:
        _each(happen, *ids)


def _due() -> list[tuple[Callable[..., None], tuple[int, ...]]]:
    """What is to happen, in order, and with what."""
    return [
        *((settle_interest, (meeting_id,)) for meeting_id in interest_ended()),
        *((pass_on_offer, offer) for offer in offers_run_out()),
        *((offer_waited_for, (meeting_id,)) for meeting_id in waited_for()),
        *((lapse, (meeting_id,)) for meeting_id in lapsed()),
        *((ask_happened, (meeting_id,)) for meeting_id in to_ask_happened()),
        *((invite_next, (meeting_id,)) for meeting_id in to_invite_visitors()),
        *((remind, reminder) for reminder in reminders_due()),
        *((warn_of_mix, (meeting_id,)) for meeting_id in mixes_missing()),
        *((forget_unanswered, (job_id,)) for job_id in unanswered()),
        *((delete_expired, (application_id,)) for application_id in expired()),
        *((forget_old, ()) for _ in range(anything_old())),
    ]


def _each(happen: Callable[..., None], *ids: int) -> None:
    try:
        with writing():
            happen(*ids)
    except Exception:
        log.exception("what time had come for did not happen", what=happen.__name__, ids=ids)
