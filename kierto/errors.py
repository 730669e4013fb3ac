"""What an action raises when it cannot do what was asked; the web layer turns each into a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A business rule of the domain: its id and the sentence a person meets when it refuses them.

    The sentence is an English source string, marked with `N_()` where it is written and translated where it is shown.
    """

    id: str
    sentence: str


class KiertoError(Exception):
    """The parent of everything an action raises on purpose."""


class Refused(KiertoError):
    """A business rule says no.

    `message` (English source string, `%(name)s` places filled from `values`) says how to mend it, the rule's sentence
    unless given; `field` names the form field it belongs to, if one.
    """

    def __init__(self, rule: Rule, message: str | None = None, *, field: str | None = None, **values: object) -> None:
        super().__init__(rule.id)
        self.rule = rule
        self.message = message or rule.sentence
        self.field = field
        self.values = values


class NotFound(KiertoError):
    """There is no such thing, or it is not visible to who asks: the two look the same on purpose (404)."""


class Forbidden(KiertoError):
    """The thing is visible, but the actor may not do this with it (403)."""


class TooMany(KiertoError):
    """Too many tries in too short a time; what to do is to wait a little, or to call (429)."""
