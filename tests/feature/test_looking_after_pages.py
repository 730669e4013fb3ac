"""The pages of looking after a meeting: editing, deciding, whether it was held, companions, facilitators, visiting."""

from datetime import time, timedelta

import pytest

from kierto import clock
from kierto.database import writing
from kierto.meetings.models import Meeting, MeetingState
from kierto.meetings.rules import asked_from
from kierto.practices.rules import PracticeState
from kierto.seats.actions import withdraw
from kierto.seats.facilitating import facilitators
from kierto.seats.rules import SeatRole, SeatState
from kierto.worker.clocks import run_out
from tests.cast import CONFIRMED_ON, HELD_ON, PROPOSED_ON, Cast, Thing
from tests.scenes import seat_in, seat_taken, tasks_on

LINK, NUMBER = "https://etäkokous.example/kallio", "09 310 1234, 55#"
CONFIRMED_AT = clock.instant(CONFIRMED_ON, time(13))


def with_remote(cast: Cast) -> None:
    with writing():
        meeting = cast.confirmed.load()
        meeting.remote_link, meeting.dial_in = LINK, NUMBER


# ---- editing ----


def test_a_host_edits_the_meetings_page(cast: Cast) -> None:
    page = cast.client("other_host").get(f"/meetings/{cast.proposed.ref}").click("Edit the meeting’s page")
    form = page.form(button="Save")
    assert "public" not in form.fields, "that is the coordinator's to say"
    done = form.submit(room="Kahvihuone", description="Juomme kahvia.").follow()
    assert "Saved" in done.message
    assert "Kahvihuone" in done.text
    assert "Juomme kahvia." in done.text
    with writing():
        assert cast.proposed.load().public is True


def test_a_coordinator_says_whether_it_is_public(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/meetings/{cast.confirmed.ref}/edit")
    page.form(button="Save").submit(public=[])
    with writing():
        assert cast.confirmed.load().public is False
    cast.client().get(f"/meetings/{cast.confirmed.ref}", expect=404)


def test_a_mistyped_link_is_said_beside_its_field_and_what_was_typed_is_kept(cast: Cast) -> None:
    """Rule remote-link-late."""
    page = cast.client("coordinator").get(f"/meetings/{cast.confirmed.ref}/edit")
    again = page.form(button="Save").submit(expect=422, remote_link="javascript:alert(1)", room="Sali")
    assert "https://" in again.field_errors["remote_link"]
    assert again.form(button="Save").values["room"] == ["Sali"]


def test_what_has_begun_is_not_edited(cast: Cast) -> None:
    page = cast.client("host").get(f"/meetings/{cast.held.ref}/edit")
    assert "can no longer be changed" in page.text
    cast.client("host").post(f"/meetings/{cast.held.ref}/edit", expect=422, data={"room": "Sali"})


# ---- remote-link-late ----


@pytest.mark.parametrize("who", ["coordinator", "worker", "other_expert", "visitor", "staff"])
def test_who_does_not_come_never_reads_the_link(cast: Cast, who: str) -> None:
    """Rule remote-link-late: shown on the page to accepted people only; `worker` is one of them."""
    with_remote(cast)
    with clock.at(CONFIRMED_AT - timedelta(hours=1)):
        page = cast.client(who).get(f"/meetings/{cast.confirmed.ref}")
    assert (LINK in page.html) is (who == "worker")


@pytest.mark.parametrize(
    ("before", "shown", "told"),
    [
        (timedelta(hours=24, seconds=1), False, True),
        (timedelta(hours=24), True, False),
        (timedelta(0), True, False),
        (timedelta(hours=-1), True, False),
        (timedelta(hours=-2), False, False),
    ],
)
def test_who_comes_reads_the_link_from_24_hours_before(cast: Cast, before: timedelta, shown: bool, told: bool) -> None:
    with_remote(cast)
    with clock.at(CONFIRMED_AT - before):
        page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}")
    assert (LINK in page.html and NUMBER in page.html) is shown
    assert ("The link appears here then" in page.text) is told


@pytest.mark.parametrize("state", [SeatState.INVITED, SeatState.OFFERED, SeatState.RECONFIRM, SeatState.WITHDRAWN])
def test_only_accepted_people_read_it(cast: Cast, state: SeatState) -> None:
    with_remote(cast)
    with writing():
        seat = cast.seat.load()
        seat.state, seat.offered_until = state, None
    with clock.at(CONFIRMED_AT - timedelta(hours=1)):
        assert LINK not in cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").html


def test_the_link_is_in_no_feed(cast: Cast) -> None:
    """Rules remote-link-late and calendar-no-people."""
    with_remote(cast)
    with clock.at(CONFIRMED_AT - timedelta(hours=1)):
        feed = cast.client("expert").get("/calendar.ics").body.decode()
        one = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").html
    unfolded = feed.replace("\r\n ", "")
    assert "example" in one
    assert "etäkokous" not in unfolded
    assert NUMBER not in unfolded


# ---- deciding ----


def test_a_meeting_that_lacks_people_is_on_the_desk_and_is_decided(cast: Cast) -> None:
    """Rule meeting-mix."""
    with clock.at(clock.instant(PROPOSED_ON, time(8))):
        client = cast.client("coordinator")
        desk = client.get("/desk")
        address = f"/meetings/{cast.proposed.ref}/decide"
        assert "Decide: is the meeting held?" in tasks_on(desk)[address]
        assert "1 expert" in tasks_on(desk)[address]
        page = client.get(address)
        assert "Decide now" in page.text
        assert "Without an expert nothing can be agreed" in page.text
        assert page.form(button="Hold the meeting").submit(expect=422, reason=" ").field_errors
        done = page.form(button="Hold the meeting").submit(reason="Asiantuntija tulee etänä").follow()
        assert "The meeting is held" in done.message
        assert address not in tasks_on(client.get("/desk"))
        again = client.get(address)
        assert "Asiantuntija tulee etänä" in again.text
    with writing():
        assert cast.proposed.load().state is MeetingState.CONFIRMED


@pytest.mark.parametrize(("days", "there"), [(15, False), (13, True)])
def test_people_are_lacking_from_two_weeks_before(cast: Cast, days: int, there: bool) -> None:
    with clock.at(clock.instant(PROPOSED_ON - timedelta(days=days), time(14))):
        found = tasks_on(cast.client("coordinator").get("/desk"))
        assert (f"/meetings/{cast.proposed.ref}/decide" in found) is there
        assert f"/meetings/{cast.proposed.ref}/decide" not in tasks_on(cast.client("neighbour").get("/desk"))


def test_seats_are_released_on_the_page(cast: Cast) -> None:
    """Rule seat-mix-kept."""
    page = cast.client("coordinator").get(f"/meetings/{cast.proposed.ref}/decide")
    done = page.form(button="Release the seats").submit().follow()
    assert "released" in done.message
    assert "Release the seats" not in done.text
    with clock.at(CONFIRMED_AT):
        cast.client("coordinator").post(f"/meetings/{cast.confirmed.ref}/release")
    with writing():
        assert not cast.confirmed.load().mix_released


def test_nothing_is_decided_of_a_meeting_that_has_its_people(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/meetings/{cast.confirmed.ref}/decide")
    assert "Everyone the meeting needs comes" in page.text
    assert "nothing to decide" in cast.client("coordinator").get(f"/meetings/{cast.held.ref}/decide").text


def test_cancelling_is_reached_from_there(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/meetings/{cast.proposed.ref}/decide")
    assert page.click("Cancel the meeting").heading == "Cancel the meeting"


# ---- did it happen? ----


def test_the_unit_answers_that_it_was_held(cast: Cast) -> None:
    client = cast.client("host")
    page = client.get(f"/meetings/{cast.held.ref}").click("Was the meeting held?")
    assert page.form(button="Answer").submit(expect=422).field_errors["happened"] == "Choose yes or no."
    assert "was held" in page.form(button="Answer").submit(happened="yes").follow().message
    assert "Was the meeting held?" not in client.get(f"/meetings/{cast.held.ref}").text


def test_no_is_refused_where_a_practice_was_agreed(cast: Cast) -> None:
    """Rule meeting-happened: the page says which practice it is."""
    page = cast.client("host").get(f"/meetings/{cast.held.ref}/happened")
    refused = page.form(button="Answer").submit(expect=422, happened="no")
    assert "Vastaanotolle saa tulla saattajan kanssa" in refused.field_errors["happened"]


def test_no_cancels_it(cast: Cast) -> None:
    with writing():
        cast.practice.load().state = PracticeState.DRAFT
    client = cast.client("host")
    done = client.get(f"/meetings/{cast.held.ref}/happened").form(button="Answer").submit(happened="no").follow()
    assert "not held" in done.message
    assert "It was said that the meeting was not held" in client.get(f"/meetings/{cast.held.ref}/happened").text
    client.post(f"/meetings/{cast.held.ref}/happened", expect=422, data={"happened": "yes"})


def test_a_meeting_to_come_is_not_asked_about(cast: Cast) -> None:
    page = cast.client("other_host").get(f"/meetings/{cast.proposed.ref}/happened")
    assert "nothing to answer now" in page.text


def test_what_the_unit_does_not_answer_waits_on_the_desk(cast: Cast) -> None:
    ends = clock.instant(HELD_ON, time(15))
    with clock.at(asked_from(ends)):
        run_out()
    client, address = cast.client("coordinator"), f"/meetings/{cast.held.ref}/happened"
    assert "Was the meeting held?" in tasks_on(client.get("/desk"))[address]
    assert address not in tasks_on(cast.client("neighbour").get("/desk"))
    with clock.at(ends + timedelta(days=15)):
        assert address not in tasks_on(client.get("/desk")), "unanswered it stays held"


# ---- free seats ----


def test_near_meetings_with_free_seats_are_on_the_desk(cast: Cast) -> None:
    address = f"/meetings/{cast.confirmed.ref}/answers"
    assert address not in tasks_on(cast.client("coordinator").get("/desk"))
    with clock.at(CONFIRMED_AT - timedelta(days=6)):
        assert "2 seats are free" in tasks_on(cast.client("coordinator").get("/desk"))[address]
        seat_taken(cast, "other_expert", cast.confirmed)
        seat_taken(cast, "third_expert", cast.confirmed)
        assert address not in tasks_on(cast.client("coordinator").get("/desk"))


# ---- companions ----


def test_one_says_how_many_come_along(cast: Cast) -> None:
    page = cast.client("expert").get(f"/meetings/{cast.confirmed.ref}").click("Who comes along?")
    done = page.form(button="Save").submit(companions="2").follow()
    assert "2 people come along with you." in done.text


def test_a_coordinator_says_it_for_somebody(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/seats/{cast.seat.ref}/companions")
    assert "Matti Virtanen" in page.text
    done = page.form(button="Save").submit(companions="1").follow()
    assert done.heading == "Answers"
    assert "1 person comes along." in done.text


def test_nobody_comes_along_with_whoever_does_not_come(cast: Cast) -> None:
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    page = cast.client("expert").get(f"/seats/{cast.seat.ref}/companions")
    assert "nothing to say now" in page.text
    cast.client("expert").post(f"/seats/{cast.seat.ref}/companions", expect=422, data={"companions": "1"})


@pytest.mark.parametrize("count", ["10", "-1", "yksi"])
def test_a_number_that_there_is_not_is_refused(cast: Cast, count: str) -> None:
    cast.client("expert").post(f"/seats/{cast.seat.ref}/companions", expect=422, data={"companions": count})


# ---- facilitators ----


def named(cast: Cast, meeting: Thing[Meeting]) -> list[int]:
    with writing():
        return [seat.person_id for seat in facilitators(meeting.load())]


def test_a_host_names_who_leads_it_and_takes_that_back(cast: Cast) -> None:
    client = cast.client("other_host")
    page = client.get(f"/meetings/{cast.proposed.ref}").click("Who leads the meeting?")
    assert "Nobody has been named yet." in page.text
    found = client.get(f"/meetings/{cast.proposed.ref}/facilitators?name=pekka")
    done = found.form(button="Leads the meeting Pekka Järvinen").submit().follow()
    assert "Pekka Järvinen leads the meeting" in done.message
    assert named(cast, cast.proposed) == [cast.id("decision_maker")]
    gone = done.form(button="Does not lead it Pekka Järvinen").submit().follow()
    assert "does not lead" in gone.message
    assert named(cast, cast.proposed) == []


def test_a_search_that_finds_nobody_says_so(cast: Cast) -> None:
    """Rule theme-consent: a host contact finds no expert by name."""
    for words in ("nobody", "omar"):
        page = cast.client("other_host").get(f"/meetings/{cast.proposed.ref}/facilitators?name={words}")
        assert "Nobody was found" in page.text
    found = cast.client("coordinator").get(f"/meetings/{cast.proposed.ref}/facilitators?name=omar")
    assert "Omar Hassan" in found.text


def test_a_refusal_is_told_on_the_page(cast: Cast) -> None:
    ref = cast.people["expert"].ref
    done = cast.client("coordinator").post(f"/meetings/{cast.confirmed.ref}/facilitators/{ref}").follow()
    assert "comes to the meeting already" in done.message
    cast.client("coordinator").post(f"/meetings/{cast.confirmed.ref}/facilitators/{ref}/remove", expect=404)
    outsider = cast.people["outsider"].ref
    cast.client("coordinator").post(f"/meetings/{cast.confirmed.ref}/facilitators/{outsider}", expect=404)


# ---- visiting ----


def test_a_worker_of_the_next_unit_comes_to_visit(cast: Cast) -> None:
    page = cast.client("other_host").get(f"/meetings/{cast.confirmed.ref}")
    assert "Coming to visit" in page.text
    assert "You have a seat" in page.form(button="I come to visit").submit().follow().message
    with writing():
        seat = seat_in(cast, "other_host", cast.confirmed)
        assert seat is not None
        assert (seat.role, seat.state) == (SeatRole.VISITING_STAFF, SeatState.ACCEPTED)


@pytest.mark.parametrize("who", ["host", "worker", "expert", "visitor"])
def test_nobody_else_is_asked_to_visit(cast: Cast, who: str) -> None:
    assert "Coming to visit" not in cast.client(who).get(f"/meetings/{cast.confirmed.ref}").text
