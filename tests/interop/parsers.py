"""What independent parsers understand of a feed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]  # it has no types
import vobject
from ical.calendar_stream import IcsCalendarStream

ROOT = Path(__file__).parent.parent.parent


class Read(NamedTuple):
    """One event as a parser understood it; instants in UTC."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    status: str
    sequence: int


def by_vobject(body: bytes) -> list[Read]:
    """Python's oldest: Radicale and many servers use it; it reads the feed's own VTIMEZONE."""
    return [
        Read(
            event.uid.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.summary.value,
            event.location.value,
            event.description.value,
            event.status.value,
            int(event.sequence.value),
        )
        for event in getattr(vobject.readOne(body.decode()), "vevent_list", [])
    ]


def by_ical(body: bytes) -> list[Read]:
    """Home Assistant's."""
    return [
        Read(
            event.uid,
            _instant(event.dtstart),
            _instant(event.dtend),
            event.summary or "",
            event.location or "",
            event.description or "",
            event.status or "",
            event.sequence or 0,
        )
        for event in IcsCalendarStream.calendar_from_ics(body.decode()).events
    ]


def by_recurring_ical_events(body: bytes) -> list[Read]:
    """What shows occurrences in many Python programs, on top of icalendar."""
    calendar = icalendar.Calendar.from_ical(body)
    return [
        Read(
            str(event["UID"]),
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC),
            str(event["SUMMARY"]),
            str(event["LOCATION"]),
            str(event["DESCRIPTION"]),
            str(event["STATUS"]),
            int(event["SEQUENCE"]),
        )
        for event in recurring_ical_events.of(calendar).all()
    ]


def by_ical_js(body: bytes) -> list[Read]:
    """Thunderbird's and Nextcloud's; it reads the feed's own VTIMEZONE."""
    found = node()
    assert found is not None
    command = [found, str(Path(__file__).with_name("ical.mjs"))]
    done = subprocess.run(command, input=body, capture_output=True, check=True, cwd=ROOT, timeout=60)
    return [_from_json(event) for event in json.loads(done.stdout)]


PARSERS: dict[str, Callable[[bytes], list[Read]]] = {
    "vobject": by_vobject,
    "ical": by_ical,
    "recurring-ical-events": by_recurring_ical_events,
    "ical.js": by_ical_js,
}


def node() -> str | None:
    """Node, and ical.js for it: the machine's, or the one beside this Python."""
    if not (ROOT / "node_modules" / "ical.js").exists():
        return None
    return shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))


NO_NODE = "No Node with ical.js here: run npm ci --ignore-scripts"


def _instant(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value.astimezone(UTC)


def _from_json(event: dict[str, Any]) -> Read:
    times: dict[str, Any] = {name: datetime.fromisoformat(event[name]) for name in ("starts_at", "ends_at")}
    return Read(**(event | times))
