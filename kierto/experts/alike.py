"""Who may be in the register twice: the same name, the same mailbox elsewhere, nearly the same number."""

from typing import NamedTuple

from kierto.words import folded

DIGITS = 7
"""So many last digits of a number are compared: the same phone is written with and without its country's beginning."""

LONG_MAILBOX = 8
"""Shorter ones (info, toimisto) are many people's."""


class Known(NamedTuple):
    """What is known of an expert that another one is compared with; `name` is folded."""

    expert_id: int
    organisation_id: int
    name: str
    municipality: str | None
    email: str | None
    phone: str | None


def alike(one: Known, other: Known) -> bool:
    """Whether the two may be one person, so that a coordinator should look.

    The same name, unless they live in different municipalities; the same mailbox at another provider or with a plus; a
    number that ends in the same seven digits.
    """
    if one.organisation_id != other.organisation_id:
        return False
    places = {folded(place) for place in (one.municipality, other.municipality) if place}
    return (one.name == other.name and len(places) < 2) or bool(_marks(one) & _marks(other))


def mailbox_of(email: str) -> str:
    """The mailbox before the domain, as most providers deliver it: dots and what follows a plus do not matter."""
    return email.partition("@")[0].partition("+")[0].replace(".", "")


def _marks(one: Known) -> set[str]:
    marks = set()
    if one.phone:
        marks.add(f"phone {one.phone[-DIGITS:]}")
    if one.email:
        marks.add(f"email {one.email}")
        # What many people's addresses begin with tells nothing of one of them.
        if len(mailbox_of(one.email)) >= LONG_MAILBOX:
            marks.add(f"mailbox {mailbox_of(one.email)}")
    return marks
