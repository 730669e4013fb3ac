"""The demo's people as `/demo` shows them: by what they do, with what that lets them do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kierto.actor import Role
from kierto.people.models import Person
from kierto.people.queries import Part
from kierto.words import N_, Localised


@dataclass
class Player:
    """A person to step into, and where they are what they are: units, else organisations."""

    person: Person
    places: list[Localised] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """People who do the same. `title` and `can` are English source strings."""

    id: str
    title: str
    can: str
    players: Sequence[Player]


_WORDS: tuple[tuple[Role | None, str, str, str], ...] = (
    (
        Role.COORDINATOR,
        "coordinators",
        N_("Coordinator"),
        N_("Imports units, opens rounds, books for units, and sees who comes."),
    ),
    (
        Role.HOST_CONTACT,
        "host-contacts",
        N_("Contact person of a unit"),
        N_("Books the unit’s meeting, writes down what is agreed, and answers practices that arrive."),
    ),
    (
        Role.STAFF,
        "staff",
        N_("Worker in a unit"),
        N_("Takes a seat in the unit’s meeting, writes down what is agreed, and answers practices that arrive."),
    ),
    (
        Role.EXPERT,
        "experts",
        N_("Expert by experience"),
        N_("Finds meetings, takes a seat, and gives it up when something comes between."),
    ),
    (
        Role.DECISION_MAKER,
        "decision-makers",
        N_("Decision-maker"),
        N_("Sees what everyone sees: public meetings, and the practices that spread."),
    ),
    (
        None,
        "administrators",
        N_("Administrator"),
        N_("Looks after Kierto itself. Has no part in any organisation."),
    ),
)
_ELSEWHERE = (
    "elsewhere",
    N_("In another organisation"),
    N_("Has the same roles there, and sees nothing of the first organisation but what is public."),
)


def groups(parts: Iterable[Part]) -> list[Group]:
    """The people of the first organisation by role, then those of the others; groups with nobody are left out."""
    parts = list(parts)
    home = min((part.organisation.id for part in parts if part.organisation), default=0)
    here = [part for part in parts if part.organisation is None or part.organisation.id == home]
    found = [
        Group(id_, title, can, _players(part for part in here if part.role is role)) for role, id_, title, can in _WORDS
    ]
    away = [part for part in parts if part.organisation is not None and part.organisation.id != home]
    found.append(Group(*_ELSEWHERE, _players(away)))
    return [group for group in found if group.players]


def _players(parts: Iterable[Part]) -> list[Player]:
    """Each person once, with all their places."""
    players: dict[int, Player] = {}
    for part in parts:
        player = players.setdefault(part.person.id, Player(part.person))
        place = part.unit or part.organisation
        if place is not None:
            player.places.append(place.name)
    return list(players.values())
