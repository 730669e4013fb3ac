"""Busy times read from calendar files, as the programs that people have write them; and from anything else."""

import io
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kierto import clock
from kierto.experts import busy, calendar_text
from kierto.experts.busy import Fault, Span, Times, Unreadable, merged, read, window
from kierto.experts.busy_times import days_of

FILES = Path(__file__).parent.parent / "data" / "calendars"
TODAY = date(2027, 1, 25)
AROUND = window(TODAY)


def file(name: str) -> bytes:
    return (FILES / name).read_bytes()


def said(times: Times) -> list[str]:
    """The spans on Helsinki's clocks: "2.2. 10.00–11.30"; with the day of the end where it is another."""
    found = []
    for start, end in times.spans:
        begins, ends = clock.local(start), clock.local(end)
        same = begins.date() == ends.date()
        last = f"{ends:%H.%M}" if same else f"{ends.day}.{ends.month}. {ends:%H.%M}"
        found.append(f"{begins.day}.{begins.month}. {begins:%H.%M}–{last}")
    return found


def event(*lines: str, uid: str = "a") -> bytes:
    """A calendar of one event."""
    body = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(body).encode()


def unreadable(content: bytes, **options: float) -> Fault:
    with pytest.raises(Unreadable) as fault:
        read(content, AROUND, **options)
    return fault.value.fault


CHOIR = [f"{day} 17.00–18.30" for day in ("25.1.", "1.2.", "8.2.", "15.2.", "1.3.", "8.3.", "22.3.", "5.4.")]

READ = {
    "google.ics": sorted(
        [*CHOIR, "2.2. 10.00–11.30", "10.2. 00.00–12.2. 00.00", "16.3. 18.00–19.30"],
        key=lambda words: [int(part) for part in words.split(" ")[0].strip(".").split(".")][::-1],
    ),
    "exchange.ics": [
        *("4.2. 09.00–10.00", "9.2. 13.00–14.30", "4.3. 09.00–10.00", "1.4. 09.00–10.00"),
        *("6.5. 09.00–10.00", "3.6. 09.00–10.00", "15.7. 11.00–12.30"),
    ],
    "outlook.ics": ["3.2. 09.00–09.30", "4.2. 12.00–13.45"],
    "apple.ics": [
        *("26.3. 10.00–10.30", "27.3. 10.00–10.30", "28.3. 10.00–10.30", "1.4. 09.00–10.00"),
        *("18.4. 12.00–13.00", "20.4. 12.00–13.00", "22.4. 12.00–13.00", "12.6. 00.00–13.6. 00.00"),
    ],
    "nextcloud.ics": ["15.2. 22.00–16.2. 06.00", "17.2. 11.00–13.00", "20.2. 00.00–21.2. 00.00"],
    "free-busy.ifb": ["5.2. 09.00–10.30", "8.2. 12.00–13.00", "9.2. 12.00–12.30", "10.2. 12.00–12.30"],
    "several.ics": ["1.3. 11.00–12.00", "2.3. 14.00–15.00"],
}


@pytest.mark.parametrize("name", READ)
def test_what_each_program_writes_is_read(name: str) -> None:
    times = read(file(name), AROUND)
    assert said(times) == READ[name]
    assert times.skipped == 0


def test_every_file_there_is_is_read() -> None:
    assert {path.name for path in FILES.iterdir()} == {*READ, "damaged.ics"}


@pytest.mark.parametrize("name", READ)
def test_how_the_lines_end_and_how_the_bytes_stand_changes_nothing(name: str) -> None:
    content = file(name)
    unix = content.replace(b"\r\n", b"\n")
    mac = unix.replace(b"\n", b"\r")
    marked = b"\xef\xbb\xbf" + content.removeprefix(b"\xef\xbb\xbf")
    wide = content.decode("latin-1").encode("utf-16")
    for other in (unix, mac, marked, wide, unix.replace(b"\n", b"\n\n"), unix.replace(b"\n", b"\r\r\n")):
        assert said(read(other, AROUND)) == READ[name]


def test_broken_events_are_left_out_and_counted() -> None:
    times = read(file("damaged.ics"), AROUND)
    assert said(times) == ["3.2. 09.00–10.00", "5.2. 09.00–10.00"]
    assert times.skipped == 6


def test_a_zip_from_google_holds_several_calendars() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("maija@example.fi.ics", file("google.ics"))
        files.writestr("Työt_abc@group.calendar.google.com.ics", file("nextcloud.ics"))
        files.writestr("lue.txt", "BEGIN:VCALENDAR")
    content = packed.getvalue()
    assert set(said(read(content, AROUND))) == {*READ["google.ics"], *READ["nextcloud.ics"]}
    assert unreadable(content[:200]) is Fault.NONE


def test_a_zip_that_unpacks_to_more_than_the_most_is_too_large() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("a.ics", b"\n" * (calendar_text.MOST_BYTES + 1))
    assert len(packed.getvalue()) < 100_000
    assert unreadable(packed.getvalue()) is Fault.TOO_LARGE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"<!doctype html><title>Calendar</title>",
        b"Subject,Start Date\nx,1.2.2027\n",
        b"PK\x03\x04",
        b"\x00",
    ],
)
def test_what_is_no_calendar_is_said_to_be_none(content: bytes) -> None:
    assert unreadable(content) is Fault.NONE


def test_a_calendar_without_events_is_one() -> None:
    assert read(b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", AROUND) == Times([], 0)


def test_when_nothing_can_be_read_that_is_said() -> None:
    assert unreadable(event("DTSTART:soon")) is Fault.BROKEN


def test_free_stays_free() -> None:
    hour = ("DTSTART:20270203T070000Z", "DTEND:20270203T080000Z")
    assert len(read(event(*hour), AROUND).spans) == 1
    for word in ("TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "transp:transparent"):
        assert not read(event(*hour, word), AROUND).spans
        assert not read(event(*hour, word, "RRULE:FREQ=WEEKLY"), AROUND).spans


def test_only_the_next_twelve_months_are_read() -> None:
    assert window(TODAY) == (datetime(2027, 1, 24, 22, tzinfo=UTC), datetime(2028, 1, 24, 22, tzinfo=UTC))
    assert window(date(2028, 2, 29)).end == datetime(2029, 2, 27, 22, tzinfo=UTC)
    endless = read(event("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY"), AROUND)
    assert endless.spans == [AROUND]
    weekly = read(event("DTSTART:20150105T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"), AROUND)
    assert len(weekly.spans) == 53
    long_ago = read(event("DTSTART:20260105T080000Z", "DURATION:PT1H"), AROUND)
    assert long_ago == Times([], 0)
    begun = read(event("DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20270201"), AROUND)
    assert said(begun) == ["25.1. 00.00–1.2. 00.00"]


def test_a_whole_day_is_the_day_in_helsinki_also_when_clocks_change() -> None:
    (day,) = read(event("DTSTART;VALUE=DATE:20270328"), AROUND).spans
    assert day.end - day.start == timedelta(hours=23)
    (night,) = read(event("DTSTART;TZID=Europe/Helsinki:20270327T220000", "DURATION:PT10H"), AROUND).spans
    assert night.end - night.start == timedelta(hours=10)


def test_one_occurrence_and_all_later_ones_are_moved() -> None:
    moved = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20270201T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4\n"
        b"END:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270215T080000Z\n"
        b"DTSTART:20270215T100000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert said(read(moved, AROUND)) == [
        *("1.2. 10.00–11.00", "8.2. 10.00–11.00", "15.2. 12.00–13.00", "22.2. 12.00–13.00"),
    ]


def test_the_newest_of_two_versions_of_an_event_stands() -> None:
    two = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSEQUENCE:3\nDTSTART:20270201T080000Z\nDURATION:PT1H\nEND:VEVENT\n"
        b"BEGIN:VEVENT\nUID:a\nSEQUENCE:1\nDTSTART:20270202T080000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert said(read(two, AROUND)) == ["1.2. 10.00–11.00"]


def test_a_zone_of_one_file_is_unknown_to_the_next() -> None:
    """Two people's files may call different zones by one name."""
    assert said(read(file("several.ics"), AROUND)) == READ["several.ics"]
    assert said(read(event("DTSTART;TZID=Oma:20270301T120000", "DURATION:PT1H"), AROUND)) == ["1.3. 12.00–13.00"]
    assert said(read(file("exchange.ics"), AROUND))[-1] == "15.7. 11.00–12.30"
    abroad = event("DTSTART;TZID=Customized Time Zone:20270715T100000", "DURATION:PT1H")
    assert said(read(abroad, AROUND)) == ["15.7. 10.00–11.00"]


def test_too_much_is_said_to_be_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unreadable(b"x" * (calendar_text.MOST_BYTES + 1)) is Fault.TOO_LARGE
    assert unreadable(file("google.ics"), most_seconds=-1) is Fault.TOO_MANY
    monkeypatch.setattr(busy, "MOST_SPANS", 100)
    hour = ("DTSTART:20270201T080000Z", "DURATION:PT1H")
    one = event(*hour)
    calendars = [one.replace(b"UID:a", b"UID:%d" % number) for number in range(101)]
    assert len(read(b"".join(calendars[1:]), AROUND).spans) == 1
    assert unreadable(b"".join(calendars)) is Fault.TOO_MANY
    assert len(read(event(*hour, "RRULE:FREQ=DAILY;COUNT=100"), AROUND).spans) == 100
    assert unreadable(event(*hour, "RRULE:FREQ=DAILY")) is Fault.TOO_MANY


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "FREQ=SECONDLY",
            "FREQ=MINUTELY;INTERVAL=1",
            "FREQ=HOURLY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=-1",
        ),
        *("INTERVAL=2", "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5", "FREQ=", "", "FREQ=DAILY;UNTIL=later"),
        *("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO", "FREQ=YEARLY;BYEASTER=0"),
    ],
)
def test_rules_that_nobody_keeps_take_no_time(rule: str) -> None:
    begun = time.monotonic()
    assert unreadable(event("DTSTART:19700101T000000Z", "DURATION:PT1S", f"RRULE:{rule}")) is Fault.BROKEN
    assert time.monotonic() - begun < 2


def test_a_zone_that_never_ends_is_not_followed() -> None:
    zone = (
        b"BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0300\n"
        b"RRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    content = event("DTSTART;TZID=X:20270301T120000", "DURATION:PT1H").replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT")
    assert said(read(content, AROUND)) == ["1.3. 12.00–13.00"]


def test_days_show_what_is_busy_in_each() -> None:
    days = days_of(read(file("nextcloud.ics"), AROUND).spans)
    told = [(day.on.isoformat(), len(day.parts), day.whole) for day in days]
    assert told == [
        *(("2027-02-15", 1, False), ("2027-02-16", 1, False)),
        *(("2027-02-17", 1, False), ("2027-02-20", 1, True)),
    ]


# ---- whatever comes ----

WORDS = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE"),
        *("BEGIN:STANDARD", "END:STANDARD", "BEGIN:VFREEBUSY", "END:VFREEBUSY", "BEGIN:VALARM", "END:VALARM", "BEGIN:"),
        *(
            "UID:a",
            "UID:b",
            "DTSTART:20270201T080000Z",
            "DTSTART;VALUE=DATE:20270201",
            "DTSTART;TZID=X:20270201T080000",
        ),
        *("DTEND:20270201T090000Z", "DTEND;VALUE=DATE:20270205", "DURATION:PT1H", "DURATION:P99999W"),
        *("RRULE:FREQ=WEEKLY", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=DAILY;COUNT=-1", "RRULE:X"),
        *("RRULE:FREQ=MONTHLY;BYSETPOS=400;BYDAY=9MO", "RRULE:FREQ=WEEKLY;UNTIL=20270301", "RRULE:FREQ=WEEKLY;WKST=XX"),
        *(
            "EXDATE:20270208T080000Z",
            "EXDATE;VALUE=DATE:20270208",
            "EXDATE:x",
            "RDATE:20270209T080000Z,20270210T080000Z",
        ),
        *("RDATE;VALUE=PERIOD:20270209T080000Z/PT2H", "RDATE;VALUE=PERIOD:20270209T080000Z/20270201T080000Z"),
        *("RECURRENCE-ID:20270208T080000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20270208", "SEQUENCE:2", "SEQUENCE:x"),
        *("FREEBUSY:20270209T080000Z/PT2H", "FREEBUSY:/", "TZID:X", "TZOFFSETFROM:+0200", "TZOFFSETTO:+9999"),
        *(
            "TZOFFSETTO:+0300",
            "DTSTART:00010101T000000Z",
            "DTSTART:99991231T235959Z",
            "TRANSP:TRANSPARENT",
            " x",
            ":",
            "",
        ),
        *("DTSTART;TZID=../../etc:20270201T080000", "DTSTART;TZID=/:20270201T080000", "DTEND:99991231T235959"),
    ]
)
LINES = st.lists(st.one_of(WORDS, WORDS, WORDS, st.text(max_size=30)), max_size=40)


def sound(content: bytes) -> None:
    """Either an error that says what is wrong, or spans in order that lie in the months that are read."""
    try:
        times = read(content, AROUND)
    except Unreadable:
        return
    assert times.spans == merged(times.spans)
    for span in times.spans:
        assert AROUND.start <= span.start < span.end <= AROUND.end


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
@example(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:00010101T000000", "DTEND:99991231T235959Z", "END:VEVENT"], "\n")
@example(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:00010101T000000", "DURATION:PT1H", "END:VEVENT"], "\n")
def test_lines_of_any_kind_are_read_or_refused(lines: list[str], end: str) -> None:
    sound(end.join(["BEGIN:VCALENDAR", *lines]).encode("utf-8", "surrogatepass"))


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_events_of_any_kind_are_read_or_refused(lines: list[str]) -> None:
    within = [line for line in lines if not line.startswith(("BEGIN", "END"))]
    sound(event("DTSTART:20270201T080000Z", *within))
    sound(event(*within, "DTSTART;VALUE=DATE:20270201"))


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"]))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes, before: bytes) -> None:
    sound(before + content)


@given(st.data())
def test_files_cut_or_overwritten_anywhere_are_read_or_refused(data: st.DataObject) -> None:
    content = file(data.draw(st.sampled_from(sorted(READ))))
    at = data.draw(st.integers(0, len(content)))
    cut = data.draw(st.integers(0, 40))
    sound(content[:at] + data.draw(st.binary(max_size=5)) + content[at + cut :])
    sound(content[:at])


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@given(data=st.data())
def test_zips_overwritten_anywhere_are_read_or_refused(packing: int, data: st.DataObject) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as files:
        files.writestr("a.ics", file("google.ics"))
    content = bytearray(packed.getvalue())
    sound(bytes(content))
    for at in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    sound(bytes(content))


def test_a_zip_whose_content_is_broken_is_no_calendar() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as files:
        files.writestr("a.ics", file("google.ics"))
    content = bytearray(packed.getvalue())
    content[60:90] = b"\xff" * 30
    assert unreadable(bytes(content)) is Fault.NONE


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 90))))
def test_merged_spans_cover_the_same_minutes_and_never_touch(pairs: list[tuple[int, int]]) -> None:
    begin = datetime(2027, 2, 1, tzinfo=UTC)
    spans = [Span(begin + timedelta(minutes=at), begin + timedelta(minutes=at + long)) for at, long in pairs]

    def minutes(some: list[Span]) -> set[datetime]:
        return {
            one.start + timedelta(minutes=number)
            for one in some
            for number in range(int((one.end - one.start) / timedelta(minutes=1)))
        }

    whole = merged(spans)
    assert minutes(whole) == minutes(spans)
    assert all(one.end < other.start for one, other in pairwise(whole))
