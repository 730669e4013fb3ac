"""Invitations, roles and who must keep them, as actions do it."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import SYSTEM, Actor, Membership, Role
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.events.models import Event
from kierto.people import inviting, staff
from kierto.people.actions import add_person, give_role
from kierto.people.inviting import invitee
from kierto.people.models import Invitation, Member, Person
from kierto.people.queries import host_contacts, person_with_email
from kierto.people.roles import end_administrator, give_administrator, hand_host_on
from kierto.people.rules import INVITATION_LASTS, KIERTO_KEEPS_ADMINISTRATOR, ORGANISATION_KEEPS_COORDINATOR
from kierto.seats.actions import take_seat
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.seats.working import accept_invitation, end_role, leave_unit
from kierto.settings import Settings
from tests.cast import Cast, Thing
from tests.refusals import refused
from tests.scenes_staff import delivered, invitation_to, invite_staff, link_of, member_of
from tests.together import at_once


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


NEW = "uusi.tyontekija@kierto.test"


def _end(actor: Actor, member_id: int) -> None:
    end_role(actor, session.get_one(Member, member_id))


def _end_administrator(actor: Actor, person: Thing[Person]) -> None:
    end_administrator(actor, person.load())


def accept(cast: Cast, invitation: Thing[Invitation], name: str = "Uusi Työntekijä") -> int | None:
    with writing():
        person = accept_invitation(invitation.load(), name, "fi")
        return person.id if person else None


def test_an_invitation_tells_who_invites_to_what_and_has_one_link(cast: Cast, settings: Settings) -> None:
    invite_staff(cast, NEW)
    (mail,) = delivered(settings, to=NEW)
    for body in (mail.text, mail.html):
        assert "Päivi Lahtinen" in body
        assert "Kallion terveysasema" in body
        assert body.count("/invitation/") == 1
    assert "Päivi Lahtinen" in mail.subject


def test_an_unknown_address_becomes_a_person_and_staff(cast: Cast) -> None:
    id_ = accept(cast, invite_staff(cast, NEW), "Nimi Itse")
    with reading():
        person = session.get_one(Person, id_)
        assert (person.name, person.email, person.language) == ("Nimi Itse", NEW, "fi")
        assert person.email_proved_at is not None
        assert staff.worker(cast.unit.load(), person.ref) == (person, False)


def test_a_known_person_keeps_their_name_and_gets_the_role(cast: Cast) -> None:
    id_ = accept(cast, invite_staff(cast, cast.email("outsider")), "Aivan Muu")
    assert id_ == cast.id("outsider")
    with reading():
        assert session.get_one(Person, id_).name == "Ulla Ulkopuolinen"
    assert cast.actor("outsider").units == {cast.unit.id}


def test_an_address_known_to_another_organisation_looks_to_who_invites_like_any_other(cast: Cast) -> None:
    """A bad day: the neighbour's coordinator is invited here; nobody here learns that Kierto knows them."""
    pages = []
    for address in (cast.email("neighbour"), NEW):
        form = cast.client("host").get(f"/units/{cast.unit.ref}/people/invite").form()
        page = form.submit(303, name="Joku Muu", address=address).follow()
        pages.append(page.text.replace(address, "…"))
        invitation = invitation_to(address)
        with writing():
            inviting.withdraw_invitation(cast.actor("host"), invitation.load())
    assert pages[0] == pages[1]
    assert "Riitta Korhonen" not in pages[0]


def test_the_same_address_invited_twice_has_one_invitation(cast: Cast) -> None:
    first, second = invite_staff(cast, NEW), invite_staff(cast, f" {NEW.upper()} ")
    assert first.id == second.id


def test_a_letter_sent_again_has_the_same_link_and_a_second_press_sends_none(cast: Cast, settings: Settings) -> None:
    invitation = invite_staff(cast, NEW)
    with clock.at(clock.now() + timedelta(days=2)):
        for _ in range(2):
            with writing():
                inviting.send_again(cast.actor("host"), invitation.load())
        mails = delivered(settings, to=NEW)
        assert len(mails) == 2
        assert len({link_of(mail) for mail in mails}) == 1
        with reading():
            assert invitation.load().expires_at > clock.now() + INVITATION_LASTS - timedelta(minutes=1)


def test_what_was_withdrawn_accepted_or_expired_is_not_accepted(cast: Cast) -> None:
    withdrawn, used, expired = (invite_staff(cast, f"{name}@kierto.test") for name in ("a", "b", "c"))
    with writing():
        inviting.withdraw_invitation(cast.actor("host"), withdrawn.load())
    assert accept(cast, withdrawn) is None
    assert accept(cast, used)
    assert accept(cast, used) is None
    with clock.at(clock.now() + INVITATION_LASTS):
        assert accept(cast, expired) is None
    with reading():
        assert person_with_email("a@kierto.test") is None


def test_an_invitation_that_was_answered_can_be_neither_sent_nor_withdrawn(cast: Cast) -> None:
    """Rule invitation-open."""
    invitation = invite_staff(cast, NEW)
    accept(cast, invitation)
    with refused("invitation-open"):
        inviting.send_again(cast.actor("host"), invitation.load())
    with refused("invitation-open"):
        inviting.withdraw_invitation(cast.actor("host"), invitation.load())


def test_accepted_in_two_tabs_at_once_it_is_accepted_once(app: Flask, cast: Cast) -> None:
    invitation = invite_staff(cast, NEW)

    def press() -> int | None:
        person = accept_invitation(invitation.load(), "Uusi", "fi")
        return person.id if person else None

    came = at_once(app, [press, press, press])
    assert len([one for one in came if isinstance(one, int)]) == 1
    with reading():
        assert len(staff.workers(cast.unit.load(), 10)) == 3


def test_many_roles_of_one_person(cast: Cast) -> None:
    accept(cast, invite_staff(cast, cast.email("worker")))
    assert cast.actor("worker").units == {cast.unit.id, cast.third_unit.id}
    for role in (Role.COORDINATOR, Role.DECISION_MAKER):
        with writing():
            found = inviting.invite(
                cast.actor("coordinator"),
                invitee("Sari", cast.email("worker"), "fi"),
                Membership(cast.organisation.id, role),
            )
        accept(cast, Thing(found))
    assert cast.actor("worker").is_in(cast.organisation.id, Role.COORDINATOR)
    assert len(cast.actor("worker").memberships) == 4


def test_a_worker_invited_as_contact_person_has_one_role_in_the_unit(cast: Cast) -> None:
    for role in (Role.HOST_CONTACT, Role.STAFF):
        with writing():
            found = inviting.invite(
                cast.actor("coordinator"),
                invitee("Leena", cast.email("staff"), "fi"),
                Membership(cast.organisation.id, role, cast.unit.id),
            )
        accept(cast, Thing(found))
    assert cast.actor("staff").memberships == {Membership(cast.organisation.id, Role.HOST_CONTACT, cast.unit.id)}


def test_who_begins_to_work_in_a_unit_is_no_expert_there_any_more(cast: Cast) -> None:
    """Rule seat-no-double-hat: the coming seat as an expert goes on to who waits."""
    with writing():
        found = inviting.invite(
            cast.actor("coordinator"),
            invitee("Matti", cast.email("expert"), "fi"),
            Membership(cast.organisation.id, Role.STAFF, cast.third_unit.id),
        )
    accept(cast, Thing(found))
    with reading():
        assert cast.seat.load().state is SeatState.WITHDRAWN


@pytest.mark.parametrize("address", ["+358 40 123 4567", "040 1234567"])
def test_a_phone_number_is_invited_by_a_text_message(cast: Cast, settings: Settings, address: str) -> None:
    invitation = invite_staff(cast, address)
    (message,) = delivered(settings, to="+358401234567")
    assert message.sms
    assert "/invitation/" in message.text
    id_ = accept(cast, invitation)
    with reading():
        person = session.get_one(Person, id_)
        assert (person.phone, person.email) == ("+358401234567", None)
        assert person.phone_proved_at is not None


def test_a_number_long_silent_lets_nobody_in_by_an_invitation(cast: Cast) -> None:
    """Rule invitation-number-silent: operators give numbers again."""
    with writing():
        person = cast.people["outsider"].load()
        person.phone, person.phone_proved_at = "+358401234567", clock.now() - timedelta(days=400)
    invitation = invite_staff(cast, "040 1234567")
    with refused("invitation-number-silent"):
        accept_invitation(invitation.load(), "Uusi Omistaja", "fi")
    with writing():
        cast.people["outsider"].load().phone_proved_at = clock.now() - timedelta(days=30)
    assert accept(cast, invitation) == cast.id("outsider")


def test_leaving_ends_seats_flags_the_mix_and_tells_who_was_taken_out(cast: Cast, settings: Settings) -> None:
    with writing():
        assert leave_unit(cast.actor("coordinator"), cast.third_unit.id, cast.id("worker"))
    with reading():
        seat = session.scalars(select(Seat).where(Seat.person_id == cast.id("worker"))).one()
        assert seat.state is SeatState.WITHDRAWN
        kinds = [event.kind for event in session.scalars(select(Event).order_by(Event.id.desc()).limit(4))]
        assert {"membership.ended", "seat.withdrawn", "meeting.mix_lost"} <= set(kinds)
    (mail,) = delivered(settings, to=cast.email("worker"))
    assert "Tikkurilan kuntoutusosasto" in mail.text
    with writing():
        assert not leave_unit(cast.actor("coordinator"), cast.third_unit.id, cast.id("worker")), "twice is no mistake"


def test_who_leaves_by_themself_is_not_told(cast: Cast, settings: Settings) -> None:
    with writing():
        end_role(cast.actor("worker"), member_of(cast, "worker"))
    assert delivered(settings, to=cast.email("worker")) == []


def test_seats_elsewhere_and_as_an_expert_stay(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["expert"].load(), cast.organisation.id, Role.STAFF, cast.unit.id)
    with writing():
        end_role(cast.actor("expert"), member_of(cast, "expert"))
    with reading():
        assert cast.seat.load().state is SeatState.ACCEPTED


def test_a_role_at_another_unit_keeps_its_seats(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["worker"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
    with writing():
        take_seat(cast.actor("worker"), cast.proposed.load(), cast.id("worker"), SeatRole.HOST_STAFF)
    with writing():
        leave_unit(cast.actor("coordinator"), cast.third_unit.id, cast.id("worker"))
    with reading():
        states = {
            seat.meeting_id: seat.state
            for seat in session.scalars(select(Seat).where(Seat.person_id == cast.id("worker")))
        }
    assert states == {cast.confirmed.id: SeatState.WITHDRAWN, cast.proposed.id: SeatState.ACCEPTED}


def test_the_last_coordinator_stays(cast: Cast) -> None:
    """Rule organisation-keeps-coordinator."""
    with refused("organisation-keeps-coordinator"):
        end_role(cast.actor("coordinator"), member_of(cast, "coordinator"))
    with refused("organisation-keeps-coordinator"):
        end_role(cast.actor("administrator"), member_of(cast, "coordinator"))


def test_the_last_administrator_stays(cast: Cast) -> None:
    """Rule kierto-keeps-administrator."""
    with refused("kierto-keeps-administrator"):
        end_administrator(cast.actor("administrator"), cast.people["administrator"].load())


def test_of_two_coordinators_leaving_at_once_one_stays(app: Flask, cast: Cast) -> None:
    """Rule organisation-keeps-coordinator: each waits for the other's person, and looks again."""
    with writing():
        give_role(SYSTEM, cast.people["outsider"].load(), cast.organisation.id, Role.COORDINATOR)
    actors = [cast.actor(name) for name in ("coordinator", "outsider")]
    with reading():
        ids = [member_of(cast, name).id for name in ("coordinator", "outsider")]
    came = at_once(app, [partial(_end, actor, id_) for actor, id_ in zip(actors, ids, strict=True)])
    assert [one.rule for one in came if isinstance(one, Refused)] == [ORGANISATION_KEEPS_COORDINATOR]
    with reading():
        assert len(staff.officers(cast.organisation.load())) == 2, "one coordinator, and the decision-maker"


def test_of_two_administrators_leaving_at_once_one_stays(app: Flask, cast: Cast) -> None:
    """Rule kierto-keeps-administrator."""
    with writing():
        give_administrator(cast.actor("administrator"), cast.people["outsider"].load())
    names = ("administrator", "outsider")
    actors = {name: cast.actor(name) for name in names}
    came = at_once(app, [partial(_end_administrator, actor, cast.people[name]) for name, actor in actors.items()])
    assert [one.rule for one in came if isinstance(one, Refused)] == [KIERTO_KEEPS_ADMINISTRATOR]
    with reading():
        assert len(staff.administrators()) == 1


def test_the_contact_role_is_handed_on_in_one_step_and_both_are_told(cast: Cast, settings: Settings) -> None:
    with writing():
        hand_host_on(cast.actor("host"), cast.unit.load(), cast.id("host"), cast.id("staff"))
    assert cast.actor("staff").hosts(cast.unit.id)
    assert cast.actor("host").units == {cast.unit.id}
    assert not cast.actor("host").hosts(cast.unit.id)
    to_new, to_old = (delivered(settings, to=cast.email(name))[-1] for name in ("staff", "host"))
    assert "Leena Mäkelä" in to_old.text
    assert to_new.subject != to_old.subject


def test_a_unit_may_have_several_contact_persons(cast: Cast) -> None:
    with writing():
        hand_host_on(cast.actor("coordinator"), cast.unit.load(), None, cast.id("staff"))
    with reading():
        assert {person.id for person in host_contacts(cast.unit.id)} == {cast.id("host"), cast.id("staff")}


@pytest.mark.parametrize(("giver", "receiver"), [("host", "worker"), ("staff", "host"), ("host", "host")])
def test_only_who_works_there_hands_on_and_takes_over(cast: Cast, giver: str, receiver: str) -> None:
    """Rule host-works-there."""
    with refused("host-works-there"):
        hand_host_on(cast.actor("coordinator"), cast.unit.load(), cast.id(giver), cast.id(receiver))


def test_a_unit_without_contact_person_is_the_coordinators(cast: Cast) -> None:
    with reading():
        assert [unit.id for unit in staff.units_without_host(cast.actor("coordinator"))] == [cast.third_unit.id]
        assert staff.units_without_host(cast.actor("host")) == []
    with writing():
        leave_unit(cast.actor("host"), cast.unit.id, cast.id("host"))
    with reading():
        found = staff.units_without_host(cast.actor("coordinator"))
        assert [unit.id for unit in found] == [cast.unit.id, cast.third_unit.id]


def test_who_invited_is_gone_and_the_invitation_works(cast: Cast) -> None:
    invitation = invite_staff(cast, NEW)
    with writing():
        leave_unit(cast.actor("coordinator"), cast.unit.id, cast.id("host"))
    assert accept(cast, invitation)


def test_an_address_that_became_known_meanwhile_is_that_persons(cast: Cast) -> None:
    invitation = invite_staff(cast, NEW)
    with writing():
        id_ = add_person("Sama Ihminen", email=NEW).id
    assert accept(cast, invitation, "Toinen Nimi") == id_
