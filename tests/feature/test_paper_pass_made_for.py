"""Paper passes and coordinators: whom one makes a pass for (rule pass-inside), and whose pass one ends."""

import pytest
from sqlalchemy import select

from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.people.actions import approve_expert, give_role
from kierto.people.models import Expert, ExpertState
from kierto.sign_in import passes
from tests.cast import Cast
from tests.refusals import refused
from tests.scenes_passes import DIGITS, opened, paper_of, pass_made, ref_of_expert, secret_key
from tests.together import at_once


def page_of(cast: Cast, name: str = "expert") -> str:
    return f"/experts/{ref_of_expert(cast, name)}/pass"


def in_state(cast: Cast, state: ExpertState, name: str = "expert") -> None:
    """Let the person's row in the organisation's register be in the state."""
    ref = ref_of_expert(cast, name)
    with writing():
        session.scalars(select(Expert).where(Expert.ref == ref)).one().state = state


def elsewhere(cast: Cast, part: str | ExpertState) -> None:
    """Give the expert a part in the other organisation: a role, or a state in its register."""
    with writing():
        person, organisation = cast.people["expert"].load(), cast.other_organisation.id
        if isinstance(part, ExpertState):
            approve_expert(cast.actor("neighbour"), person, organisation).state = part
        else:
            give_role(cast.actor("neighbour"), person, organisation, Role.DECISION_MAKER)


PARTS = ("role", ExpertState.APPLIED, ExpertState.APPROVED, ExpertState.PAUSED)
NO_PARTS = (ExpertState.DECLINED, ExpertState.WITHDRAWN, ExpertState.LEFT)


@pytest.mark.parametrize("part", PARTS)
def test_who_takes_part_elsewhere_makes_it_themself(cast: Cast, part: str | ExpertState) -> None:
    """Rule pass-inside."""
    own = pass_made(cast)
    elsewhere(cast, part)
    client = cast.client("coordinator")
    page = client.get(page_of(cast))
    assert "They make it themself: My page, Paper pass." in page.text
    assert {form.action for form in page.forms} == {"/sign-out", f"{page_of(cast)}/end"}
    refusal = client.post(page_of(cast), 422, {"digits": DIGITS, "again": DIGITS})
    assert "They make it themself: My page, Paper pass." in refusal.text
    opened(cast, own).get(f"/pass/{own}/meetings")
    pass_made(cast)


@pytest.mark.parametrize("part", NO_PARTS)
def test_who_has_no_part_elsewhere_any_more_gets_it_from_their_coordinator(cast: Cast, part: ExpertState) -> None:
    elsewhere(cast, part)
    page = cast.client("coordinator").get(page_of(cast))
    page.form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS)
    assert paper_of(cast).made_by == cast.id("coordinator")


def test_who_coordinates_both_makes_it(cast: Cast) -> None:
    elsewhere(cast, ExpertState.APPROVED)
    with writing():
        coordinator = cast.people["coordinator"].load()
        give_role(cast.actor("neighbour"), coordinator, cast.other_organisation.id, Role.COORDINATOR)
    page = cast.client("coordinator").get(page_of(cast))
    page.form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS)


def test_new_digits_are_for_papers_that_nobody_else_has_seen(cast: Cast) -> None:
    """Rule pass-inside: who made the paper may have kept its address, and digits would open it."""
    actor, person, key = cast.actor("coordinator"), cast.people["expert"], secret_key(cast)
    with writing():
        passes.make_pass(actor, person.load(), DIGITS, key)
    elsewhere(cast, ExpertState.APPROVED)
    client = cast.client("coordinator")
    assert "Choose new digits" not in client.get(page_of(cast)).links
    refusal = client.get(f"{page_of(cast)}/digits").form().submit(422, digits="7193", again="7193")
    assert "They make it themself" in refusal.text
    with refused("pass-inside"):
        passes.change_digits(actor, person.load(), "7193", key)
    own = pass_made(cast)
    done = client.get(page_of(cast)).click("Choose new digits").form().submit(303, digits="7193", again="7193").follow()
    assert done.message == "The paper opens with the new digits now."
    opened(cast, own, "7193")


@pytest.mark.parametrize("state", [ExpertState.APPLIED, *NO_PARTS])
def test_who_is_not_in_the_register_gets_no_pass_from_it_but_loses_one_by_a_call(
    cast: Cast, state: ExpertState
) -> None:
    """A paper that opens what is of elsewhere may be lost by whoever has left, too."""
    token = pass_made(cast)
    in_state(cast, state)
    client = cast.client("coordinator")
    page = client.get(page_of(cast))
    assert {form.action for form in page.forms} == {"/sign-out", f"{page_of(cast)}/end"}
    client.post(page_of(cast), 404, {"digits": DIGITS, "again": DIGITS})
    for address in ("paper", "digits"):
        client.get(f"{page_of(cast)}/{address}", 404)
    client.post(f"{page_of(cast)}/digits", 404, {"digits": DIGITS, "again": DIGITS})
    done = page.form(button="End the pass").submit(303).follow()
    assert done.message == "The paper pass has ended. The paper opens nothing any more."
    assert "The person is not in the register and has no pass in use." in done.text
    cast.client().get(f"/pass/{token}").form().submit(422, digits=DIGITS)


def test_the_register_leads_to_the_pass_of_who_has_left(cast: Cast) -> None:
    in_state(cast, ExpertState.LEFT)
    page = cast.client("coordinator").get(f"/experts/{ref_of_expert(cast)}")
    assert page.links["Paper pass"] == page_of(cast)


def test_a_pass_ended_twice_at_one_moment_ends_once(cast: Cast) -> None:
    pass_made(cast)
    actor, person = cast.actor("expert"), cast.people["expert"]
    at_once(cast.app, [lambda: passes.end_pass(actor, person.load())] * 3)
    with reading():
        assert len(session.scalars(select(Event.id).where(Event.kind == "pass.ended")).all()) == 1
