"""A person's name as a column: whose data was erased has none, and is called the same by everyone."""

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from kierto.words import N_, gettext

ERASED = N_("A person whose data was erased")


class PersonName(TypeDecorator[str]):
    """A name; where none is stored any more (erase-person), the words for that in the reader's language."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return gettext(ERASED) if value == "" else value
