"""When a message that did not leave is tried again, and when it is given up."""

from datetime import timedelta

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    *(timedelta(hours=6) for _ in range(7)),
)
"""The wait after each attempt in vain; together about two days (RFC 5321 §4.5.4.1 asks for 4–5 days of a server)."""


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts (1 or more) in vain; None when the message is given up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
