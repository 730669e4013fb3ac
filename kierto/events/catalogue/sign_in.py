"""What is recorded of signing in, sessions, addresses and passes."""

from dataclasses import dataclass

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
    channel: str
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
    by: str
    identified: str


@dataclass(frozen=True)
class SessionEnded(EventData):
    kind = "session.ended"
    sentence = N_("A device was signed out.")


@dataclass(frozen=True)
class IdentityJoined(EventData):
    kind = "identity.joined"
    sentence = N_("The organisation’s sign-in was joined to the person.")
