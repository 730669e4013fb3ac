"""Writing practices down, agreeing them, and answering those that arrive."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kierto import clock
from kierto.actor import Actor
from kierto.database import lock_one, session
from kierto.errors import Refused
from kierto.events.actions import record
from kierto.events.catalogue.practices import (
    AdoptionAnswered,
    AdoptionArrived,
    PracticeAgreed,
    PracticeDrafted,
    PracticeRewritten,
)
from kierto.meetings.models import Meeting
from kierto.people.queries import works_in
from kierto.practices.models import Adoption, AdoptionStage, Practice, PracticeText
from kierto.practices.rules import (
    ADOPTION_ANSWERED,
    PRACTICE_AGREED_ONCE,
    PRACTICE_FROM_MEETING,
    PRACTICE_TEXT_CHANGED,
    Answer,
    PracticeState,
    Stage,
    check_agreement,
    stage_after,
)
from kierto.rounds.models import Round, Stop
from kierto.rounds.queries import round_of
from kierto.units.models import Unit
from kierto.words import N_, Language


@dataclass(frozen=True)
class Wording:
    """What is written of a practice: its name and the two questions."""

    language: Language
    title: str
    start_doing: str
    how_noticed: str


def draft_practice(actor: Actor, meeting: Meeting, wording: Wording) -> Practice:
    """Write a practice down in a meeting that has begun.

    Pressing twice changes nothing: the draft that has the same words already is returned.

    Raises:
        Refused: practice-from-meeting.
    """
    meeting = lock_one(Meeting, meeting.id)
    _check_held(meeting)
    same = _draft_with(meeting, wording)
    if same is not None:
        return same
    practice = Practice(
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        unit_id=meeting.unit_id,
        theme_id=meeting.theme_id,
        public=meeting.public,
        created_at=clock.now(),
    )
    session.add(practice)
    session.flush()
    write_text(actor, practice, wording)
    record(actor, practice, PracticeDrafted(meeting_id=meeting.id))
    return practice


def write_text(actor: Actor, practice: Practice, wording: Wording) -> None:
    """Write a practice's text in one language, over the one that is there."""
    text = session.scalar(
        select(PracticeText).where(PracticeText.practice_id == practice.id, PracticeText.language == wording.language)
    )
    if text is None:
        text = PracticeText(
            organisation_id=practice.organisation_id, practice_id=practice.id, language=wording.language
        )
        session.add(text)
    text.title, text.start_doing, text.how_noticed = wording.title, wording.start_doing, wording.how_noticed
    text.written_by, text.written_at = actor.person_id, clock.now()
    session.flush()
    session.expire(practice, ["texts"])


def rewrite_draft(
    actor: Actor, practice: Practice, text: PracticeText, wording: Wording, *, read_at: datetime | None
) -> None:
    """Write a draft's text anew; the language it was said to be in can be mended too.

    `read_at` is when the text that the writer began from was written. Guarded by the lock of the practice's meeting.

    Raises:
        Refused: practice-agreed-once when it is no draft any more; practice-text-changed when somebody else has
            written since; practice-written-once.
    """
    lock_one(Meeting, practice.meeting_id)
    session.refresh(practice)
    session.refresh(text)
    if practice.state is not PracticeState.DRAFT:
        raise Refused(
            PRACTICE_AGREED_ONCE, N_("The practice has been agreed meanwhile, so its text no longer changes.")
        )
    if text.written_at != read_at:
        raise Refused(PRACTICE_TEXT_CHANGED)
    text.language = wording.language
    text.title, text.start_doing, text.how_noticed = wording.title, wording.start_doing, wording.how_noticed
    text.written_by, text.written_at = actor.person_id, clock.now()
    record(actor, practice, PracticeRewritten(language=wording.language))


def agree_practice(
    actor: Actor, practice: Practice, *, experts: int, workers: int, read_at: datetime | None = None
) -> None:
    """Agree a practice in its meeting: its own unit begins trying it, and it arrives at the round's other units.

    The counts say how many of each role agreed (practice-from-meeting, practice-starts-home, practice-arrives).
    `read_at` says when the text was written that people read and agreed, where a page showed it to them.

    Raises:
        Refused: practice-from-meeting, practice-agreed-once; practice-text-changed when somebody has written since.
    """
    check_agreement(experts, workers)
    meeting = session.get_one(Meeting, practice.meeting_id)
    found = round_of(meeting)
    if found is not None:
        lock_one(Round, found.id)
    meeting = lock_one(Meeting, meeting.id)
    session.refresh(practice)
    session.expire(practice, ["texts"])
    if practice.state is not PracticeState.DRAFT:
        raise Refused(PRACTICE_AGREED_ONCE)
    _check_held(meeting)
    if read_at is not None and any(text.written_at > read_at for text in practice.texts):
        raise Refused(
            PRACTICE_TEXT_CHANGED, N_("Somebody changed the text meanwhile. Read it aloud once more, then agree.")
        )
    practice.agreed_experts, practice.agreed_workers = experts, workers
    practice.state, practice.agreed_at = PracticeState.AGREED, clock.now()
    record(actor, practice, PracticeAgreed(meeting_id=meeting.id, experts=experts, workers=workers))
    home = _in_use(practice.unit_id)
    if home is not None:
        at_home = actor.person_id is not None and works_in(actor.person_id, home)
        _adopt(actor, practice, home, Stage.TRYING, owner_id=actor.person_id if at_home else None)
    for unit_id in _other_units(found, practice):
        _adopt(actor, practice, unit_id, Stage.ARRIVED)
    session.expire(practice, ["adoptions"])


def arrive(actor: Actor, practice: Practice, unit_id: int) -> None:
    """Let an agreed practice arrive at a unit that does not have it yet: it waits for the unit's answer."""
    _adopt(actor, practice, unit_id, Stage.ARRIVED)
    session.expire(practice, ["adoptions"])


def answer_adoption(actor: Actor, adoption: Adoption, answer: Answer, words: str) -> None:
    """Answer an arrived practice for the unit: try, adapt and try, or decline with a reason (adoption-answer).

    Raises:
        Refused: adoption-answer when words are missing, adoption-answered when somebody answered first.
    """
    stage = stage_after(answer, words)
    lock_one(Unit, adoption.unit_id)
    session.refresh(adoption)
    if adoption.stage is not Stage.ARRIVED:
        raise Refused(ADOPTION_ANSWERED)
    said = words.strip() or None
    if answer is Answer.ADAPT:
        adoption.local_change = said
    elif answer is Answer.DECLINE:
        adoption.reason = said
    if stage is Stage.TRYING and actor.person_id is not None and works_in(actor.person_id, adoption.unit_id):
        adoption.owner_id = actor.person_id
    _reach(adoption, stage)
    record(
        actor,
        adoption,
        AdoptionAnswered(practice_id=adoption.practice_id, unit_id=adoption.unit_id, stage=stage.value),
    )


def _check_held(meeting: Meeting) -> None:
    if not meeting.held:
        raise Refused(
            PRACTICE_FROM_MEETING,
            N_("A practice is agreed in a confirmed meeting that has begun. Come back when the meeting begins."),
        )


def _draft_with(meeting: Meeting, wording: Wording) -> Practice | None:
    """The meeting's draft that has these very words."""
    return session.scalar(
        select(Practice)
        .join(PracticeText, PracticeText.practice_id == Practice.id)
        .where(
            Practice.meeting_id == meeting.id,
            Practice.state == PracticeState.DRAFT,
            PracticeText.language == wording.language,
            PracticeText.title == wording.title,
            PracticeText.start_doing == wording.start_doing,
            PracticeText.how_noticed == wording.how_noticed,
        )
    )


def _in_use(unit_id: int) -> int | None:
    """The unit, or who goes on for it when it has been retired; None when nobody does."""
    unit = session.get_one(Unit, unit_id)
    while unit.retired_on is not None:
        if unit.successor_id is None:
            return None
        unit = session.get_one(Unit, unit.successor_id)
    return unit.id


def _other_units(found: Round | None, practice: Practice) -> list[int]:
    """The round's other units in use that do not have the practice yet, in the order of the round."""
    if found is None:
        return []
    there = set(session.scalars(select(Adoption.unit_id).where(Adoption.practice_id == practice.id)))
    in_use = (
        select(Stop)
        .join(Unit, Unit.id == Stop.unit_id)
        .where(Stop.round_id == found.id, Unit.retired_on.is_(None))
        .order_by(Stop.position)
    )
    others = (stop.unit_id for stop in session.scalars(in_use))
    return [unit_id for unit_id in others if unit_id != practice.unit_id and unit_id not in there]


def _adopt(actor: Actor, practice: Practice, unit_id: int, stage: Stage, owner_id: int | None = None) -> None:
    adoption = Adoption(
        organisation_id=practice.organisation_id,
        practice_id=practice.id,
        unit_id=unit_id,
        stage=stage,
        owner_id=owner_id,
    )
    session.add(adoption)
    session.flush()
    _reach(adoption, stage)
    if stage is Stage.ARRIVED:
        record(actor, adoption, AdoptionArrived(practice_id=practice.id, unit_id=unit_id))


def _reach(adoption: Adoption, stage: Stage) -> None:
    """Note that the adoption has come to a stage, now."""
    adoption.stage = stage
    session.add(
        AdoptionStage(organisation_id=adoption.organisation_id, adoption_id=adoption.id, stage=stage, at=clock.now())
    )
    session.flush()
