"""What a paper pass shows, and the answers given with it."""

from flask import Flask
from sqlalchemy import select

from kierto import clock
from kierto.actor import Role
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.people.actions import give_role
from kierto.seats.actions import withdraw
from kierto.seats.rules import Answered, SeatState
from kierto.sign_in.rules import PASS_RIGHT_LASTS
from tests.cast import Cast
from tests.client import Client, Page, PageForm
from tests.scenes import experts_take, seat_in, seat_taken
from tests.scenes_passes import assert_names_nobody, opened, paper_of, pass_made


def test_it_shows_only_the_persons_own_meetings_without_names_and_themes(cast: Cast) -> None:
    token = pass_made(cast)
    shown = opened(cast, token).get(f"/pass/{token}/meetings")
    whens = [one.text for one in shown.document.select("h3")]
    assert whens == ["Tue 2 Feb at 13:00–15:00", "Tue 26 Jan at 13:00–15:00"], "what waits for an answer comes first"
    assert_names_nobody(cast, shown.whole_text)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"


def test_a_role_of_the_person_gives_the_pass_nothing(cast: Cast) -> None:
    with writing():
        give_role(cast.actor("coordinator"), cast.people["expert"].load(), cast.organisation.id, Role.COORDINATOR)
    token = pass_made(cast)
    shown = opened(cast, token).get(f"/pass/{token}/meetings")
    assert {link for link in shown.all_links if "/rounds" in link or "/units" in link} == set()


def offered(cast: Cast) -> tuple[Client, str]:
    """The pass of `other_expert`, who waited and is now offered the seat that `expert` gave up."""
    experts_take(cast, cast.confirmed, 2)
    seat_taken(cast, "other_expert", cast.confirmed)
    token = pass_made(cast, "other_expert")
    client = opened(cast, token)
    assert "You are number 1 on the waiting list." in client.get(f"/pass/{token}/meetings").text
    with writing():
        withdraw(cast.actor("expert"), cast.seat.load())
    return client, f"/pass/{token}/meetings"


def answer_form(page: Page) -> PageForm:
    """The form of the confirmed meeting."""
    return next(form for form in page.forms if any("26 Jan" in words for words in form.buttons))


def state_of(cast: Cast, name: str) -> SeatState | None:
    with reading():
        seat = seat_in(cast, name, cast.confirmed)
        return seat.state if seat else None


def test_an_offer_is_answered_with_yes(cast: Cast) -> None:
    client, address = offered(cast)
    page = client.get(address)
    assert "Answer by: Thu 14 Jan at 10:00" in page.text
    form = page.form(button="I come Tue 26 Jan at 13:00–15:00, Tikkurilan kuntoutusosasto")
    assert form.submit(303, answer="yes").follow().message == "You have a seat. Welcome!"
    assert form.submit(303, answer="yes").follow().message == "You have a seat. Welcome!"
    assert state_of(cast, "other_expert") is SeatState.ACCEPTED
    with reading():
        by = session.scalars(select(Event.actor_id).where(Event.kind == "seat.taken").order_by(Event.id.desc())).first()
        seat = seat_in(cast, "other_expert", cast.confirmed)
        assert seat is not None
        assert seat.answered is Answered.PAPER_PASS
    assert by == cast.id("other_expert")


def test_an_offer_is_answered_with_no_and_taken_back_in_an_older_tab(cast: Cast) -> None:
    client, address = offered(cast)
    form = answer_form(client.get(address))
    gone = "You do not have a seat in this meeting any more. Thank you for telling us."
    assert form.submit(303, answer="no").follow().message == gone
    assert form.submit(303, answer="no").follow().message == gone
    assert state_of(cast, "other_expert") is SeatState.DECLINED
    assert form.submit(303, answer="yes").follow().message == "You have a seat. Welcome!"


def test_an_answer_that_is_none_asks_again(cast: Cast) -> None:
    client, address = offered(cast)
    form = answer_form(client.get(address))
    after = client.post(form.action, 303, {"answer": "perhaps"}).follow()
    assert after.message == "We did not get your answer. Press one of the buttons below."
    assert state_of(cast, "other_expert") is SeatState.OFFERED


def test_a_call_is_asked_for(cast: Cast) -> None:
    client, address = offered(cast)
    after = answer_form(client.get(address)).submit(303, answer="call").follow()
    assert after.message == "Thank you. We call you."
    assert state_of(cast, "other_expert") is SeatState.OFFERED
    assert "You asked us to call." in after.text


def test_a_seat_is_given_up_with_one_press(cast: Cast) -> None:
    token = pass_made(cast)
    form = answer_form(opened(cast, token).get(f"/pass/{token}/meetings"))
    after = form.submit(303, answer="no").follow()
    assert after.message == "You do not have a seat in this meeting any more. Thank you for telling us."
    assert form.submit(303, answer="no").follow().message == after.message
    assert state_of(cast, "expert") is SeatState.WITHDRAWN


def test_others_seats_are_not_there(cast: Cast) -> None:
    token = pass_made(cast)
    client = opened(cast, token)
    client.post(f"/pass/{token}/seats/{cast.host_seat.ref}/answer", 404, {"answer": "no"})


def test_a_press_after_the_right_has_run_out_does_nothing(cast: Cast) -> None:
    token = pass_made(cast)
    form = answer_form(opened(cast, token).get(f"/pass/{token}/meetings"))
    with clock.at(clock.now() + PASS_RIGHT_LASTS):
        assert form.submit(302, answer="no").location == f"/pass/{token}"
    assert state_of(cast, "expert") is SeatState.ACCEPTED


def test_a_cookie_that_names_another_pass_opens_nothing(app: Flask, cast: Cast) -> None:
    """Whoever could write a cookie could write a session: here only that odd contents are no right."""
    token = pass_made(cast)
    for kept in (None, [], [1], ["1", "2"], {"a": 1}, [paper_of(cast).id, "9"], [paper_of(cast).id + 1, 9**12]):
        client = cast.client()
        with app.app_context(), client.browser.session_transaction() as own:
            own["pass"] = kept
        client.get(f"/pass/{token}/meetings", 302)


def test_queries_do_not_grow_with_meetings(cast: Cast) -> None:
    token = pass_made(cast)
    client = opened(cast, token)
    client.get(f"/pass/{token}/meetings")
    few = client.queries
    seat_taken(cast, "expert", cast.proposed)
    client.get(f"/pass/{token}/meetings")
    assert client.queries == few
