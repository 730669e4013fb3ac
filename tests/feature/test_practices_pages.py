"""The pages of practices: writing one down, agreeing it, its journey, what has arrived at a unit."""

import pytest
from sqlalchemy import func, select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.meetings.models import MeetingState
from kierto.pages.practices import views
from kierto.practices.actions import agree_practice, answer_adoption
from kierto.practices.models import Practice
from kierto.practices.rules import Answer, PracticeState, Stage
from tests.cast import CONFIRMED_ON, HELD_AT, Cast, Thing
from tests.client import Page, PageForm
from tests.scenes import practices_agreed

WORDS = {
    "title": "Kahvi ennen vastaanottoa",
    "start_doing": "Tarjoamme kahvin.\nIstumme alas.",
    "how_noticed": "Kysymme, jännittikö.",
    "language": "fi",
}


def listed(page: Page) -> list[str]:
    return [str(link.attr("href")).removeprefix("/practices/") for link in page.document.select(".k-cards h2 a")]


def count(state: PracticeState) -> int:
    with reading():
        return session.scalar(select(func.count()).select_from(Practice).where(Practice.state == state)) or 0


# ---- the list ----


def test_the_list_has_what_one_may_see_newest_first(cast: Cast) -> None:
    made = practices_agreed(cast, 2)
    expected = [made[1].ref, made[0].ref, cast.practice.ref]
    assert listed(cast.client().get("/practices/")) == expected
    with writing():
        made[0].load().public = False
    assert listed(cast.client().get("/practices/")) == [made[1].ref, cast.practice.ref]
    assert listed(cast.client("neighbour").get("/practices/")) == [made[1].ref, cast.practice.ref]
    assert listed(cast.client("expert").get("/practices/")) == expected


def test_drafts_are_not_listed(cast: Cast) -> None:
    for who in ("visitor", "host", "coordinator"):
        assert listed(cast.client(who).get("/practices/")) == [cast.practice.ref]


def test_the_list_says_in_how_many_units(cast: Cast) -> None:
    assert "1 unit" in cast.client().get("/practices/").text
    with writing():
        answer_adoption(cast.actor("worker"), cast.other_arrival.load(), Answer.TRY, "")
    assert "2 units" in cast.client().get("/practices/").text


def test_three_practices_cost_no_more_queries_than_one(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get("/practices/")
    few = client.queries
    practices_agreed(cast, 2)
    assert len(listed(client.get("/practices/"))) == 3
    assert client.queries == few == 4


def test_the_list_goes_on_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    made = practices_agreed(cast, 4)
    first = cast.client().get("/practices/")
    second = first.click("Show more")
    third = second.click("Show more")
    newest_first = [practice.ref for practice in reversed(made)]
    assert [*listed(first), *listed(second), *listed(third)] == [*newest_first, cast.practice.ref]
    assert "Show more" not in third.links
    assert listed(third.click("To the beginning")) == listed(first)
    assert "That was all" in cast.client().get(f"/practices/?before={cast.practice.ref}").text


def test_a_list_from_behind_what_is_not_there_begins_at_the_beginning(cast: Cast) -> None:
    for ref in ("0000000000", cast.draft.ref):
        assert listed(cast.client().get(f"/practices/?before={ref}")) == [cast.practice.ref]


def test_where_there_is_nothing_yet_it_says_what_will_be(cast: Cast) -> None:
    with writing():
        cast.practice.load().public = False
    page = cast.client().get("/practices/")
    assert "No practices yet" in page.text
    assert page.links["Coming meetings"] == "/meetings/"


# ---- one practice ----


def test_a_practice_tells_what_where_and_who(cast: Cast) -> None:
    page = cast.client().get(f"/practices/{cast.practice.ref}")
    assert page.heading == "Vastaanotolle saa tulla saattajan kanssa"
    assert "niin teemme tästä päivästä lähtien" in page.text
    assert "Kysymme kuukauden päästä" in page.text
    assert "1 expert, 2 workers of the unit" in page.text
    assert page.links["Fri 8 Jan at 13:00–15:00"] == f"/meetings/{cast.held.ref}"


def test_its_text_says_its_language(cast: Cast) -> None:
    page = cast.client().get(f"/practices/{cast.practice.ref}")
    assert page.document.select_one("h1[lang=fi]") is not None
    assert len(page.document.select(".k-text[lang=fi]")) == 2
    at_home = cast.client(language="fi").get(f"/practices/{cast.practice.ref}")
    assert at_home.document.select_one("main [lang=fi]") is None


def test_its_journey_has_every_unit_and_why_not(cast: Cast) -> None:
    with writing():
        answer_adoption(cast.actor("other_host"), cast.arrival.load(), Answer.DECLINE, "Meillä tullaan yksin.")
        answer_adoption(cast.actor("worker"), cast.other_arrival.load(), Answer.ADAPT, "Saattaja odottaa aulassa.")
    page = cast.client().get(f"/practices/{cast.practice.ref}")
    home, declined, adapted = (" ".join(row.text.split()) for row in page.document.select(".k-rows li"))
    assert home == "Kallion terveysasema Began trying Fri 8 Jan Being tried"
    assert "Malmin päihdepoliklinikka Arrived Fri 8 Jan · Answered Tue 12 Jan" in declined
    assert "Not for us, because: Meillä tullaan yksin." in declined
    assert "Not for this unit" in declined
    assert "What we changed: Saattaja odottaa aulassa." in adapted
    assert "Tried or in use in 2 units" in page.text


def test_its_journey_costs_the_same_whatever_its_length(cast: Cast) -> None:
    client = cast.client()
    client.get(f"/practices/{cast.practice.ref}")
    few = client.queries
    with writing():
        answer_adoption(cast.actor("worker"), cast.other_arrival.load(), Answer.TRY, "")
    client.get(f"/practices/{cast.practice.ref}")
    assert client.queries == few == 4


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("visitor", 404),
        ("expert", 404),
        ("worker", 404),
        ("neighbour", 404),
        ("staff", 200),
        ("host", 200),
        ("coordinator", 200),
    ],
)
def test_a_draft_is_seen_where_it_was_written(cast: Cast, who: str, status: int) -> None:
    cast.client(who).get(f"/practices/{cast.draft.ref}", status)


# ---- agreeing ----


def agreeing(cast: Cast, who: str = "host") -> PageForm:
    return cast.client(who).get(f"/practices/{cast.draft.ref}").form(f"/practices/{cast.draft.ref}/agree")


def test_agreeing_starts_it_at_home_and_sends_it_on(cast: Cast) -> None:
    form = agreeing(cast)
    assert "your unit begins trying it, and it is sent to the other units of the round" in form.page.text
    after = form.submit(experts="1", workers="3").follow()
    assert after.message == "The practice is agreed. It is on its way to the other units of the round."
    assert "1 expert, 3 workers of the unit" in after.text
    assert "Arrived: waits for an answer" in after.text
    assert f"/practices/{cast.draft.ref}/agree" not in [form.action for form in after.forms]
    assert "Soitto päivää ennen" in cast.client("worker").get(f"/units/{cast.third_unit.ref}/practices").text


@pytest.mark.parametrize(
    ("experts", "workers", "errors"),
    [
        ("0", "2", {"experts": "At least one expert must agree."}),
        ("1", "0", {"workers": "At least one worker must agree."}),
        ("", "", {"experts": "This is needed. Fill it in.", "workers": "This is needed. Fill it in."}),
        ("two", "1", {"experts": "Give a whole number in digits, such as 2."}),
        ("-1", "1", {"experts": "Give a number from 0 to 200."}),
    ],
)
def test_agreeing_says_what_is_missing(cast: Cast, experts: str, workers: str, errors: dict[str, str]) -> None:
    page = agreeing(cast).submit(422, experts=experts, workers=workers)
    assert page.field_errors == errors
    assert page.title.startswith("Error:")
    assert page.form(button="We agree").values["experts"] == [experts]
    assert count(PracticeState.DRAFT) == 1


def test_agreeing_twice_says_that_it_was_agreed(cast: Cast) -> None:
    form, older = agreeing(cast), agreeing(cast, "coordinator")
    form.submit(experts="1", workers="1").follow()
    for again in (form, older):
        after = again.submit(experts="9", workers="9").follow()
        assert after.message == "The practice has already been agreed."
        assert "1 expert, 1 worker of the unit" in after.text


@pytest.mark.parametrize(("who", "status"), [("visitor", 404), ("expert", 404), ("worker", 404), ("neighbour", 404)])
def test_only_its_own_people_agree_a_draft(cast: Cast, who: str, status: int) -> None:
    client = cast.client(who)
    data = {"csrf_token": client.csrf_token(), "experts": "1", "workers": "1"}
    client.post(f"/practices/{cast.draft.ref}/agree", status, data)
    assert count(PracticeState.DRAFT) == 1


# ---- writing ----


def writing_down(cast: Cast, who: str = "host") -> Page:
    return cast.client(who).get(f"/meetings/{cast.held.ref}/practices/new")


def test_a_practice_is_written_down_in_the_language_of_the_page(cast: Cast) -> None:
    form = writing_down(cast).form(button="Save the draft")
    assert form.values["language"] == ["en"]
    after = form.submit(302, **WORDS).follow()
    assert after.message == "The practice is written down. Next it needs to be agreed."
    assert after.heading == "Kahvi ennen vastaanottoa"
    assert after.document.select_one("h1[lang=fi]") is not None
    assert "We agree" in after.form(f"{after.path}/agree").buttons


def test_what_is_missing_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    page = writing_down(cast).form().submit(422, title="x" * 121, start_doing="Tarjoamme kahvin.", how_noticed="  ")
    assert page.field_errors == {
        "title": "This is too long. The most is 120 characters.",
        "how_noticed": "This is needed. Fill it in.",
    }
    assert page.form().values["start_doing"] == ["Tarjoamme kahvin."]


def test_saving_twice_makes_one_draft(cast: Cast) -> None:
    form = writing_down(cast).form()
    first, second = form.submit(302, **WORDS), form.submit(302, **WORDS)
    assert first.location == second.location
    assert count(PracticeState.DRAFT) == 2


def test_before_the_meeting_there_is_nothing_to_write(cast: Cast) -> None:
    page = cast.client("worker").get(f"/meetings/{cast.confirmed.ref}/practices/new")
    assert "Come back when the meeting begins." in page.text
    assert [form.action for form in page.forms] == ["/sign-out"]
    data = {"csrf_token": page.client.csrf_token(), **WORDS}
    refused = page.client.post(f"/meetings/{cast.confirmed.ref}/practices/new", 422, data)
    assert "Come back when the meeting begins." in refused.text
    assert count(PracticeState.DRAFT) == 1


def test_a_meeting_that_was_cancelled_meanwhile_says_so(cast: Cast) -> None:
    form = writing_down(cast).form()
    with writing():
        cast.held.load().state = MeetingState.CANCELLED
    page = form.submit(422, **WORDS)
    assert "a confirmed meeting that has begun" in page.text
    assert count(PracticeState.DRAFT) == 1


@pytest.mark.parametrize(("who", "status"), [("visitor", 403), ("expert", 403), ("worker", 403), ("staff", 200)])
def test_the_meetings_own_unit_writes(cast: Cast, who: str, status: int) -> None:
    cast.client(who).get(f"/meetings/{cast.held.ref}/practices/new", status)


def test_a_draft_is_written_anew(cast: Cast) -> None:
    form = cast.client("staff").get(f"/practices/{cast.draft.ref}").click("Change the text").form()
    assert form.values["title"] == ["Soitto päivää ennen"]
    assert form.values["language"] == ["fi"]
    after = form.submit(title="A call the day before", language="en").follow()
    assert after.message == "The text was saved."
    assert after.heading == "A call the day before"
    assert after.document.select_one("h1[lang]") is None


def test_what_somebody_else_wrote_meanwhile_is_not_lost(cast: Cast) -> None:
    mine = cast.client("staff").get(f"/practices/{cast.draft.ref}/edit").form()
    cast.client("host").get(f"/practices/{cast.draft.ref}/edit").form().submit(title="Heidän nimensä")
    page = mine.submit(422, title="Minun nimeni")
    assert page.errors == [
        "Somebody changed the text while you wrote. Read it below, then save yours again if it should stand."
    ]
    assert "What the text says now Heidän nimensä" in page.text
    assert page.form().values["title"] == ["Minun nimeni"]
    assert page.form().submit().follow().heading == "Minun nimeni"


def test_a_form_that_does_not_say_what_it_began_from_shows_the_text_first(cast: Cast) -> None:
    page = cast.client("host").get(f"/practices/{cast.draft.ref}/edit").form().submit(422, read="yesterday")
    assert "What the text says now" in page.text


def test_an_empty_title_is_not_saved(cast: Cast) -> None:
    page = cast.client("host").get(f"/practices/{cast.draft.ref}/edit").form().submit(422, title="")
    assert page.field_errors == {"title": "This is needed. Fill it in."}


def test_what_was_agreed_is_not_written_anew(cast: Cast) -> None:
    form = cast.client("host").get(f"/practices/{cast.draft.ref}/edit").form()
    with writing():
        agree_practice(cast.actor("coordinator"), cast.draft.load(), experts=1, workers=1)
    after = form.submit(title="Jotain muuta").follow()
    assert after.message == "The practice has been agreed, so its text no longer changes."
    assert after.heading == "Soitto päivää ennen"
    assert cast.client("host").get(f"/practices/{cast.draft.ref}/edit", 302).location == f"/practices/{cast.draft.ref}"


# ---- what has arrived at a unit ----


def to_answer(cast: Cast, who: str = "worker") -> Page:
    return cast.client(who).get(f"/units/{cast.third_unit.ref}/practices")


def answering(page: Page, adoption: Thing, expect: int = 302, **words: str) -> Page:  # type: ignore[type-arg]  # any
    """Send the answer to one of the arrivals on the page."""
    form = page.form(f"/adoptions/{adoption.ref}/answer")
    return form.submit(expect, **{f"to-{adoption.ref}-{name}": value for name, value in words.items()})


def stage_of(adoption: Thing) -> Stage:  # type: ignore[type-arg]  # of an adoption
    with reading():
        stage: Stage = adoption.load().stage
        return stage


def test_an_arrival_says_what_it_is_and_takes_an_answer(cast: Cast) -> None:
    page = to_answer(cast)
    assert "Born in: Kallion terveysasema" in page.text
    assert "niin teemme tästä päivästä lähtien" in page.text
    after = answering(page, cast.other_arrival, answer="try").follow()
    assert after.path == f"/units/{cast.third_unit.ref}/practices"
    assert after.message == "Thank you. Your unit tries the practice now."
    assert "To answer" not in after.text
    assert "Being tried" in after.text
    assert stage_of(cast.other_arrival) is Stage.TRYING


def test_adapting_says_what_is_changed(cast: Cast) -> None:
    page = answering(to_answer(cast), cast.other_arrival, 422, answer="adapt", words=" ")
    name = f"to-{cast.other_arrival.ref}"
    assert page.field_errors == {f"{name}-words": "Say what you change. One sentence is enough."}
    assert page.form(f"/adoptions/{cast.other_arrival.ref}/answer").values[f"{name}-answer"] == ["adapt"]
    after = answering(page, cast.other_arrival, words="Saattaja odottaa aulassa.").follow()
    assert "What we changed: Saattaja odottaa aulassa." in after.text
    assert stage_of(cast.other_arrival) is Stage.TRYING


def test_declining_says_why(cast: Cast) -> None:
    page = answering(to_answer(cast), cast.other_arrival, 422, answer="decline")
    assert list(page.field_errors.values()) == [
        "Say why it is not for your unit: the reason helps the next unit. One sentence is enough."
    ]
    after = answering(page, cast.other_arrival, words="Meillä ei ole vastaanottoa.").follow()
    assert after.message == "Thank you. Your reason is shown with the practice, and it helps the other units."
    assert "Not for us, because: Meillä ei ole vastaanottoa." in after.text
    assert "Meillä ei ole vastaanottoa." in cast.client().get(f"/practices/{cast.practice.ref}").text


def test_no_answer_is_asked_for(cast: Cast) -> None:
    page = answering(to_answer(cast), cast.other_arrival, 422, words="Ehkä.")
    assert list(page.field_errors.values()) == ["Choose one of the three answers."]
    assert page.form(f"/adoptions/{cast.other_arrival.ref}/answer").values[f"to-{cast.other_arrival.ref}-words"] == [
        "Ehkä."
    ]
    assert stage_of(cast.other_arrival) is Stage.ARRIVED


def test_an_arrival_that_somebody_answered_first_says_so(cast: Cast) -> None:
    page = to_answer(cast, "coordinator")
    answering(to_answer(cast), cast.other_arrival, answer="decline", words="Ei meille.")
    after = answering(page, cast.other_arrival, answer="try").follow()
    assert after.message == "Your unit has already answered this practice. Its answer is below."
    assert "Ei meille." in after.text
    assert stage_of(cast.other_arrival) is Stage.DECLINED


def test_three_arrivals_cost_no_more_queries_than_one_and_each_has_its_form(cast: Cast) -> None:
    client = cast.client("worker")
    client.get(f"/units/{cast.third_unit.ref}/practices")
    few = client.queries
    made = practices_agreed(cast, 2)
    page = client.get(f"/units/{cast.third_unit.ref}/practices")
    assert len([form for form in page.forms if form.action.startswith("/adoptions/")]) == 3
    assert client.queries == few == 6
    with reading():
        newest = next(one for one in made[1].load().adoptions if one.unit_id == cast.third_unit.id)
        second = Thing(newest)
    wrong = answering(page, second, 422, answer="decline")
    assert len(wrong.errors) == 1
    assert len([form for form in wrong.forms if form.action.startswith("/adoptions/")]) == 3


def test_the_rest_of_the_organisation_reads_without_forms(cast: Cast) -> None:
    for who in ("expert", "host", "other_host"):
        page = to_answer(cast, who)
        assert "Waiting for an answer" in page.text
        assert [form.action for form in page.forms] == ["/sign-out"]


@pytest.mark.parametrize("who", ["visitor", "outsider", "neighbour", "decision_maker"])
def test_units_of_others_are_not_there(cast: Cast, who: str) -> None:
    cast.client(who).get(f"/units/{cast.third_unit.ref}/practices", 404)


@pytest.mark.parametrize(
    ("who", "status"), [("visitor", 404), ("neighbour", 404), ("expert", 403), ("host", 403), ("other_host", 403)]
)
def test_only_the_units_own_people_answer(cast: Cast, who: str, status: int) -> None:
    client = cast.client(who)
    data = {"csrf_token": client.csrf_token(), f"to-{cast.other_arrival.ref}-answer": "try"}
    client.post(f"/adoptions/{cast.other_arrival.ref}/answer", status, data)
    assert stage_of(cast.other_arrival) is Stage.ARRIVED


def test_a_unit_without_practices_says_where_they_come_from(cast: Cast) -> None:
    page = cast.client("neighbour").get(f"/units/{cast.foreign_unit.ref}/practices")
    assert "No practices yet" in page.text


def test_addresses_of_presses_lead_back_when_opened(cast: Cast) -> None:
    client = cast.client("coordinator")
    assert client.get(f"/practices/{cast.draft.ref}/agree", 302).location == f"/practices/{cast.draft.ref}"
    answer = client.get(f"/adoptions/{cast.other_arrival.ref}/answer", 302)
    assert answer.location == f"/units/{cast.third_unit.ref}/practices"


def test_a_practice_is_written_while_the_meeting_goes_on(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT)):
        page = cast.client("worker").get(f"/meetings/{cast.confirmed.ref}").click("Write down a practice")
        draft = page.form().submit(302, **WORDS).follow()
        agreed = draft.form(f"{draft.path}/agree").submit(experts="1", workers="1").follow()
        assert "is agreed" in agreed.message
        assert "Kallion terveysasema" in agreed.text
