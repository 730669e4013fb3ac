"""Letters about signing in and changed addresses."""

from kierto.database import session
from kierto.messages.letters.told import Address, Facts, Letter, Outdated, Told
from kierto.messages.ways import reaches
from kierto.people.addresses import masked
from kierto.sign_in.models import Channel, ContactChange, PaperPass, SignInRequest
from kierto.sign_in.queries import address_at, is_silent, other_channel, person_asking
from kierto.sign_in.rules import CHANGE_LASTS, REQUEST_LASTS
from kierto.sign_in.tokens import code, confirming_code, confirming_token, link_token
from kierto.words import matched


def _to_who_asked(told: Told) -> Address | None:
    """The address that was typed, if somebody has it, in the language of the page where it was typed."""
    request = _request(told)
    person = person_asking(request)
    if person is None or request.channel is None or request.address is None:
        return None
    if request.channel is Channel.SMS and is_silent(person):
        return None  # a coordinator calls first: `sign_in.queries.calls_to_make`
    return Address(request.channel, request.address, matched(request.language))


def _sign_in_asked(told: Told) -> Facts:
    request = _request(told)
    secret_key = told.settings.secret_key
    return {
        "link": f"{told.settings.base_url}/sign-in/{link_token(request, secret_key)}",
        "code": code(request, secret_key),
        "minutes": int(REQUEST_LASTS.total_seconds()) // 60,
        "joins": request.joins,
    }


def _request(told: Told) -> SignInRequest:
    request = session.get(SignInRequest, told.message.subject_id)
    if request is None or not request.usable:
        raise Outdated
    return request


def _pass_made(told: Told) -> Facts:
    paper = session.get_one(PaperPass, told.message.subject_id)
    if paper.ended_at is not None:
        raise Outdated
    return {"link": f"{told.settings.base_url}/me/pass"}


def _to_new_end(told: Told) -> Address | None:
    change = _change(told)
    return Address(change.channel, change.address, matched(change.person.language))


def _new_end_asked(told: Told) -> Facts:
    change = _change(told)
    return {
        "link": f"{told.settings.base_url}/me/contact/{change.channel.value}/code",
        "code": confirming_code(change, told.settings.secret_key),
        "days": CHANGE_LASTS.days,
    }


def _to_old_end(told: Told) -> Address | None:
    change = _change(told)
    address = address_at(change.person, change.channel)
    if address is None or (change.channel is Channel.SMS and is_silent(change.person)):
        return None  # a coordinator calls instead
    return Address(change.channel, address, matched(change.person.language))


def _old_end_asked(told: Told) -> Facts:
    change = _change(told)
    return {
        "link": f"{told.settings.base_url}/contact/{confirming_token(change, told.settings.secret_key)}",
        "new": masked(change.address),
        "removes": change.removes,
        "sms": change.channel is Channel.SMS,
        "days": CHANGE_LASTS.days,
    }


def _to_another_end(told: Told) -> Address | None:
    """Where the person is reached by another way, which a stranger who changed this one does not have; else here."""
    change = session.get(ContactChange, told.message.subject_id)
    if change is None:
        raise Outdated
    for channel in (other_channel(change.channel), change.channel):
        address = address_at(change.person, channel)
        if address is not None and reaches(told.settings, channel):
            return Address(channel, address, matched(change.person.language))
    return None


def _contact_changed(told: Told) -> Facts:
    change = session.get_one(ContactChange, told.message.subject_id)
    return {
        "link": f"{told.settings.base_url}/me/contact",
        "sms": change.channel is Channel.SMS,
        "removed": change.removes,
    }


def _change(told: Told) -> ContactChange:
    change = session.get(ContactChange, told.message.subject_id)
    if change is None or not change.open:
        raise Outdated
    return change


LETTERS = {
    "sign_in.asked": Letter(_sign_in_asked, _to_who_asked),
    "contact.new_end_asked": Letter(_new_end_asked, _to_new_end),
    "contact.old_end_asked": Letter(_old_end_asked, _to_old_end),
    "contact.changed": Letter(_contact_changed, _to_another_end),
    "pass.made": Letter(_pass_made),
}
