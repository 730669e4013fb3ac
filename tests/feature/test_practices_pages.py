"""The pages of practices: writing one down, agreeing it, its journey."""

import pytest
from sqlalchemy import func, select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.meetings.models import MeetingState
from kierto.pages.practices import views
from kierto.practices.actions import agree_practice, answer_adoption
from kierto.practices.models import Practice
from kierto.practices.rules import Answer, PracticeState
from tests.cast import CONFIRMED_ON, HELD_AT, Cast
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
    assert client.queries == few == 5


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


def test_a_practice_is_written_while_the_meeting_goes_on(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT)):
        page = cast.client("worker").get(f"/meetings/{cast.confirmed.ref}").click("Write down a practice")
        draft = page.form().submit(302, **WORDS).follow()
        agreed = draft.form(f"{draft.path}/agree").submit(experts="1", workers="1").follow()
        assert "is agreed" in agreed.message
        assert "Kallion terveysasema" in agreed.text


def test_the_address_of_agreeing_leads_back_when_opened(cast: Cast) -> None:
    client = cast.client("coordinator")
    assert client.get(f"/practices/{cast.draft.ref}/agree", 302).location == f"/practices/{cast.draft.ref}"


@pytest.mark.parametrize("read", [None, "yesterday"])
def test_a_text_that_was_changed_meanwhile_is_read_again_before_it_is_agreed(cast: Cast, read: str | None) -> None:
    client = cast.client("coordinator")
    form = client.get(f"/practices/{cast.draft.ref}").form(f"/practices/{cast.draft.ref}/agree")
    cast.client("host").get(f"/practices/{cast.draft.ref}/edit").form().submit(302, title="Uusi nimi")
    said = "Somebody changed the text meanwhile. Read it aloud once more, then agree."
    page = form.submit(422, experts="1", workers="1", **({"read": read} if read else {}))
    assert said in page.text
    assert page.heading == "Uusi nimi"
    after = page.form(f"/practices/{cast.draft.ref}/agree").submit(302).follow()
    assert "is agreed" in after.message


def test_people_are_told_that_anyone_will_read_it(cast: Cast) -> None:
    assert "anyone can read it" in cast.client("coordinator").get(f"/practices/{cast.draft.ref}").text
