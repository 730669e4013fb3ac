"""What goes wrong when people sign in: forwarded mail, scanners, guesses, strangers, clock changes, crashes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.errors import TooMany
from kierto.messages.actions import claim, fan_out
from kierto.messages.models import MessageState
from kierto.messages.rendering import rendered
from kierto.people.actions import add_person
from kierto.sign_in.actions import Device, ask, use_code, use_sign_in_link
from kierto.sign_in.limits import network_of
from kierto.sign_in.models import Attempt, SignInRequest
from kierto.sign_in.rules import CODES_FOR_ADDRESS, CODES_OF_CLIENT, REQUESTS_OF_CLIENT, REQUESTS_TO_ADDRESS
from kierto.sign_in.tokens import code, link_token
from kierto.worker.clocks import run_out
from tests.cast import NOW, Cast
from tests.scenes_sign_in import (
    HERE,
    LEASE,
    asked,
    code_in,
    delivered,
    delivered_to,
    key,
    link_in,
    messages,
    quiet,
    requests,
    who,
    wrong_for,
)
from tests.together import at_once


@pytest.fixture(autouse=True)
def calm(cast: Cast) -> None:
    quiet()


def test_a_forwarded_message_lets_in_whoever_is_first_and_tells_the_other_what_to_do(cast: Cast) -> None:
    asked(cast.client(), cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    friend, own = cast.client(), cast.client()
    friend.get(link_in(mail)).form(action=link_in(mail)).submit(303)
    page = own.get(link_in(mail), expect=410)
    assert "somebody else used it" in page.text
    assert page.links["Ask for a new message"] == "/sign-in"
    asked(own, cast.email("expert"))
    newest = delivered_to(cast.app, cast.email("expert"))[0]
    own.get(link_in(newest)).form(action=link_in(newest)).submit(303)
    own.get("/me/sessions").form(action="/me/sessions/end-others").submit(303)
    friend.get("/me", expect=403)


def test_a_scanner_that_opens_every_link_uses_nothing_up(cast: Cast) -> None:
    asked(cast.client(), cast.email("expert"))
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    scanner = cast.client()
    for _ in range(20):
        scanner.get(link_in(mail))
        assert scanner.browser.head(link_in(mail)).status_code == 200
    assert who(scanner) == ""
    own = cast.client()
    own.get(link_in(mail)).form(action=link_in(mail)).submit(303)
    assert who(own) == "Matti Virtanen"


def test_fifty_wrong_codes(cast: Cast) -> None:
    """Five end the code; then the page says so; then who guesses must wait. The link in the person's mail works on."""
    client = cast.client()
    page = asked(client, cast.email("expert"))
    wrong = wrong_for(cast, requests()[0])
    (mail,) = delivered_to(cast.app, cast.email("expert"))
    said = []
    for tries in range(50):
        status = 422 if tries < CODES_OF_CLIENT.most else 429
        answer = client.post("/sign-in/code", expect=status, data={"code": wrong})
        said.append(answer.errors[0] if status == 422 else answer.heading)
    assert [one.split("left: ")[-1] for one in said[:4]] == ["4.", "3.", "2.", "1."]
    assert "Open the link in the message" in said[4]
    assert said[49] == "That was too many tries"
    assert page.status == 200
    assert requests()[0].wrong_codes == 5
    client.post("/sign-in/code", expect=429, data={"code": code_in(mail)})
    own = cast.client()
    own.get(link_in(mail)).form(action=link_in(mail)).submit(303)
    assert who(own) == "Matti Virtanen"


def test_guessing_from_many_places_day_long_ends_codes_and_not_links(cast: Cast) -> None:
    """Twenty wrong codes for an address in a day: then only links let in, until the next day."""
    moment, tries = NOW, 0
    while tries < CODES_FOR_ADDRESS.most:
        with clock.at(moment), writing():
            request = ask(cast.email("expert"), "fi", Device(f"192.0.2.{tries}", ""), key(cast))
            for _ in range(5):
                use_code([request.id], wrong_for(cast, request), Device(f"192.0.2.{tries}", ""), key(cast))
                tries += 1
        moment += timedelta(minutes=5)
    with clock.at(moment + timedelta(minutes=20)), writing():
        request = ask(cast.email("expert"), "fi", HERE, key(cast))
        assert use_code([request.id], code(request, key(cast)), HERE, key(cast)).token is None
        assert use_sign_in_link(request, "tests") is not None
    with clock.at(moment + timedelta(days=1, minutes=1)), writing():
        request = ask(cast.email("expert"), "fi", HERE, key(cast))
        assert use_code([request.id], code(request, key(cast)), HERE, key(cast)).token is not None


@pytest.mark.parametrize("address", ["expert@kierto.test", "nobody@example.fi"])
def test_too_many_requests_to_one_address_are_refused_alike(cast: Cast, address: str) -> None:
    for _ in range(REQUESTS_TO_ADDRESS.most):
        asked(cast.client(), address)
    client = cast.client()
    page = client.get("/sign-in").form(action="/sign-in").submit(429, address=address)
    assert "Wait a quarter of an hour" in page.text
    assert page.headers["Retry-After"] == "900"
    assert len(requests()) == REQUESTS_TO_ADDRESS.most
    with clock.at(NOW + timedelta(minutes=16)):
        asked(client, address)


def test_who_is_kept_from_asking_has_a_link_that_works(cast: Cast) -> None:
    """Strangers cannot lock anybody out: as long as they keep the person from asking, a working link is in the mail."""
    for _ in range(REQUESTS_TO_ADDRESS.most):
        asked(cast.client(), cast.email("expert"))
    mails = delivered_to(cast.app, cast.email("expert"))
    with clock.at(NOW + timedelta(minutes=14)):
        own = cast.client()
        own.get("/sign-in").form(action="/sign-in").submit(429, address=cast.email("expert"))
        own.get(link_in(mails[0])).form(action=link_in(mails[0])).submit(303)
        assert who(own) == "Matti Virtanen"


def test_one_caller_may_not_ask_for_ever(cast: Cast) -> None:
    with writing():
        for number in range(REQUESTS_OF_CLIENT.most):
            ask(f"n{number}@example.fi", "fi", HERE, key(cast))
    with pytest.raises(TooMany), writing():
        ask(cast.email("expert"), "fi", HERE, key(cast))
    with writing():
        ask(cast.email("expert"), "fi", Device("192.0.2.2", ""), key(cast))


def test_callers_are_told_apart_by_their_network() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("") == ""


def test_what_is_counted_tells_no_address_and_the_worker_forgets_it_after_a_day(cast: Cast) -> None:
    asked(cast.client(), cast.email("expert"))
    with reading():
        stored = session.scalars(select(Attempt.subject_hash)).all()
    assert len(stored) == 2
    assert all(len(one) == 64 and "@" not in one for one in stored)
    for days, tries, kept in ((0.9, 2, 1), (1.1, 0, 1), (7.1, 0, 0)):
        with clock.at(NOW + timedelta(days=days)):
            run_out()
        with reading():
            assert session.scalar(select(func.count()).select_from(Attempt)) == tries
            assert session.scalar(select(func.count()).select_from(SignInRequest)) == kept


@pytest.mark.parametrize(
    "began",
    [
        clock.instant(date(2027, 3, 28), time(2, 45)),  # 3.00 becomes 4.00
        clock.instant(date(2027, 10, 31), time(3, 45)),  # 4.00 becomes 3.00
        datetime(2027, 10, 31, 1, 45, tzinfo=UTC),  # the second time it is 3.45
    ],
)
def test_half_an_hour_is_half_an_hour_while_the_clocks_change(cast: Cast, began: datetime) -> None:
    with clock.at(began), writing():
        early, late = (ask(cast.email(name), "fi", HERE, key(cast)) for name in ("expert", "host"))
    with clock.at(began + timedelta(minutes=29)), writing():
        assert use_sign_in_link(session.get_one(SignInRequest, early.id), "tests") is not None
    with clock.at(began + timedelta(minutes=31)), writing():
        assert use_sign_in_link(session.get_one(SignInRequest, late.id), "tests") is None


@pytest.mark.parametrize("ways", [("link", "link"), ("code", "code"), ("link", "code")])
def test_two_presses_at_one_moment_make_one_session(cast: Cast, ways: tuple[str, str]) -> None:
    with writing():
        request = ask(cast.email("expert"), "fi", HERE, key(cast))
    presses: dict[str, Callable[[], str | None]] = {
        "link": lambda: use_sign_in_link(session.get_one(SignInRequest, request.id), "tests"),
        "code": lambda: use_code([request.id], code(request, key(cast)), HERE, key(cast)).token,
    }
    done = at_once(cast.app, [presses[way] for way in ways])
    assert sorted(one is None for one in done) == [False, True]


def test_five_wrong_codes_at_one_moment_are_five(cast: Cast) -> None:
    with writing():
        request = ask(cast.email("expert"), "fi", HERE, key(cast))
    wrong = wrong_for(cast, request)
    done = at_once(cast.app, [lambda: use_code([request.id], wrong, HERE, key(cast)).left] * 6)
    assert sorted(one for one in done if isinstance(one, int)) == [0, 0, 1, 2, 3, 4]
    assert requests()[0].wrong_codes == 5


def test_a_worker_killed_between_claim_and_send_sends_the_same_again(cast: Cast) -> None:
    with writing():
        ask(cast.email("expert"), "fi", HERE, key(cast))
        fan_out(100)
    with writing():
        claimed = claim(LEASE)
        assert claimed is not None
    with reading():
        first = rendered(claimed.message_id, cast.app.config["KIERTO"])
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        (mail,) = delivered_to(cast.app, cast.email("expert"))
    assert first is not None
    assert code_in(mail) in str(first)
    assert link_in(mail) in str(first)


def test_a_message_that_could_not_leave_in_time_is_not_sent(cast: Cast) -> None:
    asked(cast.client(), cast.email("expert"))
    with clock.at(NOW + timedelta(minutes=31)):
        assert delivered(cast.app) == []
    assert messages()[0].state is MessageState.OUTDATED


def test_an_id_that_a_database_gives_again_is_another_request(cast: Cast) -> None:
    with writing():
        first = ask(cast.email("expert"), "fi", HERE, key(cast))
        old_token, old_code = link_token(first, key(cast)), code(first, key(cast))
        session.delete(first)
    with clock.at(NOW + timedelta(days=8)), writing():
        again = ask(cast.email("host"), "fi", HERE, key(cast))
        again.id = first.id
    cast.client().post(f"/sign-in/{old_token}", expect=410)
    assert code(again, key(cast)) != old_code


def test_a_plus_address_and_one_in_other_letters_are_mailed_to(cast: Cast) -> None:
    with writing():
        add_person("Plus", email="matti+kierto@example.fi")
        add_person("Ääkköset", email="maija@päiväkoti.fi")
    asked(cast.client(), "Matti+Kierto@example.fi")
    asked(cast.client(), "maija@XN--PIVKOTI-5WAC.fi")
    asked(cast.client(), "matti@example.fi")
    assert {mail.to for mail in delivered(cast.app)} == {"matti+kierto@example.fi", "maija@xn--pivkoti-5wac.fi"}
