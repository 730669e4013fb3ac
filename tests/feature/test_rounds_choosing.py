"""Choosing units for the next round: who was left comes first, and twenty are chosen in few presses."""

from kierto.actor import Role
from kierto.database import session, writing
from kierto.people.actions import give_role
from kierto.rounds.models import Round, RoundState
from tests.cast import Cast
from tests.client import Page
from tests.scenes_rounds import call_off, close, draft, kinds, means, new_unit, order, skip

WHY = "Väkeä ei ole."


def boxes(page: Page) -> list[str]:
    return [str(box.attr("name")) for box in page.document.select("input[type=checkbox]")]


def test_units_left_without_their_turn_come_first_and_are_marked(cast: Cast) -> None:
    early = new_unit(cast, "Aamun asema")
    close(cast, cast.autumn)
    call_off(cast, cast.spring)
    coming = draft(cast, [])
    page = cast.client("coordinator").get(f"/rounds/{coming.ref}/units")
    first = [f"in_{cast.other_unit.ref}", f"in_{cast.third_unit.ref}"]
    assert boxes(page) == [*first, f"in_{early.ref}", f"in_{cast.unit.ref}"]
    assert page.text.count("Was left without its turn last time") == 2
    assert page.text.count("Never visited") == 1
    page = page.click("Choose the 2 left without their turn")
    page = page.form().submit().follow()
    assert order(page) == ["1. Malmin päihdepoliklinikka", "2. Tikkurilan kuntoutusosasto"]


def test_who_has_a_turn_in_a_newer_round_is_not_left_any_more(cast: Cast) -> None:
    close(cast, cast.autumn)
    coming = draft(cast, [])
    page = cast.client("coordinator").get(f"/rounds/{coming.ref}/units")
    assert "Was left without its turn last time" not in page.text, "the spring round has them all"


def test_who_was_skipped_for_a_reason_is_not_left(cast: Cast) -> None:
    skip(cast, cast.autumn_stop, WHY)
    close(cast, cast.autumn)
    call_off(cast, cast.spring)
    page = cast.client("coordinator").get(f"/rounds/{draft(cast, []).ref}/units")
    assert page.text.count("Was left without its turn last time") == 1


def test_the_units_of_the_last_round_are_chosen_with_one_press(cast: Cast) -> None:
    with writing():
        session.query(Round).filter_by(id=cast.spring.id).update({"state": RoundState.CLOSED})
    new_unit(cast, "Aamun asema")
    coming = draft(cast, [])
    page = (
        cast.client("coordinator")
        .get(f"/rounds/{coming.ref}/units")
        .click("Choose the same as last time: Kevään kierros")
    )
    page = page.form().submit().follow()
    assert order(page) == ["1. Kallion terveysasema", "2. Malmin päihdepoliklinikka", "3. Tikkurilan kuntoutusosasto"]


def test_units_are_found_by_their_service(cast: Cast) -> None:
    for number in range(15):
        new_unit(cast, f"Yksikkö {number}", "Porvoo")
    coming = draft(cast, [])
    client = cast.client("coordinator")
    page = client.get(f"/rounds/{coming.ref}/units?service=rehabilitation")
    assert boxes(page) == [f"in_{cast.third_unit.ref}"]
    page = page.click("Choose the one unit").form(button="Save the units").submit().follow()
    assert order(page) == ["1. Tikkurilan kuntoutusosasto"]


def test_a_round_of_twenty_units_is_opened_in_under_fifteen_presses(cast: Cast) -> None:
    """From /rounds/new: a press is a link, a button, a box or a choice; what is typed is none."""
    for number in range(20):
        new_unit(cast, f"Yksikkö {number}", "Porvoo")
    client, presses = cast.client("coordinator"), 0
    page = client.get("/rounds/new").form().submit(name_fi="Kahdenkymmenen kierros", theme="encounter").follow()
    presses += 3  # the list of themes, one of them, the button
    page = client.get(f"{page.path}?q=porvoo")
    presses += 1  # the search
    page = page.click("Choose all 20 units")
    presses += 1
    page = page.form(button="Save the units").submit().follow()
    presses += 1
    page = page.click("Open the round")
    presses += 1
    page = page.form().submit().follow()
    presses += 1
    assert page.message == "The round is open. Its units can book their meetings now."
    assert len(order(page)) == 20
    assert presses == 8
    assert len(kinds("round.opened")) == 4


def test_a_contact_person_more_is_counted(cast: Cast) -> None:
    with writing():
        give_role(
            cast.actor("coordinator"),
            cast.people["worker"].load(),
            cast.organisation.id,
            Role.HOST_CONTACT,
            cast.third_unit.id,
        )
    coming = draft(cast, [cast.unit.id, cast.third_unit.id])
    told = means(cast.client("coordinator").get(f"/rounds/{coming.ref}/open"))
    assert told[1] == "2 units can book their meetings. Their contact persons get a message."
    assert not [sentence for sentence in told if "no contact person" in sentence]
