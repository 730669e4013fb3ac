"""How one gets into a unit's building, in plain sentences."""

from kierto.units.models import Unit
from kierto.words import N_, gettext

_SENTENCES: dict[str, tuple[str, str]] = {
    "step_free": (N_("You get in without steps."), N_("There are steps on the way in.")),
    "lift": (N_("There is a lift."), N_("There is no lift.")),
    "accessible_wc": (N_("There is an accessible toilet."), N_("There is no accessible toilet.")),
    "induction_loop": (N_("There is an induction loop."), N_("There is no induction loop.")),
    "parking": (N_("There is parking for disabled people."), N_("There is no parking for disabled people.")),
    "quiet_room": (N_("There is a quiet room for a break."), N_("There is no quiet room for a break.")),
}
"""What is said when the answer is yes, and when it is no; of what nobody has said nothing is."""


def sentences(unit: Unit) -> list[str]:
    """How one gets into the unit; what nobody has told is left out."""
    said = ((getattr(unit, name), words) for name, words in _SENTENCES.items())
    return [gettext(yes if answer else no) for answer, (yes, no) in said if answer is not None]
