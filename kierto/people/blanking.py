"""What remains of a person whose data was erased: a number, so that what others did with them still fits together."""

from kierto import clock
from kierto.people.models import Person


def blank_person(person: Person) -> None:
    """Take everything away that tells who the person is (erase-person). Lock the row before.

    Their sessions, roles and what else points to them are the caller's to end.
    """
    person.name = person.folded = ""
    person.email = person.phone = None
    person.email_proved_at = person.phone_proved_at = None
    person.language = "fi"
    person.administrator = False
    person.erased_at = clock.now()
