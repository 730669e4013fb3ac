"""The pages of rounds: planning one, choosing its units, opening it."""

from datetime import date

from kierto import clock
from kierto.actor import SYSTEM, Role
from kierto.database import reading, session, writing
from kierto.people.actions import give_role
from kierto.rounds import queries
from kierto.rounds.actions import choose_units, create_round
from kierto.rounds.models import Round, RoundState
from kierto.units.actions import add_organisation, add_unit
from kierto.words import LANGUAGES, Localised
from tests.cast import Cast, plan
from tests.client import Page
from tests.scenes_rounds import close, order

FIRST, LAST = date(2027, 2, 1), date(2027, 5, 28)


def draft(cast: Cast, units: list[int] | None = None, name: str = "Kesän kierros") -> Round:
    with writing():
        actor = cast.actor("coordinator")
        round_ = create_round(actor, cast.organisation.id, plan(name, FIRST, LAST))
        if units:
            choose_units(actor, round_, units)
        return round_


def all_units(cast: Cast) -> list[int]:
    return [cast.unit.id, cast.other_unit.id, cast.third_unit.id]


def kept(page: Page, name: str) -> str:
    """What a field of the page holds; browsers without calendars show a mistaken day as it was typed."""
    control = page.document.select_one(f"input[name='{name}']:not([type=radio]), input[name='{name}'][checked]")
    return str(control.attr("value")) if control is not None else page.form().values[name][0]


def test_a_slip_in_the_year_is_caught(cast: Cast) -> None:
    form = cast.client("coordinator").get("/rounds/new").form()
    page = form.submit(422, name_fi="Kierros", theme="encounter", until_on="9999-12-31")
    assert page.field_errors == {"until_on": "Check the year: give a day within five years."}


# ---- the list ----


def test_rounds_are_listed_with_how_far_they_are(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("expert", language=language).get("/rounds/")
        assert page.links["Kevään kierros"] == f"/rounds/{cast.spring.ref}"
        assert page.links["Syksyn kierros"] == f"/rounds/{cast.autumn.ref}"
        assert len(page.document.select(".k-row .ds-tag")) == 2
        if language == "en":
            assert "2 booked, 1 not booked" in page.text
            assert "1 visited, 2 not booked" in page.text
            assert "Going round" in page.text


def test_the_queries_of_the_list_do_not_grow(cast: Cast) -> None:
    client = cast.client("neighbour")
    assert len(client.get("/rounds/").document.select(".k-row")) == 1
    few = client.queries
    client = cast.client("coordinator")
    for number in range(2):
        draft(cast, all_units(cast), f"Kierros {number}")
    assert len(client.get("/rounds/").document.select(".k-row")) == 4
    assert client.queries == few


def test_drafts_are_seen_by_coordinators_only(cast: Cast) -> None:
    round_ = draft(cast)
    assert "Kesän kierros" in cast.client("coordinator").get("/rounds/").links
    for name in ("host", "expert"):
        assert "Kesän kierros" not in cast.client(name).get("/rounds/").links
        cast.client(name).get(f"/rounds/{round_.ref}", 404)


def test_only_coordinators_plan(cast: Cast) -> None:
    assert cast.client("coordinator").get("/rounds/").links["Plan a round"] == "/rounds/new"
    for name in ("host", "expert"):
        assert "/rounds/new" not in cast.client(name).get("/rounds/").html
        cast.client(name).get("/rounds/new", 404)
    for name in ("visitor", "outsider"):
        cast.client(name).get("/rounds/", 404)


# ---- planning ----


def test_a_plan_has_sensible_beginnings(cast: Cast) -> None:
    for language in LANGUAGES:
        form = cast.client("coordinator", language=language).get("/rounds/new").form()
        values = {name: value[0] for name, value in form.values.items()}
        assert values["mix_experts"] == "2"
        assert values["mix_staff"] == "1"
        assert values["minutes"] == "120"
        assert date.fromisoformat(values["from_on"]).weekday() == 0
        assert clock.today() < date.fromisoformat(values["from_on"]) < date.fromisoformat(values["until_on"])
        assert values["public"]
        assert len(form.choices("theme")) == 11


def test_a_round_is_planned_and_its_units_come_next(cast: Cast) -> None:
    form = cast.client("coordinator").get("/rounds/new").form()
    page = form.submit(
        name_fi="  Syksyn 2027 kierros ",
        name_sv="Höstens omgång",
        theme="access-to-care",
        from_on="2027-08-16",
        until_on="17.12.2027",
        mix_experts="1",
        gap_days="0",
    ).follow()
    assert page.heading == "Units of the round"
    assert page.message == "The round was saved. Choose its units next."
    ref = page.path.split("/")[2]
    session.remove()
    with reading():
        round_ = queries.round_(cast.actor("coordinator"), ref)
        assert round_.name == Localised("Syksyn 2027 kierros", "Höstens omgång", None)
        assert (round_.from_on, round_.until_on) == (date(2027, 8, 16), date(2027, 12, 17))
        assert (round_.mix_experts, round_.mix_staff, round_.gap_days, round_.minutes) == (1, 1, 0, 120)
        assert round_.theme.code == "access-to-care"
        assert round_.state is RoundState.DRAFT
        assert round_.public


MISTAKES: list[tuple[dict[str, str], str, str]] = [
    ({"name_fi": "   "}, "name_fi", "This is needed."),
    ({"name_fi": "x" * 201}, "name_fi", "too long"),
    ({"theme": ""}, "theme", "Choose what the meetings are about."),
    ({"from_on": "31.2.2027"}, "from_on", "Give a day that exists"),
    ({"until_on": "2027-01-01"}, "until_on", "The round must end after it begins."),
    ({"seats": "2"}, "seats", "The meeting needs room for everyone"),
    ({"minutes": "two hours"}, "minutes", "Give a whole number in digits"),
    ({"minutes": "5"}, "minutes", "from 30 to 480"),
    ({"gap_days": ""}, "gap_days", "This is needed."),
    ({"mix_experts": "0"}, "mix_experts", "from 1 to 50"),
]


def test_a_mistake_is_said_beside_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    form = cast.client("coordinator").get("/rounds/new").form()
    for changed, field, says in MISTAKES:
        typed = {"name_fi": "Kierros", "name_en": "Round", "theme": "encounter", "gap_days": "9"} | changed
        page = form.submit(422, **typed)
        assert says in page.field_errors.get(field, ""), f"{changed}: {page.field_errors}"
        assert list(page.field_errors) == [field]
        assert len(page.errors) == 1
        assert page.title.startswith("Error")
        assert {name: kept(page, name) for name in typed} == {name: value.strip() for name, value in typed.items()}
    session.remove()
    with reading():
        assert session.query(Round).filter_by(organisation_id=cast.organisation.id).count() == 2


# ---- choosing units ----


def test_units_are_chosen_and_ordered_without_javascript(cast: Cast) -> None:
    round_ = draft(cast)
    form = cast.client("coordinator").get(f"/rounds/{round_.ref}/units").form()
    one, two, three = cast.unit.ref, cast.other_unit.ref, cast.third_unit.ref
    chosen = {f"in_{two}": "y", f"order_{two}": "2", f"in_{three}": "y", f"order_{three}": "1", f"in_{one}": "y"}
    page = form.submit(302, **chosen).follow()
    assert page.message == "3 units are in the round."
    assert order(page) == ["1. Tikkurilan kuntoutusosasto", "2. Malmin päihdepoliklinikka", "3. Kallion terveysasema"]


def test_chosen_units_are_shown_first_in_their_order_and_can_be_changed(cast: Cast) -> None:
    round_ = draft(cast, [cast.third_unit.id, cast.unit.id])
    page = cast.client("coordinator").get(f"/rounds/{round_.ref}/units")
    form = page.form()
    assert [box.attr("name") for box in page.document.select("input[type=checkbox]")] == [
        f"in_{cast.third_unit.ref}",
        f"in_{cast.unit.ref}",
        f"in_{cast.other_unit.ref}",
    ]
    assert form.values[f"order_{cast.unit.ref}"] == ["2"]
    page = form.submit(302, **{f"in_{cast.unit.ref}": []}).follow()
    assert order(page) == ["1. Tikkurilan kuntoutusosasto"]


def test_all_units_are_chosen_with_one_press(cast: Cast) -> None:
    round_ = draft(cast)
    page = cast.client("coordinator").get(f"/rounds/{round_.ref}/units").click("Choose all 3 units")
    page = page.form().submit().follow()
    assert order(page) == ["1. Kallion terveysasema", "2. Malmin päihdepoliklinikka", "3. Tikkurilan kuntoutusosasto"]
    cleared = cast.client("coordinator").get(f"/rounds/{round_.ref}/units").click("Choose none")
    assert not [name for name in cleared.form().values if name.startswith("in_")]


def test_a_wrong_number_is_said_beside_it_and_the_choices_stay(cast: Cast) -> None:
    round_ = draft(cast)
    form = cast.client("coordinator").get(f"/rounds/{round_.ref}/units").form()
    changed = {f"in_{cast.unit.ref}": "y", f"order_{cast.unit.ref}": "first"}
    page = form.submit(422, **changed)
    assert "Give a whole number" in page.field_errors[f"order_{cast.unit.ref}"]
    assert page.form().values[f"in_{cast.unit.ref}"] == ["y"]
    assert page.form().values[f"order_{cast.unit.ref}"] == ["first"]


def test_the_queries_of_choosing_do_not_grow(cast: Cast) -> None:
    round_ = draft(cast)
    client = cast.client("coordinator")
    client.get(f"/rounds/{round_.ref}/units")
    few = client.queries
    with writing():
        for number in range(3):
            add_unit(
                cast.actor("coordinator"),
                cast.organisation.id,
                Localised(f"Yksikkö {number}"),
                service_id=1 + number,
                municipality="Porvoo",
                street_address="Katu 1",
            )
    assert len(client.get(f"/rounds/{round_.ref}/units").document.select("input[type=checkbox]")) == 6
    assert client.queries == few


def test_many_units_are_searched_before_they_are_chosen(cast: Cast) -> None:
    round_ = draft(cast, [cast.third_unit.id])
    with writing():
        for number in range(15):
            add_unit(
                cast.actor("coordinator"),
                cast.organisation.id,
                Localised(f"Yksikkö {number}"),
                service_id=1,
                municipality="Porvoo",
                street_address="Katu 1",
            )
    client = cast.client("coordinator")
    assert any("q" in form.fields for form in client.get(f"/rounds/{round_.ref}/units").forms)
    page = client.get(f"/rounds/{round_.ref}/units?q=kallio")
    assert [box.attr("name") for box in page.document.select("input[type=checkbox]")] == [
        f"in_{cast.third_unit.ref}",
        f"in_{cast.unit.ref}",
    ]
    page = page.form(button="Save the units").submit(302, **{f"in_{cast.unit.ref}": "y"}).follow()
    assert order(page) == ["1. Tikkurilan kuntoutusosasto", "2. Kallion terveysasema"]
    page = client.get(f"/rounds/{round_.ref}/units?q=porvoo").click("Choose all 17 units")
    assert len(order(page.form(button="Save the units").submit().follow())) == 17


def test_the_units_of_a_round_that_is_over_stay(cast: Cast) -> None:
    close(cast, cast.autumn)
    coordinator = cast.client("coordinator")
    page = coordinator.get(f"/rounds/{cast.autumn.ref}/units")
    assert "The round is over. Its units stay as they are." in page.text
    assert not page.document.select("main form")
    refused = coordinator.post(f"/rounds/{cast.autumn.ref}/units", 422, {f"in_{cast.unit.ref}": "y"})
    assert refused.errors == ["The round is no longer a draft. Its units are chosen before it opens."]
    assert len(order(coordinator.get(f"/rounds/{cast.autumn.ref}"))) == 3


def test_the_units_of_an_open_round_are_ordered_anew(cast: Cast) -> None:
    coordinator = cast.client("coordinator")
    form = coordinator.get(f"/rounds/{cast.spring.ref}").click("Change the order").form()
    numbers = {f"order_{cast.unit.ref}": "9", f"order_{cast.third_unit.ref}": "1"}
    page = form.submit(302, **numbers).follow()
    assert page.message == "The order was saved."
    assert order(page) == ["1. Tikkurilan kuntoutusosasto", "2. Malmin päihdepoliklinikka", "3. Kallion terveysasema"]
    page = form.submit(422, **{f"order_{cast.unit.ref}": "first"})
    assert "Give a whole number" in page.field_errors[f"order_{cast.unit.ref}"]


def test_only_coordinators_choose_units(cast: Cast) -> None:
    cast.client("host").get(f"/rounds/{cast.spring.ref}/units", 403)
    cast.client("neighbour").get(f"/rounds/{cast.spring.ref}/units", 404)


def test_an_organisation_without_units_and_rounds_is_told_where_to_begin(cast: Cast) -> None:
    with writing():
        organisation = add_organisation(Localised("Uusi hyvinvointialue"))
        give_role(SYSTEM, cast.people["outsider"].load(), organisation.id, Role.COORDINATOR)
    page = cast.client("outsider").get("/rounds/")
    assert "No rounds yet" in page.text
    form = page.click("Plan a round").form()
    page = form.submit(name_fi="Ensimmäinen", theme="encounter").follow()
    assert "No units yet" in page.text
    assert page.links["Import units from a file"] == "/units/import"


# ---- one round, opening ----


def test_a_round_shows_its_units_in_order_with_their_meetings(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("expert", language=language).get(f"/rounds/{cast.spring.ref}")
        assert len(order(page)) == 3
        assert f"/meetings/{cast.proposed.ref}" in page.links.values()
        assert f"/meetings/{cast.confirmed.ref}" in page.links.values()
        assert f"/units/{cast.third_unit.ref}" in page.links.values()
        assert not [href for href in page.links.values() if href.startswith(f"/rounds/{cast.spring.ref}/book")]


def test_a_coordinator_sees_which_units_nobody_else_books_for(cast: Cast) -> None:
    says = "No contact person yet: you book for this unit."
    round_ = draft(cast, all_units(cast))
    page = cast.client("coordinator").get(f"/rounds/{round_.ref}")
    rows = page.document.select("[aria-labelledby=units] li")
    assert [says in row.text for row in rows] == [False, False, True]
    assert says not in cast.client("expert").get(f"/rounds/{cast.spring.ref}").text


def test_the_queries_of_a_round_do_not_grow(cast: Cast) -> None:
    one, three = draft(cast, [cast.unit.id]), draft(cast, all_units(cast), "Toinen")
    client = cast.client("coordinator")
    client.get(f"/rounds/{one.ref}")
    few = client.queries
    client.get(f"/rounds/{three.ref}")
    assert client.queries == few


def test_a_draft_is_opened_and_its_units_can_book(cast: Cast) -> None:
    round_ = draft(cast, all_units(cast))
    page = cast.client("coordinator").get(f"/rounds/{round_.ref}").click("Open the round")
    assert "2 units can book their meetings. Their contact persons get a message." in page.text
    assert "1 unit has no contact person. You book for it." in page.text
    page = page.form().submit().follow()
    assert page.message == "The round is open. Its units can book their meetings now."
    assert "Open for booking" in page.text
    assert not page.document.select("main form")
    host = cast.client("host").get(f"/rounds/{round_.ref}")
    assert host.links["Book our meeting"] == f"/rounds/{round_.ref}/book"


def test_a_round_of_one_unit_is_not_opened(cast: Cast) -> None:
    round_ = draft(cast, [cast.unit.id])
    page = cast.client("coordinator").get(f"/rounds/{round_.ref}/open").form().submit(422)
    assert page.errors == ["A round needs at least two units to rotate between. Choose more units."]
    session.remove()
    with reading():
        assert session.get_one(Round, round_.id).state is RoundState.DRAFT


def test_a_draft_without_units_leads_to_choosing_them(cast: Cast) -> None:
    round_ = draft(cast)
    page = cast.client("coordinator").get(f"/rounds/{round_.ref}")
    assert page.links["Choose units"] == f"/rounds/{round_.ref}/units"
    assert not page.document.select("main form")


def test_opening_twice_changes_nothing(cast: Cast) -> None:
    round_ = draft(cast, all_units(cast))
    client = cast.client("coordinator")
    client.post(f"/rounds/{round_.ref}/open")
    client.post(f"/rounds/{round_.ref}/open")


def test_others_do_not_open(cast: Cast) -> None:
    cast.client("host").post(f"/rounds/{cast.spring.ref}/open", 403)
    cast.client("neighbour").post(f"/rounds/{cast.spring.ref}/open", 404)
