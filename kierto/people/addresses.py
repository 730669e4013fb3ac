"""E-mail addresses and phone numbers as Kierto keeps them: one way of writing each, however it was typed."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from kierto.errors import Refused
from kierto.people.rules import ADDRESS_UNDERSTOOD
from kierto.words import N_

HOME = "FI"
"""Whose way of writing numbers without + is understood."""

_NO_EMAIL = N_("This e-mail address is not whole. Check it: it looks like maija@example.fi.")
_NO_PHONE = N_(
    "This is not a whole phone number. Check the digits: it looks like 040 123 4567. "
    "A number of another country begins with +, such as +46 70 123 45 67."
)


def plain_email(typed: str, *, field: str | None = None) -> str:
    """The address in lower case, spaces left out, its domain in the letters of its language (RFC 5890, RFC 6531).

    What stands after a + is kept: it may be another mailbox. The network is not asked.

    Raises:
        Refused: address-understood.
    """
    try:
        # Names under .test are nobody's (RFC 6761): the demo's people and the tests' have such.
        known = validate_email("".join(typed.split()), check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise Refused(ADDRESS_UNDERSTOOD, _NO_EMAIL, field=field) from fault
    return known.normalized.lower()


def plain_phone(typed: str, *, field: str | None = None) -> str:
    """The number as + and digits (E.164), however it was spaced; without + it is a Finnish one.

    Raises:
        Refused: address-understood.
    """
    try:
        number = phonenumbers.parse(typed, HOME)
    except phonenumbers.NumberParseException as fault:
        raise Refused(ADDRESS_UNDERSTOOD, _NO_PHONE, field=field) from fault
    if not phonenumbers.is_valid_number(number):
        raise Refused(ADDRESS_UNDERSTOOD, _NO_PHONE, field=field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mailable(email: str) -> str:
    """The address as every mail server takes it: its domain in ASCII (RFC 5891).

    What stands before the @ stays as it is; letters beyond ASCII there need a server that knows SMTPUTF8.
    """
    local, _at, domain = email.rpartition("@")
    if domain.isascii():
        return email
    known = validate_email(email, check_deliverability=False, test_environment=True)
    return f"{local}@{known.ascii_domain}"


def masked(address: str) -> str:
    """Enough of an address for who knows it already, and too little for who does not: m…@example.fi, …67."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else f"…{address[-2:]}"


def spoken_phone(phone: str) -> str:
    """The number as people here write it: 040 1234567, and +46 70 123 45 67 of another country."""
    number = phonenumbers.parse(phone, HOME)
    home = number.country_code == phonenumbers.country_code_for_region(HOME)
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, formats.NATIONAL if home else formats.INTERNATIONAL)
