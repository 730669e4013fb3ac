"""What a newcomer is told to do first, until it is done: on one's own page, on the desk, without a printer."""

from datetime import date, time

from sqlalchemy import select

from kierto.actor import SYSTEM, Role
from kierto.database import session, writing
from kierto.experts.answers import Hours
from kierto.experts.profile import replace_hours
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.people.models import Expert
from kierto.rounds.actions import create_round
from kierto.seats.actions import take_seat
from kierto.seats.rules import SeatRole
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import SessionBy
from kierto.units.actions import add_organisation, add_unit, set_hours
from kierto.units.models import Service
from kierto.units.rules import Hours as HostingHours
from kierto.words import Localised
from tests.cast import Cast, plan
from tests.client import Client, Page


def newcomer(cast: Cast, role: Role, organisation_id: int, unit_id: int | None = None) -> tuple[int, Client]:
    """Somebody who signs in for the first time: their id, and their device."""
    with writing():
        person = add_person("Uusi Ulpu", email="uusi@kierto.test")
        if role is Role.EXPERT:
            approve_expert(SYSTEM, person, organisation_id)
        else:
            give_role(SYSTEM, person, organisation_id, role, unit_id)
        return person.id, Client(cast.app, start_session(person.id, SessionBy.LINK, "tests"))


def steps(page: Page) -> list[str]:
    """Where each step leads."""
    return [link.attr("href") or "" for link in page.document.select("section[aria-labelledby=first] li a")]


def tasks(page: Page) -> list[str]:
    return [link.attr("href") or "" for link in page.document.select("main .k-row h2 a")]


# ---- one's own page ----


def test_a_new_expert_is_told_what_to_do_first_until_it_is_done(cast: Cast) -> None:
    person_id, client = newcomer(cast, Role.EXPERT, cast.organisation.id)
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == person_id)).one()
        availability = f"/me/availability/{expert.ref}"
    assert steps(client.get("/me")) == [availability, "/me/busy", "#joinable"]
    with writing():
        again = session.get_one(Expert, expert.id)
        replace_hours(SYSTEM, again, [Hours(2, time(12), time(16))])
    assert steps(client.get("/me")) == ["#joinable"]
    with writing():
        take_seat(SYSTEM, cast.proposed.load(), person_id, SeatRole.EXPERT)
    assert "Begin here" not in client.get("/me").text


def test_limits_alone_tell_when_one_can_come(cast: Cast) -> None:
    person_id, client = newcomer(cast, Role.EXPERT, cast.organisation.id)
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == person_id)).one()
        expert.earliest_start = time(10)
    assert steps(client.get("/me")) == ["#joinable"]


def test_a_new_host_contact_is_asked_for_the_hosting_hours(cast: Cast) -> None:
    _, client = newcomer(cast, Role.HOST_CONTACT, cast.organisation.id, cast.unit.id)
    address = f"/units/{cast.unit.ref}/hours"
    assert steps(client.get("/me")) == [address]
    with writing():
        unit = cast.unit.load()
        set_hours(cast.actor("host"), unit, [HostingHours(2, time(12), time(16))], version=unit.version)
    assert steps(client.get("/me")) == []


def test_only_newcomers_are_told(cast: Cast) -> None:
    """Staff book nothing; who has had a seat has found the way."""
    for name in ("expert", "host", "worker", "coordinator", "outsider"):
        assert "Begin here" not in cast.client(name).get("/me").text


# ---- the desk ----


def test_a_new_organisation_first_brings_its_units_in_then_plans_a_round(cast: Cast) -> None:
    with writing():
        organisation_id = add_organisation(Localised("Saarten hyvinvointialue")).id
    _, client = newcomer(cast, Role.COORDINATOR, organisation_id)
    assert tasks(client.get("/desk")) == ["/units/import"]
    with writing():
        add_unit(
            SYSTEM,
            organisation_id,
            Localised("Saaren terveysasema"),
            service_id=session.scalars(select(Service.id).order_by(Service.id).limit(1)).one(),
            municipality="Parainen",
            street_address="Rantatie 1",
        )
    page = client.get("/desk")
    assert "/rounds/new" in tasks(page)
    assert "Saarten hyvinvointialue has units but no round yet." in page.text
    assert client.get("/rounds/new").heading
    with writing():
        create_round(SYSTEM, organisation_id, plan("Saarten kierros", date(2027, 2, 1), date(2027, 6, 1)))
    page = client.get("/desk")
    assert "/units/import" not in tasks(page)
    assert "has units but no round yet" not in page.text


def test_who_has_planned_a_round_is_told_nothing_of_it(cast: Cast) -> None:
    assert "First steps" not in cast.client("coordinator").get("/desk").text
    assert "First steps" not in cast.client("administrator").get("/desk").text


# ---- a paper without a printer ----


def test_who_has_no_printer_is_told_what_to_do(cast: Cast) -> None:
    client = cast.client("expert")
    page = client.get("/me/pass")
    assert "Do you have no printer?" in page.text
    assert "Ask your coordinator." in page.text
    paper = page.form(button="Make the paper").submit(303, digits="2580", again="2580").follow()
    assert "Write the address below by hand" in paper.text
    assert paper.links["I have the paper"] == "/me/pass"


def test_only_experts_are_sent_to_a_coordinator(cast: Cast) -> None:
    """A coordinator makes papers for those in the register."""
    page = cast.client("host").get("/me/pass")
    assert "Do you have no printer?" in page.text
    assert "Ask your coordinator." not in page.text


def test_a_coordinator_who_makes_one_for_another_is_not_sent_to_a_coordinator(cast: Cast) -> None:
    with writing():
        ref = session.scalars(select(Expert.ref).where(Expert.person_id == cast.id("expert"))).one()
    assert "Do you have no printer?" not in cast.client("coordinator").get(f"/experts/{ref}/pass").text
