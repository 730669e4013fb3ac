"""What time alone sets in motion: offers that run out."""

import structlog

from kierto.database import reading, writing
from kierto.seats.actions import pass_on_offer
from kierto.seats.queries import offers_run_out

log = structlog.get_logger()


def run_out() -> None:
    """Pass on the offers whose time is over, each by itself: one that fails stops no other."""
    with reading():
        over = offers_run_out()
    for meeting_id, seat_id in over:
        try:
            with writing():
                pass_on_offer(meeting_id, seat_id)
        except Exception:
            log.exception("offer could not be passed on", seat_id=seat_id)
