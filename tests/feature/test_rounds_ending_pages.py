"""Pages on which a round is changed and ended, its turns skipped, given back, held together: each asks first."""

import re
from datetime import date

from kierto.database import reading, session, writing
from kierto.rounds.models import Round, RoundState, StopState
from kierto.rounds.together import meet_together
from kierto.words import LANGUAGES
from tests.cast import NOW, Cast
from tests.scenes_rounds import call_off, close, draft, means, new_unit, order, skip, states_of, units_of

WHY = "Väkeä ei ole."


def state_of(id_: int) -> RoundState:
    session.remove()
    with reading():
        return session.get_one(Round, id_).state


# ---- changing ----


def test_a_round_is_changed_on_its_page(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/rounds/{cast.spring.ref}").click("Change the round")
    assert "2 meetings to come keep what they were booked with." in page.text
    form = page.form()
    assert (form.values["name_fi"], form.values["gap_days"]) == (["Kevään kierros"], ["7"])
    assert form.values["interest_days"] == ["0"]
    page = form.submit(name_fi="Kevät 2027", interest_days="5", seats="6").follow()
    assert page.message == "The round was saved."
    assert page.heading == "Kevät 2027"
    assert "5 days after booking" in page.text


def test_a_mistake_in_changing_is_said_beside_its_field(cast: Cast) -> None:
    form = cast.client("coordinator").get(f"/rounds/{cast.spring.ref}/edit").form()
    for typed, field, says in (
        ({"until_on": "2027-01-30"}, "until_on", "Malmin päihdepoliklinikka (Tue 2 Feb)"),
        ({"gap_days": "8"}, "gap_days", "nearer to each other"),
        ({"seats": "1"}, "seats", "from 2 to 200"),
        ({"interest_days": "61"}, "interest_days", "from 0 to 60"),
        ({"interest_days": ""}, "interest_days", "This is needed."),
    ):
        page = form.submit(422, **typed)
        assert list(page.field_errors) == [field]
        assert says in page.field_errors[field]
        assert page.form().values[field] == list(typed.values())


def test_a_round_that_is_over_is_not_changed(cast: Cast) -> None:
    form = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}/edit").form()
    close(cast, cast.autumn)
    assert "The round is over" in form.submit(422, name_fi="Toinen").errors[0]
    cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}/edit", 302)


# ---- closing ----


def test_closing_says_in_counts_what_happens(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}").click("Close the round")
    assert means(page)[:2] == [
        "1 unit has had its meeting. What it agreed stays.",
        "2 units are left without their turn. They come first in the next round.",
    ]
    assert state_of(cast.autumn.id) is RoundState.OPEN, "looking changes nothing"
    page = page.form().submit().follow()
    assert page.message == "The round has ended."
    assert page.text.count("The round ended before its turn.") == 2
    assert "Look after the round" not in cast.client("host").get(f"/rounds/{cast.autumn.ref}").text


def test_meetings_to_come_stand_in_the_way_of_closing(cast: Cast) -> None:
    client = cast.client("coordinator")
    page = client.get(f"/rounds/{cast.spring.ref}/close")
    third = f"/{cast.third_unit.ref}"
    assert page.links["Move the meeting: Tikkurilan kuntoutusosasto"] == f"/rounds/{cast.spring.ref}/move{third}"
    assert page.links["Cancel the meeting: Tikkurilan kuntoutusosasto"] == f"/rounds/{cast.spring.ref}/give-up{third}"
    assert page.links["Cancel the round"] == f"/rounds/{cast.spring.ref}/cancel"
    assert not page.document.select("main form")
    refusal = client.post(f"/rounds/{cast.spring.ref}/close", 422)
    assert "Malmin päihdepoliklinikka, Tikkurilan kuntoutusosasto" in refusal.errors[0]
    with writing():
        cast.confirmed.load().starts_at = NOW
    links = client.get(f"/rounds/{cast.spring.ref}/close").links
    assert not [words for words in links if words.endswith("the meeting: Tikkurilan kuntoutusosasto")], "it has begun"
    assert "Move the meeting: Malmin päihdepoliklinikka" in links


# ---- calling off ----


def test_calling_off_says_in_counts_what_happens(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/rounds/{cast.spring.ref}").click("Cancel the round")
    assert means(page)[:3] == [
        "2 meetings to come are cancelled.",
        "3 people were coming. They are told.",
        "1 unit does not get its turn.",
    ]
    form = page.form()
    assert "Say why" in form.submit(422, reason=" ").field_errors["reason"]
    page = form.submit(reason=WHY).follow()
    assert page.message == "The round was cancelled."
    assert WHY in page.text
    assert state_of(cast.spring.id) is RoundState.CANCELLED


def test_a_reason_is_kept_when_it_is_too_long(cast: Cast) -> None:
    form = cast.client("coordinator").get(f"/rounds/{cast.spring.ref}/cancel").form()
    page = form.submit(422, reason="x" * 501)
    assert "too long" in page.field_errors["reason"]
    assert page.form().values["reason"] == ["x" * 501]


# ---- opening again ----


def test_opening_again_says_in_counts_what_happens(cast: Cast) -> None:
    close(cast, cast.autumn)
    page = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}").click("Open the round again")
    assert means(page) == ["2 units have their turn again."]
    page = page.form().submit().follow()
    assert page.message == "The round is open again."
    assert states_of(cast.autumn) == [StopState.VISITED, StopState.WAITING, StopState.WAITING]


def test_opening_a_cancelled_round_again_says_what_stays(cast: Cast) -> None:
    call_off(cast, cast.spring)
    page = cast.client("coordinator").get(f"/rounds/{cast.spring.ref}").click("Open the round again")
    assert means(page) == ["3 units can book.", "Cancelled meetings stay cancelled."]
    page.form().submit()
    assert state_of(cast.spring.id) is RoundState.OPEN


def test_a_round_whose_days_are_over_is_told_so(cast: Cast) -> None:
    close(cast, cast.autumn)
    with writing():
        session.query(Round).filter_by(id=cast.autumn.id).update({"until_on": date(2027, 1, 11)})
    page = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}/reopen")
    assert "Give it a later one next." in means(page)[-1]


# ---- a draft ----


def test_a_draft_is_thrown_away_after_asking(cast: Cast) -> None:
    coming = draft(cast)
    page = cast.client("coordinator").get(f"/rounds/{coming.ref}").click("Throw the draft away")
    page = page.form().submit().follow()
    assert page.message == "The draft was thrown away."
    assert "Kesän kierros" not in page.links
    cast.client("coordinator").get(f"/rounds/{coming.ref}", 404)


# ---- turns ----


def test_a_turn_is_skipped_and_given_back_on_the_pages(cast: Cast) -> None:
    client = cast.client("coordinator")
    address = f"/rounds/{cast.spring.ref}/skip/{cast.unit.ref}"
    assert address in client.get(f"/rounds/{cast.spring.ref}").links.values()
    form = client.get(address).form()
    assert "Say why" in form.submit(422, reason="").field_errors["reason"]
    page = form.submit(reason=WHY).follow()
    assert page.message == "The turn is skipped."
    assert WHY in cast.client("staff").get(f"/rounds/{cast.spring.ref}").text
    back = f"/rounds/{cast.spring.ref}/take-back/{cast.unit.ref}"
    assert back in page.links.values()
    page = client.get(back).form().submit().follow()
    assert page.message == "The unit has its turn again."
    client.get(back, 302)
    assert states_of(cast.spring)[0] is StopState.WAITING


def test_a_turn_that_was_booked_meanwhile_is_not_skipped(cast: Cast) -> None:
    client = cast.client("coordinator")
    refusal = client.post(f"/rounds/{cast.spring.ref}/skip/{cast.other_unit.ref}", 422, {"reason": WHY})
    assert "still have a meeting to come" in refusal.errors[0]
    client.get(f"/rounds/{cast.spring.ref}/skip/{cast.other_unit.ref}", 302)


def test_two_units_meet_together_and_apart_on_the_pages(cast: Cast) -> None:
    client = cast.client("coordinator")
    address = f"/rounds/{cast.spring.ref}/together/{cast.unit.ref}"
    assert address in client.get(f"/rounds/{cast.spring.ref}").links.values()
    form = client.get(address).form()
    assert form.choices("with_unit") == {
        cast.other_unit.ref: "Malmin päihdepoliklinikka: Tue 2 Feb at 13:00–15:00",
        cast.third_unit.ref: "Tikkurilan kuntoutusosasto: Tue 26 Jan at 13:00–15:00",
    }
    assert "Choose one of the meetings." in form.submit(422).field_errors.popitem()[1]
    page = form.submit(with_unit=cast.third_unit.ref).follow()
    assert page.message == "The two units meet together."
    page = cast.client("expert").get(f"/rounds/{cast.spring.ref}")
    assert page.text.count("Together with:") == 2
    apart = f"/rounds/{cast.spring.ref}/apart/{cast.unit.ref}"
    assert apart in client.get(f"/rounds/{cast.spring.ref}").links.values()
    page = client.get(apart).form().submit().follow()
    assert page.message == "The unit waits for a meeting of its own."
    assert "Together with:" not in page.text


def test_without_a_meeting_to_join_the_page_says_so(cast: Cast) -> None:
    address = f"/rounds/{cast.autumn.ref}/together/{cast.other_unit.ref}"
    for page in (cast.client("coordinator").get(address), cast.client("coordinator").post(address, 422)):
        assert "There is no meeting to join" in page.text
    assert address not in cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}").links.values()


# ---- joining ----


def test_a_unit_joins_on_the_page_and_what_has_arrived_is_shown(cast: Cast) -> None:
    unit = new_unit(cast)
    page = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}").click("Let a unit join")
    assert "1 practice has been agreed in the round. It arrives at the unit, too." in means(page)
    form = page.form()
    assert "Choose the unit that joins." in form.submit(422).field_errors["unit"]
    page = form.submit(unit=unit.ref).follow()
    assert page.message == "The unit is in the round. 1 practice arrived at it."
    assert order(page)[-1] == "4. Uusi asema"
    arrived = cast.client("coordinator").get(f"/units/{unit.ref}/practices")
    assert "Vastaanotolle saa tulla saattajan kanssa" in arrived.text


def test_a_round_that_has_every_unit_says_so(cast: Cast) -> None:
    address = f"/rounds/{cast.spring.ref}/join"
    assert "Every unit is in the round" in cast.client("coordinator").get(address).text
    assert "Every unit is in the round" in cast.client("coordinator").post(address, 422).text
    close(cast, cast.autumn)
    page = cast.client("coordinator").get(f"/rounds/{cast.autumn.ref}/join")
    assert "The round is not open for booking" in page.text


# ---- the round's page ----


def test_a_round_shows_how_far_it_is_and_who_is_next(cast: Cast) -> None:
    page = cast.client("expert").get(f"/rounds/{cast.spring.ref}")
    assert "2 booked, 1 not booked" in page.text
    rows = page.document.select("[aria-labelledby=units] li")
    assert [("Next in turn" in row.text) for row in rows] == [False, False, True], "the soonest meeting is the third's"
    skip(cast, cast.stop, WHY)
    assert "2 booked, 1 skipped" in cast.client("expert").get(f"/rounds/{cast.spring.ref}").text
    rows = cast.client("expert").get(f"/rounds/{cast.autumn.ref}").document.select("[aria-labelledby=units] li")
    assert [("Next in turn" in row.text) for row in rows] == [False, True, False], "the first in order that waits"


def test_others_are_not_offered_what_is_a_coordinators(cast: Cast) -> None:
    verbs = re.compile(r"/rounds/\w+/(edit|units|join|close|cancel|reopen|remove|skip|take-back|together|apart)")
    for name in ("host", "staff", "expert"):
        for round_ in (cast.spring, cast.autumn):
            page = cast.client(name).get(f"/rounds/{round_.ref}")
            assert not [link for link in page.links.values() if verbs.match(link)]


def test_the_pages_speak_every_language(cast: Cast) -> None:
    unit, coming = new_unit(cast), draft(cast)
    close_too = cast.autumn
    skip(cast, cast.autumn_stop, WHY)
    with writing():
        meet_together(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.stop.load())
    for language in LANGUAGES:
        client = cast.client("coordinator", language=language)
        for address in (
            f"{coming.ref}/open",
            f"{coming.ref}/remove",
            f"{coming.ref}/units",
            f"{coming.ref}/edit",
            f"{close_too.ref}/close",
            f"{cast.spring.ref}/close",
            f"{cast.spring.ref}/cancel",
            f"{cast.spring.ref}/units",
            f"{cast.spring.ref}/join",
            f"{cast.spring.ref}/apart/{cast.unit.ref}",
            f"{cast.autumn.ref}/take-back/{cast.other_unit.ref}",
            f"{cast.autumn.ref}/skip/{cast.third_unit.ref}",
            f"{cast.autumn.ref}/together/{cast.third_unit.ref}",
        ):
            client.get(f"/rounds/{address}")
    assert unit.id not in units_of(cast.spring)


def test_the_queries_of_a_rounds_pages_do_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator")
    pages = ("", "/units", "/join", "/cancel", "/close", "/edit")
    few: dict[str, int] = {}
    for page in (*pages, *pages):  # the second time nothing is read for the first time any more
        client.get(f"/rounds/{cast.spring.ref}{page}")
        few[page] = client.queries
    for number in range(3):
        unit = new_unit(cast, f"Asema {number}")
        form = client.get(f"/rounds/{cast.spring.ref}/join").form()
        form.submit(unit=unit.ref)
        new_unit(cast, f"Muu {number}")
    for page in pages:
        client.get(f"/rounds/{cast.spring.ref}{page}")
        assert client.queries == few[page], page
