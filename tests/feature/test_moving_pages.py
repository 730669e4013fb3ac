"""The pages on which a unit's meeting is moved, given up and changes times with another unit's."""

from datetime import date, time

import pytest

from kierto import clock
from kierto.database import reading, session, writing
from kierto.meetings.models import MeetingState
from kierto.rounds.booking import book_stop, move_stop
from kierto.rounds.models import RoundState, SwapState
from kierto.rounds.swapping import ask_swap
from kierto.units.actions import block_dates
from tests.cast import CONFIRMED_ON, FREE_ON, PROPOSED_ON, Cast, Thing
from tests.client import Page
from tests.scenes import meetings_booked, seat_taken, swap_asked

AT = time(13)


def address(cast: Cast, verb: str, unit: str = "other_unit") -> str:
    return f"/rounds/{cast.spring.ref}/{verb}/{cast.things()[unit].ref}"


def day_of(cast: Cast, meeting: str) -> date:
    session.remove()
    with reading():
        return clock.local(cast.things()[meeting].load().starts_at).date()


# ---- moving ----


def test_from_the_round_to_the_moved_meeting(cast: Cast) -> None:
    """Rule seat-reconfirm: who is asked again is said before, in counts."""
    seat_taken(cast, "expert", cast.proposed)
    client = cast.client("other_host")
    page = client.get(f"/rounds/{cast.spring.ref}").click("Move, change or cancel: Malmin päihdepoliklinikka")
    page = page.click("Move the meeting: Malmin päihdepoliklinikka")
    assert page.heading == "Move the meeting"
    assert "Tue 2 Feb at 13:00–15:00" in page.text
    page = page.click("Fri 5 Feb 9:00–11:00")
    assert page.heading == "Move the meeting?"
    assert "1 expert . The meeting moves to another day" in page.text.replace("1 expert.", "1 expert .")
    assert "Their seats are kept until they answer." in page.text
    assert "Matti" not in page.text, "counts, no names"
    assert day_of(cast, "proposed") == PROPOSED_ON
    page = page.form().submit().follow()
    assert page.path == f"/meetings/{cast.proposed.ref}"
    assert page.message == "The meeting was moved. Those who come are told."
    assert day_of(cast, "proposed") == date(2027, 2, 5)


def test_a_small_change_asks_nobody(cast: Cast) -> None:
    given = {"day": PROPOSED_ON.isoformat(), "time": "13.30"}
    page = cast.client("coordinator").get(f"{address(cast, 'move')}/confirm", query_string=given)
    assert "Nobody. The change is small" in page.text
    assert page.form().submit().follow().message.startswith("The meeting was moved.")


def test_a_far_move_that_asks_nobody_is_not_called_small(cast: Cast) -> None:
    """Rule seat-reconfirm: only who moves the meeting comes."""
    page = cast.client("other_host").get(
        f"{address(cast, 'move')}/confirm", query_string={"day": "2027-02-16", "time": "13"}
    )
    assert "The change is small" not in page.text


def test_who_comes_is_not_busy_with_the_meeting_that_moves(cast: Cast) -> None:
    """Rule seat-fair-turn, for the times that are offered: all three experts could come half an hour later."""
    given = {"day": CONFIRMED_ON.isoformat(), "time": "13.30"}
    page = cast.client("coordinator").get(f"{address(cast, 'move', 'third_unit')}/confirm", query_string=given)
    assert "3 could come" in page.text


def test_who_is_elsewhere_then_is_said(cast: Cast) -> None:
    """Rule seat-reconfirm, for whoever it overlaps."""
    with writing():
        other = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, time(15)))
    seat_taken(cast, "expert", other)
    given = {"day": CONFIRMED_ON.isoformat(), "time": "13.20"}
    page = cast.client("coordinator").get(f"{address(cast, 'move', 'third_unit')}/confirm", query_string=given)
    assert "1 expert." in page.text
    assert "They have another meeting at the new time." in page.text


def test_moving_keeps_what_was_typed_and_asks_to_say_so(cast: Cast) -> None:
    """Rule meeting-unit-free."""
    with writing():
        block_dates(cast.actor("other_host"), cast.other_unit.load(), FREE_ON, FREE_ON)
    given = {"day": "16.2.2027", "time": "14"}
    page = cast.client("other_host").get(f"{address(cast, 'move')}/confirm", query_string=given)
    assert "The unit has blocked that day." in page.field_errors["override"]
    again = page.form().submit(422)
    assert again.form().values["day"] == ["16.2.2027"]
    again.form().submit(override="y")
    assert day_of(cast, "proposed") == FREE_ON


def test_a_time_taken_meanwhile(cast: Cast) -> None:
    given = {"day": FREE_ON.isoformat(), "time": "13:00"}
    page = cast.client("other_host").get(f"{address(cast, 'move')}/confirm", query_string=given)
    with writing():
        book_stop(cast.actor("host"), cast.stop.load(), FREE_ON, AT)
    page = page.form().submit(422)
    assert "there must be at least 7 days" in page.field_errors["day"]
    assert "Somebody may have booked just before you." in page.text
    assert day_of(cast, "proposed") == PROPOSED_ON


def test_what_cannot_be_moved_is_explained(cast: Cast) -> None:
    client = cast.client("coordinator")
    page = client.get(address(cast, "move", "unit"))
    assert "The unit has no meeting to move" in page.text
    assert page.click("Book the meeting").path == address(cast, "book", "unit")
    client.get(f"{address(cast, 'move', 'unit')}/confirm", query_string={"day": "2027-02-16", "time": "13"})
    with clock.at(clock.instant(PROPOSED_ON, time(13, 1))):
        again = cast.client("coordinator").get(f"/rounds/{cast.spring.ref}/move/{cast.third_unit.ref}")
    assert "The unit’s turn is over" in again.text
    with writing():
        cast.spring.load().state = RoundState.CLOSED
    assert "The round is not open for booking" in client.get(address(cast, "move")).text
    page = client.post(f"{address(cast, 'move')}/confirm", 422, {"day": "2027-02-16", "time": "13"})
    assert page.errors == ["The round is not open for booking. Ask your coordinator."]


def test_the_queries_of_moving_do_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(address(cast, "move", "third_unit"))
    few = client.queries
    meetings_booked(cast, 4)
    client.get(address(cast, "move", "third_unit"))
    assert client.queries == few


# ---- giving up ----


def test_a_meeting_is_cancelled_with_a_reason(cast: Cast) -> None:
    seat_taken(cast, "other_expert", cast.confirmed)
    page = cast.client("coordinator").get(address(cast, "give-up", "third_unit"))
    assert "2 experts, 1 worker of the unit" in page.text
    assert "Birgitta" not in page.text
    form = page.form()
    assert "Say why." in form.submit(422, reason=" ").field_errors["reason"]
    kept = form.submit(422, reason="x" * 501)
    assert kept.form().values["reason"] == ["x" * 501]
    page = form.submit(reason="Putkiremontti").follow()
    assert page.message == "The meeting was cancelled. Those who were coming are told."
    assert page.path == f"/rounds/{cast.spring.ref}"
    with reading():
        assert cast.confirmed.load().state is MeetingState.CANCELLED
    page = cast.client("coordinator").get(address(cast, "book", "third_unit")).click("Fri 15 Jan 9:00–11:00")
    assert "Those who were coming to the cancelled meeting are asked first." in page.text


def test_both_units_of_a_joint_meeting_wait_again(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().co_unit_id = cast.unit.id
    page = cast.client("coordinator").get(address(cast, "give-up", "third_unit"))
    assert "The turn of this unit waits again, too: Kallion terveysasema" in page.text


def test_either_of_two_units_that_meet_together_moves_the_meeting(cast: Cast) -> None:
    with writing():
        cast.confirmed.load().co_unit_id = cast.unit.id
        cast.stop.load().meeting_id = cast.confirmed.id
    for unit in ("unit", "third_unit"):
        cast.client("host").get(address(cast, "move", unit))
        cast.client("other_host").get(address(cast, "move", unit), 403)
    given = {"day": FREE_ON.isoformat(), "time": "13"}
    cast.client("host").post(f"{address(cast, 'move', 'third_unit')}/confirm", 302, given)
    assert day_of(cast, "confirmed") == FREE_ON


def test_nothing_to_cancel(cast: Cast) -> None:
    client = cast.client("coordinator")
    page = client.get(address(cast, "give-up", "unit"))
    assert "There is no meeting to cancel" in page.text
    assert client.post(page.path, 302, {"reason": "x"}).follow().path == page.path


# ---- changing times ----


def asked(cast: Cast) -> Page:
    """The second unit has asked the third one, on the page that says so."""
    page = (
        cast.client("other_host")
        .get(address(cast, "book"))
        .click("Change times with another unit: Malmin päihdepoliklinikka")
    )
    return page.form().submit(other=cast.third_unit.ref, words="Meillä on remontti.").follow()


def test_a_unit_asks_another_and_they_change_times(cast: Cast) -> None:
    """Rule stop-swap."""
    page = asked(cast)
    assert page.message == "We asked the other unit. You are told when it has answered."
    assert "Malmin päihdepoliklinikka asks Tikkurilan kuntoutusosasto to change times." in page.text
    assert "Meillä on remontti." in page.text
    assert "Yes, change times" not in [button for form in page.forms for button in form.buttons]
    coordinator = cast.client("coordinator")
    seen = coordinator.get(f"/rounds/{cast.spring.ref}").click(
        "Malmin päihdepoliklinikka asks Tikkurilan kuntoutusosasto to change times."
    )
    assert "These are asked again whether they can come: 1 expert and 1 worker." in seen.text
    done = seen.form(button="Yes, change times").submit().follow()
    assert done.message == "The two meetings have changed times. Those who come are told."
    assert (day_of(cast, "proposed"), day_of(cast, "confirmed")) == (CONFIRMED_ON, PROPOSED_ON)


def test_it_stands_on_the_desk_until_it_is_answered(cast: Cast) -> None:
    swap = swap_asked(cast)
    coordinator = cast.client("coordinator")
    words = "Malmin päihdepoliklinikka asks Tikkurilan kuntoutusosasto to change times."
    page = coordinator.get("/desk").click(words)
    assert page.path == f"/rounds/{cast.spring.ref}/swaps/{swap.ref}"
    page = page.form(button="No, keep our time").submit().follow()
    assert page.message == "The times stay as they are. The other unit is told."
    assert words not in coordinator.get("/desk").links
    assert day_of(cast, "proposed") == PROPOSED_ON


def test_it_stands_on_the_page_of_the_unit_that_is_asked(cast: Cast) -> None:
    """Not on that of the one that asks, and not for who may not answer."""
    with writing():
        swap = Thing(ask_swap(cast.actor("coordinator"), cast.confirmed_stop.load(), cast.proposed_stop.load()))
    page = cast.client("other_host").get(f"/units/{cast.other_unit.ref}")
    assert "Another unit wants to change times" in page.text
    assert page.click("See the question").path == f"/rounds/{cast.spring.ref}/swaps/{swap.ref}"
    for name, unit in (("coordinator", cast.third_unit), ("worker", cast.other_unit)):
        assert "wants to change times" not in cast.client(name).get(f"/units/{unit.ref}").text


def test_a_question_is_taken_back_on_its_page(cast: Cast) -> None:
    swap = swap_asked(cast)
    page = cast.client("other_host").get(address(cast, "swap")).click("See the question")
    page.form(button="Take the question back").submit().follow()
    with reading():
        assert swap.load().state is SwapState.WITHDRAWN
    page = cast.client("other_host").get(f"/rounds/{cast.spring.ref}/swaps/{swap.ref}")
    assert "The question was taken back." in page.text
    assert not [form for form in page.forms if "/swaps/" in form.action]


def test_a_question_out_of_date_says_so(cast: Cast) -> None:
    """Rule stop-swap: also to who answers just then."""
    swap = swap_asked(cast)
    coordinator = cast.client("coordinator")
    form = coordinator.get(f"/rounds/{cast.spring.ref}/swaps/{swap.ref}").form(button="Yes, change times")
    with writing():
        move_stop(cast.actor("other_host"), cast.proposed_stop.load(), FREE_ON, AT)
    page = form.submit(422)
    assert "These two meetings cannot change times any more" in page.errors[0]
    assert "The question is out of date" in page.text
    assert day_of(cast, "confirmed") == CONFIRMED_ON


@pytest.mark.parametrize("unit", ["other_unit", "third_unit"])
def test_each_unit_says_that_it_hosts_then(cast: Cast, unit: str) -> None:
    """Rule meeting-unit-free: it is told beforehand; what was chosen and written is kept."""
    on = CONFIRMED_ON if unit == "other_unit" else PROPOSED_ON
    with writing():
        block_dates(cast.actor("coordinator"), cast.things()[unit].load(), on, on)
    page = cast.client("other_host").get(address(cast, "swap"))
    form, of_own = page.form(), unit == "other_unit"
    assert form.choices("other")[cast.third_unit.ref].endswith(". Your unit does not host then.") is of_own
    assert ("Our unit hosts the meeting then all the same" in page.text) is of_own
    if of_own:
        page = form.submit(422, other=cast.third_unit.ref, words="Remontti")
        assert "The unit has blocked that day." in page.field_errors["override"]
        assert page.form().values["words"] == ["Remontti"]
        page.form().submit(override="y")
    else:
        page = form.submit(other=cast.third_unit.ref)
        seen = cast.client("coordinator").get(page.location)
        assert "Your unit does not host meetings at the new time." in seen.text
        page = seen.form(button="Yes, change times").submit(422)
        assert "The unit has blocked that day." in page.field_errors["override"]
        seen.form(button="Yes, change times").submit(override="y")
        assert day_of(cast, "proposed") == CONFIRMED_ON


def test_without_another_meeting_there_is_nothing_to_ask(cast: Cast) -> None:
    client = cast.client("coordinator")
    assert "The unit has no meeting to move" in client.get(address(cast, "swap", "unit")).text
    assert "Choose one of the times." in client.get(address(cast, "swap")).form().submit(422).field_errors["other"]
    with writing():
        cast.confirmed.load().state = MeetingState.CANCELLED
    assert "No other unit has a meeting to come" in client.get(address(cast, "swap")).text
    client.post(address(cast, "swap"), 422, {"other": cast.third_unit.ref})
