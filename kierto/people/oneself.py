"""What people change of themselves."""

from kierto.actor import Actor
from kierto.database import lock_one
from kierto.events.actions import record
from kierto.events.catalogue.applications import PersonChanged
from kierto.people.models import Person
from kierto.words import Language, folded


def change_oneself(actor: Actor, person: Person, name: str, language: Language) -> None:
    """Change the name, which may be a chosen one, and the language of messages."""
    person = lock_one(Person, person.id)
    if (person.name, person.language) == (name, language):
        return
    person.name, person.folded, person.language = name, folded(name), language
    record(actor, person, PersonChanged())
