"""The people of a unit and of an organisation, as pages show and change them."""

from datetime import timedelta

import pytest

from kierto import clock
from kierto.actor import SYSTEM, Membership, Role
from kierto.database import reading, writing
from kierto.people import inviting
from kierto.people.actions import add_person, give_role
from kierto.people.inviting import invitee
from kierto.people.rules import INVITATION_LASTS
from kierto.seats.actions import take_seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.words import LANGUAGES
from tests.cast import Cast, Thing
from tests.scenes_staff import invite_staff

NEW = "uusi.tyontekija@kierto.test"


def people_of(cast: Cast) -> str:
    return f"/units/{cast.unit.ref}/people"


def more_workers(cast: Cast, count: int) -> None:
    with writing():
        for number in range(count):
            person = add_person(f"Työntekijä {number:03}")
            give_role(SYSTEM, person, cast.organisation.id, Role.STAFF, cast.unit.id)


def test_workers_see_each_other_and_coordinators_see_them(cast: Cast) -> None:
    for name in ("host", "staff", "coordinator"):
        page = cast.client(name).get(f"/units/{cast.unit.ref}").click("People of the unit")
        assert page.path == people_of(cast)
        assert "Päivi Lahtinen" in page.text
        assert "Leena Mäkelä" in page.text
    for language in LANGUAGES:
        assert cast.client("coordinator", language=language).get(people_of(cast)).heading


def test_nobody_else_sees_names(cast: Cast) -> None:
    for name in ("worker", "other_host", "expert"):
        cast.client(name).get(people_of(cast), 403)
    for name in ("neighbour", "administrator", "decision_maker", "visitor"):
        cast.client(name).get(people_of(cast), 404)


def test_staff_see_no_invitations_and_nothing_to_press(cast: Cast) -> None:
    invite_staff(cast, NEW)
    page = cast.client("staff").get(people_of(cast))
    assert NEW not in page.text
    assert [form.action for form in page.forms] == ["/sign-out"]
    assert page.links["Leave the unit"] == f"/me/roles/staff/{cast.unit.ref}"


def test_a_contact_person_invites_workers_and_a_coordinator_contact_persons_too(cast: Cast) -> None:
    assert "role" not in cast.client("host").get(f"{people_of(cast)}/invite").form().fields
    form = cast.client("coordinator").get(f"{people_of(cast)}/invite").form()
    assert set(form.choices("role")) == {"staff", "host_contact"}
    page = form.submit(303, role="host_contact", name="Uusi", address=NEW).follow()
    assert page.message == "The invitation is on its way."
    assert "Contact person of a unit" in page.text


def test_what_is_no_address_is_refused_beside_its_field(cast: Cast) -> None:
    form = cast.client("host").get(f"{people_of(cast)}/invite").form()
    for wrong in ("", "maija", "maija@", "04"):
        page = form.submit(422, name="Uusi", address=wrong)
        assert "address" in page.field_errors
        assert page.form().values["name"] == ["Uusi"], "what was typed is kept"


def test_an_invitation_is_sent_again_and_withdrawn(cast: Cast) -> None:
    invite_staff(cast, NEW)
    client = cast.client("host")
    with clock.at(clock.now() + INVITATION_LASTS + timedelta(hours=1)):
        page = client.get(people_of(cast))
        assert "Its time is over. Send it again." in page.text
        page = page.form(button="Send again Kutsuttu Kaija").submit(303).follow()
        assert page.message == "The invitation is on its way again."
        assert "Its time is over" not in page.text
        withdraw = page.form(button="Withdraw Kutsuttu Kaija")
        assert NEW not in withdraw.submit(303).follow().text
        client.get(withdraw.action, 303)
        assert withdraw.submit(303).follow().message, "twice is no mistake"


def test_an_invitation_is_handled_by_who_sees_it(cast: Cast) -> None:
    invitation = invite_staff(cast, NEW)
    for name in ("staff", "other_host", "neighbour", "administrator", "visitor"):
        cast.client(name).post(f"/invitations/{invitation.ref}/withdraw", 404)
    cast.client("coordinator").post(f"/invitations/{invitation.ref}/withdraw", 303)


def test_a_person_taken_out_loses_their_rights_with_the_next_request(cast: Cast) -> None:
    theirs = cast.client("staff")
    theirs.get(people_of(cast))
    page = cast.client("host").get(people_of(cast))
    page = page.form(button="Remove Leena Mäkelä").submit(303).follow()
    assert "Leena Mäkelä" not in page.text.replace(page.message, "")
    theirs.get(people_of(cast), 404)
    theirs.get(f"/units/{cast.unit.ref}", 404)


def test_a_seat_goes_with_the_unit_in_the_same_press(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["outsider"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
    with writing():
        seat = Thing(take_seat(cast.actor("outsider"), cast.proposed.load(), cast.id("outsider"), SeatRole.HOST_STAFF))
    client = cast.client("other_host")
    page = client.get(f"/units/{cast.other_unit.ref}/people")
    page.form(button="Remove Ulla Ulkopuolinen").submit(303)
    with reading():
        assert seat.load().state is SeatState.WITHDRAWN


def test_pressed_in_two_tabs_is_said_calmly(cast: Cast) -> None:
    client = cast.client("host")
    first, second = (client.get(people_of(cast)).form(button="Remove Leena Mäkelä") for _ in range(2))
    first.submit(303).follow()
    assert second.submit(303).follow().message == "This person does not work in the unit any more."


def test_a_contact_person_takes_out_no_contact_person(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["outsider"].load(), cast.organisation.id, Role.HOST_CONTACT, cast.unit.id)
    address = f"{people_of(cast)}/{cast.people['outsider'].ref}/remove"
    assert address not in cast.client("host").get(people_of(cast)).html
    cast.client("host").post(address, 403)
    cast.client("coordinator").get(people_of(cast)).form(action=address).submit(303)
    cast.client("host").get(address, 303)


def test_the_contact_role_is_handed_on(cast: Cast) -> None:
    form = cast.client("host").get(people_of(cast)).click("Change the contact person").form()
    assert "giver" not in form.fields
    assert list(form.choices("receiver").values()) == ["Leena Mäkelä"]
    form.submit(422)
    form.submit(303, receiver=cast.people["staff"].ref).follow()
    cast.client("host").get(f"{people_of(cast)}/hand-on", 403)
    assert cast.actor("staff").hosts(cast.unit.id)


def test_a_coordinator_chooses_whose_role_it_was_or_nobodys(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"{people_of(cast)}/hand-on")
    assert next(iter(page.form().choices("giver").values())) == "Päivi Lahtinen"
    page.form().submit(303, giver="nobody", receiver=cast.people["staff"].ref)
    with reading():
        assert cast.actor("host").hosts(cast.unit.id)
        assert cast.actor("staff").hosts(cast.unit.id)


def test_with_nobody_to_hand_on_to_the_page_says_what_to_do(cast: Cast) -> None:
    page = cast.client("other_host").get(f"/units/{cast.other_unit.ref}/people/hand-on")
    assert page.click("Invite somebody").heading == "Invite somebody"


def test_a_unit_without_contact_person_says_who_acts(cast: Cast) -> None:
    page = cast.client("worker").get(f"/units/{cast.third_unit.ref}/people")
    assert "The unit has no contact person." in page.text
    page = cast.client("coordinator").get(f"/units/{cast.third_unit.ref}/people/hand-on")
    page.form().submit(303, receiver=cast.people["worker"].ref)
    assert cast.actor("worker").hosts(cast.third_unit.id)


def test_the_list_is_paged_and_its_queries_do_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(people_of(cast))
    few = client.queries
    more_workers(cast, 120)
    page = client.get(people_of(cast))
    assert client.queries == few
    assert "Työntekijä 119" not in page.text
    assert "Työntekijä 119" in page.click("Show more").text


def test_leaving_by_oneself(cast: Cast) -> None:
    client = cast.client("staff")
    page = client.get("/me/roles").click("Leave this role: Worker in a unit, Kallion terveysasema")
    assert "your seats in the unit’s coming meetings are given up" in page.text
    there = page.form().submit(303).follow()
    assert "You have left." in there.message
    client.get(people_of(cast), 404)
    client.get(page.path, 404)


def test_the_only_coordinator_is_told_what_to_do_first(cast: Cast) -> None:
    """Rule organisation-keeps-coordinator."""
    page = cast.client("coordinator").get("/me/roles").click("Leave this role: Coordinator, Rannikon hyvinvointialue")
    assert "Invite another one first" in page.form().submit(422).errors[0]


def organisation_of(cast: Cast) -> str:
    return f"/organisations/{cast.organisation.ref}/people"


def test_a_coordinator_invites_coordinators_and_decision_makers(cast: Cast) -> None:
    client = cast.client("coordinator")
    page = client.get(organisation_of(cast))
    assert "Pekka Järvinen" in page.text
    form = page.click("Invite somebody").form()
    assert set(form.choices("role")) == {"coordinator", "decision_maker"}
    page = form.submit(303, role="coordinator", name="Uusi", address=NEW).follow()
    assert NEW in page.text
    assert "Send again Uusi" in page.form(button="Send again Uusi").buttons
    for name in ("host", "decision_maker", "neighbour", "visitor"):
        cast.client(name).get(organisation_of(cast), 404)


def test_a_role_in_the_organisation_is_ended(cast: Cast) -> None:
    page = cast.client("coordinator").get(organisation_of(cast))
    form = page.form(button="End the role Pekka Järvinen, Decision-maker")
    page = form.submit(303).follow()
    assert "Pekka Järvinen" not in page.text.replace(page.message, "")
    assert form.submit(303).follow().path == organisation_of(cast)
    cast.client("coordinator").post(f"{organisation_of(cast)}/{cast.people['coordinator'].ref}/coordinator/end", 303)
    assert cast.actor("coordinator").is_in(cast.organisation.id, Role.COORDINATOR), "the only one stays"


@pytest.mark.parametrize("name", ["coordinator", "administrator"])
def test_the_queries_of_an_organisations_people_do_not_grow(cast: Cast, name: str) -> None:
    client = cast.client(name)
    client.get(organisation_of(cast))
    few = client.queries
    with writing():
        for number in range(3):
            person = add_person(f"Johtaja {number}")
            give_role(SYSTEM, person, cast.organisation.id, Role.DECISION_MAKER)
            to = Membership(cast.organisation.id, Role.DECISION_MAKER)
            inviting.invite(cast.actor("coordinator"), invitee("Uusi", f"u{number}@kierto.test", "fi"), to)
    client.get(organisation_of(cast))
    assert client.queries == few
