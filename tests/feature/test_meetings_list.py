"""Searching the list of meetings, and a month of them."""

from datetime import time

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.database import session, writing
from kierto.meetings.models import MeetingState
from kierto.seats import listing
from kierto.units.models import Theme
from tests.cast import CONFIRMED_ON, Cast
from tests.client import Page
from tests.scenes import meetings_booked


def listed(page: Page) -> list[str]:
    """The refs of the meetings that a page lists, in its order."""
    return [str(link.attr("href")).removeprefix("/meetings/") for link in page.document.select(".k-rows h3 a")]


def days(page: Page) -> dict[str, list[str]]:
    """Day → refs of the meetings that the month shows on it."""
    found = {}
    for cell in page.document.select(".k-month td"):
        links = [str(link.attr("href")).removeprefix("/meetings/") for link in cell.select("li a")]
        if links:
            found[str(cell.select("time")[0].attr("datetime"))] = links
    return found


# ---- the list ----


def test_the_list_is_narrowed_to_a_municipality_and_then_to_a_unit(cast: Cast) -> None:
    client = cast.client("expert")
    assert listed(client.get("/meetings/?municipality=Vantaa")) == [cast.confirmed.ref]
    page = client.get("/meetings/?municipality=Helsinki")
    assert listed(page) == [cast.proposed.ref]
    choices = [option.text.strip() for option in page.document.select("select[name=unit] option")]
    assert choices == ["All", "Malmin päihdepoliklinikka"]
    assert listed(client.get(f"/meetings/?municipality=Helsinki&unit={cast.other_unit.ref}")) == [cast.proposed.ref]
    assert not client.get("/meetings/").document.select("select[name=unit]")


def test_a_unit_finds_what_it_holds_together_with_another(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().co_unit_id = cast.other_unit.id
    page = cast.client("expert").get(f"/meetings/?municipality=Helsinki&unit={cast.other_unit.ref}")
    assert listed(page) == [cast.confirmed.ref, cast.proposed.ref]


def test_the_list_is_narrowed_to_a_theme(cast: Cast) -> None:
    with writing():
        other = session.scalar(select(Theme).where(Theme.code != "encounter").limit(1))
        assert other is not None
        cast.proposed.load().theme_id = other.id
        code = other.code
    client = cast.client("expert")
    assert listed(client.get(f"/meetings/?theme={code}")) == [cast.proposed.ref]
    assert listed(client.get("/meetings/?theme=encounter")) == [cast.confirmed.ref]


@pytest.mark.parametrize("asked", ["municipality=Atlantis", "theme=none", "on=2027-02-31", "unit=0000000000"])
def test_what_there_is_not_narrows_nothing(cast: Cast, asked: str) -> None:
    assert listed(cast.client().get(f"/meetings/?{asked}")) == [cast.confirmed.ref]


def test_places_are_those_where_the_reader_sees_meetings_coming(cast: Cast) -> None:
    for who, places in (("visitor", ["All", "Vantaa"]), ("expert", ["All", "Helsinki", "Vantaa"])):
        page = cast.client(who).get("/meetings/")
        assert [option.text.strip() for option in page.document.select("select[name=municipality] option")] == places


def test_nothing_found_says_how_to_see_all(cast: Cast) -> None:
    page = cast.client().get("/meetings/?municipality=Vantaa&on=2027-01-27")
    assert "No meeting was found" in page.text
    assert listed(page.click("Show all coming meetings")) == [cast.confirmed.ref]


def test_the_pages_of_a_narrowed_list_stay_narrowed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from kierto.pages.meetings import listing as pages

    monkeypatch.setattr(pages, "PAGE", 1)
    meetings_booked(cast, 1)
    first = cast.client("expert").get("/meetings/?municipality=Vantaa")
    second = first.click("Show more")
    assert listed(first) == [cast.confirmed.ref]
    assert listed(second) != [cast.proposed.ref]
    assert "municipality=Vantaa" in second.links["To the beginning"]


# ---- a month ----


def test_a_month_shows_each_meeting_on_its_day(cast: Cast) -> None:
    page = cast.client("expert", language="fi").get("/meetings/month?month=2027-01")
    assert page.heading == "Kokoukset: tammikuu 2027"
    assert days(page) == {"2027-01-08": [cast.held.ref], "2027-01-26": [cast.confirmed.ref]}


def test_today_is_marked_and_its_month_shown_unless_another_is_asked_for(cast: Cast) -> None:
    for asked in ("", "?month=2027-13", "?month=1066-10", "?month=x"):
        page = cast.client().get(f"/meetings/month{asked}")
        (today,) = page.document.select(".k-month td[aria-current=date]")
        assert today.select("time")[0].attr("datetime") == clock.today().isoformat()
    assert not cast.client().get("/meetings/month?month=2027-02").document.select("td[aria-current]")


def test_one_goes_from_month_to_month(cast: Cast) -> None:
    page = cast.client("expert").get("/meetings/month?month=2027-01&municipality=Helsinki")
    later = page.click("Next month: February 2027")
    assert days(later) == {"2027-02-02": [cast.proposed.ref]}
    assert days(later.click("Previous month: January 2027")) == {"2027-01-08": [cast.held.ref]}
    assert "Previous month: December 2026" in page.links


def test_list_and_month_lead_to_each_other_and_keep_what_was_chosen(cast: Cast) -> None:
    page = cast.client("expert").get("/meetings/?theme=encounter").click("By month")
    assert page.path == "/meetings/month"
    assert page.document.select("select[name=theme] option[selected]")[0].attr("value") == "encounter"
    assert listed(page.click("As a list")) == [cast.confirmed.ref, cast.proposed.ref]


def test_a_day_with_many_meetings_leads_to_its_own_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SHOWN_A_DAY", 1)
    with writing():
        meeting = cast.proposed.load()
        meeting.starts_at = clock.instant(CONFIRMED_ON, time(9))
        meeting.ends_at = clock.instant(CONFIRMED_ON, time(11))
    page = cast.client("expert").get("/meetings/month?month=2027-01")
    assert days(page)["2027-01-26"][0] == cast.proposed.ref
    day = page.click("1 more: Tue 26 Jan")
    assert listed(day) == [cast.proposed.ref, cast.confirmed.ref]
    assert day.click("By month").path == "/meetings/month"


def test_a_month_hides_what_is_cancelled_and_says_when_there_is_nothing(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().state = MeetingState.CANCELLED
    assert days(cast.client().get("/meetings/month?month=2027-01")) == {"2027-01-08": [cast.held.ref]}
    assert "There are no meetings in this month." in cast.client().get("/meetings/month?month=2027-04").text


def test_more_meetings_cost_a_month_no_more_queries(cast: Cast) -> None:
    client = cast.client("expert")
    client.get("/meetings/month?month=2027-02")
    few = client.queries
    meetings_booked(cast, 3)
    assert sum(map(len, days(client.get("/meetings/month?month=2027-02")).values())) > 1
    assert client.queries == few
