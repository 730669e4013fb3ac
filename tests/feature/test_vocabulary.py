"""The shared words: added and renamed by administrators, shown everywhere at once."""

from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.meetings.actions import rename_theme
from kierto.meetings.models import Meeting
from kierto.units.models import Theme
from kierto.units.vocabulary import add_service, add_theme
from kierto.words import LANGUAGES, Localised
from tests.cast import Cast
from tests.refusals import refused

PLACE = "/admin/vocabulary"


def feed(cast: Cast) -> tuple[str, str]:
    """The public feed's body in Finnish and its ETag."""
    with cast.app.app_context():
        answer = cast.app.test_client(use_cookies=False).get("/calendar.ics?lang=fi")
        return answer.get_data(as_text=True), answer.headers["ETag"]


def test_both_vocabularies_are_listed_in_three_languages(cast: Cast) -> None:
    for language in LANGUAGES:
        page = cast.client("administrator", language=language).get(PLACE)
        for word in ("terveysasema", "hälsostation", "health centre", "Kohtaaminen", "Bemötande"):
            assert word in page.text
    few = cast.client("administrator")
    few.get(PLACE)
    queries = few.queries
    with writing():
        add_theme(cast.actor("administrator"), Localised("Raha", "Pengar", "Money"))
    few.get(PLACE)
    assert few.queries == queries


def test_a_renamed_theme_shows_in_feeds_at_once(cast: Cast) -> None:
    """Rule calendar-sequence: a change of what a feed shows raises last-modified."""
    before, etag = feed(cast)
    assert "Kohtaaminen" in before
    form = cast.client("administrator").get(f"{PLACE}/themes/encounter").form()
    page = form.submit(name_fi="Kohtaamisen taito").follow()
    assert page.message == "The theme was renamed."
    after, new = feed(cast)
    assert "Kohtaamisen taito" in after
    assert new != etag
    with reading():
        event = session.query(Event).filter_by(kind="theme.renamed").one()
        assert event.data == {"meetings": session.query(Meeting).count()}


def test_only_meetings_about_the_theme_change(cast: Cast) -> None:
    with writing():
        theme = session.query(Theme).filter_by(code="loneliness").one()
        versions = {meeting.id: meeting.version for meeting in session.query(Meeting)}
        rename_theme(cast.actor("administrator"), theme, Localised("Yksin", "Ensam", "Alone"))
        rename_theme(cast.actor("administrator"), theme, Localised("Yksin", "Ensam", "Alone"))
    session.remove()
    with reading():
        assert {meeting.id: meeting.version for meeting in session.query(Meeting)} == versions
        assert session.query(Event).filter_by(kind="theme.renamed").count() == 1


def test_a_theme_renamed_twice_within_a_second_is_later_each_time(cast: Cast) -> None:
    with writing():
        theme = session.query(Theme).filter_by(code="encounter").one()
        first = cast.confirmed.load()
        version, changed = first.version, first.changed_at
        rename_theme(cast.actor("administrator"), theme, Localised("Yksi", "Ett", "One"))
        middle = cast.confirmed.load().changed_at
        rename_theme(cast.actor("administrator"), theme, Localised("Kaksi", "Två", "Two"))
        last = cast.confirmed.load()
        assert last.version == version + 2
        assert changed < middle
        assert (last.changed_at - middle).total_seconds() >= 1


def test_a_new_theme_can_be_chosen_for_a_round(cast: Cast) -> None:
    form = cast.client("administrator").get(PLACE).click("Add a theme").form()
    form.submit(name_fi="Raha ja työ", name_sv="Pengar och arbete", name_en="Money and work")
    assert cast.client("coordinator").get("/rounds/new").form().choices("theme")["money-and-work"] == "Money and work"


def test_a_new_service_can_be_chosen_for_a_unit_and_renamed(cast: Cast) -> None:
    administrator = cast.client("administrator")
    form = administrator.get(PLACE).click("Add a kind of service").form()
    form.submit(name_fi="neuvola", name_sv="rådgivningsbyrå", name_en="Ward!")
    choices = cast.client("coordinator").get("/units/new").form().choices("service")
    assert choices["ward-2"] == "Ward!", "its code is its own where there is one such already"


def test_a_renamed_service_shows_at_its_units(cast: Cast) -> None:
    form = cast.client("administrator").get(f"{PLACE}/services/health-centre").form()
    form.submit(name_en="health station")
    assert "health station" in cast.client("expert").get(f"/units/{cast.unit.ref}").text
    with reading():
        assert session.query(Event).filter_by(kind="service.renamed").count() == 1


def test_a_word_is_there_once_in_each_language(cast: Cast) -> None:
    """Rule word-named-once."""
    form = cast.client("administrator").get(f"{PLACE}/services/new").form()
    page = form.submit(422, name_fi="neuvola", name_sv="Hälsostation", name_en="clinic")
    assert page.field_errors == {"name_sv": "There is such a word already. Give another name, or use that one."}
    with refused("word-named-once", "name_fi"):
        add_service(cast.actor("administrator"), Localised("TERVEYSASEMA"))
    with refused("word-named-once", "name_en"):
        theme = session.query(Theme).filter_by(code="encounter").one()
        rename_theme(cast.actor("administrator"), theme, Localised("a", "b", "getting into care"))


def test_all_three_languages_are_needed(cast: Cast) -> None:
    form = cast.client("administrator").get(f"{PLACE}/themes/new").form()
    assert set(form.submit(422, name_fi="Raha").field_errors) == {"name_sv", "name_en"}


def test_words_are_never_deleted(cast: Cast) -> None:
    administrator = cast.client("administrator")
    assert administrator.get(f"{PLACE}/themes/encounter").form().buttons == ["Save"]
    administrator.request("DELETE", f"{PLACE}/themes/encounter", 405)


def test_a_word_that_there_is_not(cast: Cast) -> None:
    cast.client("administrator").get(f"{PLACE}/themes/nothing", 404)
    cast.client("administrator").get(f"{PLACE}/services/nothing", 404)
