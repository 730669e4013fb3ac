"""Finding people by name on the pages of a meeting: a search, and the first of those whom it finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kierto.web.forms import SearchForm, StringField
from kierto.words import lazy_gettext

SHOWN = 10

Found = TypeVar("Found")


class NameSearch(SearchForm):
    """A name, or a part of one."""

    name = StringField(lazy_gettext("Name, or a part of it"), render_kw={"type": "search", "autocomplete": "off"})


@dataclass(frozen=True)
class ByName(Generic[Found]):
    """A search with what it found: `more` were found than are shown; nothing is found where nothing was searched."""

    form: NameSearch
    found: Sequence[Found]
    searched: bool
    more: bool


def by_name(find: Callable[[str, int], Sequence[Found]], able: bool) -> ByName[Found]:
    """What the address asks for: `find` takes the words and how many are enough; where not `able`, none are found."""
    form = NameSearch()
    words = form.chosen("name")
    found = find(words, SHOWN + 1) if words and able else []
    return ByName(form, found[:SHOWN], bool(words), len(found) > SHOWN)
