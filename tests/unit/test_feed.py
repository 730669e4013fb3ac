from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kierto import clock
from kierto.calendars import feed
from kierto.calendars.feed import Bodies, Content, Feed, etag, last_modified, renderer

FINNISH = Feed(feed.PUBLIC_NAME, "fi", "https://kierto.example.fi")
DAY = date(2027, 1, 12)
MIDNIGHT = datetime(2027, 1, 11, 22, tzinfo=UTC)
NOON = datetime(2027, 1, 12, 10, 0, 0, 500_000, tzinfo=UTC)
CONTENT = Content(meetings=3, newest=NOON - timedelta(hours=1), meeting_versions=7, unit_versions=3)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CONTENT, meetings=4),
        replace(CONTENT, newest=NOON),
        replace(CONTENT, meeting_versions=8),
        replace(CONTENT, unit_versions=4),
    ],
)
def test_every_change_of_the_content_changes_the_etag(changed: Content) -> None:
    assert etag(FINNISH, changed, DAY) != etag(FINNISH, CONTENT, DAY)


def test_the_day_changes_the_etag() -> None:
    assert etag(FINNISH, CONTENT, DAY + timedelta(days=1)) != etag(FINNISH, CONTENT, DAY)


@pytest.mark.parametrize(
    "other",
    [
        replace(FINNISH, language="sv"),
        replace(FINNISH, base_url="https://muu.example.fi"),
        replace(FINNISH, name="Another calendar"),
    ],
)
def test_another_feed_has_another_etag(other: Feed) -> None:
    assert etag(other, CONTENT, DAY) != etag(FINNISH, CONTENT, DAY)


def test_the_etag_is_the_same_in_every_process() -> None:
    assert etag(FINNISH, replace(CONTENT), DAY) == etag(replace(FINNISH), CONTENT, DAY)


def test_what_the_renderer_makes_is_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = renderer(FINNISH)
    renderer.cache_clear()
    assert renderer(FINNISH) == before
    renderer.cache_clear()
    monkeypatch.setattr(feed, "ZONE", feed.ZONE.replace(b"EEST", b"SUMMER"))
    assert renderer(FINNISH) != before
    renderer.cache_clear()


def test_last_modified_is_the_newest_change_in_whole_seconds() -> None:
    with clock.at(NOON):
        assert last_modified(CONTENT, DAY) == NOON.replace(microsecond=0) - timedelta(hours=1)


def test_last_modified_is_never_before_the_day_began() -> None:
    with clock.at(NOON):
        assert last_modified(replace(CONTENT, newest=NOON - timedelta(days=9)), DAY) == MIDNIGHT
        assert last_modified(Content(0, None, 0, 0), DAY) == MIDNIGHT


def test_a_second_that_is_not_over_is_not_named() -> None:
    """Who has fetched in it hears of a change later in it."""
    changed = replace(CONTENT, newest=NOON)
    with clock.at(NOON):
        first = last_modified(changed, DAY)
    with clock.at(NOON + timedelta(seconds=5)):
        assert last_modified(changed, DAY) == NOON.replace(microsecond=0) > first


def test_bodies_are_made_once_and_the_oldest_go_first() -> None:
    bodies = Bodies(most=2)
    made: list[str] = []

    def ask(tag: str) -> bytes:
        def make() -> bytes:
            made.append(tag)
            return tag.encode()

        return bodies.get(tag, make)

    assert [ask(tag) for tag in ("a", "b", "a", "c", "a", "b")] == [b"a", b"b", b"a", b"c", b"a", b"b"]
    assert made == ["a", "b", "c", "b"]


def test_bodies_are_safe_among_threads() -> None:
    bodies = Bodies(most=3)
    tags = [str(number % 7) for number in range(2_000)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda tag: bodies.get(tag, tag.encode), tags))
    assert found == [tag.encode() for tag in tags]
