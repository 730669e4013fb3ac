"""An expert who has told everything there is to tell, and obstacles told by anyone: for own data and its end."""

import json
from datetime import date, time, timedelta

from sqlalchemy import select

from kierto import clock
from kierto.actor import VISITOR, Role
from kierto.database import session, writing
from kierto.events.actions import note_reading
from kierto.events.models import Read
from kierto.experts.consents import give_consent, replace_needs, replace_themes
from kierto.experts.models import (
    Application,
    AvailableHours,
    AwayDates,
    BusySpan,
    ConsentTo,
    ExpertMunicipality,
    NotTheSame,
)
from kierto.jobs.models import Job, JobState
from kierto.people.models import Expert, Invitation
from kierto.privacy.models import RetentionNotice
from kierto.privacy.rules import DataKind
from kierto.sign_in.models import Channel, ContactChange, Identity, PaperPass, SignInRequest
from kierto.statements.actions import Obstacle, send_feedback
from kierto.statements.models import AccessibilityFeedback
from kierto.units.models import Theme
from tests.cast import Cast, Thing

EMAIL = "planted@kierto.test"
NEEDS = "Hiljainen huone planted-needs"
OWN_WORDS = "Olen nähnyt paljon planted-own-words"


def obstacle_told(
    cast: Cast, organisation_id: int | None, reply_to: str | None = None, text: str = "Nappi ei toimi näppäimistöllä."
) -> Thing[AccessibilityFeedback]:
    """Somebody tells of an obstacle on the list of meetings."""
    with writing():
        return Thing(send_feedback(VISITOR, Obstacle(text, "/meetings/", organisation_id, reply_to, "fi")))


def expert_row(cast: Cast, name: str = "expert") -> Expert:
    """The cast's expert in the organisation's register, in the test's own transaction."""
    return session.scalars(
        select(Expert).where(Expert.organisation_id == cast.organisation.id, Expert.person_id == cast.id(name)),
        execution_options={"populate_existing": True},
    ).one()


def everything_told(cast: Cast) -> None:
    """The expert tells all that can be told, in every table; each text of theirs holds planted."""
    with writing():
        person = cast.people["expert"].load()
        person.name, person.folded = "Matti planted-name", "matti planted-folded"
        person.email, person.phone = EMAIL, "+35840planted"
        person.language = "sv"
        expert = expert_row(cast)
        expert.municipality, expert.home_base = "planted-municipality", "planted-home-base"
        expert.languages = ["planted-languages"]
        expert.training, expert.fee_wish = "planted-training", "planted-fee-wish"
        expert.decision_words, expert.own_words = "planted-decision-words", OWN_WORDS.encode()
        expert.earliest_start, expert.longest_minutes, expert.most_meetings, expert.most_euros = time(10), 90, 2, 200
        for to in ConsentTo:
            give_consent(cast.actor("expert"), expert, to)
        theme = session.scalars(select(Theme.id).where(Theme.code == "encounter")).one()
        replace_themes(cast.actor("expert"), expert, [theme])
        replace_needs(cast.actor("expert"), expert, NEEDS)
    with writing():
        _rows_of_the_register(cast)
        _applications(cast)
        _ways_in(cast)
        _invitations(cast)
        _elsewhere(cast)


def _rows_of_the_register(cast: Cast) -> None:
    expert, other = expert_row(cast), expert_row(cast, "other_expert")
    organisation_id, now = cast.organisation.id, clock.now()
    session.add_all(
        (
            ExpertMunicipality(organisation_id=organisation_id, expert_id=expert.id, municipality="planted-reach"),
            AvailableHours(
                organisation_id=organisation_id, expert_id=expert.id, weekday=2, from_at=time(9), until_at=time(15)
            ),
            AwayDates(
                organisation_id=organisation_id,
                expert_id=expert.id,
                from_on=date(2027, 7, 1),
                until_on=date(2027, 7, 31),
            ),
            BusySpan(
                person_id=expert.person_id,
                starts_at=now,
                ends_at=now + timedelta(hours=2),
                uploaded_at=now,
            ),
            NotTheSame(
                organisation_id=organisation_id,
                one_id=min(expert.id, other.id),
                other_id=max(expert.id, other.id),
            ),
            RetentionNotice(
                organisation_id=organisation_id,
                person_id=expert.person_id,
                kind=DataKind.EXPERTS_LEFT,
                due_on=date(2028, 1, 1),
                told_at=now,
            ),
        )
    )


def _applications(cast: Cast) -> None:
    """One that was sent, and one that was only begun."""
    now = clock.now()
    for number, sent_to in enumerate((expert_row(cast).id, None)):
        session.add(
            Application(
                organisation_id=cast.organisation.id,
                token_hash=f"{number}" * 64,
                answers=json.dumps({"own_words": "planted-answers", "email": EMAIL}).encode(),
                language="sv",
                person_id=None,
                created_at=now,
                saved_at=now,
                expires_at=now + timedelta(days=30),
                expert_id=sent_to,
            )
        )


def _ways_in(cast: Cast) -> None:
    person_id, now = cast.id("expert"), clock.now()
    later = now + timedelta(minutes=30)
    session.add_all(
        (
            SignInRequest(
                channel=Channel.EMAIL,
                address=EMAIL,
                issuer="https://id.example.fi",
                subject="planted-request-subject",
                language="sv",
                created_at=now,
                expires_at=later,
            ),
            ContactChange(
                person_id=person_id,
                channel=Channel.EMAIL,
                address="earlier-planted@kierto.test",
                created_at=now,
                expires_at=later,
                done_at=now,
            ),
            Identity(person_id=person_id, issuer="https://id.example.fi", subject="planted-identity", created_at=now),
            PaperPass(
                person_id=person_id,
                token_hash="p" * 64,
                digits_hash="d" * 64,
                created_at=now,
                expires_at=now + timedelta(days=365),
            ),
        )
    )


def _invitations(cast: Cast) -> None:
    """Two, one by each way the person is reached."""
    now = clock.now()
    session.add_all(
        (
            Invitation(
                organisation_id=cast.organisation.id,
                role=Role.DECISION_MAKER,
                name="planted-invited",
                email=EMAIL,
                language="sv",
                created_at=now,
                expires_at=now + timedelta(days=14),
            ),
            Invitation(
                organisation_id=cast.organisation.id,
                role=Role.DECISION_MAKER,
                name="planted-invited-by-phone",
                phone="+35840planted",
                language="sv",
                created_at=now,
                expires_at=now + timedelta(days=14),
            ),
        )
    )


def _elsewhere(cast: Cast) -> None:
    now = clock.now()
    session.add(
        AccessibilityFeedback(
            organisation_id=cast.organisation.id,
            text="planted-feedback",
            page="planted-page",
            reply_to=EMAIL,
            language="sv",
            created_at=now,
            due_on=clock.today() + timedelta(days=14),
            answer="planted-answer",
            answered_at=now,
        )
    )
    session.add(
        Job(
            organisation_id=cast.organisation.id,
            kind="units.import",
            input={},
            file=None,
            file_name="planted-file.csv",
            created_by=cast.id("expert"),
            created_at=now,
            state=JobState.DONE,
            finished_at=now,
            result={"message": f"planted-result {EMAIL}"},
        )
    )
    for what in Read:
        note_reading(cast.actor("coordinator"), cast.organisation.id, cast.id("expert"), what)
