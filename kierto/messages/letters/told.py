"""What a letter is: where it goes, and the facts that its templates show."""

from collections.abc import Callable
from typing import Any, NamedTuple

from kierto.events.catalogue import EventData
from kierto.messages.models import Message
from kierto.people.models import Person
from kierto.settings import Settings
from kierto.sign_in.models import Channel
from kierto.sign_in.queries import is_silent
from kierto.words import Language, matched

Facts = dict[str, Any]


class Outdated(Exception):
    """What the message tells is not so any more: better no mail than a wrong one."""


class Told(NamedTuple):
    """What a letter is written from: the message, its event's data, the settings."""

    message: Message
    data: EventData
    settings: Settings


class Address(NamedTuple):
    """Where a letter goes, and in which language it is read there."""

    channel: Channel
    value: str
    language: Language


def address_of(person: Person | None) -> Address | None:
    """A person's e-mail address, else their phone; None when they have neither."""
    if person is None or not (person.email or person.phone):
        return None
    channel = Channel.EMAIL if person.email else Channel.SMS
    return Address(channel, person.email or person.phone or "", matched(person.language))


def to_person(told: Told) -> Address | None:
    """Most letters go to the message's person."""
    return address_of(told.message.person)


def to_certain(told: Told) -> Address | None:
    """Who holds the letter may answer by it: it does not go to a number that may be somebody else's by now."""
    address = address_of(told.message.person)
    if address is None or (address.channel is Channel.SMS and told.message.person and is_silent(told.message.person)):
        return None  # a coordinator calls instead
    return address


class Letter(NamedTuple):
    """A kind of letter. Both are called in `reading()`, the facts in the reader's language; both may raise Outdated.

    `words` names the template whose words it has, when that is another than its kind's own.
    """

    facts: Callable[[Told], Facts]
    to: Callable[[Told], Address | None] = to_person
    words: str = ""
