"""Each line of the list in docs/calendars.md that shows only where the public feed is served, on each database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask
from sqlalchemy import event as engine_event
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from kierto import clock
from kierto.calendars.event import fragment
from kierto.database import session, writing
from kierto.database.engine import engine
from kierto.meetings.models import Meeting, MeetingState
from kierto.seats.actions import take_seat, withdraw
from kierto.seats.rules import SeatRole
from kierto.units.models import Unit
from kierto.words import LANGUAGES
from tests.cast import NAMES, NOW, Cast, Thing
from tests.databases import Database
from tests.interop.linter import Component, lint, read

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def feed(app: Flask) -> "Fetcher":
    return Fetcher(app)


class Fetcher:
    """Fetches the feed as calendar programs do: without cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=False)

    def get(self, lang: str | None = None, method: str = "GET", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        query = {"lang": lang} if lang else None
        with self.app.app_context():  # its own: the test's would share its session with the request
            return self.client.open("/calendar.ics", method=method, query_string=query, headers=named)

    def event(self, meeting: Thing[Meeting]) -> Component | None:
        """The meeting's VEVENT, None when the feed has none; the feed is sound."""
        answer = self.get()
        assert answer.status_code == 200
        assert lint(answer.data) == []
        found = [part for part in read(answer.data).parts("VEVENT") if meeting.ref in (part.value("URL") or "")]
        return found[0] if found else None

    def shown(self, meeting: Thing[Meeting]) -> Component:
        found = self.event(meeting)
        assert found is not None
        return found


@contextmanager
def changing(meeting: Thing[Meeting]) -> Iterator[Meeting]:
    """The meeting, to be changed as an action of a later time would."""
    with writing():
        yield meeting.load()


def cancel(meeting: Thing[Meeting]) -> None:
    with changing(meeting) as row:
        row.state, row.cancelled_at = MeetingState.CANCELLED, clock.now()
        row.reschedule()


def move(meeting: Thing[Meeting], starts_at: datetime) -> None:
    with changing(meeting) as row:
        row.ends_at, row.starts_at = starts_at + (row.ends_at - row.starts_at), starts_at
        row.reschedule()


def test_public_meetings_are_shown_once_confirmed(feed: Fetcher, cast: Cast) -> None:
    assert feed.event(cast.held) is not None
    assert feed.event(cast.confirmed) is not None
    assert feed.event(cast.proposed) is None
    assert feed.event(cast.foreign_meeting) is None


def test_a_meeting_that_confirms_itself_appears(feed: Fetcher, cast: Cast) -> None:
    before = feed.get()
    with writing():
        take_seat(cast.actor("expert"), cast.proposed.load(), cast.id("expert"), SeatRole.EXPERT)
    event = feed.shown(cast.proposed)
    assert event.value("DTSTART") == "20270202T130000"
    assert event.value("LOCATION") == "Talvelantie 4\\, Helsinki"
    assert feed.get().headers["ETag"] != before.headers["ETag"]


def test_a_meeting_that_is_not_public_is_not_shown(feed: Fetcher, cast: Cast) -> None:
    with changing(cast.confirmed) as meeting:
        meeting.public = False
        meeting.touch()
    assert feed.event(cast.confirmed) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_names_the_language(feed: Fetcher, language: str) -> None:
    head = read(feed.get(lang=language).data)
    assert head.value("PRODID") == f"-//Kierto//Kierto//{language.upper()}"
    assert len({feed.get(lang=lang).headers["ETag"] for lang in LANGUAGES}) == 3


@pytest.mark.parametrize("lang", [None, "", "xx", "fi-FI", "<script>"])
def test_the_language_is_finnish_unless_the_address_names_another(feed: Fetcher, lang: str | None) -> None:
    """Neither the browser's wish nor a cookie counts: everyone gets the same bytes from the same address."""
    answer = feed.get(lang=lang, Accept_Language="sv", Cookie="kierto_language=sv")
    assert answer.data == feed.get(lang="fi").data


def test_no_session_is_looked_at(feed: Fetcher, cast: Cast) -> None:
    answer = feed.get(Cookie="kierto=forged; kierto_language=sv")
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]
    with feed.app.app_context():
        signed_in = cast.client("coordinator").browser.get("/calendar.ics")
    assert signed_in.data == answer.data
    assert "Vary" not in signed_in.headers


def test_line_09_the_uid_is_unchanged_after_an_edit_and_a_restart(
    feed: Fetcher, cast: Cast, database: Database
) -> None:
    uid = feed.shown(cast.confirmed).value("UID")
    move(cast.confirmed, NOW + timedelta(days=3))
    assert feed.shown(cast.confirmed).value("UID") == uid
    assert Fetcher(database.another_app()).shown(cast.confirmed).value("UID") == uid


def test_line_11_two_fetches_without_a_change_are_byte_identical(feed: Fetcher, database: Database) -> None:
    """From the same process, from another, and after it has forgotten everything."""
    first = feed.get()
    again = feed.get()
    other = Fetcher(database.another_app()).get()
    fragment.cache_clear()
    forgetful = Fetcher(database.another_app()).get()
    assert first.data == again.data == other.data == forgetful.data
    assert first.headers["ETag"] == again.headers["ETag"] == other.headers["ETag"] == forgetful.headers["ETag"]


def test_line_12_any_edit_raises_last_modified(feed: Fetcher, cast: Cast) -> None:
    """Even two within one second, and an edit of the unit."""
    seen = [feed.shown(cast.confirmed).value("LAST-MODIFIED") or ""]
    for words in ("ensin", "sitten"):
        with changing(cast.confirmed) as meeting:
            meeting.description = words
            meeting.touch()
        seen.append(feed.shown(cast.confirmed).value("LAST-MODIFIED") or "")
    with clock.at(LATER), writing():
        unit = session.get_one(Unit, cast.third_unit.id)
        unit.street_address = "Uusi katu 2"
        unit.touch()
    moved = feed.shown(cast.confirmed)
    assert moved.value("LOCATION") == "Uusi katu 2\\, Vantaa"
    seen.append(moved.value("LAST-MODIFIED") or "")
    assert len(set(seen)) == 4
    assert seen == sorted(seen)


def test_line_13_time_place_and_state_raise_the_sequence(feed: Fetcher, cast: Cast) -> None:
    def sequence() -> int:
        return int(feed.shown(cast.confirmed).value("SEQUENCE") or "")

    confirmed = sequence()
    assert confirmed == 1
    move(cast.confirmed, NOW + timedelta(days=2))
    moved = sequence()
    cancel(cast.confirmed)
    assert confirmed < moved < sequence()


def test_line_14_the_sequence_never_decreases(feed: Fetcher, cast: Cast) -> None:
    seen = [int(feed.shown(cast.confirmed).value("SEQUENCE") or "")]
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    seen.append(int(feed.shown(cast.confirmed).value("SEQUENCE") or ""))
    with writing():
        take_seat(cast.actor("expert"), cast.confirmed.load(), cast.id("expert"), SeatRole.EXPERT)
    seen.append(int(feed.shown(cast.confirmed).value("SEQUENCE") or ""))
    assert seen == sorted(seen)


def test_line_25_a_cancelled_meeting_stays_thirty_days_and_until_its_time_has_passed(feed: Fetcher, cast: Cast) -> None:
    """One whose time was soon stays for the days; one far ahead stays until its time (calendar-cancelled-stays)."""
    cancel(cast.confirmed)
    event = feed.shown(cast.confirmed)
    assert (event.value("STATUS"), event.value("TRANSP"), event.value("SEQUENCE")) == ("CANCELLED", "TRANSPARENT", "2")
    with clock.at(NOW + timedelta(days=30)):
        assert feed.event(cast.confirmed)
    with clock.at(NOW + timedelta(days=31)):
        assert feed.event(cast.confirmed) is None
    far = NOW + timedelta(days=90)
    move(cast.confirmed, far)
    with clock.at(far):
        assert feed.event(cast.confirmed)
    with clock.at(far + timedelta(days=1)):
        assert feed.event(cast.confirmed) is None


def test_line_27_no_person_is_in_it(feed: Fetcher) -> None:
    whole = "".join(feed.get(lang=language).text for language in LANGUAGES).replace("\r\n ", "")
    for name, _language in NAMES.values():
        assert name not in whole
        assert name.split()[-1] not in whole
    assert "@" not in whole


@pytest.mark.parametrize(
    ("starts_at", "shown"),
    [
        (datetime(2026, 10, 11, 12, tzinfo=UTC), False),
        (datetime(2026, 10, 12, 12, tzinfo=UTC), True),
        (datetime(2028, 1, 11, 12, tzinfo=UTC), True),
        (datetime(2028, 1, 12, 12, tzinfo=UTC), False),
    ],
)
def test_line_28_from_three_months_back_to_twelve_ahead(
    feed: Fetcher, cast: Cast, starts_at: datetime, shown: bool
) -> None:
    """It is 12 January 2027."""
    move(cast.confirmed, starts_at)
    assert bool(feed.event(cast.confirmed)) is shown


def test_line_28_too_many_meetings_leave_out_the_farthest(feed: Fetcher, cast: Cast) -> None:
    """More coming ones than fit, and the one that was held last week."""
    with writing():
        columns = [column for column in Meeting.__table__.columns if column.key != "id"]
        row = dict(session.execute(select(*columns).where(Meeting.id == cast.confirmed.id)).mappings().one())
        session.execute(insert(Meeting), [_copy(row, number) for number in range(1_100)])
    answer = feed.get()
    refs = [(part.value("URL") or "")[-10:] for part in read(answer.data).parts("VEVENT")]
    assert 990_000 < len(answer.data) <= 1_000_000
    assert refs[:2] == [cast.confirmed.ref, "x000000000"]
    assert refs[2:] == [f"x{number:09}" for number in range(1, len(refs) - 1)]
    assert cast.held.ref not in refs


def _copy(row: dict[str, Any], number: int) -> dict[str, Any]:
    """One more meeting, so many hours later, with long words."""
    span = {name: row[name] + timedelta(hours=number) for name in ("starts_at", "ends_at")}
    own = {"uid": f"0b9a3f5e-7a57-4b5c-9c1e-{number:012x}", "ref": f"x{number:09}", "description": "a " * 300}
    return row | span | own


def test_line_29_get_works_without_an_accept_header(feed: Fetcher) -> None:
    answer = feed.get()
    assert "HTTP_ACCEPT" not in answer.request.environ
    assert answer.status_code == 200


def test_line_30_not_modified_by_etag(feed: Fetcher, cast: Cast) -> None:
    etag = feed.get().headers["ETag"]
    for given in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        unchanged = feed.get(If_None_Match=given)
        assert (unchanged.status_code, unchanged.data) == (304, b"")
        assert unchanged.headers["ETag"] == etag
    move(cast.confirmed, NOW + timedelta(days=3))
    assert feed.get(If_None_Match=etag).status_code == 200


def test_line_30_not_modified_by_time(feed: Fetcher, cast: Cast) -> None:
    with clock.at(LATER):
        seen = feed.get().headers["Last-Modified"]
        assert feed.get(If_Modified_Since=seen).status_code == 304
        move(cast.confirmed, NOW + timedelta(days=3))
    with clock.at(LATER + timedelta(minutes=1)):
        changed = feed.get(If_Modified_Since=seen)
        assert changed.status_code == 200
        assert feed.get(If_Modified_Since=changed.headers["Last-Modified"]).status_code == 304


def test_line_30_the_etag_counts_before_the_time(feed: Fetcher) -> None:
    """RFC 9110 §13.1.3."""
    answer = feed.get()
    assert feed.get(If_None_Match='"other"', If_Modified_Since=answer.headers["Last-Modified"]).status_code == 200


def test_line_30_midnight_changes_both(feed: Fetcher) -> None:
    """The window moves: what was fetched before is fetched again, whichever way it is asked."""
    with clock.at(clock.instant(NOW.date(), time(23, 59))):
        evening = feed.get()
    with clock.at(clock.instant(NOW.date() + timedelta(days=1), time(0, 1))):
        assert feed.get(If_None_Match=evening.headers["ETag"]).status_code == 200
        assert feed.get(If_Modified_Since=evening.headers["Last-Modified"]).status_code == 200


def test_line_30_one_query_answers_not_modified(feed: Fetcher) -> None:
    asked: list[str] = []
    etag = feed.get().headers["ETag"]

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine_event.listen(engine(), "before_cursor_execute", note)
    try:
        assert feed.get(If_None_Match=etag).status_code == 304
        assert feed.get().status_code == 200
    finally:
        engine_event.remove(engine(), "before_cursor_execute", note)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2, asked


def test_line_31_head_has_the_headers_of_get(feed: Fetcher) -> None:
    got, head = feed.get(), feed.get(method="HEAD")
    assert head.data == b""
    assert _timeless(head) == _timeless(got)
    assert int(head.headers["Content-Length"]) == len(got.data)
    assert feed.get(method="HEAD", If_None_Match=got.headers["ETag"]).status_code == 304


def _timeless(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


def test_line_32_no_content_encoding(feed: Fetcher) -> None:
    assert "Content-Encoding" not in feed.get(Accept_Encoding="gzip, br, zstd").headers


def test_line_33_http_redirects_to_https_in_one_hop(database: Database, app: Flask) -> None:
    """Behind a proxy that says how it was asked; 308 keeps the method."""
    secure = database.another_app(base_url="https://kierto.example.fi", trusted_proxies=1)
    moved = Fetcher(secure).get(lang="sv", X_Forwarded_Proto="http")
    assert (moved.status_code, moved.headers["Location"]) == (308, "https://kierto.example.fi/calendar.ics?lang=sv")
    assert Fetcher(secure).get(lang="sv", X_Forwarded_Proto="https").status_code == 200
    assert Fetcher(secure).get().status_code == 200, "whoever looks from inside is not sent away"


def test_line_34_robots_may_fetch_and_nobody_indexes(feed: Fetcher) -> None:
    rules = feed.client.get("/robots.txt")
    robots = RobotFileParser()
    robots.parse(rules.text.splitlines() if rules.status_code == 200 else [])
    assert robots.can_fetch("Google-Calendar-Importer", "http://localhost/calendar.ics")
    answer = feed.get()
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_line_37_the_url_leads_to_the_meetings_page(feed: Fetcher, cast: Cast) -> None:
    url = feed.shown(cast.confirmed).value("URL") or ""
    assert feed.client.get(url.removeprefix("http://localhost")).status_code == 200


def test_line_38_its_type_and_no_attachment(feed: Fetcher) -> None:
    answer = feed.get()
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Content-Disposition" not in answer.headers
