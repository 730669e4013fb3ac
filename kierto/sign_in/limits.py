"""Counting tries in the database, so that every web process counts the same ones.

What is counted is a keyed hash: the table tells neither addresses nor who called. Two tries at one moment may both get
past the last place; what must be exact, the wrong codes of one request, is counted on its own row instead.
"""

import ipaddress
from collections.abc import Sequence

from sqlalchemy import delete, func, select

from kierto import clock
from kierto.database import session
from kierto.errors import TooMany
from kierto.sign_in.models import Attempt
from kierto.sign_in.rules import ATTEMPTS_KEPT, REQUESTS_OF_CLIENT, REQUESTS_TO_ADDRESS, SIGN_ONS_OF_CLIENT, Limit
from kierto.sign_in.tokens import keyed


def allows(limit: Limit, subject: str, secret_key: str) -> bool:
    """Whether one more try is within the limit."""
    tries = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.subject_hash == _hash(limit, subject, secret_key), Attempt.at > clock.now() - limit.within)
    )
    return (tries or 0) < limit.most


def check(limit: Limit, subject: str, secret_key: str) -> None:
    """Let one more try be.

    Raises:
        TooMany: it would be beyond the limit.
    """
    if not allows(limit, subject, secret_key):
        raise TooMany


def count(limit: Limit, subject: str, secret_key: str) -> None:
    """Write one try down."""
    session.add(Attempt(subject_hash=_hash(limit, subject, secret_key), at=clock.now()))


def take(tries: Sequence[tuple[Limit, str]], secret_key: str) -> None:
    """Count one try for each of the subjects.

    Raises:
        TooMany: it would be beyond the limit of one of them; then none is counted.
    """
    for limit, subject in tries:
        check(limit, subject, secret_key)
    for limit, subject in tries:
        count(limit, subject, secret_key)


def message_asked(address: str, client: str, secret_key: str) -> None:
    """Count a message to an address that a caller wants.

    Raises:
        TooMany: the address, or the caller, has had enough of them.
    """
    take(((REQUESTS_TO_ADDRESS, address), (REQUESTS_OF_CLIENT, network_of(client))), secret_key)


def single_sign_on_tried(client: str, secret_key: str) -> None:
    """Count that a caller makes us ask somebody else's server.

    Raises:
        TooMany: the caller has had enough of it.
    """
    take(((SIGN_ONS_OF_CLIENT, network_of(client)),), secret_key)


def forget_attempts() -> None:
    """Delete what no limit looks at any more."""
    session.execute(delete(Attempt).where(Attempt.at < clock.now() - ATTEMPTS_KEPT))


def network_of(client: str) -> str:
    """Who calls, as far as it says something: of an IPv6 address the first half, the rest is the caller's to choose."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _hash(limit: Limit, subject: str, secret_key: str) -> str:
    return keyed(f"{limit.name}:{subject}", secret_key)
