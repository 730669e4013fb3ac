"""An application that is sent, once; devices that lose it, forget it, or go on with it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from kierto import clock
from kierto.database import reading, session, writing
from kierto.errors import KiertoError
from kierto.events.models import Event
from kierto.experts import queries
from kierto.experts.answers import Answers
from kierto.experts.applying import send
from kierto.experts.models import Application, ConsentGiven, ConsentTo
from kierto.experts.rules import APPLICATION_KEPT, CONSENT_VERSION
from kierto.people.models import Expert, ExpertState, Person
from kierto.units.models import Organisation
from kierto.worker.clocks import run_out
from tests.cast import Cast
from tests.scenes_applying import (
    NEEDS,
    applied,
    begun,
    consented,
    filled_in,
    letters,
    newest,
    nothing_queued,
    stored,
    text_of,
    waiting,
)
from tests.together import at_once

OWN_WORDS = "Soitan mielelläni."

# ---- sending ----


def test_an_application_becomes_an_expert_with_everything_told(cast: Cast) -> None:
    """Rule theme-consent: each consent is dated and versioned."""
    client = filled_in(cast)
    page = applied(client)
    assert page.heading == "Your application has been sent"
    with reading():
        expert = session.scalars(select(Expert).order_by(Expert.id.desc()).limit(1)).one()
        person = session.get_one(Person, expert.person_id)
        assert (expert.state, expert.organisation_id) == (ExpertState.APPLIED, cast.organisation.id)
        assert (person.name, person.email, person.phone) == ("Sirpa Salo", "sirpa@example.fi", "+358401234567")
        assert person.email_proved_at is None
        assert [theme.code for theme in queries.themes_of(expert.id)] == ["encounter"]
        needs = queries.needs_of(expert.id)
        assert needs is not None
        assert needs.text.decode() == NEEDS
        assert list(queries.municipalities_of(expert.id)) == ["Helsinki"]
        assert expert.languages == ["fi", "en"]
        hours = [(one.weekday, f"{one.from_at:%H}–{one.until_at:%H}") for one in queries.hours_of(expert.id)]
        assert hours == [(2, "12–20"), (4, "12–20")]
        assert f"{expert.earliest_start:%H:%M}" == "10:00"
        assert (expert.longest_minutes, expert.most_meetings) == (120, 2)
        assert (expert.training, expert.home_base) == ("Kurssi 2024", "Mielenterveysyhdistys")
        assert (expert.own_words or b"").decode() == "Soitan mielelläni."
        consents = queries.consents_of(expert.id)
        assert {one.to for one in consents} == set(ConsentTo)
        assert {(one.version, one.given, one.recorded_by) for one in consents} == {
            (CONSENT_VERSION, ConsentGiven.SELF, None)
        }
        kinds = set(
            session.scalars(select(Event.kind).where(Event.subject == "experts", Event.subject_id == expert.id))
        )
        assert {"expert.applied", "consent.given", "expert.themes_replaced", "expert.needs_replaced"} <= kinds
        application = session.scalars(select(Application).where(Application.expert_id == expert.id)).one()
        assert Answers.of(application.answers) == Answers()


def test_what_may_be_left_empty_is_not_needed(cast: Cast) -> None:
    client = consented(cast)
    client.get("/apply/name").form().submit(303, name="Sirpa")
    client.get("/apply/reach").form().submit(303, unreachable="y")
    applied(client)
    with reading():
        expert = session.scalars(select(Expert).order_by(Expert.id.desc()).limit(1)).one()
        assert not queries.themes_of(expert.id)
        assert queries.needs_of(expert.id) is None
        assert [one.to for one in queries.consents_of(expert.id)] == [ConsentTo.REGISTER]


def test_the_done_page_says_who_calls(cast: Cast) -> None:
    with writing():
        session.get_one(Organisation, cast.organisation.id).phone = "09 123 456"
    page = applied(filled_in(cast))
    assert "09 123 456" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "What happens next?" in page.text


def test_health_is_unreadable_in_the_database(cast: Cast) -> None:
    """While the application waits, and when it has been sent."""
    client = filled_in(cast)

    def kept() -> bytes:
        with reading():
            rows = session.execute(text("SELECT answers FROM applications")).scalars().all()
            rows = [*rows, *session.execute(text("SELECT text FROM expert_needs")).scalars()]
            rows = [
                *rows,
                *session.execute(text("SELECT own_words FROM experts WHERE own_words IS NOT NULL")).scalars(),
            ]
        assert rows
        return b"\n".join(bytes(row) for row in rows)

    words = (NEEDS.encode(), b"encounter", b"sirpa", b"Soitan", b"needs")
    assert not [word for word in words if word in kept()]
    applied(client)
    assert not [word for word in words if word in kept()]


# ---- two tabs, twice, back, lost ----


def test_two_tabs_keep_each_others_answers(cast: Cast) -> None:
    client = consented(cast)
    one, other = client.get("/apply/name").form(), client.get("/apply/more").form()
    one.submit(303, name="Sirpa")
    other.submit(303, training="Kurssi")
    assert (stored().name, stored().training) == ("Sirpa", "Kurssi")


def test_sending_twice_makes_one_expert(cast: Cast) -> None:
    client = filled_in(cast)
    form = client.get("/apply/check").form("/apply/check")
    before = experts()
    form.submit(303)
    again = form.submit(303).follow()
    assert again.path == "/apply/done"
    assert experts() == before + 1


def test_sending_twice_at_one_moment_makes_one_expert(app: Flask, cast: Cast) -> None:
    filled_in(cast)
    application = newest()
    assert application is not None
    id_, before = application.id, experts()

    def press() -> int:
        return send(cast.actor("visitor"), session.get_one(Application, id_)).id

    results = at_once(app, [press] * 3)
    assert not [one for one in results if isinstance(one, KiertoError)]
    assert len(set(results)) == 1
    assert experts() == before + 1


def test_going_back_after_sending_leads_to_what_happens_next(cast: Cast) -> None:
    client = filled_in(cast)
    form = client.get("/apply/name").form()
    applied(client)
    assert client.get("/apply/check", 303).location == "/apply/done"
    assert form.submit(303, name="Toinen").location == "/apply/done"
    assert "An application has been sent from this device." in client.get("/apply").text


def test_another_tab_of_an_application_that_was_sent_changes_nothing(cast: Cast) -> None:
    """Rule application-open: a second device goes on with what the first has sent meanwhile."""
    client = filled_in(cast)
    code = client.get("/apply/later").document.select_one(".k-code")
    assert code is not None
    other = cast.client()
    other.get("/apply/go-on").form().submit(303, code=code.text.strip())
    form = other.get("/apply/name").form()
    applied(client)
    page = form.submit(303, name="Toinen").follow()
    assert page.message.startswith("There is no application on this device.")


def test_a_device_that_has_lost_its_cookie_goes_on_with_the_code(cast: Cast) -> None:
    """However it was written; health is not shown there (secret-behind-strong-id)."""
    client = filled_in(cast)
    code = client.get("/apply/later").document.select_one(".k-code")
    assert code is not None
    other = cast.client()
    typed = code.text.strip().upper().replace("-", " ").replace("0", "O")
    page = other.get("/apply/go-on").form().submit(303, code=typed).follow(302).follow()
    assert page.path == "/apply/check"
    assert "Sirpa Salo" in page.text
    assert NEEDS not in page.text
    assert "You have told this. It is not shown here." in page.text
    assert OWN_WORDS not in page.text
    assert NEEDS in client.get("/apply/check").text
    assert OWN_WORDS in client.get("/apply/check").text
    page = other.get("/apply/needs")
    assert NEEDS not in page.html
    assert other.get("/apply/themes").form("/apply/themes").values.get("themes") is None
    other.post("/apply/needs", 303, {"keep": "1"})
    other.post("/apply/themes", 303, {"later": "1"})
    assert (stored().needs, stored().themes) == (NEEDS, ())


def test_own_words_are_not_shown_on_a_device_that_came_by_code(cast: Cast) -> None:
    """They may tell of health (secret-behind-strong-id). The page's other answers are shown and changed as ever."""
    client = filled_in(cast)
    code = client.get("/apply/later").document.select_one(".k-code")
    assert code is not None
    other = cast.client()
    other.get("/apply/go-on").form().submit(303, code=code.text.strip())
    page = other.get("/apply/more")
    assert OWN_WORDS not in page.html
    form = page.form("/apply/more")
    assert (form.values["training"], form.values["own_words"]) == (["Kurssi 2024"], [""])
    page = form.submit(422, training="Kurssi 2025")
    assert page.field_errors == {"own_words": "Write it anew. Or press one of the other buttons."}
    assert OWN_WORDS not in page.html
    other.post("/apply/more", 303, {"training": "Kurssi 2025", "keep": "1"})
    assert (stored().training, stored().own_words) == ("Kurssi 2025", OWN_WORDS)
    form.submit(303, own_words="Laulan mielelläni.")
    assert stored().own_words == "Laulan mielelläni."
    other.post("/apply/more", 303, {"training": "Kurssi 2025", "later": "1"})
    assert (stored().training, stored().own_words) == ("Kurssi 2025", "")
    assert other.get("/apply/more").form("/apply/more").buttons == ["Save and go on"]


def test_a_wrong_code_opens_nothing(cast: Cast) -> None:
    client = consented(cast)
    code = client.get("/apply/later").document.select_one(".k-code")
    assert code is not None
    right = code.text.strip()
    for wrong in (right[:-1] + ("0" if right[-1] != "0" else "1"), right[:-2], "1-aaaaa-aaaaa", "x", "9" * 30):
        page = cast.client().get("/apply/go-on").form().submit(422, code=wrong)
        assert page.field_errors == {"code": "There is no application with this code. Check each letter."}
        cast.client().get(f"/apply/go-on/{wrong}", 410)


def test_health_is_shown_for_two_hours_only(cast: Cast) -> None:
    """The device may be a library's."""
    client = filled_in(cast)
    assert NEEDS in client.get("/apply/needs").html
    assert OWN_WORDS in client.get("/apply/more").html
    with clock.at(clock.now() + timedelta(hours=3)):
        assert NEEDS not in client.get("/apply/needs").html
        assert OWN_WORDS not in client.get("/apply/more").html
        assert NEEDS not in client.get("/apply/check").html
        assert OWN_WORDS not in client.get("/apply/check").html


def test_a_device_forgets(cast: Cast) -> None:
    client = filled_in(cast)
    page = client.get("/apply/later").form("/apply/forget").submit(303).follow()
    assert page.message == "This device has forgotten the application. You go on with your code."
    assert "You have begun an application" not in page.text
    assert waiting() is not None


def test_what_is_not_sent_is_deleted_after_thirty_days(cast: Cast) -> None:
    client = filled_in(cast)
    with clock.at(clock.now() + APPLICATION_KEPT - timedelta(hours=1)):
        run_out()
        client.get("/apply/check")
    with clock.at(clock.now() + APPLICATION_KEPT + timedelta(hours=1)):
        client.get("/apply/check", 303)
        run_out()
        assert waiting() is None


# ---- signed in, in the register already, again ----


def test_who_is_signed_in_applies_for_themself(cast: Cast) -> None:
    client = cast.client("outsider")
    page = begun(cast, client)
    assert "Page 1 of 7" in page.text
    page = page.form("/apply/consent").submit(303).follow()
    assert page.path == "/apply/themes"
    page = applied(client)
    assert page.links["To my page"] == "/me"
    with reading():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("outsider"))).one()
        assert expert.state is ExpertState.APPLIED


def test_an_own_application_is_nobody_elses_to_write(cast: Cast) -> None:
    client = cast.client("outsider")
    begun(cast, client)
    application = newest()
    assert application is not None
    assert application.person_id == cast.id("outsider")
    with reading():
        for name in ("visitor", "coordinator", "administrator"):
            assert queries._open(cast.actor(name), application) is None


@pytest.mark.parametrize("name", ["expert", "applicant"])
def test_who_is_in_the_register_need_not_apply_there(cast: Cast, name: str) -> None:
    """Rule expert-once."""
    page = cast.client(name).get("/apply")
    assert "Rannikon hyvinvointialue" in page.text
    page = page.form().submit(303).follow()
    application = newest()
    assert application is not None
    assert application.organisation_id == cast.other_organisation.id


def test_who_was_declined_applies_again(cast: Cast) -> None:
    with writing():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("applicant"))).one()
        expert.state = ExpertState.DECLINED
        id_ = expert.id
    client = cast.client("applicant")
    begun(cast, client).form("/apply/consent").submit(303)
    applied(client)
    session.remove()
    with reading():
        expert = session.scalars(select(Expert).where(Expert.person_id == cast.id("applicant"))).one()
        assert (expert.id, expert.state, expert.decided_at) == (id_, ExpertState.APPLIED, None)


# ---- beside ----


def test_a_coordinator_beside_records_consents_and_mixes_nothing_in(cast: Cast) -> None:
    """Rule answer-for-another: the record says who and how."""
    client = cast.client("coordinator")
    page = client.get("/apply/beside").form().submit(303).follow()
    assert "You fill this in with a person." in page.text
    assert "Page 1 of 9" in page.text
    page = page.form("/apply/consent").submit(303).follow()
    page = page.form().submit(303, name="Sirpa Salo").follow()
    assert "Aino" not in page.text
    page.form().submit(303, phone="040 123 4567", call_wished="y")
    client.post("/apply/themes", 303, {"themes": "encounter"})
    page = applied(client)
    assert page.heading == "The application has been sent"
    with reading():
        expert = session.scalars(select(Expert).order_by(Expert.id.desc()).limit(1)).one()
        assert expert.person_id != cast.id("coordinator")
        assert expert.call_wished
        given = {(one.to, one.given, one.recorded_by) for one in queries.consents_of(expert.id)}
        assert given == {
            (to, ConsentGiven.BESIDE, cast.id("coordinator")) for to in (ConsentTo.REGISTER, ConsentTo.THEMES)
        }
    cast.client("host").get("/apply/beside", 404)


def experts() -> int:
    with reading():
        return session.scalars(select(func.count()).select_from(Expert)).one()


def test_the_letter_says_the_number_as_people_write_it(cast: Cast) -> None:
    with writing():
        session.get_one(Organisation, cast.organisation.id).phone = "+358931010000"
    settings = nothing_queued(cast.app)
    applied(filled_in(cast))
    (letter,) = letters(settings, "expert.applied")
    assert "09 31010000" in text_of(letter)
