"""Who may be in the register twice: the same name, the same mailbox elsewhere, nearly the same number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from kierto.words import folded

_DIGITS = 7
"""So many last digits of a number are compared: the same phone is written with and without its country's beginning."""


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


def pairs(known: Iterable[Known]) -> Iterator[tuple[int, int]]:
    """The pairs of experts who may be one person, each once, the smaller number first.

    Only those that share something are compared, and who wants but a few pairs stops asking.
    """
    groups: defaultdict[tuple[int, str], list[Known]] = defaultdict(list)
    for one in sorted(known, key=lambda known: known.expert_id):
        for mark in (f"name {one.name}", *sorted(_marks(one))):
            groups[one.organisation_id, mark].append(one)
    told: set[tuple[int, int]] = set()
    for group in groups.values():
        for one, other in combinations(group, 2):
            pair = one.expert_id, other.expert_id
            if pair not in told and alike(one, other):
                told.add(pair)
                yield pair


def _marks(one: Known) -> set[str]:
    marks = set()
    if one.phone:
        marks.add(f"phone {one.phone[-_DIGITS:]}")
    if one.email:
        marks.add(f"email {one.email}")
        mailbox = one.email.partition("@")[0].partition("+")[0].replace(".", "")
        # What many people's addresses begin with tells nothing of one of them.
        if len(mailbox) > _DIGITS:
            marks.add(f"mailbox {mailbox}")
    return marks
