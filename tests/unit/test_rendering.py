"""What templates can say, and that they cannot say what nobody gave them."""

from collections.abc import Iterator
from datetime import date, time
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError

from kierto import clock
from kierto.settings import Settings
from kierto.web import rendering
from kierto.words import Localised, speaking

MEETING = SimpleNamespace(
    starts_at=clock.instant(date(2027, 1, 12), time(13)),
    ends_at=clock.instant(date(2027, 1, 12), time(15)),
)


@pytest.fixture
def app(tmp_path: object) -> Iterator[Flask]:
    app = Flask("kierto", static_folder="static")
    app.config["KIERTO"] = Settings.from_environ({"KIERTO_INSTANCE": str(tmp_path)})
    rendering.set_up(app)
    with app.test_request_context("/meetings/?page=2"), speaking("en"):
        yield app


def test_a_name_in_the_pages_language_is_plain() -> None:
    with speaking("sv"):
        assert rendering.say(Localised("Terveysasema", "Hälsostation")) == "Hälsostation"


def test_a_name_in_another_language_says_which() -> None:
    with speaking("sv"):
        assert rendering.say(Localised("Terveysasema")) == '<span lang="fi">Terveysasema</span>'


def test_names_and_texts_are_escaped() -> None:
    with speaking("fi"):
        assert rendering.say(Localised("A & <b>")) == "A &amp; &lt;b&gt;"
        assert rendering.say("A & B", "sv") == '<span lang="sv">A &amp; B</span>'


def test_nothing_to_say_is_nothing() -> None:
    assert rendering.say(None) == ""


def test_what_nobody_gave_a_template_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        render_template_string("{{ forgotten }}")


def test_translated_strings_escape_what_they_are_given(app: Flask) -> None:
    said = render_template_string('{{ _("Hello %(name)s", name="<b>") }}')
    assert said == "Hello &lt;b&gt;"


def test_counted_strings_take_other_values_too(app: Flask) -> None:
    said = render_template_string('{{ ngettext("%(num)s unit of %(who)s", "%(num)s units of %(who)s", 2, who="<b>") }}')
    assert said == "2 units of &lt;b&gt;"


def test_times_are_helsinkis(app: Flask) -> None:
    with clock.at(clock.instant(date(2027, 1, 1), time(9))):
        assert render_template_string("{{ m|when }}", m=MEETING) == "Tue 12 Jan at 13:00–15:00"
        assert render_template_string("{{ m.starts_at|day }}", m=MEETING) == "Tue 12 Jan"
        assert render_template_string("{{ m|hours }}", m=MEETING) == "13:00–15:00"
        assert render_template_string("{{ m.starts_at|day_long }}", m=MEETING) == "Tuesday 12 January 2027"


def test_a_moment_late_in_utcs_day_is_helsinkis_next_day(app: Flask) -> None:
    moment = clock.instant(date(2027, 1, 13), time(0, 30))
    assert rendering.day_long(moment) == "Wednesday 13 January 2027"


def test_a_phone_number_can_be_called() -> None:
    assert rendering.phone_link("09 310") == '<a class="ds-link" href="tel:09310">09\N{NO-BREAK SPACE}310</a>'
    assert 'href="tel:+35893101234"' in rendering.phone_link("+358 9 310 1234")
    kept = rendering.phone_link("+358401234567")
    assert kept == '<a class="ds-link" href="tel:+358401234567">040\N{NO-BREAK SPACE}1234567</a>'


def test_numbers_are_written_as_in_finland() -> None:
    with speaking("fi"):
        assert rendering.number(1200.5) == "1\N{NO-BREAK SPACE}200,5"


def test_the_language_switch_keeps_the_page(app: Flask) -> None:
    assert rendering.in_language("sv") == "/meetings/?page=2&lang=sv"


def test_a_static_files_address_changes_with_the_file(app: Flask) -> None:
    address = rendering.static("css/layout.css")
    assert address.startswith("/static/css/layout.css?v=")
    assert len(address.rpartition("=")[2]) == 10
