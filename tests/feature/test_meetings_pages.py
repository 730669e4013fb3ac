"""The pages of meetings, what comes, what one is like, and who sees what of it."""

from datetime import time, timedelta

import pytest

from kierto import clock
from kierto.database import writing
from kierto.meetings.actions import hold_anyway
from kierto.meetings.models import MeetingState
from kierto.pages.meetings import listing
from tests.cast import CONFIRMED_ON, HELD_AT, HELD_ON, PROPOSED_ON, Cast
from tests.client import Page
from tests.scenes import experts_take, meetings_booked


def listed(page: Page) -> list[str]:
    """The refs of the meetings that a page lists, in its order."""
    links = page.document.select(".k-rows h3 a")
    return [str(link.attr("href")).removeprefix("/meetings/") for link in links]


def facts(page: Page) -> dict[str, str]:
    """What the page tells of the meeting: term → fact."""
    pairs = page.document.select(".k-facts > div")
    return {pair.select("dt")[0].text.strip(): " ".join(pair.select("dd")[0].text.split()) for pair in pairs}


# ---- the list ----


@pytest.mark.parametrize(
    ("who", "things"),
    [
        ("visitor", ["confirmed"]),
        ("outsider", ["confirmed"]),
        ("expert", ["confirmed", "proposed"]),
        ("host", ["confirmed", "proposed"]),
        ("coordinator", ["confirmed", "proposed"]),
        ("neighbour", ["confirmed", "foreign_meeting"]),
    ],
)
def test_the_list_has_what_one_may_see_soonest_first(cast: Cast, who: str, things: list[str]) -> None:
    page = cast.client(who).get("/meetings/")
    assert listed(page) == [cast.things()[thing].ref for thing in things]


def test_meetings_stand_under_their_days(cast: Cast) -> None:
    page = cast.client("expert", language="fi").get("/meetings/")
    days = [heading.text.strip() for heading in page.document.select("section[aria-labelledby^=day-] h2")]
    assert days == ["tiistai 26. tammikuuta 2027", "tiistai 2. helmikuuta 2027"]


def test_two_meetings_of_one_day_share_its_heading(cast: Cast) -> None:
    meetings_booked(cast, 2)
    page = cast.client().get("/meetings/")
    assert len(listed(page)) == 3
    assert len(page.document.select("section[aria-labelledby^=day-]")) == 2


def test_three_meetings_cost_no_more_queries_than_one(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get("/meetings/")
    few = client.queries
    meetings_booked(cast, 3)
    assert len(listed(client.get("/meetings/"))) == 5
    assert client.queries == few == 5


def test_the_list_goes_on_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    made = meetings_booked(cast, 4)
    first = cast.client().get("/meetings/")
    second = first.click("Show more")
    third = second.click("Show more")
    seen = [*listed(first), *listed(second), *listed(third)]
    assert len(seen) == 5
    assert set(seen) == {cast.confirmed.ref, *(meeting.ref for meeting in made)}
    assert "Show more" not in third.links
    assert listed(third.click("To the beginning")) == listed(first)


def test_a_list_from_behind_what_is_not_there_begins_at_the_beginning(cast: Cast) -> None:
    assert listed(cast.client().get("/meetings/?after=0000000000")) == [cast.confirmed.ref]
    assert listed(cast.client().get(f"/meetings/?after={cast.proposed.ref}")) == [cast.confirmed.ref]


def test_a_list_from_behind_the_last_says_so(cast: Cast) -> None:
    page = cast.client().get(f"/meetings/?after={cast.confirmed.ref}")
    assert "That was all" in page.text
    assert "To the beginning" in page.links


def test_what_is_over_or_cancelled_is_not_listed(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().state = MeetingState.CANCELLED
    page = cast.client().get("/meetings/")
    assert listed(page) == []
    assert "No meetings are coming up" in page.text
    assert page.links["Sign in"] == "/sign-in"
    assert "Sign in" not in cast.client("outsider").get("/meetings/").links


def test_a_meeting_that_goes_on_is_still_listed(cast: Cast) -> None:
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT) + timedelta(hours=1)):
        assert listed(cast.client().get("/meetings/")) == [cast.confirmed.ref]
    with clock.at(clock.instant(CONFIRMED_ON, HELD_AT) + timedelta(hours=2)):
        assert listed(cast.client().get("/meetings/")) == []


def test_the_list_can_be_followed_in_a_calendar(cast: Cast) -> None:
    links = cast.client(language="sv").get("/meetings/").links.values()
    assert "webcal://localhost/calendar.ics?lang=sv" in links
    assert "/calendar.ics?lang=sv" in links


# ---- one meeting ----


def test_the_top_says_when_and_where(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        meeting.room, meeting.description = "Kokoushuone 2", "Puhumme odottamisesta.\nKahvia on."
    card = cast.client(language="fi").get(f"/meetings/{cast.confirmed.ref}").document.select_one(".k-arrival")
    assert card is not None
    words = " ".join(card.text.split())
    assert "ti 26.1." in words
    assert "13–15" in words
    assert "Tikkurilan kuntoutusosasto" in words
    assert "Kielotie 11, Vantaa" in words
    assert "Kokoushuone 2" in words


@pytest.mark.parametrize(
    ("who", "hosts"), [("worker", True), ("expert", False), ("host", False), ("coordinator", False), ("visitor", False)]
)
def test_the_units_own_people_read_what_their_guests_are_told(cast: Cast, who: str, hosts: bool) -> None:
    card = cast.client(who).get(f"/meetings/{cast.confirmed.ref}").document.select_one(".k-arrival")
    assert card is not None
    assert ("You receive the guests" in card.text) == hosts
    assert ("At the door they say:" in card.text) == hosts
    assert ("When you arrive" in card.text) != hosts
    assert ("Say at the door:" in card.text) != hosts
    assert "You are met by" not in card.text if hosts else "Are you late" in card.text


def test_a_description_keeps_its_lines(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().description = "Puhumme odottamisesta.\nKahvia on."
    words = cast.client().get(f"/meetings/{cast.confirmed.ref}").document.select_one(".k-text")
    assert words is not None
    assert words.text == "Puhumme odottamisesta.\nKahvia on."


def test_a_name_in_another_language_says_which(cast: Cast) -> None:
    page = cast.client(language="sv").get(f"/meetings/{cast.confirmed.ref}")
    assert page.document.select_one(".k-arrival [lang=fi]") is not None


@pytest.mark.parametrize(
    ("who", "thing", "status"),
    [
        ("visitor", "confirmed", 200),
        ("visitor", "proposed", 404),
        ("outsider", "proposed", 404),
        ("decision_maker", "proposed", 404),
        ("expert", "proposed", 200),
        ("expert", "foreign_meeting", 404),
        ("neighbour", "proposed", 404),
    ],
)
def test_a_page_answers_those_who_may_see_it(cast: Cast, who: str, thing: str, status: int) -> None:
    cast.client(who).get(f"/meetings/{cast.things()[thing].ref}", status)


def test_who_comes_is_told_in_counts(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 1)
    page = cast.client().get(f"/meetings/{cast.confirmed.ref}")
    assert facts(page)["Who comes"] == "2 experts, 1 worker of the unit"
    assert facts(page)["Seats"] == "1 seat free, 4 in all"
    experts_take(cast, cast.confirmed, 1, first=200)
    assert facts(cast.client().get(f"/meetings/{cast.confirmed.ref}"))["Seats"] == "All are taken"


def test_that_a_coordinator_has_it_held_anyway_is_said(cast: Cast) -> None:
    """Rule meeting-mix: to all who see the meeting; who decided and why to those who may see names."""
    why, said = "Toinen tulee ensi kerralla.", "a coordinator decided so, though people are lacking."
    with writing():
        hold_anyway(cast.actor("coordinator"), cast.proposed.load(), why)
    for who, sees in (("coordinator", True), ("other_host", True), ("expert", False), ("worker", False)):
        text = cast.client(who).get(f"/meetings/{cast.proposed.ref}").text
        assert said in text
        assert "it has lost people it needs" not in text
        assert ("Decided by: Aino Koskinen" in text) is (f"Why: {why}" in text) is sees
    with clock.at(clock.instant(PROPOSED_ON, time(13))):
        assert (
            "A coordinator decided that the meeting was held"
            in cast.client("other_host").get(f"/meetings/{cast.proposed.ref}").text
        )
    experts_take(cast, cast.proposed, 2)
    assert said not in cast.client("coordinator").get(f"/meetings/{cast.proposed.ref}").text, "everyone comes now"


@pytest.mark.parametrize("who", ["visitor", "expert", "other_expert", "staff", "outsider", "worker", "neighbour"])
def test_names_are_not_for_everyone(cast: Cast, who: str) -> None:
    for thing in (cast.confirmed, cast.held):
        text = cast.client(who).get(f"/meetings/{thing.ref}").text
        assert "Matti Virtanen" not in text
        assert "Participants" not in text


@pytest.mark.parametrize("who", ["coordinator", "host"])
def test_names_are_for_coordinators_and_the_host_contact(cast: Cast, who: str) -> None:
    page = cast.client(who).get(f"/meetings/{cast.held.ref}")
    assert "Matti Virtanen" in page.text
    assert "Päivi Lahtinen" in page.text
    assert ("Matti Virtanen" in cast.client(who).get(f"/meetings/{cast.confirmed.ref}").text) == (who == "coordinator")


def test_the_list_of_names_keeps_the_waiting_in_their_order(cast: Cast) -> None:
    experts_take(cast, cast.confirmed, 2)
    experts_take(cast, cast.confirmed, 3, first=200)
    rows = cast.client("coordinator").get(f"/meetings/{cast.confirmed.ref}").document.select("table tbody tr")
    waiting = [row.text.split()[1] for row in rows if "waiting list" in row.text]
    assert waiting == ["200", "201", "202"]


def test_more_people_cost_no_more_queries(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(f"/meetings/{cast.confirmed.ref}")
    few = client.queries
    experts_take(cast, cast.confirmed, 5)
    client.get(f"/meetings/{cast.confirmed.ref}")
    assert client.queries == few == 8


def test_a_proposed_meeting_says_who_is_still_needed(cast: Cast) -> None:
    page = cast.client("expert").get(f"/meetings/{cast.proposed.ref}")
    assert "not yet certain" in page.text
    assert facts(page)["Still needed"] == "1 expert"


def test_a_confirmed_meeting_that_lost_its_mix_says_so(cast: Cast) -> None:
    assert "it takes place" in cast.client().get(f"/meetings/{cast.confirmed.ref}").text
    cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").form(button="I cannot come this time").submit()
    page = cast.client().get(f"/meetings/{cast.confirmed.ref}")
    assert "it has lost people it needs. Still needed: 1 expert." in page.text
    assert "it takes place" not in page.text


def test_a_cancelled_meeting_says_why(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, "Yksikkö muuttaa."
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    assert "This meeting is cancelled. You need not come." in page.text
    assert "Yksikkö muuttaa." in page.text
    assert not [form for form in page.forms if form.action.startswith(("/seats", "/meetings"))]


def test_a_meeting_without_its_people_is_said_not_to_have_been(cast: Cast) -> None:
    with clock.at(clock.instant(PROPOSED_ON, HELD_AT) + timedelta(minutes=1)):
        page = cast.client("expert").get(f"/meetings/{cast.proposed.ref}")
    assert "was not held" in page.text
    assert "What did we agree?" not in page.text


def test_a_meeting_goes_on_and_then_has_been(cast: Cast) -> None:
    with clock.at(clock.instant(HELD_ON, HELD_AT) + timedelta(minutes=5)):
        page = cast.client("host").get(f"/meetings/{cast.held.ref}")
        assert "Going on now" in page.text
        assert "You have a seat in this meeting." in page.text
    page = cast.client("host").get(f"/meetings/{cast.held.ref}")
    assert "You had a seat in this meeting." in page.text
    assert facts(page)["Who came"] == "1 expert, 1 worker of the unit"


def test_the_round_is_shown_to_those_who_see_it(cast: Cast) -> None:
    assert cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").links["Kevään kierros"] == (
        f"/rounds/{cast.spring.ref}"
    )
    assert "Kevään kierros" not in cast.client().get(f"/meetings/{cast.confirmed.ref}").text


def test_what_was_agreed_is_shown_once_the_meeting_has_begun(cast: Cast) -> None:
    held = f"/meetings/{cast.held.ref}"
    assert f"/practices/{cast.practice.ref}" in cast.client().get(held).links.values()
    assert f"/practices/{cast.draft.ref}" not in cast.client().get(held).links.values()
    worker = cast.client("staff").get(held)
    assert f"/practices/{cast.draft.ref}" in worker.links.values()
    assert worker.links["Write down a practice"] == f"{held}/practices/new"
    assert "Write down a practice" not in cast.client("expert").get(held).links
    assert "What did we agree?" not in cast.client("worker").get(f"/meetings/{cast.confirmed.ref}").text
