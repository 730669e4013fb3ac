"""What is recorded of signing in, sessions, addresses and passes."""

from dataclasses import dataclass
from enum import StrEnum

from kierto.events.catalogue.base import EventData
from kierto.words import N_


@dataclass(frozen=True)
class PassMade(EventData):
    kind = "pass.made"
    sentence = N_("A paper pass was made.")
    told = True


@dataclass(frozen=True)
class PassEnded(EventData):
    kind = "pass.ended"
    sentence = N_("A paper pass was ended.")


@dataclass(frozen=True)
class PassDigitsChanged(EventData):
    kind = "pass.digits_changed"
    sentence = N_("A paper pass got new digits.")


@dataclass(frozen=True)
class PassLocked(EventData):
    kind = "pass.locked"
    sentence = N_("A paper pass was locked after wrong digits.")


@dataclass(frozen=True)
class SignInAsked(EventData):
    kind = "sign_in.asked"
    sentence = N_("Somebody asked for a sign-in message.")
    told = True
    channel: StrEnum
    joins: bool


@dataclass(frozen=True)
class SignInLinkMade(EventData):
    kind = "sign_in.link_made"
    sentence = N_("A sign-in link was made on the command line.")


@dataclass(frozen=True)
class WrongCode(EventData):
    kind = "sign_in.wrong_code"
    sentence = N_("A wrong code was given.")


@dataclass(frozen=True)
class SessionStarted(EventData):
    kind = "session.started"
    sentence = N_("The person signed in.")
    by: StrEnum
    identified: StrEnum


@dataclass(frozen=True)
class SessionEnded(EventData):
    kind = "session.ended"
    sentence = N_("A device was signed out.")


@dataclass(frozen=True)
class NewEndAsked(EventData):
    kind = "contact.new_end_asked"
    sentence = N_("A new address was to be confirmed.")
    told = True
    channel: StrEnum


@dataclass(frozen=True)
class OldEndAsked(EventData):
    kind = "contact.old_end_asked"
    sentence = N_("The old address was asked to confirm a change.")
    told = True
    channel: StrEnum
    removes: bool


@dataclass(frozen=True)
class EndConfirmed(EventData):
    kind = "contact.end_confirmed"
    sentence = N_("A change of address was confirmed at one end.")
    channel: StrEnum
    end: StrEnum
    how: StrEnum


@dataclass(frozen=True)
class WrongContactCode(EventData):
    kind = "contact.wrong_code"
    sentence = N_("A wrong code was given for a new address.")
    channel: StrEnum


@dataclass(frozen=True)
class ContactChangeStopped(EventData):
    kind = "contact.change_stopped"
    sentence = N_("A change of address was stopped.")
    channel: StrEnum
    how: StrEnum


@dataclass(frozen=True)
class ContactChanged(EventData):
    kind = "contact.changed"
    sentence = N_("An address was changed.")
    told = True
    channel: StrEnum
    removed: bool


@dataclass(frozen=True)
class NumberCalled(EventData):
    kind = "contact.number_called"
    sentence = N_("A coordinator called the number and spoke with the person.")


@dataclass(frozen=True)
class IdentityJoined(EventData):
    kind = "identity.joined"
    sentence = N_("The organisation’s sign-in was joined to the person.")


@dataclass(frozen=True)
class IdentityRemoved(EventData):
    kind = "identity.removed"
    sentence = N_("The organisation’s sign-in was taken from the person.")


@dataclass(frozen=True)
class ProviderAdded(EventData):
    kind = "provider.added"
    sentence = N_("A sign-in provider was added.")
    strong: bool


@dataclass(frozen=True)
class ProviderChanged(EventData):
    kind = "provider.changed"
    sentence = N_("A sign-in provider was changed.")
    strong: bool


@dataclass(frozen=True)
class ProviderRetired(EventData):
    kind = "provider.retired"
    sentence = N_("A sign-in provider was retired.")
