"""Paper passes: made, printed, opened with digits, ended; and what they show."""

import base64
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.sign_in import passes
from kierto.sign_in.rules import PASS_LASTS, PASS_RIGHT_LASTS, WRONG_DIGITS
from tests.cast import NAMES, Cast
from tests.client import Page
from tests.conftest import REQUIRED
from tests.refusals import refused
from tests.scenes_passes import (
    DIGITS,
    NO_ZBAR,
    assert_names_nobody,
    opened,
    paper_of,
    pass_made,
    ref_of_expert,
    secret_key,
)
from tests.together import at_once


def address_on(page: Page) -> str:
    """The pass's address as the paper says it, without the host."""
    found = re.search(r"http://localhost(/pass/\w+)", page.text)
    assert found is not None
    return found[1]


# Making one


def test_a_pass_is_made_printed_and_opened(cast: Cast) -> None:
    page = cast.client("expert").get("/me/pass").form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS)
    paper = page.follow()
    assert paper.path == "/me/pass/paper"
    stranger = cast.client()
    shown = stranger.get(address_on(paper)).form().submit(303, digits="25 80").follow()
    assert shown.path.endswith("/meetings")
    assert "ti 26.1. klo 13–15" in shown.text  # in the person's own language, whatever the browser's is
    assert "Tikkurilan kuntoutusosasto" in shown.text
    assert "Sinulla on paikka." in shown.text


def test_the_paper_can_be_printed_again_for_a_while_on_that_device_alone(cast: Cast) -> None:
    client = cast.client("expert")
    paper = client.get("/me/pass").form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS).follow()
    assert address_on(client.get("/me/pass/paper")) == address_on(paper)
    assert client.get("/me/pass/paper").headers["Cache-Control"] == "private, no-store"
    assert cast.client("expert").get("/me/pass/paper", 303).location == "/me/pass"
    with clock.at(clock.now() + timedelta(minutes=16)):
        late = client.get("/me/pass/paper", 303).follow()
    assert late.message == "The paper can be printed for 15 minutes after it was made. Make a new one."


def test_the_paper_tells_no_name_and_no_theme(cast: Cast) -> None:
    client = cast.client("expert")
    page = client.get("/me/pass").form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS).follow()
    paper = page.document.select_one(".k-paper")
    assert paper is not None
    assert "09 310 10000" in paper.text
    assert paper.attrs["lang"] == "fi"
    assert DIGITS not in paper.text
    assert_names_nobody(cast, paper.text)


def test_the_code_leads_to_the_address(cast: Cast, tmp_path: Path) -> None:
    """What a camera reads is what the paper says in letters."""
    reader = shutil.which("zbarimg")
    if reader is None:
        (pytest.fail if REQUIRED else pytest.skip)(NO_ZBAR)
    client = cast.client("expert")
    page = client.get("/me/pass").form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS).follow()
    picture = page.document.select_one(".k-paper img")
    assert picture is not None
    image = tmp_path / "code.png"
    image.write_bytes(base64.b64decode(str(picture.attrs["src"]).removeprefix("data:image/png;base64,")))
    read = subprocess.run([reader, "--quiet", "--raw", str(image)], capture_output=True, text=True, check=True)
    assert read.stdout.strip() == f"http://localhost{address_on(page)}"


@pytest.mark.parametrize(
    ("digits", "again", "field", "words"),
    [
        ("", "", "digits", "Choose four digits."),
        ("123", "123", "digits", "Give four digits, such as 2580."),
        ("25800", "25800", "digits", "Give four digits, such as 2580."),
        ("\uff12580", "\uff12580", "digits", "Give four digits, such as 2580."),
        ("2580", "2581", "again", "These are other digits than above. Give the same ones."),
        ("0000", "0000", "digits", "These digits are too easy to guess."),
        ("1234", "1234", "digits", "These digits are too easy to guess."),
        ("7890", "7890", "digits", "These digits are too easy to guess."),
        ("3210", "3210", "digits", "These digits are too easy to guess."),
    ],
)
def test_digits_are_four_and_not_the_first_to_be_guessed(
    cast: Cast, digits: str, again: str, field: str, words: str
) -> None:
    page = cast.client("expert").get("/me/pass").form(button="Make the paper").submit(422, digits=digits, again=again)
    assert page.field_errors[field].startswith(words)
    with reading():
        assert passes.pass_of(cast.id("expert")) is None


def test_guessable_digits_are_refused_below_the_form_too(cast: Cast) -> None:
    with refused("pass-digits", "digits"):
        passes.make_pass(cast.actor("expert"), cast.people["expert"].load(), "1111", secret_key(cast))


def test_neither_token_nor_digits_are_stored_or_recorded(cast: Cast) -> None:
    token = pass_made(cast)
    paper = paper_of(cast)
    assert token not in (paper.token_hash, paper.digits_hash)
    with reading():
        events = session.scalars(select(Event).where(Event.subject == "paper_passes")).all()
        assert [(event.kind, event.data) for event in events] == [("pass.made", {})]


# Opening it


def test_wrong_digits_say_what_to_do_and_forget_themselves(cast: Cast) -> None:
    token = pass_made(cast)
    page = cast.client().get(f"/pass/{token}").form().submit(422, digits="9999")
    assert page.field_errors["digits"] == "These digits do not open the pass. Check them and try again."
    assert "9999" not in page.html
    assert "09 310 10000" in page.text
    page.form().submit(303, digits=DIGITS)
    assert paper_of(cast).wrong_digits == 0


def test_five_wrong_tries_lock_it_until_there_are_new_digits(cast: Cast) -> None:
    token = pass_made(cast)
    reader = opened(cast, token)
    guesser = cast.client()
    for number in range(WRONG_DIGITS):
        guesser.get(f"/pass/{token}").form().submit(422, digits=f"700{number}")
    right = guesser.get(f"/pass/{token}").form().submit(422, digits=DIGITS)
    assert right.field_errors["digits"] == "These digits do not open the pass. Check them and try again."
    reader.get(f"/pass/{token}/meetings", 302)  # who was reading is locked out as well
    page = cast.client("coordinator").get(f"/experts/{ref_of_expert(cast)}/pass")
    assert "The pass is locked: wrong digits were given five times." in page.text
    done = page.click("Choose new digits").form().submit(303, digits="7193", again="7193").follow()
    assert done.message == "The paper opens with the new digits now."
    guesser.get(f"/pass/{token}").form().submit(422, digits=DIGITS)
    opened(cast, token, "7193").get(f"/pass/{token}/meetings")
    with reading():
        kinds = session.scalars(select(Event.kind).where(Event.subject == "paper_passes").order_by(Event.id)).all()
    assert kinds == ["pass.made", "pass.locked", "pass.digits_changed"]


def test_many_guesses_at_one_moment_are_all_counted(cast: Cast) -> None:
    """Two tries that see the same count would be one too many: the row itself counts."""
    token, key = pass_made(cast), secret_key(cast)
    guesses = [lambda digits=f"70{number:02}": passes.open_pass(token, digits, "127.0.0.1", key) for number in range(8)]
    assert at_once(cast.app, guesses) == [None] * 8
    assert paper_of(cast).wrong_digits == WRONG_DIGITS
    with writing():
        assert passes.open_pass(token, DIGITS, "127.0.0.1", key) is None


def test_two_papers_made_at_one_moment_are_one_pass(cast: Cast) -> None:
    person, actor, key = cast.people["expert"], cast.actor("expert"), secret_key(cast)
    made = at_once(cast.app, [lambda: passes.make_pass(actor, person.load(), DIGITS, key).token] * 3)
    assert len(set(made)) == 3
    with reading():
        assert [passes.printed(person.id, str(token)) is not None for token in made].count(True) == 1


def test_a_pass_that_there_is_not_is_answered_like_wrong_digits(cast: Cast) -> None:
    ended = pass_made(cast)
    live = pass_made(cast)
    said = set()
    for token in (ended, live, "0123456789abcdefghjk", "x"):
        client = cast.client()
        page = client.get(f"/pass/{token}")
        answer = page.form().submit(422, digits="9999")
        said.add((page.text, answer.text))
    assert len(said) == 1


def test_one_caller_cannot_try_many_passes(cast: Cast) -> None:
    token = pass_made(cast)
    client = cast.client()
    for number in range(30):
        client.post(f"/pass/{number:020}", 422, {"digits": "7193"})
    client.post(f"/pass/{token}", 429, {"digits": DIGITS})
    assert paper_of(cast).wrong_digits == 0
    with clock.at(clock.now() + timedelta(minutes=16)):
        client.post(f"/pass/{token}", 303, {"digits": DIGITS})


def test_the_right_lasts_half_an_hour_on_that_device(cast: Cast) -> None:
    token = pass_made(cast)
    client = opened(cast, token)
    assert client.get(f"/pass/{token}", 303).location == f"/pass/{token}/meetings"
    assert cast.client().get(f"/pass/{token}/meetings", 302).location == f"/pass/{token}"
    with clock.at(clock.now() + PASS_RIGHT_LASTS):
        assert client.get(f"/pass/{token}/meetings", 302).location == f"/pass/{token}"
        client.get(f"/pass/{token}")


def test_the_right_is_of_that_pass_alone(cast: Cast) -> None:
    """Two passes opened on one device: the later one counts, and never with the other's address."""
    first, second = pass_made(cast), pass_made(cast, "other_expert")
    client = opened(cast, second, client=opened(cast, first))
    client.get(f"/pass/{second}/meetings")
    client.get(f"/pass/{first}/meetings", 302)


def test_it_can_be_closed_on_a_device_of_others(cast: Cast) -> None:
    token = pass_made(cast)
    client = opened(cast, token)
    closed = client.get(f"/pass/{token}/meetings").form(button="Close the pass").submit(303).follow()
    assert closed.message == "The pass is closed on this device."
    client.get(f"/pass/{token}/meetings", 302)
    opened(cast, token)


def test_a_session_on_the_device_stays_what_it_is(cast: Cast) -> None:
    """A pass opened where somebody else is signed in: each keeps to its own pages."""
    token = pass_made(cast)
    client = opened(cast, token, client=cast.client("host"))
    shown = client.get(f"/pass/{token}/meetings")
    assert NAMES["host"][0] not in shown.whole_text
    assert NAMES["host"][0] in client.get("/me").whole_text


# Ending it


@pytest.mark.parametrize("way", ["reprint", "own end", "call", "year"])
def test_it_ends_by_a_reprint_a_press_a_call_or_in_a_year(cast: Cast, way: str) -> None:
    token = pass_made(cast)
    client = opened(cast, token)
    later = timedelta(0)
    if way == "reprint":
        pass_made(cast)
    elif way == "own end":
        page = cast.client("expert").get("/me/pass").form(button="End the pass").submit(303).follow()
        assert page.message == "The paper pass has ended. The paper opens nothing any more."
    elif way == "call":
        cast.client("coordinator").get(f"/experts/{ref_of_expert(cast)}/pass").form(button="End the pass").submit(303)
    else:
        later = PASS_LASTS
    with clock.at(clock.now() + later):
        client.get(f"/pass/{token}/meetings", 302)
        client.get(f"/pass/{token}").form().submit(422, digits=DIGITS)


def test_it_works_until_its_last_day(cast: Cast) -> None:
    token = pass_made(cast)
    with clock.at(clock.now() + PASS_LASTS - timedelta(minutes=5)):
        opened(cast, token).get(f"/pass/{token}/meetings")


def test_a_new_paper_ends_the_old_one_and_says_so_before(cast: Cast) -> None:
    pass_made(cast)
    page = cast.client("expert").get("/me/pass")
    assert "The old paper stops working when you make a new one." in page.text


def test_ending_twice_changes_nothing(cast: Cast) -> None:
    pass_made(cast)
    client = cast.client("expert")
    form = client.get("/me/pass").form(button="End the pass")
    form.submit(303)
    form.submit(303)
    assert client.get("/me/pass/digits", 303).location == "/me/pass"


# A coordinator beside the person


def test_a_coordinator_makes_one_beside_the_person(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/experts/{ref_of_expert(cast)}/pass")
    paper = page.form(button="Make the paper").submit(303, digits=DIGITS, again=DIGITS).follow()
    made = paper_of(cast)
    assert (made.person_id, made.made_by) == (cast.id("expert"), cast.id("coordinator"))
    opened(cast, address_on(paper).removeprefix("/pass/"))
    # Kept for printing on the coordinator's device, it is shown as this expert's alone.
    other = f"/experts/{ref_of_expert(cast, 'other_expert')}/pass"
    assert cast.client("coordinator").get(f"{other}/paper", 303).location == other


@pytest.mark.parametrize("who", ["neighbour", "host", "expert", "administrator"])
def test_only_coordinators_of_the_organisation_make_passes_for_others(cast: Cast, who: str) -> None:
    client = cast.client(who)
    for address in ("", "/paper", "/digits", "/end"):
        client.get(f"/experts/{ref_of_expert(cast, 'other_expert')}/pass{address}", 404)
    client.post(f"/experts/{ref_of_expert(cast, 'other_expert')}/pass/end", 404)
