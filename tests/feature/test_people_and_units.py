"""Persons, roles and units, as actions do it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.events.queries import history
from kierto.people import unit_list
from kierto.people.actions import add_person, approve_expert, give_role
from kierto.people.queries import host_contacts, is_approved_expert, myself, person_with_email, works_in
from kierto.units import queries as units
from kierto.units.actions import add_organisation, add_unit
from kierto.units.models import Service
from kierto.words import Localised
from tests.cast import Cast
from tests.refusals import fails, refused


def new_unit(cast: Cast, name: str, organisation_id: int | None = None) -> int:
    return add_unit(
        cast.actor("coordinator"),
        organisation_id or cast.organisation.id,
        Localised(name),
        service_id=session.scalars(select(Service.id).limit(1)).one(),
        municipality="Helsinki",
        street_address="Katu 1",
    ).id


def test_nobody_needs_an_address_or_a_number(cast: Cast) -> None:
    with writing():
        nameless = [add_person("Kaija"), add_person("Kaija")]
    assert all(person.email is None and person.phone is None for person in nameless)


def test_a_person_is_reached_by_their_address_in_any_case(cast: Cast) -> None:
    with writing():
        id_ = add_person("Kaija", email="  Kaija.Virtanen@Kierto.TEST ").id
    with reading():
        found = person_with_email("KAIJA.virtanen@kierto.test")
        assert found is not None
        assert (found.id, found.email) == (id_, "kaija.virtanen@kierto.test")


@pytest.mark.parametrize(("email", "phone"), [("HOST@kierto.test", None), (None, "+358401234567")])
def test_an_address_or_number_is_one_persons(cast: Cast, email: str | None, phone: str | None) -> None:
    """Rule person-reached-once."""
    with writing():
        cast.people["host"].load().phone = "+358401234567"
    with refused("person-reached-once"):
        add_person("Toinen", email=email, phone=phone)


def test_a_role_is_given_once(cast: Cast) -> None:
    with fails(IntegrityError):
        give_role(
            cast.actor("coordinator"), cast.people["staff"].load(), cast.organisation.id, Role.STAFF, cast.unit.id
        )


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.STAFF, None), (Role.HOST_CONTACT, None), (Role.COORDINATOR, "unit"), (Role.EXPERT, None)],
)
def test_a_role_that_makes_no_sense_is_a_fault(cast: Cast, role: Role, unit: str | None) -> None:
    """Staff have a unit, coordinators have none, experts have their own register."""
    with fails(IntegrityError):
        unit_id = cast.things()[unit].id if unit else None
        give_role(cast.actor("coordinator"), cast.people["outsider"].load(), cast.organisation.id, role, unit_id)


def test_the_log_says_who_gave_a_role(cast: Cast) -> None:
    with writing():
        member = give_role(
            cast.actor("coordinator"), cast.people["outsider"].load(), cast.organisation.id, Role.STAFF, cast.unit.id
        )
        assert works_in(cast.id("outsider"), cast.unit.id)
        event = history(member)[0]
        assert (event.kind, event.actor_id) == ("membership.given", cast.id("coordinator"))
        assert event.data == {"role": "staff", "unit_id": cast.unit.id}


def test_approval_is_each_organisations_own(cast: Cast) -> None:
    """Rule expert-approved."""
    with reading():
        assert is_approved_expert(cast.id("expert"), cast.organisation.id)
        assert not is_approved_expert(cast.id("expert"), cast.other_organisation.id)
        assert not is_approved_expert(cast.id("applicant"), cast.organisation.id)
    with writing():
        approve_expert(cast.actor("neighbour"), cast.people["expert"].load(), cast.other_organisation.id)
    assert cast.actor("expert").is_in(cast.other_organisation.id, Role.EXPERT)


def test_host_contacts_of_a_unit(cast: Cast) -> None:
    with reading():
        assert [person.id for person in host_contacts(cast.unit.id)] == [cast.id("host")]
        assert host_contacts(cast.third_unit.id) == []


def test_oneself(cast: Cast) -> None:
    with reading():
        assert myself(cast.actor("expert")).name == "Matti Virtanen"


def test_a_units_name_is_its_own_in_its_organisation(cast: Cast) -> None:
    """Rule unit-named-once."""
    with refused("unit-named-once"):
        new_unit(cast, "Kallion terveysasema")
    with writing():
        assert new_unit(cast, "Kallion terveysasema", cast.other_organisation.id)


def test_a_new_unit_is_in_the_list_and_in_the_log(cast: Cast) -> None:
    with writing():
        id_ = new_unit(cast, "Aurinkolahden terveysasema")
    with reading():
        found = unit_list.listed(cast.actor("coordinator"), unit_list.Filters())
        assert found[0].name.fi == "Aurinkolahden terveysasema"
        event = session.scalars(select(Event).where(Event.subject == "units", Event.subject_id == id_)).one()
        assert (event.kind, event.organisation_id) == ("unit.added", cast.organisation.id)


def test_an_organisation_begins_empty(cast: Cast) -> None:
    with writing():
        new = add_organisation(Localised("Saariston hyvinvointialue"))
        assert units.units_of(new) == []


def test_a_change_that_a_feed_shows_is_later_than_the_one_before(cast: Cast) -> None:
    """Rule calendar-sequence: also within one second."""
    with writing():
        for thing in (cast.unit.load(), cast.proposed.load()):
            version, changed = thing.version, thing.changed_at
            thing.touch()
            thing.touch()
            assert thing.version == version + 2
            assert (thing.changed_at - changed).total_seconds() >= 2
        meeting = cast.proposed.load()
        sequence, version = meeting.sequence, meeting.version
        meeting.reschedule()
        assert (meeting.sequence, meeting.version) == (sequence + 1, version + 1)


def test_a_meeting_ends_after_it_starts(cast: Cast) -> None:
    """Rule meeting-ends-later."""
    with refused("meeting-ends-later"):
        meeting = cast.proposed.load()
        meeting.ends_at = meeting.starts_at
