"""The walk: from a file of units to a practice that another unit takes up, in each role, as a person does it.

With JavaScript in Finnish, without it in Swedish, on a telephone in English.
"""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from kierto import clock
from kierto.words import Language
from tests.browser.conftest import OpenContext
from tests.browser.walker import Walker
from tests.interop.test_khal import CALENDAR, SYNCER, run
from tests.running import Site

ROUND = "Kevään kierros 2027"
TITLE = "Soitto edellisenä päivänä"
START = "Soitamme asiakkaalle käyntiä edeltävänä päivänä ja kysymme, mitä hän toivoo."
NOTICED = "Peruuttamatta jääneitä käyntejä on vähemmän."
CHANGE = "Lähetämme viestin, jos puhelu ei sovi."


class Way(NamedTuple):
    """A way to walk: a language, with JavaScript or without, and the browser's other options."""

    language: Language
    script: bool
    options: dict[str, Any]


WAYS = {
    "script": Way("fi", True, {}),
    "no script": Way("sv", False, {}),
    "phone": Way("en", True, {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}),
}


class Contact(NamedTuple):
    """A unit's contact person."""

    name: str
    unit: str


class Booked(NamedTuple):
    """A meeting as its page tells of it."""

    path: str
    unit: str
    starts_at: datetime


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_walk(way: Way, own_site: Site, open_context: OpenContext, tmp_path: Path) -> None:
    context = open_context(locale=f"{way.language}-FI", java_script_enabled=way.script, **way.options)
    walker = Walker(context, own_site, way.language, script=way.script)
    host, other, *_rest = contacts(walker)
    imported = import_units(walker, tmp_path / "units.csv")
    plan_round(walker, [host.unit, other.unit, *imported])
    meeting = book(walker, host)
    read_the_mail(walker, meeting)
    take_a_seat(walker, meeting)
    practice = agree_a_practice(walker)
    answer_it(walker)
    see_the_journey(walker, practice)
    check_the_calendar(own_site.url, meeting, tmp_path)


def contacts(walker: Walker) -> list[Contact]:
    """The contact persons of the demonstration's units, with their units."""
    walker.open("/demo")
    cards = walker.page.locator("section[aria-labelledby=host-contacts] li").all()
    return [Contact(card.get_by_role("heading").inner_text(), card.locator("p").inner_text()) for card in cards]


def import_units(walker: Walker, file: Path) -> list[str]:
    """A coordinator brings in the sample that `/demo` offers; the worker adds its units."""
    walker.open("/demo")
    with walker.downloading(file):
        walker.follow("Download the file of units (CSV)")
    with file.open(encoding="utf-8-sig") as rows:
        names = [row["name_sv" if walker.language == "sv" else "name_fi"] for row in csv.DictReader(rows)]
    walker.step_into(walker.people("coordinators")[0])
    walker.follow("Units", walker.navigation)
    walker.follow("Import units from a file")
    walker.field("file").set_input_files(file)
    walker.press("Look through the file")
    walker.comes(walker.button("Save", walker.main))
    walker.press("Save", walker.main)
    walker.comes(walker.link("Look at the units", walker.main))
    walker.follow("Look at the units", walker.main)
    for name in names:
        expect(walker.main.get_by_role("link", name=name, exact=True)).to_be_visible()
    return names[:2]


def plan_round(walker: Walker, units: list[str]) -> None:
    """The coordinator plans a round of one expert and one worker, first come, chooses its units and opens it."""
    walker.follow("Rounds", walker.navigation)
    walker.follow("Plan a round")
    walker.field("theme").select_option(index=1)
    walker.fill(name_fi=ROUND, mix_experts="1", mix_staff="1", interest_days="0")
    walker.press("Save and choose units")
    for order, unit in enumerate(units, start=1):
        row = walker.row(unit)
        row.get_by_role("checkbox").check()
        row.get_by_role("textbox").fill(str(order))
    walker.press("Save the units")
    expect(walker.heading).to_have_text(ROUND)
    walker.follow("Open the round")
    walker.press("Open the round")
    walker.sees("The round is open. Its units can book their meetings now.")


def book(walker: Walker, host: Contact) -> Booked:
    """A host contact books their unit's turn, and so has a seat."""
    walker.step_into(host.name)
    turn = walker.main.locator("div").filter(has_text=ROUND).get_by_role("link", name=walker.words("Book the meeting"))
    turn.first.click()
    expect(walker.main.get_by_text(host.unit)).to_be_visible()
    walker.main.locator(".k-slots a").first.click()
    walker.press("Book this time")
    walker.sees("The meeting is booked, and you have a seat in it.")
    starts_at = walker.main.locator("time").first.get_attribute("datetime")
    assert starts_at
    return Booked(urlsplit(walker.page.url).path, host.unit, datetime.fromisoformat(starts_at))


def read_the_mail(walker: Walker, meeting: Booked) -> None:
    """The host contact has a mail that leads to the meeting."""
    walker.open("/demo/mail")
    day = clock.local(meeting.starts_at)
    told = walker.main.get_by_role("link", name=re.compile(rf"varattu: .* {day.day}\.{day.month}\.")).first
    walker.comes(told)
    told.click()
    expect(walker.main.locator(f'a[href="{walker.site.url}{meeting.path}"]')).to_be_visible()


def take_a_seat(walker: Walker, meeting: Booked) -> None:
    """An expert takes a seat; the meeting has those it needs and confirms itself."""
    walker.step_into(walker.people("experts")[0])
    walker.follow("Meetings", walker.navigation)
    card = walker.main.locator(f'a[href="{meeting.path}"]')
    while not card.is_visible():
        walker.follow("Show more")
    card.click()
    walker.sees(
        "The meeting is booked but not yet certain. It is confirmed as soon as those it needs have said they come."
    )
    walker.press("I come")
    walker.sees("The meeting is confirmed: it takes place.")


def agree_a_practice(walker: Walker) -> str:
    """Whoever is in a meeting that has begun writes a practice down, and it is agreed; returns the practice's path."""
    walker.open("/demo")
    begun = walker.main.locator('ol a[href^="/meetings/"]')
    unit = begun.inner_text()
    walker.step_into(next(one.name for one in contacts(walker) if unit.startswith(one.unit)))
    walker.open("/demo")
    begun.click()
    walker.follow("Write down a practice")
    walker.fill(title=TITLE, start_doing=START, how_noticed=NOTICED)
    walker.main.get_by_role("radio", name="Suomi").check()
    walker.press("Save the draft")
    expect(walker.heading).to_have_text(TITLE)
    walker.fill(experts="2", workers="1")
    walker.press("We agree")
    walker.sees("Its journey")
    assert walker.row(walker.words("Arrived")).count() > 1
    return urlsplit(walker.page.url).path


def answer_it(walker: Walker) -> None:
    """The contact person of another unit of that round finds it on their own page and answers."""
    card = walker.main.get_by_role("article").filter(has_text=TITLE)
    for name in walker.people("host-contacts"):
        walker.step_into(name)
        walker.main.locator('a[href$="/practices"]').click()
        if card.is_visible():
            break
    card.get_by_role("radio", name=walker.words("We change it a little and try it")).check()
    card.get_by_role("textbox").fill(CHANGE)
    walker.press("Send the answer", card)
    walker.sees("Thank you. Your unit tries the practice now.")


def see_the_journey(walker: Walker, practice: str) -> None:
    """Anyone sees where the practice was agreed and what the other unit made of it."""
    walker.sign_out()
    walker.follow("Practices", walker.navigation)
    walker.main.locator(f'a[href="{practice}"]').click()
    walker.sees("Its journey")
    expect(walker.main.get_by_text(CHANGE)).to_be_visible()


def check_the_calendar(url: str, meeting: Booked, folder: Path) -> None:
    """A real calendar program shows the meeting on its day, and leads back to its page."""
    (folder / "vdirsyncer").write_text(SYNCER.format(folder=folder, url=url))
    (folder / "khal").write_text(CALENDAR.format(folder=folder))
    (folder / "calendar").mkdir()
    run(folder, "vdirsyncer", "--config", "vdirsyncer", "discover")
    run(folder, "vdirsyncer", "--config", "vdirsyncer", "sync")
    start = clock.local(meeting.starts_at)
    shown = run(folder, "khal", "-c", "khal", "list", "--format", "{start-time} {url}", f"{start:%Y-%m-%d}", "1d")
    assert f"{start:%H.%M} {url}{meeting.path}" in shown
