"""What time alone sets in motion: offers run out, proposed meetings lapse, units are asked whether theirs was held."""

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
from kierto.seats.actions import pass_on_offer
from kierto.seats.queries import offers_run_out
from kierto.sign_in.actions import forget_old
from kierto.sign_in.queries import anything_old

log = structlog.get_logger()


def run_out() -> None:
    """Let everything happen whose time has come, each by itself: one that fails stops no other."""
    with reading():
        offers, meetings, questions = offers_run_out(), lapsed(), unanswered()
        over = to_ask_happened()
        applications = expired()
        old_requests = anything_old()
    for meeting_id, seat_id in offers:
        _each(pass_on_offer, meeting_id, seat_id)
    for meeting_id in meetings:
        _each(lapse, meeting_id)
    for meeting_id in over:
        _each(ask_happened, meeting_id)
    for job_id in questions:
        _each(forget_unanswered, job_id)
    for application_id in applications:
        _each(delete_expired, application_id)
    if old_requests:
        _each(forget_old)


def _each(happen: Callable[..., None], *ids: int) -> None:
    try:
        with writing():
            happen(*ids)
    except Exception:
        log.exception("what time had come for did not happen", what=happen.__name__, ids=ids)
