"""An expert's application: begun, saved page by page, sent, or forgotten.

While it is written it is nobody's yet: only its beginning and its end are recorded. Its row is locked by every verb, so
that two tabs, or two presses at one moment, take turns.
"""

from dataclasses import replace
from datetime import time
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor
from kierto.database import lock_one, savepoint, session
from kierto.errors import Refused, TooMany
from kierto.events.actions import record
from kierto.events.catalogue.applications import (
    ApplicationBegun,
    ApplicationDeleted,
    ApplicationLinkWished,
    ExpertApplied,
)
from kierto.experts import profile, queries
from kierto.experts.answers import ASKED_ANEW, OF_ONE_ORGANISATION, Answers, Step, missing
from kierto.experts.consents import give_consent, replace_needs, replace_themes
from kierto.experts.models import Application, ConsentGiven, ConsentTo
from kierto.experts.rules import (
    APPLICATION_KEPT,
    APPLICATION_OPEN,
    APPLICATION_READ,
    APPLICATION_WHOLE,
    BEGUN_BY_CLIENT,
    CONSENT_FIRST,
    CONSENT_VERSION,
    LINKS_OF_CLIENT,
    LINKS_TO_ADDRESS,
    MOST_LINKS,
    SENT_BY_CLIENT,
    SENT_FROM_ADDRESS,
)
from kierto.people.actions import add_person
from kierto.people.models import Expert, ExpertState, Person
from kierto.people.rules import EXPERT_ONCE, Move, may_move, moved
from kierto.sign_in import limits
from kierto.sign_in.tokens import hashed, new_token
from kierto.units.queries import themes
from kierto.words import Language, matched


class Caller(NamedTuple):
    """Who calls: the client's network address, and the key of the hashes by which calls are counted."""

    client: str
    secret_key: str

    @property
    def network(self) -> str:
        return limits.network_of(self.client)


def begin(
    actor: Actor, organisation_id: int, language: Language, caller: Caller | None = None, *, beside: bool = False
) -> str:
    """Begin an application; the token goes into the device's cookie, only its hash is stored.

    `beside`: the actor is a coordinator who writes it with a person. Else a signed-in actor applies for themself.
    No caller: nobody calls over the network, so nothing is counted.

    Raises:
        Refused: application-read; expert-once, when the actor is in the register already.
        TooMany: the caller has begun too often.
    """
    return _begun(actor, organisation_id, language, caller, beside=beside)[0]


def begin_elsewhere(actor: Actor, application: Application, organisation_id: int, caller: Caller | None = None) -> str:
    """Begin anew where applications are read, and delete the one that was begun; the new token as by `begin`.

    What was answered goes along, but for what is asked with a consent or may tell of health, and for places, which are
    the organisation's: consents are given to one organisation.

    Raises:
        Refused: application-open; application-read; expert-once.
        TooMany: the caller has begun too often.
    """
    answers = _locked(application)
    token, begun = _begun(actor, organisation_id, matched(application.language), caller)
    anew = {step.value for step in ASKED_ANEW}
    begun.answers = replace(
        answers,
        seen=tuple(step for step in answers.seen if step not in anew),
        **{name: getattr(Answers, name) for name in OF_ONE_ORGANISATION},
    ).as_bytes()
    delete_application(actor, application)
    return token


def _begun(
    actor: Actor, organisation_id: int, language: Language, caller: Caller | None, *, beside: bool = False
) -> tuple[str, Application]:
    _check_read(organisation_id)
    own = actor.signed_in and not beside
    if own:
        _check_not_in(_expert(organisation_id, actor.person_id))
    if caller is not None:
        limits.take([(BEGUN_BY_CLIENT, caller.network)], caller.secret_key)
    token, now = new_token(), clock.now()
    application = Application(
        organisation_id=organisation_id,
        token_hash=hashed(token),
        answers=Answers().as_bytes(),
        language=language,
        person_id=actor.person_id if own else None,
        assisted_by=actor.person_id if beside else None,
        created_at=now,
        saved_at=now,
        expires_at=now + APPLICATION_KEPT,
    )
    session.add(application)
    record(actor, application, ApplicationBegun())
    return token, application


def consent(application: Application) -> None:
    """Keep when the consent to the register was pressed, and to which words."""
    answers = _locked(application)
    if not answers.consent:
        answers = replace(answers, consent=clock.now().isoformat(), version=CONSENT_VERSION)
    _save(application, answers, Step.CONSENT)


def answer(application: Application, step: Step, **given: Any) -> None:
    """Save the answers of one page; those of the others stay.

    Raises:
        Refused: application-open; consent-first, when the person has not consented: nothing is stored then.
    """
    answers = _locked(application)
    if not answers.consent:
        raise Refused(CONSENT_FIRST)
    _save(application, replace(answers, **given), step)


def send_link(application: Application, caller: Caller) -> None:
    """Let the link to go on be mailed to the address in the application.

    When that was done often enough nothing is sent and nothing said: the answers are kept all the same.
    """
    answers = _locked(application)
    if not answers.email or answers.links >= MOST_LINKS:
        return
    try:
        limits.take(
            [(LINKS_TO_ADDRESS, answers.email), (LINKS_OF_CLIENT, caller.network)],
            caller.secret_key,
        )
    except TooMany:
        return
    application.answers = replace(answers, links=answers.links + 1).as_bytes()
    record(SYSTEM, application, ApplicationLinkWished())


def delete_application(actor: Actor, application: Application) -> None:
    """Delete an application that was not sent, with everything in it.

    Raises:
        Refused: application-open.
    """
    _locked(application)
    record(actor, application, ApplicationDeleted())
    session.delete(application)


def delete_expired(application_id: int) -> None:
    """Delete an application whose person did not come back in time."""
    application = session.get(Application, application_id)
    if application is not None and application.sent_at is None and application.expires_at <= clock.now():
        delete_application(SYSTEM, application)


def send(actor: Actor, application: Application, caller: Caller | None = None) -> Expert:
    """Send the application: the person, their place in the register, consents and all they told become rows.

    Sending it again changes nothing. An address that Kierto knows already stays in the application until its owner
    claims it: who applies sees no difference, and learns nothing of who is known.

    Raises:
        Refused: application-whole, when something needed is missing; application-read; expert-once; expert-moves;
            application-open.
        TooMany: from an address in it, or by the caller, too many have been sent, whether Kierto knows the address or
            not; the application stays as it is.
    """
    application = _refreshed(application)
    if application.sent_at is not None and application.expert_id is not None:
        return session.get_one(Expert, application.expert_id)
    answers = _answers(application)
    if missing(answers, own=application.person_id is not None) is not None:
        raise Refused(APPLICATION_WHOLE)
    _check_read(application.organisation_id)
    if caller is not None:
        addresses = [address for address in (answers.email, answers.phone) if address]
        counted = [(SENT_BY_CLIENT, caller.network), *((SENT_FROM_ADDRESS, address) for address in addresses)]
        limits.take(counted, caller.secret_key)
    person, kept = _person(application, answers)
    expert = _applied(application, person)
    application.expert_id, application.sent_at = expert.id, clock.now()
    application.answers = kept.as_bytes()
    _store(_writer(actor, application, person), application, expert, answers)
    record(actor, expert, ExpertApplied(application_id=application.id))
    return expert


def _writer(actor: Actor, application: Application, person: Person) -> Actor:
    """Who gives the consents: the person themself, or for them the coordinator beside."""
    return actor if application.assisted_by is not None else Actor(person_id=person.id)


def _person(application: Application, answers: Answers) -> tuple[Person, Answers]:
    """Who applies, and what of the answers the application keeps: addresses that are known already."""
    if application.person_id is not None:
        return lock_one(Person, application.person_id), Answers()
    language = matched(application.language)
    person = add_person(answers.name, language=language)
    kept = Answers()
    if answers.email and not _takes(person, email=answers.email):
        kept = replace(kept, email=answers.email)
    if answers.phone and not _takes(person, phone=answers.phone):
        kept = replace(kept, phone=answers.phone)
    return person, kept


def _takes(person: Person, **address: str) -> bool:
    """Give the person the address, unless somebody has it already, even since a moment ago."""
    try:
        with savepoint():
            for name, value in address.items():
                setattr(person, name, value)
            session.flush()
    except Refused:
        session.refresh(person)
        return False
    return True


def _applied(application: Application, person: Person) -> Expert:
    expert = _expert(application.organisation_id, person.id)
    if expert is None:
        expert = Expert(
            organisation_id=application.organisation_id,
            person_id=person.id,
            state=ExpertState.APPLIED,
            created_at=clock.now(),
        )
        session.add(expert)
        session.flush()
        return expert
    _check_not_in(expert)
    expert.state, expert.decided_at = moved(expert.state, Move.APPLY_AGAIN), None
    return expert


def _expert(organisation_id: int, person_id: int | None) -> Expert | None:
    return session.scalar(
        select(Expert).where(Expert.organisation_id == organisation_id, Expert.person_id == person_id),
        execution_options={"populate_existing": True},
    )


def _check_read(organisation_id: int) -> None:
    """Rule application-read: nobody waits for an answer where nobody could give it."""
    if not queries.takes_applications(organisation_id):
        raise Refused(APPLICATION_READ)


def _check_not_in(expert: Expert | None) -> None:
    """Rule expert-once: whoever is in the register, or waits to be, need not apply."""
    if expert is not None and not may_move(expert.state, Move.APPLY_AGAIN):
        raise Refused(EXPERT_ONCE)


def _store(actor: Actor, application: Application, expert: Expert, answers: Answers) -> None:
    """What was told becomes rows of the expert."""
    given = ConsentGiven.BESIDE if application.assisted_by is not None else ConsentGiven.SELF
    consented = partial(give_consent, actor, expert, given=given, version=answers.version)
    consented(ConsentTo.REGISTER, at=answers.given_at("consent"))
    if answers.themes:
        consented(ConsentTo.THEMES, at=answers.given_at("themes_consent"))
        chosen = set(answers.themes)
        replace_themes(actor, expert, [theme.id for theme in themes() if theme.code in chosen])
    if answers.needs:
        consented(ConsentTo.NEEDS, at=answers.given_at("needs_consent"))
        replace_needs(actor, expert, answers.needs)
    expert.call_wished = answers.call_wished
    profile.write_profile(actor, expert, _told(answers))
    profile.write_limits(actor, expert, _limits(answers))
    profile.replace_hours(actor, expert, answers.hours)


def _told(answers: Answers) -> profile.Profile:
    return profile.Profile(
        municipalities=answers.municipalities,
        languages=answers.languages,
        home_base=answers.home_base,
        training=answers.training,
        own_words=answers.own_words,
    )


def _limits(answers: Answers) -> profile.Limits:
    return profile.Limits(
        earliest_start=time.fromisoformat(answers.earliest_start) if answers.earliest_start else None,
        longest_minutes=answers.longest_minutes or None,
        most_meetings=answers.most_meetings or None,
    )


def _refreshed(application: Application) -> Application:
    """The row as it is when nobody else writes it.

    Raises:
        Refused: application-open, when it is gone.
    """
    found = session.scalar(
        select(Application).where(Application.id == application.id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise Refused(APPLICATION_OPEN)
    return found


def _answers(application: Application) -> Answers:
    if application.sent_at is not None:
        raise Refused(APPLICATION_OPEN)
    return Answers.of(application.answers)


def _locked(application: Application) -> Answers:
    return _answers(_refreshed(application))


def _save(application: Application, answers: Answers, step: Step) -> None:
    seen = (*answers.seen, step.value) if step.value not in answers.seen else answers.seen
    application.answers = replace(answers, seen=seen).as_bytes()
    application.saved_at = clock.now()
    application.expires_at = application.saved_at + APPLICATION_KEPT
    session.flush()
