"""Who may open and press what: written and reviewed by hand, from the domain's rules and not from the code."""

from tests.checks.permissions import (
    anyone,
    booking,
    experts,
    looking_after,
    meetings,
    own_data,
    passes,
    people,
    sign_in,
    single_sign_on,
    units,
)
from tests.checks.permissions.demo import DEMO
from tests.checks.permissions.rows import Row

__all__ = ["DEMO", "TABLE", "Row"]

TABLE = (
    *anyone.TABLE,
    *sign_in.TABLE,
    *single_sign_on.TABLE,
    *passes.TABLE,
    *people.TABLE,
    *experts.TABLE,
    *units.TABLE,
    *meetings.TABLE,
    *looking_after.TABLE,
    *booking.TABLE,
    *own_data.TABLE,
)
