"""Tables of how people come in: sessions, requests of a link and code, changed addresses, identities, paper passes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kierto import clock
from kierto.actor import Identified
from kierto.database import (
    CONTACT,
    NOT_PERSONAL,
    Base,
    Encrypted,
    Global,
    Referable,
    Tenant,
    localised,
    tenant_key,
)
from kierto.people.models import Person
from kierto.sign_in.rules import IDENTITY_JOINED_ONCE, WRONG_CODES
from kierto.words import Localised


class Channel(StrEnum):
    """How an address is reached."""

    EMAIL = "email"
    SMS = "sms"


class End(StrEnum):
    """Which end of a changed address."""

    NEW = "new"
    OLD = "old"


class How(StrEnum):
    """How an end was confirmed, or why a change stopped."""

    CODE = "code"
    LINK = "link"
    CALL = "call"
    STOPPED = "stopped"
    NOT_ME = "not_me"
    REPLACED = "replaced"


class SessionBy(StrEnum):
    """How a session came to be."""

    LINK = "link"
    CODE = "code"
    SINGLE_SIGN_ON = "single_sign_on"
    DEMO = "demo"


class PersonSession(Base, Global):
    """A signed-in device. The cookie holds the token, the table its hash; each can be ended alone."""

    __tablename__ = "person_sessions"
    __table_args__ = (Index(None, "person_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    by: Mapped[SessionBy]
    identified: Mapped[Identified]
    device: Mapped[str] = mapped_column(String(200), info=CONTACT)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def handle(self) -> str:
        """What a form names it by; of no use to get in."""
        return self.token_hash[:16]


class SignInRequest(Base, Global):
    """Somebody asked to be let in. Its link and its six-digit code are derived from the row's id and the secret key.

    `address` is what was typed, known to Kierto or not; a link made on the command line has its person instead. With
    `issuer` and `subject` the mailbox is proved for single sign-on: using it joins that identity to the person.
    """

    __tablename__ = "sign_in_requests"
    __table_args__ = (Index(None, "expires_at"), Index(None, "address"), Index(None, "person_id"))

    channel: Mapped[Channel | None]
    address: Mapped[str | None] = mapped_column(String(254), info=CONTACT)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    issuer: Mapped[str | None] = mapped_column(String(300), info=NOT_PERSONAL)
    subject: Mapped[str | None] = mapped_column(String(300), info=CONTACT)
    identified: Mapped[Identified] = mapped_column(default=Identified.WEAKLY)
    language: Mapped[str] = mapped_column(String(2), default="fi", info=CONTACT)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @property
    def usable(self) -> bool:
        """Whether its link works. Wrong codes do not matter to it: a stranger who guesses locks nobody out."""
        return self.used_at is None and self.expires_at > clock.now()

    @property
    def takes_codes(self) -> bool:
        """Whether its code may be tried."""
        return self.usable and self.wrong_codes < WRONG_CODES

    @property
    def tries_left(self) -> int:
        return WRONG_CODES - self.wrong_codes

    @property
    def joins(self) -> bool:
        """Whether using it joins an identity of single sign-on to the person."""
        return self.issuer is not None


class Attempt(Base, Global):
    """One try at getting in, counted to limit them; `subject_hash` is keyed, so that it tells no address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "subject_hash", "at"), Index(None, "at"))

    subject_hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    at: Mapped[datetime]


class ContactChange(Base, Global):
    """A new e-mail address or phone number that waits to be confirmed at both ends (contact-both-ends).

    With a code that goes to the new one, and at the old one, where there is one. An empty address: the old one is to
    be removed.
    """

    __tablename__ = "contact_changes"
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    channel: Mapped[Channel]
    address: Mapped[str] = mapped_column(String(254), info=CONTACT)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    new_confirmed_at: Mapped[datetime | None]
    old_confirmed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True)

    @property
    def open(self) -> bool:
        return self.done_at is None and self.cancelled_at is None and self.expires_at > clock.now()

    @property
    def removes(self) -> bool:
        return not self.address

    @property
    def takes_codes(self) -> bool:
        return self.open and self.new_confirmed_at is None and self.wrong_codes < WRONG_CODES

    @property
    def tries_left(self) -> int:
        return WRONG_CODES - self.wrong_codes


class IdentityProvider(Base, Tenant, Referable):
    """An organisation's single sign-on (OpenID Connect). `strong`: who comes through it is strongly identified."""

    __tablename__ = "identity_providers"
    __table_args__ = (tenant_key(),)

    name: Mapped[Localised] = localised("name")
    issuer: Mapped[str] = mapped_column(String(300), info=NOT_PERSONAL)
    client_id: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    client_secret: Mapped[bytes] = mapped_column(Encrypted, info=NOT_PERSONAL)
    strong: Mapped[bool]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Identity(Base, Global):
    """Who a provider says a person is: issuer and subject, never an e-mail address (OpenID Connect Core §5.7)."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("uq_identities", "issuer", "subject", unique=True, info={"rule": IDENTITY_JOINED_ONCE}),
        Index(None, "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    issuer: Mapped[str] = mapped_column(String(300), info=NOT_PERSONAL)
    subject: Mapped[str] = mapped_column(String(300), info=CONTACT)
    created_at: Mapped[datetime]


class PaperPass(Base, Global, Referable):
    """A printed page with a QR code, opened with four digits the person chose. Random, stored as a hash, shown once."""

    __tablename__ = "paper_passes"
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    digits_hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    wrong_digits: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])
