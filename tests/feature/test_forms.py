"""What every form does: mistakes are told where they are, refusals undo what was begun, what was typed stays."""

from datetime import date, time
from typing import Any

import pytest
from flask import Response, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from kierto.database import reading, session
from kierto.errors import Refused
from kierto.people.actions import add_person
from kierto.people.models import Person
from kierto.rounds.rules import ROUND_GAP
from kierto.web import forms
from kierto.web.guard import public
from kierto.words import LANGUAGES, Language, lazy_gettext
from tests.cast import Cast
from tests.client import Client
from tests.databases import Database

GIVEN: dict[str, Any] = {"name": "Kallio", "day": "2027-01-24", "time": "13:00", "seats": "6", "who": "own"}


class Questions(forms.Form):
    name = forms.StringField(
        lazy_gettext("Name"), [forms.Required(), forms.Length(max=12)], description=lazy_gettext("As people say it")
    )
    day = forms.DateField(lazy_gettext("Day"), [forms.Required()])
    time = forms.TimeField(lazy_gettext("Time"), [forms.Optional()])
    seats = forms.IntegerField(lazy_gettext("Seats"), [forms.Required(), forms.NumberRange(2, 20)])
    who = forms.RadioField(
        lazy_gettext("Who"), [forms.Required()], choices=[("all", lazy_gettext("Everyone")), ("own", "Own")]
    )
    units = forms.CheckboxListField(lazy_gettext("Units"), choices=[("1", "Kallio"), ("2", "Töölö")])


class Asked:
    """A page with the form; `refusal` is what the action behind it raises, after it has begun to write."""

    def __init__(self) -> None:
        self.refusal: Refused | None = None
        self.data: dict[str, Any] = {}

    def view(self) -> ResponseReturnValue:
        form = Questions()
        if form.validate_on_submit():
            self.data = form.data
            with form.refusals():
                add_person(str(form.name.data), email="begun@kierto.test")
                if self.refusal:
                    raise self.refusal
            if not form.refused:
                return redirect("/about")
        page: Response = form.page("asked.html")
        return page


TEMPLATE = """{% extends "layouts/base.html" %}{% from "components/form_of.html" import form_of %}
{% block title %}Questions{% endblock %}
{% block main %}<h1>Questions</h1>{{ form_of(form, "Send") }}{% endblock %}"""


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def client(database: Database, cast: Cast, asked: Asked) -> Client:
    from jinja2 import ChoiceLoader, DictLoader

    app = database.another_app()
    app.add_url_rule("/asked", "asked", public(asked.view), methods=["GET", "POST"])
    assert app.jinja_loader is not None
    app.jinja_env.loader = ChoiceLoader([DictLoader({"asked.html": TEMPLATE}), app.jinja_loader])
    return cast.client(app=app)


def begun() -> int:
    with reading():
        return session.scalar(select(func.count()).where(Person.email == "begun@kierto.test")) or 0


def test_a_good_answer_goes_on(client: Client, asked: Asked) -> None:
    page = client.get("/asked").form().submit(**GIVEN)
    assert page.location == "/about"
    assert begun() == 1
    assert asked.data | {"csrf_token": None} == {
        "name": "Kallio",
        "day": date(2027, 1, 24),
        "time": time(13),
        "seats": 6,
        "who": "own",
        "units": [],
        "csrf_token": None,
    }


def test_an_empty_form_says_what_is_needed_beside_each_field_and_on_top(client: Client) -> None:
    page = client.get("/asked").form().submit(422)
    assert set(page.field_errors) == {"name", "day", "seats", "who"}
    assert page.errors[0] == "Name: This is needed. Fill it in."
    assert page.title.startswith("Error: ")
    assert page.document.select_one("#name[aria-invalid=true][aria-describedby='name-hint name-error']")
    assert page.document.select_one(".ds-error-summary a[href='#who-0']")


def test_what_was_typed_stays(client: Client) -> None:
    page = client.get("/asked").form().submit(422, **GIVEN | {"seats": "many", "units": ["2"]})
    kept = page.form().values
    assert kept["name"] == ["Kallio"]
    assert kept["seats"] == ["many"]
    assert kept["who"] == ["own"]
    assert kept["units"] == ["2"]
    assert page.field_errors == {"seats": "Give a whole number in digits, such as 2."}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "Kallion terveysasema", "This is too long. The most is 12 characters."),
        ("name", "   ", "This is needed. Fill it in."),
        ("day", "31.2.2027", "Give a day that exists, such as 24.1.2027."),
        ("time", "25:00", "Give a time of day, such as 13.00."),
        ("seats", "1", "Give a number from 2 to 20."),
    ],
)
def test_a_mistake_says_how_to_mend_it(client: Client, field: str, value: str, says: str) -> None:
    page = client.get("/asked").form().submit(422, **GIVEN | {field: value})
    assert page.field_errors == {field: says}


@pytest.mark.parametrize(
    ("typed", "time_typed"), [("2027-01-24", "13:00"), ("24.1.2027", "13.00"), ("24.01.2027", "13")]
)
def test_days_and_times_may_be_written_as_people_do(client: Client, asked: Asked, typed: str, time_typed: str) -> None:
    client.get("/asked").form().submit(**GIVEN | {"day": typed, "time": time_typed, "name": "  Kallio "})
    assert (asked.data["day"], asked.data["time"], asked.data["name"]) == (date(2027, 1, 24), time(13), "Kallio")


def test_a_refusal_stands_beside_its_field_and_undoes_what_was_begun(client: Client, asked: Asked) -> None:
    asked.refusal = Refused(ROUND_GAP, field="day", days=7)
    page = client.get("/asked").form().submit(422, **GIVEN)
    assert "at least 7 days" in page.field_errors["day"]
    assert page.form().values["name"] == ["Kallio"]
    assert begun() == 0


@pytest.mark.parametrize("field", [None, "no such field"])
def test_a_refusal_of_no_field_stands_on_top(client: Client, asked: Asked, field: str | None) -> None:
    asked.refusal = Refused(ROUND_GAP, "The door is shut until %(when)s.", field=field, when="noon")
    page = client.get("/asked").form().submit(422, **GIVEN)
    assert page.errors == ["The door is shut until noon."]
    assert page.field_errors == {}


def test_a_refusal_by_a_constraint_is_told_the_same_way(client: Client) -> None:
    client.get("/asked").form().submit(**GIVEN)
    page = client.get("/asked").form().submit(422, **GIVEN)
    assert len(page.errors) == 1
    assert begun() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_wtforms_speaks_the_readers_language(language: Language) -> None:
    from kierto.words import speaking

    with speaking(language):
        said = forms._Translations().gettext("Invalid URL.")
        counted = forms._Translations().ngettext(
            "Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long.", 2
        )
    assert (said == "Invalid URL.") is (language == "en")
    assert counted.startswith("Field") is (language == "en")


def test_a_form_without_its_token_is_not_taken(client: Client) -> None:
    client.post("/asked", 400, data=GIVEN, csrf=False)
    assert begun() == 0
