"""Changing an e-mail address or phone number: confirmed at both ends, or by a coordinator's call (contact-both-ends).

The person's lock guards their changes and their address.
"""

from typing import NamedTuple

from sqlalchemy import select

from kierto import clock
from kierto.actor import VISITOR, Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.sign_in import (
    ContactChanged,
    ContactChangeStopped,
    EndConfirmed,
    NewEndAsked,
    NumberCalled,
    OldEndAsked,
    WrongContactCode,
)
from kierto.people.addresses import plain_email, plain_phone
from kierto.people.models import Person
from kierto.people.rules import PERSON_REACHED_ONCE
from kierto.sign_in import actions, limits, passes
from kierto.sign_in.actions import Device
from kierto.sign_in.calls import Call
from kierto.sign_in.models import Channel, ContactChange, End, How
from kierto.sign_in.queries import address_at, other_channel, person_at
from kierto.sign_in.rules import (
    CALL_ANOTHER,
    CHANGE_LASTS,
    CODES_FOR_ADDRESS,
    CONTACT_BOTH_ENDS,
    PERSON_REACHABLE,
    PHONE_UNREACHED,
)
from kierto.sign_in.tokens import confirming_code, is_code
from kierto.words import N_

_TAKEN = N_("This address cannot be taken into use here. Call us, and we look into it together.")
_SAME = N_("This is the address that we have already.")


class Confirmed(NamedTuple):
    """What came of a code: whether it was right, whether the address has changed by it, how many tries are left."""

    right: bool
    changed: bool = False
    left: int = 0


def change_contact(
    actor: Actor, channel: Channel, typed: str, device: Device, secret_key: str, *, sms: bool = True
) -> ContactChange:
    """Begin to change the actor's address, or to add their first one. An earlier change of the same kind ends.

    A code goes to the new address whether somebody has it already or not.

    Raises:
        Refused: address-understood, phone-unreached, contact-both-ends (it is their address already).
        TooMany: messages to the address, or of this caller, have been asked for too often.
    """
    address = plain_email(typed, field="address") if channel is Channel.EMAIL else plain_phone(typed, field="address")
    if channel is Channel.SMS and not sms:
        raise Refused(PHONE_UNREACHED, field="address")
    person = _own(actor)
    if address == address_at(person, channel):
        raise Refused(CONTACT_BOTH_ENDS, _SAME, field="address")
    limits.message_asked(address, device.client, secret_key)
    change = _begin(actor, person, channel, address)
    record(actor, change, NewEndAsked(channel=channel))
    return change


def remove_contact(actor: Actor, channel: Channel) -> ContactChange:
    """Begin to remove an address; it goes when the address itself has confirmed it.

    Raises:
        Refused: person-reachable, contact-both-ends (there is none).
    """
    person = _own(actor)
    if not address_at(person, channel):
        raise Refused(CONTACT_BOTH_ENDS)
    if not address_at(person, other_channel(channel)):
        raise Refused(PERSON_REACHABLE)
    return _begin(actor, person, channel, "")


def confirm_new(actor: Actor, change: ContactChange, typed: str, secret_key: str) -> Confirmed:
    """Type in the code that went to the new address. A wrong one is counted, so it is an answer and no exception.

    Raises:
        Refused: contact-both-ends (the change is over), person-reached-once (somebody else has the address).
    """
    person, change = _locked(change)
    if not change.open or change.removes:
        raise Refused(CONTACT_BOTH_ENDS)
    if not change.takes_codes or not limits.allows(CODES_FOR_ADDRESS, change.address, secret_key):
        return Confirmed(right=False)
    if not is_code(typed, confirming_code(change, secret_key)):
        change.wrong_codes += 1
        limits.count(CODES_FOR_ADDRESS, change.address, secret_key)
        record(actor, change, WrongContactCode(channel=change.channel))
        return Confirmed(right=False, left=change.tries_left)
    other = person_at(change.channel, change.address)
    if other is not None and other.id != person.id:
        raise Refused(PERSON_REACHED_ONCE, _TAKEN, field="code")
    return Confirmed(right=True, changed=_confirm(actor, person, change, End.NEW, How.CODE))


def confirm_old(actor: Actor, change: ContactChange) -> bool:
    """The old address says yes, by the link that went there; returns whether the address has changed by it.

    Raises:
        Refused: contact-both-ends (the change is over), person-reachable, person-reached-once.
    """
    person, change = _locked(change)
    if not change.open:
        raise Refused(CONTACT_BOTH_ENDS)
    return _confirm(actor, person, change, End.OLD, How.LINK)


def confirm_old_by_call(actor: Actor, call: Call, channel: str) -> bool:
    """A coordinator has spoken with the person, who has lost the old address (answer-for-another).

    Raises:
        Refused: contact-both-ends (there is no such change any more), call-another, person-reachable,
            person-reached-once.
    """
    if actor.person_id == call.person.id:
        raise Refused(CALL_ANOTHER)
    waiting = next((one for one in call.changes if one.channel.value == channel), None)
    if waiting is None:
        raise Refused(CONTACT_BOTH_ENDS)
    person, change = _locked(waiting)
    if not change.open:
        raise Refused(CONTACT_BOTH_ENDS)
    return _confirm(actor, person, change, End.OLD, How.CALL)


def number_called(actor: Actor, call: Call) -> None:
    """A coordinator has called the number, and it was the person who answered: sign-in messages may go there again.

    Raises:
        Refused: call-another.
    """
    if actor.person_id == call.person.id:
        raise Refused(CALL_ANOTHER)
    person = lock_one(Person, call.person.id)
    person.phone_proved_at = clock.now()
    record(actor, person, NumberCalled())


def stop_change(actor: Actor, change: ContactChange) -> None:
    """The person lets it be after all; stopping what is over changes nothing."""
    _person, change = _locked(change)
    _stop(actor, change, How.STOPPED)


def was_not_me(actor: Actor, change: ContactChange) -> None:
    """Who reads the old address did not ask for the change: somebody else has been signed in as the person.

    Every change of the person that is under way stops, of either channel; every other device is signed out; paper
    passes end that were made since the first of these changes, or of those they replaced, began.
    `actor` is whoever is signed in on the device where the link was opened: only the person's own device stays.
    """
    person, change = _locked(change)
    lately = session.scalars(
        select(ContactChange)
        .where(
            ContactChange.person_id == person.id,
            ContactChange.done_at.is_(None),
            ContactChange.expires_at > clock.now(),
        )
        .order_by(ContactChange.created_at),
        execution_options={"populate_existing": True},
    ).all()
    for one in lately:
        _stop(actor, one, How.NOT_ME)
    own = actor if actor.person_id == person.id else Actor(person_id=person.id)
    actions.end_other_sessions(own)
    passes.end_passes_since(own, person, min(one.created_at for one in (change, *lately)))


def _own(actor: Actor) -> Person:
    assert actor.person_id is not None
    return lock_one(Person, actor.person_id)


def _begin(actor: Actor, person: Person, channel: Channel, address: str) -> ContactChange:
    for earlier in session.scalars(
        select(ContactChange).where(
            ContactChange.person_id == person.id,
            ContactChange.channel == channel,
            ContactChange.done_at.is_(None),
            ContactChange.cancelled_at.is_(None),
        )
    ):
        _stop(actor, earlier, How.REPLACED)
    now = clock.now()
    old = address_at(person, channel)
    change = ContactChange(
        person_id=person.id,
        channel=channel,
        address=address,
        wrong_codes=0,
        created_at=now,
        expires_at=now + CHANGE_LASTS,
        new_confirmed_at=None if address else now,
        old_confirmed_at=None if old else now,
    )
    session.add(change)
    if old:
        record(actor, change, OldEndAsked(channel=channel, removes=not address))
    session.flush()
    return change


def _locked(change: ContactChange) -> tuple[Person, ContactChange]:
    person = lock_one(Person, change.person_id)
    return person, session.get_one(ContactChange, change.id, populate_existing=True)


def _confirm(actor: Actor, person: Person, change: ContactChange, end: End, how: How) -> bool:
    """Note the end, and let the address change when both have confirmed it.

    Raises:
        Refused: person-reachable (what is to be removed has become the only address meanwhile).
    """
    if change.removes and not address_at(person, other_channel(change.channel)):
        raise Refused(PERSON_REACHABLE)
    now = clock.now()
    if end is End.NEW:
        change.new_confirmed_at = change.new_confirmed_at or now
    else:
        change.old_confirmed_at = change.old_confirmed_at or now
    who = actor if actor.signed_in else VISITOR
    record(who, change, EndConfirmed(channel=change.channel, end=end, how=how))
    if change.new_confirmed_at is None or change.old_confirmed_at is None:
        return False
    proved_at = None if change.removes else change.new_confirmed_at
    if change.channel is Channel.EMAIL:
        person.email, person.email_proved_at = change.address or None, proved_at
    else:
        person.phone, person.phone_proved_at = change.address or None, proved_at
    change.done_at = now
    record(who, change, ContactChanged(channel=change.channel, removed=change.removes))
    return True


def _stop(actor: Actor, change: ContactChange, how: How) -> None:
    if change.done_at is None and change.cancelled_at is None:
        change.cancelled_at = clock.now()
        record(actor, change, ContactChangeStopped(channel=change.channel, how=how))
