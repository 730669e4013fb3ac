"""What each role is called, and what a person who has it can do: English source strings for pages and letters."""

from collections.abc import Mapping

from kierto.actor import Role
from kierto.words import N_, gettext

_NAMES: Mapping[Role | None, str] = {
    Role.COORDINATOR: N_("Coordinator"),
    Role.HOST_CONTACT: N_("Contact person of a unit"),
    Role.STAFF: N_("Worker in a unit"),
    Role.EXPERT: N_("Expert by experience"),
    Role.DECISION_MAKER: N_("Decision-maker"),
    None: N_("Administrator"),
}
_CAN: Mapping[Role | None, str] = {
    Role.COORDINATOR: N_(
        "You bring in the organisation’s units, invite people, and open rounds. You help meetings to get their people."
    ),
    Role.HOST_CONTACT: N_("You book your unit’s meeting, see who comes, and invite your colleagues."),
    Role.STAFF: N_(
        "You take a seat in your unit’s meetings, and answer the practices that other units have found good."
    ),
    Role.DECISION_MAKER: N_("You see that meetings are held and what came of them. You see no personal data."),
    None: N_(
        "You look after Kierto itself: organisations, people and their roles. You have no part in any organisation."
    ),
}


def role_name(role: Role | None) -> str:
    """The role in the reader's language; none: administrator of Kierto."""
    return gettext(_NAMES[role])


def role_can(role: Role | None) -> str:
    """What the role lets one do, said to the person."""
    return gettext(_CAN[role])
