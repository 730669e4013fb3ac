"""Two entries of one person made one, in every room: what they wrote and look after goes over, too."""

from sqlalchemy import update

from kierto.actor import Actor
from kierto.database import session
from kierto.people.models import Expert
from kierto.practices.models import Adoption, PracticeText
from kierto.seats import merging
from kierto.seats.merging import Contacts


def merge(actor: Actor, kept: Expert, gone: Expert, contacts: Contacts) -> None:
    """Make the two persons one: `kept` has everything from then on, of `gone` a number remains.

    Raises:
        Refused: seat-no-double-hat, merge-own-only, person-one-place.
        NotFound: one of them is gone already.
    """
    merging.merge(actor, kept, gone, contacts)
    for column in (Adoption.owner_id, PracticeText.written_by):
        session.execute(update(column.class_).where(column == gone.person_id).values({column: kept.person_id}))
