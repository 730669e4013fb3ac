"""Writing practices down, agreeing them, and answering those that arrive, as actions do it."""

from datetime import date, time, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.database import session, writing
from kierto.errors import Refused
from kierto.events.models import Event
from kierto.meetings.models import MeetingState
from kierto.practices import queries
from kierto.practices.actions import (
    Wording,
    agree_practice,
    answer_adoption,
    draft_practice,
    rewrite_draft,
    write_text,
)
from kierto.practices.models import Adoption, Practice
from kierto.practices.rules import Answer, PracticeState, Stage
from kierto.rounds.models import Stop
from kierto.words import Language
from tests.cast import AFTER_HELD, CONFIRMED_ON, NOW, Cast, Thing
from tests.refusals import refused
from tests.together import at_once


def words(title: str = "Nimi luetaan ääneen", language: Language = "fi") -> Wording:
    return Wording(language, title, "Luemme nimen ääneen ovella.", "Kysymme kahden viikon päästä.")


def agree(cast: Cast, practice: Thing[Practice], name: str = "host") -> None:
    with writing():
        agree_practice(cast.actor(name), practice.load(), experts=1, workers=2)


def answer(cast: Cast, adoption: Thing[Adoption], given: Answer, said: str = "", name: str = "other_host") -> Adoption:
    with writing():
        found = adoption.load()
        answer_adoption(cast.actor(name), found, given, said)
        return found


def stages(practice: Thing[Practice]) -> dict[int, Stage]:
    """Unit → stage."""
    with writing():
        found = session.scalars(select(Adoption).where(Adoption.practice_id == practice.id))
        return {one.unit_id: one.stage for one in found}


def kinds() -> list[str]:
    with writing():
        return list(session.scalars(select(Event.kind).where(Event.at >= NOW).order_by(Event.id)))


def test_a_practice_is_written_down_in_a_meeting(cast: Cast) -> None:
    """Rule practice-from-meeting."""
    with writing():
        practice = draft_practice(cast.actor("staff"), cast.held.load(), words())
        assert (practice.state, practice.unit_id, practice.public) == (PracticeState.DRAFT, cast.unit.id, True)
        assert practice.text("fi").title == "Nimi luetaan ääneen"
        assert practice.text("fi").written_by == cast.id("staff")
    assert kinds()[-1] == "practice.drafted"


def test_pressing_twice_writes_one(cast: Cast) -> None:
    with writing():
        first = draft_practice(cast.actor("staff"), cast.held.load(), words()).id
    with writing():
        assert draft_practice(cast.actor("staff"), cast.held.load(), words()).id == first
        assert draft_practice(cast.actor("staff"), cast.held.load(), words("Toinen")).id != first


def test_a_meeting_that_has_not_begun_agrees_nothing(cast: Cast) -> None:
    with refused("practice-from-meeting"):
        draft_practice(cast.actor("worker"), cast.confirmed.load(), words())


def test_a_meeting_that_was_never_confirmed_agrees_nothing(cast: Cast) -> None:
    with clock.at(clock.instant(date(2027, 2, 3), time(10))), refused("practice-from-meeting"):
        draft_practice(cast.actor("other_host"), cast.proposed.load(), words())


def test_a_practice_can_be_written_as_soon_as_the_meeting_begins(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, time(13))), writing():
        assert draft_practice(cast.actor("worker"), cast.confirmed.load(), words()).id


def test_a_text_is_written_in_several_languages(cast: Cast) -> None:
    with writing():
        practice = cast.draft.load()
        write_text(cast.actor("host"), practice, words("Namnet läses upp", "sv"))
        write_text(cast.actor("host"), practice, words("Namnet läses högt", "sv"))
        assert [(text.language, text.title) for text in practice.texts] == [
            ("fi", "Soitto päivää ennen"),
            ("sv", "Namnet läses högt"),
        ]
        assert practice.text("en").language == "fi"


def test_a_draft_is_rewritten(cast: Cast) -> None:
    with writing():
        text = cast.draft.load().text("fi")
        rewrite_draft(cast.actor("staff"), cast.draft.load(), text, words("Uusi nimi", "sv"), read_at=text.written_at)
    with writing():
        assert [(text.language, text.title) for text in cast.draft.load().texts] == [("sv", "Uusi nimi")]
    assert kinds()[-1] == "practice.rewritten"


def test_one_text_a_language(cast: Cast) -> None:
    """Rule practice-written-once."""
    with writing():
        write_text(cast.actor("host"), cast.draft.load(), words("Namnet läses upp", "sv"))
    with refused("practice-written-once"):
        text = cast.draft.load().text("fi")
        wording = words("På svenska", "sv")
        rewrite_draft(cast.actor("host"), cast.draft.load(), text, wording, read_at=text.written_at)


def test_what_was_agreed_is_not_rewritten(cast: Cast) -> None:
    with refused("practice-agreed-once"):
        text = cast.practice.load().text("fi")
        rewrite_draft(cast.actor("host"), cast.practice.load(), text, words(), read_at=text.written_at)


def test_who_did_not_read_the_newest_text_does_not_write_over_it(cast: Cast) -> None:
    """Rule practice-text-changed."""
    with writing():
        before = cast.draft.load().text("fi").written_at
        write_text(cast.actor("host"), cast.draft.load(), words("Heidän nimensä"))
    with refused("practice-text-changed"):
        text = cast.draft.load().text("fi")
        rewrite_draft(cast.actor("staff"), cast.draft.load(), text, words("Minun nimeni"), read_at=before)


def test_an_agreed_practice_starts_home_and_arrives_elsewhere(cast: Cast) -> None:
    """Rules practice-starts-home and practice-arrives; the counts are recorded, and nobody's name."""
    agree(cast, cast.draft)
    assert stages(cast.draft) == {
        cast.unit.id: Stage.TRYING,
        cast.other_unit.id: Stage.ARRIVED,
        cast.third_unit.id: Stage.ARRIVED,
    }
    with writing():
        practice = cast.draft.load()
        assert (practice.state, practice.agreed_experts, practice.agreed_workers) == (PracticeState.AGREED, 1, 2)
        assert practice.agreed_at is not None
        home = next(one for one in practice.adoptions if one.unit_id == cast.unit.id)
        assert home.owner_id == cast.id("host")
        assert [one.stage for one in home.stages] == [Stage.TRYING]
    assert kinds()[-3:] == ["practice.agreed", "adoption.arrived", "adoption.arrived"]


def test_who_does_not_work_there_is_no_owner(cast: Cast) -> None:
    agree(cast, cast.draft, "coordinator")
    with writing():
        assert all(one.owner_id is None for one in cast.draft.load().adoptions)


@pytest.mark.parametrize(("experts", "workers", "field"), [(0, 2, "experts"), (2, 0, "workers")])
def test_an_expert_and_a_worker_agree(cast: Cast, experts: int, workers: int, field: str) -> None:
    with refused("practice-from-meeting", field):
        agree_practice(cast.actor("host"), cast.draft.load(), experts=experts, workers=workers)
    assert stages(cast.draft) == {}


def test_a_practice_is_agreed_once(cast: Cast) -> None:
    """Rule practice-agreed-once."""
    with refused("practice-agreed-once"):
        agree_practice(cast.actor("host"), cast.practice.load(), experts=2, workers=2)
    with writing():
        assert cast.practice.load().agreed_experts == 1


def test_agreed_at_one_moment_it_arrives_once(app: Flask, cast: Cast) -> None:
    acts = [partial(_agree, cast) for _ in range(3)]
    results = at_once(app, acts)
    assert sorted(one.rule.id if isinstance(one, Refused) else "agreed" for one in results) == [
        "agreed",
        "practice-agreed-once",
        "practice-agreed-once",
    ]
    assert len(stages(cast.draft)) == 3


def _agree(cast: Cast) -> int:
    practice = cast.draft.load()
    agree_practice(cast.actor("host"), practice, experts=1, workers=1)
    return practice.id


def test_a_practice_arrives_at_a_unit_once(cast: Cast) -> None:
    """Rule practice-arrives: a unit that has the practice already does not get it again."""
    with writing():
        session.add(
            Adoption(
                organisation_id=cast.organisation.id,
                practice_id=cast.draft.id,
                unit_id=cast.other_unit.id,
                stage=Stage.DECLINED,
            )
        )
    agree(cast, cast.draft)
    assert stages(cast.draft)[cast.other_unit.id] is Stage.DECLINED


@pytest.mark.parametrize(
    ("given", "said", "stage", "change", "reason"),
    [
        (Answer.TRY, "", Stage.TRYING, None, None),
        (Answer.ADAPT, " Kerran viikossa ", Stage.TRYING, "Kerran viikossa", None),
        (Answer.DECLINE, "Meillä ei ole vastaanottoa", Stage.DECLINED, None, "Meillä ei ole vastaanottoa"),
    ],
)
def test_a_unit_answers(
    cast: Cast, given: Answer, said: str, stage: Stage, change: str | None, reason: str | None
) -> None:
    """Rule adoption-answer."""
    found = answer(cast, cast.arrival, given, said)
    assert (found.stage, found.local_change, found.reason) == (stage, change, reason)
    assert found.owner_id == (cast.id("other_host") if stage is Stage.TRYING else None)
    with writing():
        assert [one.stage for one in cast.arrival.load().stages] == [Stage.ARRIVED, stage]
        event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert (event.kind, event.data["stage"]) == ("adoption.answered", stage.value)
        assert said.strip() not in str(event.data) or not said


@pytest.mark.parametrize("given", [Answer.ADAPT, Answer.DECLINE])
def test_an_answer_needs_its_words(cast: Cast, given: Answer) -> None:
    with refused("adoption-answer", "words"):
        answer_adoption(cast.actor("other_host"), cast.arrival.load(), given, " ")


def test_a_unit_answers_once(cast: Cast) -> None:
    """Rule adoption-answered: whoever comes second is told."""
    answer(cast, cast.arrival, Answer.TRY)
    with refused("adoption-answered"):
        answer_adoption(cast.actor("coordinator"), cast.arrival.load(), Answer.DECLINE, "Ei sovi")
    assert stages(cast.practice)[cast.other_unit.id] is Stage.TRYING


def test_home_is_not_answered(cast: Cast) -> None:
    with refused("adoption-answered"):
        answer_adoption(cast.actor("host"), cast.started.load(), Answer.TRY, "")


def test_answers_at_one_moment_are_one(app: Flask, cast: Cast) -> None:
    results = at_once(app, [partial(_answer, cast, given) for given in (Answer.TRY, Answer.DECLINE, Answer.ADAPT)])
    assert sum(isinstance(one, Refused) for one in results) == 2
    with writing():
        assert len(cast.arrival.load().stages) == 2


def _answer(cast: Cast, given: Answer) -> int:
    adoption = cast.arrival.load()
    answer_adoption(cast.actor("other_host"), adoption, given, "Koska näin on hyvä")
    return adoption.id


def test_a_meeting_without_a_round_spreads_nothing(cast: Cast) -> None:
    """The practice stays at home: there is no round to carry it."""
    with writing():
        session.scalars(select(Stop).where(Stop.meeting_id == cast.held.id)).one().meeting_id = None
    agree(cast, cast.draft)
    assert stages(cast.draft) == {cast.unit.id: Stage.TRYING}


def test_a_meeting_said_not_to_have_happened_agrees_nothing(cast: Cast) -> None:
    with writing():
        meeting = cast.held.load()  # saying so comes with its page
        meeting.state, meeting.cancelled_at = MeetingState.CANCELLED, clock.now()
    with refused("practice-from-meeting"):
        agree_practice(cast.actor("host"), cast.draft.load(), experts=1, workers=1)


def test_what_spreads_is_listed_by_how_many_use_it(cast: Cast) -> None:
    with clock.at(AFTER_HELD + timedelta(days=2)):
        agree(cast, cast.draft)
    answer(cast, cast.arrival, Answer.TRY)
    with writing():
        visitor = cast.actor("visitor")
        assert [one.id for one in queries.spreading(visitor, 5)] == [cast.practice.id, cast.draft.id]
        assert [one.id for one in queries.practices_seen(visitor, 5)] == [cast.draft.id, cast.practice.id]
        assert queries.counts_to_answer([cast.other_unit.id, cast.unit.id]) == {cast.other_unit.id: 1}
        assert [one.practice_id for one in queries.adoptions_of(cast.other_unit.load())] == [
            cast.draft.id,
            cast.practice.id,
        ]
