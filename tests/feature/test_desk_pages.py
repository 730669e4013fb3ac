"""The desk: what needs a person today, most urgent first; and what to arrange, on a meeting's page."""

import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.events.models import Read
from kierto.jobs.actions import enqueue
from kierto.pages.desk.task import Task
from kierto.pages.desk.tasks import tasks_of
from kierto.people.actions import give_role
from kierto.seats.actions import withdraw
from kierto.seats.rules import SeatState
from kierto.statements.models import AccessibilityFeedback
from kierto.units.importing import KIND
from kierto.units.models import Unit
from tests.cast import CONFIRMED_ON, NOW, Cast
from tests.client import Page, statements
from tests.scenes import experts_take
from tests.scenes_experts import NEEDS, applies, expert_of, in_register, readings, relaxed, tells
from tests.scenes_letters import seat_of

TODAY = NOW.date()


def titles(page: Page) -> list[str]:
    return [link.text.strip() for link in page.document.select("main .k-row h2 a")]


def feedback(organisation_id: int, due_in: int) -> str:
    """Something that somebody told of an obstacle; its reference."""
    with writing():
        told = AccessibilityFeedback(
            organisation_id=organisation_id,
            text="Sivu ei lukenut lomaketta.",
            language="fi",
            created_at=NOW,
            due_on=TODAY + timedelta(days=due_in),
        )
        session.add(told)
        session.flush()
        return told.ref


# ---- the desk ----


def test_an_application_waits_on_the_desk(cast: Cast) -> None:
    client = cast.client("coordinator")
    page = client.get("/desk")
    assert "Tuula Nieminen" in titles(page)
    assert "Application: Waits since" in page.text
    assert page.click("Tuula Nieminen").heading == "Tuula Nieminen"


def test_the_most_urgent_stands_first(cast: Cast) -> None:
    """What is late is said; feedback is due in 14 days (accessibility-answer)."""
    in_register(cast, "Sopimus Sanna", contract_until=TODAY + timedelta(days=30))
    in_register(cast, "Päättynyt Pentti", contract_until=TODAY - timedelta(days=60))
    feedback(cast.organisation.id, due_in=14)
    feedback(cast.organisation.id, due_in=-1)
    page = cast.client("coordinator").get("/desk")
    found = [
        title for title in titles(page) if title in ("Sopimus Sanna", "Päättynyt Pentti", "Somebody met an obstacle")
    ]
    assert found == ["Päättynyt Pentti", "Somebody met an obstacle", "Somebody met an obstacle", "Sopimus Sanna"]
    late = [row for row in page.document.select("main .k-row") if "Late" in row.text]
    assert len(late) == 3, "the application of six weeks ago, too"


def test_a_contract_far_off_is_no_task(cast: Cast) -> None:
    in_register(cast, "Pitkä Pirkko", contract_until=TODAY + timedelta(days=120))
    assert "Pitkä Pirkko" not in cast.client("coordinator").get("/desk").text


def test_who_asked_for_a_call(cast: Cast) -> None:
    applies(cast, "Soita Sirpa", call_wished=True)
    page = cast.client("coordinator").get("/desk")
    assert "Call: Asked to be called" in page.text


def test_a_unit_without_a_contact_person(cast: Cast) -> None:
    page = cast.client("coordinator").get("/desk")
    assert "Tikkurilan kuntoutusosasto" in titles(page)
    assert "Kallion terveysasema" not in titles(page)


def test_an_import_under_way(cast: Cast) -> None:
    with writing():
        enqueue(cast.actor("coordinator"), cast.organisation.id, KIND, {}, b"x", "yksikot.csv")
    assert "yksikot.csv" in titles(cast.client("coordinator").get("/desk"))


def test_an_empty_desk_says_so_warmly(cast: Cast) -> None:
    with writing():
        person = cast.people["neighbour"].load()
        for unit in session.scalars(select(Unit).where(Unit.organisation_id == cast.other_organisation.id)):
            give_role(SYSTEM, person, unit.organisation_id, Role.HOST_CONTACT, unit.id)
    assert "Enjoy the moment!" in cast.client("neighbour").get("/desk").text
    assert "Enjoy the moment!" in cast.client("administrator").get("/desk").text


def test_administrators_see_feedback_that_is_no_organisations(cast: Cast) -> None:
    own, theirs = feedback(0, due_in=3), feedback(cast.organisation.id, due_in=3)
    page = cast.client("administrator").get("/desk")
    assert titles(page) == ["Somebody met an obstacle"]
    assert own in page.html
    assert theirs not in page.html
    assert own not in cast.client("coordinator").get("/desk").html


def test_nothing_of_another_organisation_is_on_the_desk(cast: Cast) -> None:
    in_register(cast, "Naapurin Nora", organisation_id=cast.other_organisation.id, call_wished=True)
    assert "Naapurin Nora" not in cast.client("coordinator").get("/desk").text
    assert "Naapurin Nora" in cast.client("neighbour").get("/desk").text


def test_whose_desk_it_is(cast: Cast) -> None:
    for name in ("expert", "host", "staff", "decision_maker", "outsider", "visitor"):
        cast.client(name).get("/desk", 403)


def test_a_full_desk_costs_no_more_queries_and_leads_on(cast: Cast) -> None:
    client = cast.client("coordinator")
    applies(cast, "Hakija", call_wished=True)
    in_register(cast, "Sopimus", contract_until=TODAY)
    for _ in range(2):
        in_register(cast, "Kaksi Kertaa")
    client.get("/desk")
    few = client.queries
    for number in range(25):
        applies(cast, f"Hakija {number}", call_wished=True, email=f"hakija-{number}@kierto.test")
        in_register(cast, f"Sopimus {number}", contract_until=TODAY)
        in_register(cast, "Kaksi Kertaa")
    page = client.get("/desk")
    assert client.queries == few
    assert {"More applications", "More calls", "More contracts"} <= set(titles(page))
    assert "Hakija 24" in page.click("More applications").text


def test_the_log_is_read_by_its_index(cast: Cast) -> None:
    """It grows by a row a deed: whatever the desk asks of it names the organisation, which its index begins with."""
    client = cast.client("coordinator")
    with cast.app.app_context(), statements() as asked:
        client.get("/desk")
    about = [found for one in asked for found in re.finditer(r"FROM events AS (\w+)(.*)\s+WHERE (.*)", one)]
    assert len(about) > 3
    for found in about:
        assert not found[2].strip(), f"it is not of another table’s rows: {found[0]}"
        assert f"{found[1]}.organisation_id = seats.organisation_id" in found[3], found[0]


# ---- empty seats ----


def free_seats(cast: Cast) -> list[Task]:
    """The tasks about empty seats, three days before the confirmed meeting: it has its expert and worker."""
    with clock.at(clock.instant(CONFIRMED_ON - timedelta(days=3), time(10))), writing():
        return [task for task in tasks_of(cast.actor("coordinator")) if task.kind == "Vapaita paikkoja"]


def test_empty_seats_are_a_task_where_a_call_is_worth_it(cast: Cast) -> None:
    """Where no expert is to spare or half of the seats are empty, and Kierto does not fill them by itself."""
    (task,) = free_seats(cast)
    assert task.href == f"/meetings/{cast.confirmed.ref}/answers"
    assert task.by == CONFIRMED_ON - timedelta(days=3)
    with writing():
        meeting = cast.confirmed.load()
        meeting.interest_until = meeting.starts_at - timedelta(days=1)
    assert not free_seats(cast), "seats are given when the days of interest are over"
    with writing():
        cast.confirmed.load().interest_until = None
    experts_take(cast, cast.confirmed, 1)
    assert not free_seats(cast), "one may fall ill, and three of four come"


def test_a_meeting_with_people_to_call_is_one_task(cast: Cast) -> None:
    with writing():
        seat_of(cast, "other_expert", cast.confirmed, SeatState.INVITED)
    assert free_seats(cast)
    with writing():
        other = cast.people["other_expert"].load()
        other.email, other.phone = None, None
    assert not free_seats(cast), "the same page tells whom to call"


# ---- what to arrange, on a meeting's page ----


def told(cast: Cast) -> None:
    tells(cast, expert_of(cast, "expert"))


@pytest.mark.parametrize("name", ["coordinator", "host"])
def test_who_arranges_sees_it_on_a_press_that_is_noted(cast: Cast, name: str) -> None:
    """Rule needs-least-seen: the coordinator, and the host contact of a meeting the person comes to."""
    told(cast)
    client = cast.client(name, strongly=True)
    page = client.get(f"/meetings/{cast.held.ref}")
    assert "1 person who comes has told what to arrange." in page.text
    assert NEEDS not in page.html
    page = page.form(f"/meetings/{cast.held.ref}/arrange").submit(200)
    assert NEEDS in page.text
    assert readings(cast) == [(cast.id(name), cast.id("expert"), Read.NEEDS)]
    client.get(f"/meetings/{cast.held.ref}/arrange", 302)


def test_staff_experts_and_other_hosts_do_not(cast: Cast) -> None:
    told(cast)
    for name in ("staff", "expert", "other_expert", "other_host", "decision_maker"):
        client = cast.client(name, strongly=True)
        assert "What to arrange" not in client.get(f"/meetings/{cast.held.ref}").text
        client.post(f"/meetings/{cast.held.ref}/arrange", 403)
    assert readings(cast) == []


def test_a_weakly_known_host_is_told_whom_to_ask(cast: Cast) -> None:
    """Rule secret-behind-strong-id holds for host contacts too; the organisation may relax it."""
    told(cast)
    client = cast.client("host")
    assert "Otherwise ask your coordinator" in client.get(f"/meetings/{cast.held.ref}").text
    client.post(f"/meetings/{cast.held.ref}/arrange", 302)
    assert "signed in strongly" in client.get(f"/meetings/{cast.held.ref}").message
    assert readings(cast) == []
    relaxed(cast)
    assert NEEDS in client.post(f"/meetings/{cast.held.ref}/arrange", 200).text


def test_from_acceptance_until_a_week_after(cast: Cast) -> None:
    told(cast)
    with writing():
        ends = cast.confirmed.load().ends_at
    client = cast.client("coordinator", strongly=True)
    for moment, seen in ((ends + timedelta(days=7), True), (ends + timedelta(days=7, minutes=1), False)):
        with clock.at(moment - timedelta(seconds=20)):
            assert ("What to arrange" in client.get(f"/meetings/{cast.confirmed.ref}").text) is seen


def test_who_has_given_their_seat_up_is_not_arranged_for(cast: Cast) -> None:
    told(cast)
    client = cast.client("coordinator", strongly=True)
    assert "What to arrange" in client.get(f"/meetings/{cast.confirmed.ref}").text
    with writing():
        withdraw(SYSTEM, cast.seat.load())
    assert "What to arrange" not in client.get(f"/meetings/{cast.confirmed.ref}").text
    assert NEEDS not in client.post(f"/meetings/{cast.confirmed.ref}/arrange", 200).text
    assert readings(cast) == []


def test_a_meeting_without_needs_says_nothing_of_them(cast: Cast) -> None:
    assert (
        "What to arrange" not in cast.client("coordinator", strongly=True).get(f"/meetings/{cast.confirmed.ref}").text
    )
