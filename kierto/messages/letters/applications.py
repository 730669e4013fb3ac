"""Letters about applications. They say nothing of what was answered."""

from kierto import clock
from kierto.database import session
from kierto.events.catalogue.applications import ApplicationLinkWished, ExpertApplied
from kierto.experts.answers import Answers
from kierto.experts.claiming import number_unsure
from kierto.experts.codes import claim_token, going_on_code
from kierto.experts.models import Application
from kierto.experts.rules import CLAIM_LASTS
from kierto.messages.letters.told import Address, Facts, Letter, Outdated, Told, address_of
from kierto.people.addresses import spoken_phone
from kierto.sign_in.models import Channel
from kierto.units.models import Organisation
from kierto.words import day_long, matched


def _application(told: Told) -> Application:
    id_ = told.data.application_id if isinstance(told.data, ExpertApplied) else told.message.subject_id
    found = session.get(Application, id_)
    if found is None:
        raise Outdated
    return found


def _typed(application: Application) -> Address | None:
    """The address that was typed in the application, the e-mail before the phone."""
    answers = Answers.of(application.answers)
    if not (answers.email or answers.phone):
        return None
    channel = Channel.EMAIL if answers.email else Channel.SMS
    return Address(channel, answers.email or answers.phone, matched(application.language))


def _to_the_typed(told: Told) -> Address | None:
    return _typed(_application(told))


def _to_who_applied(told: Told) -> Address | None:
    return address_of(told.message.person) if told.message.person else _typed(_application(told))


def _link_wished(told: Told) -> Facts:
    application = _application(told)
    if application.sent_at is not None or application.expires_at <= clock.now():
        raise Outdated
    code = going_on_code(application, told.settings.secret_key)
    return _organisation(application) | {
        "code": code,
        "until": day_long(clock.local(application.expires_at).date()),
        "link": f"{told.settings.base_url}/apply/go-on/{code}",
    }


def _applied(told: Told) -> Facts:
    application = _application(told)
    if told.message.person is not None:
        return _organisation(application) | {"claims": False, "link": f"{told.settings.base_url}/me"}
    if application.sent_at is None or application.claimed_at or application.sent_at + CLAIM_LASTS <= clock.now():
        raise Outdated
    if number_unsure(application):
        raise Outdated
    token = claim_token(application, told.settings.secret_key)
    return _organisation(application) | {
        "claims": True,
        "until": day_long(clock.local(application.sent_at + CLAIM_LASTS).date()),
        "link": f"{told.settings.base_url}/apply/claim/{token}",
    }


def _organisation(application: Application) -> Facts:
    organisation = session.get_one(Organisation, application.organisation_id)
    return {
        "organisation": organisation.name.text(),
        "phone": spoken_phone(organisation.phone) if organisation.phone else None,
    }


LETTERS = {
    ApplicationLinkWished.kind: Letter(_link_wished, _to_the_typed),
    ExpertApplied.kind: Letter(_applied, _to_who_applied),
}
