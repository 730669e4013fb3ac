"""Letters about signing in and changed addresses."""

from kierto.database import session
from kierto.messages.letters.told import Address, Facts, Letter, Outdated, Told
from kierto.sign_in.models import Channel, SignInRequest
from kierto.sign_in.queries import is_silent, person_asking
from kierto.sign_in.rules import REQUEST_LASTS
from kierto.sign_in.tokens import code, link_token
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


LETTERS = {
    "sign_in.asked": Letter(_sign_in_asked, _to_who_asked),
}
