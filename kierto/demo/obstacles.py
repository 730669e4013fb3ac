"""The demo's feedback on accessibility, answered and not, and what an organisation adds to its statement."""

from sqlalchemy import select

from kierto.actor import VISITOR, Actor
from kierto.database import session
from kierto.statements.actions import Obstacle, answer_feedback, send_feedback, write_own_text
from kierto.statements.models import AccessibilityFeedback, StatementKind

_LONG = "Kokousten lista on puhelimessani niin pitkä, että väsyn ennen kuin löydän oman kuntani."
_ANSWER = "Kiitos, kun kerroit. Listaa voi rajata kunnan mukaan. Jos se ei auta, soita meille: luemme listan sinulle."
_BUTTON = "En löytänyt ruudunlukijalla nappia, josta kokoukseen ilmoittaudutaan. Kuulin vain päivän ja paikan."
_OWN = (
    "Kirjoitamme kokousten kuvaukset selkeällä kielellä. Jos jokin kuvaus on vaikea, kerro siitä meille.\n\n"
    "Painettu esite kiertävistä kokouksista on yksiköiden ilmoitustauluilla."
)


def tell_of_lists(organisation_id: int) -> None:
    """Somebody tells of a long list, and leaves an address."""
    send_feedback(VISITOR, Obstacle(_LONG, "/meetings/", organisation_id, "kaarina@kierto.example", "fi"))


def answer_about_lists(coordinator: Actor, organisation_id: int) -> None:
    """A coordinator answers, and writes something into the statement."""
    answer_feedback(coordinator, session.scalars(select(AccessibilityFeedback)).one(), _ANSWER)
    write_own_text(coordinator, organisation_id, StatementKind.ACCESSIBILITY, "fi", _OWN)


def tell_of_buttons(organisation_id: int) -> None:
    """Somebody tells of a button they did not find; it waits for an answer."""
    send_feedback(VISITOR, Obstacle(_BUTTON, "/meetings/", organisation_id, "+358401234567", "fi"))
