"""Applications with a number that was somebody's and may be somebody else's by now: a coordinator calls it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import session
from kierto.experts.models import Application
from kierto.experts.queries import Typed, typed_in
from kierto.experts.register import visible
from kierto.experts.rules import CLAIM_LASTS
from kierto.people.models import Expert, ExpertState, Person
from kierto.sign_in.queries import is_silent

_LOOKED_THROUGH = 200
"""So many new applications are looked into: what was typed in them is encrypted. The first ones are settled first."""


def unsure(typed: Mapping[int, Typed]) -> set[int]:
    """Of experts and what they typed, those whom no letter asks: the number alone, and its owner here long silent."""
    numbers = {id_: one.phone for id_, one in typed.items() if one.phone and not one.email}
    if not numbers:
        return set()
    owners = session.scalars(select(Person).where(Person.phone.in_(numbers.values())))
    silent = {person.phone for person in owners if is_silent(person)}
    return {id_ for id_, phone in numbers.items() if phone in silent}


def numbers_to_call(actor: Actor, limit: int) -> Sequence[Expert]:
    """Who has applied with such a number and waits, the oldest first."""
    rows = session.execute(
        visible(actor)
        .add_columns(Application)
        .join(Application, Application.expert_id == Expert.id)
        .where(Expert.state == ExpertState.APPLIED, Application.sent_at > clock.now() - CLAIM_LASTS)
        .order_by(Application.id)
        .limit(_LOOKED_THROUGH)
    )
    waiting: list[tuple[Expert, Application]] = [(expert, application) for expert, application in rows]
    called = unsure(typed_in(application for _expert, application in waiting))
    return list({expert.id: expert for expert, _application in waiting if expert.id in called}.values())[:limit]
