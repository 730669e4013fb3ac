"""A copy of all of one's own data. A planted person is in every table that can hold something."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import turbohtml
from sqlalchemy import select

from kierto.database import reading, session, writing
from kierto.database.engine import engine
from kierto.events.models import Event, Read
from kierto.experts.deciding import approve
from kierto.pages.me.own_data import LABELS
from kierto.people.models import Expert
from kierto.privacy.exporting import export_person
from kierto.seats.models import Seat
from kierto.seats.rules import Answered
from kierto.units.models import Organisation
from tests.cast import Cast
from tests.client import Page
from tests.planted import personal, planted
from tests.scenes import client_of, meetings_booked
from tests.scenes_applying import applied, filled_in, latest_expert
from tests.scenes_own_data import EMAIL, NEEDS, OWN_WORDS, everything_told
from tests.tables import import_models

import_models()

OTHERS_OWN = {
    "adoptions.local_change",
    "adoptions.reason",
    "meetings.cancel_reason",
    "meetings.description",
    "meetings.override_reason",
    "practice_texts.how_noticed",
    "practice_texts.start_doing",
    "practice_texts.title",
    "rounds.ended_because",
    "stop_swaps.words",
}
"""What people write of an organisation's meetings and practices: the organisation's, read by all, without names."""

NOT_OF_ONE_PERSON = {"jobs.file"}
"""What somebody uploaded is gone when the job ends: nothing to export, and nothing that an erasure meets."""

OTHERWISE = {"language": "sv", "device": "tests"}
"""What columns hold that are too short for a planted word, or that signing in fills."""


def packed(page: Page) -> tuple[dict[str, Any], turbohtml.Document]:
    """The two files of an export."""
    assert page.response.mimetype == "application/zip"
    files = zipfile.ZipFile(io.BytesIO(page.body))
    assert sorted(files.namelist()) == ["data.html", "data.json"]
    html = files.read("data.html").decode()
    assert "<script" not in html
    assert "src=" not in html
    return json.loads(files.read("data.json")), turbohtml.parse(html)


def exported(cast: Cast, name: str = "expert", *, strongly: bool = False) -> tuple[dict[str, Any], turbohtml.Document]:
    client = cast.client(name, strongly=strongly)
    return packed(client.get("/me/data").form("/me/data/export").submit(expect=200))


def test_every_personal_column_holds_something_of_the_planted_person(cast: Cast) -> None:
    """So that the tests below say something of each: a new column must be planted, or named above with its reason."""
    everything_told(cast)
    lacking = set()
    with engine().connect() as connection:
        for name, column in personal():
            values = [repr(row[0]) for row in connection.execute(select(column))]
            if not any(OTHERWISE.get(column.name, "planted") in value for value in values):
                lacking.add(name)
    assert lacking == OTHERS_OWN | NOT_OF_ONE_PERSON


def test_a_copy_holds_every_planted_word(cast: Cast) -> None:
    everything_told(cast)
    told = json.dumps(exported(cast, strongly=True)[0], ensure_ascii=False)
    for word in sorted(planted(cast)):
        assert word[word.index("planted") :] in told, f"{word} is stored and not told"
    assert NEEDS in told
    assert OWN_WORDS in told
    assert EMAIL in told


def test_a_weak_session_leaves_stored_secrets_out_and_says_how_to_get_them(cast: Cast) -> None:
    """secret-behind-strong-id."""
    everything_told(cast)
    page = cast.client("expert").get("/me/data")
    assert "only when you have signed in strongly" in page.text
    data, html = exported(cast)
    told = json.dumps(data, ensure_ascii=False)
    assert NEEDS not in told
    assert OWN_WORDS not in told
    assert "planted-answers" not in told
    assert "themes" not in data["organisations"][0]["expert"]
    assert data["organisations"][0]["left_out"] == ["themes", "needs", "own_words", "applications"]
    assert "left out here" in html.text
    assert NEEDS not in html.text


def test_an_organisation_may_have_decided_otherwise(cast: Cast) -> None:
    everything_told(cast)
    with writing():
        session.get_one(Organisation, cast.organisation.id).weak_reading_reason = "Suomi.fi tulee keväällä."
    assert "only when" not in cast.client("expert").get("/me/data").text
    assert NEEDS in json.dumps(exported(cast)[0], ensure_ascii=False)


def test_who_read_what_is_told_and_the_copy_is_written_down(cast: Cast) -> None:
    everything_told(cast)
    first, _html = exported(cast)
    assert {one["what"] for one in first["who_looked"]} == {one.value for one in Read}
    assert {one["by"] for one in first["who_looked"]} == {"Aino Koskinen"}
    second, html = exported(cast)
    assert second["who_looked"][-1]["what"] == "export"
    assert second["who_looked"][-1]["by"] == "Matti planted-name"
    assert second["what_happened"][-1]["kind"] == "person.exported"
    assert "Aino Koskinen" in html.text
    with reading():
        assert session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(1)).one() == "person.exported"


def test_the_shape_of_the_copy_is_stable(cast: Cast) -> None:
    data, html = exported(cast, "outsider")
    assert (data["format"], data["version"]) == ("kierto-own-data", 1)
    assert list(data) == [
        "format",
        "version",
        "made_at",
        "person",
        "organisations",
        "applications_begun",
        "applications_with_your_address",
        "busy_times",
        "seats",
        "practices",
        "messages",
        "sign_in",
        "invitations",
        "feedback",
        "files",
        "what_happened",
        "who_looked",
    ]
    assert data["person"]["email"] == cast.email("outsider")
    assert html.select_one("html").attr("lang") == "en"  # type: ignore[union-attr]  # there is one


def test_every_name_of_the_copy_has_words(cast: Cast) -> None:
    everything_told(cast)
    data, _html = exported(cast, strongly=True)

    def names(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, one in value.items():
                yield name
                yield from names(one)
        elif isinstance(value, list):
            for one in value:
                yield from names(one)

    assert set(names(data)) - {"format", "version", "made_at", "message"} - set(LABELS) == set()


def test_a_seat_is_told_with_its_fee_and_its_answer(cast: Cast) -> None:
    """fee-before-yes and answer-for-another: what was agreed, and how; who recorded it is not named."""
    with writing():
        seat = session.get_one(Seat, cast.seat.id)
        seat.fee_cents, seat.companions = 8050, 1
        seat.answered, seat.answered_by = Answered.PHONE, cast.id("coordinator")
    data, html = exported(cast)
    told = next(one for one in data["seats"] if one["meeting"] == cast.confirmed.ref)
    assert (told["fee_cents"], told["companions"], told["fee_declined"]) == (8050, 1, False)
    assert (told["answered"], told["answered_by_yourself"]) == ("phone", False)
    assert "by phone" in html.text
    assert "80,50" in html.text
    assert "Aino" not in json.dumps(data["seats"])


def test_the_page_of_the_copy_is_told_in_words(cast: Cast) -> None:
    """What is technical, empty or not so stays in the JSON; kinds are said in words."""
    everything_told(cast)
    data, html = exported(cast, strongly=True)
    assert "style" in str(html.html)
    kinds = {one["kind"] for part in ("messages", "what_happened", "files") for one in data[part]}
    assert kinds
    assert not [kind for kind in kinds if kind in html.text]
    terms = {term.text for term in html.select("dt, th")}
    assert terms.isdisjoint({"Reference", "Name as it is searched", "Done by you", "Version", "Pages seen", "Result"})
    assert data["person"]["ref"] not in html.text
    assert all(one.text.strip() for one in html.select("dd, td"))
    few = exported(cast, "outsider")[1]
    headings = [heading.text for heading in few.select("h2")]
    assert "Practices you wrote down" not in headings
    assert headings[-1] == "Nothing is stored of these"
    assert "Practices you wrote down" in few.text
    assert "Version" not in few.text
    assert "Administrator of Kierto" not in few.text


def test_who_applied_did_it_themself(cast: Cast) -> None:
    """An application is sent before its person can sign in; a coordinator's answer to it is somebody else's."""
    applied(filled_in(cast))
    expert = latest_expert()
    with writing():
        approve(cast.actor("coordinator"), session.get_one(Expert, expert.id))
    client = client_of(cast, expert.person_id)
    data, html = packed(client.get("/me/data").form("/me/data/export").submit(expect=200))
    happened = {one["kind"]: one for one in data["what_happened"]}
    assert (happened["expert.applied"]["by_whom"], happened["expert.applied"]["by_yourself"]) == ("you", True)
    assert happened["expert.approved"]["by_whom"] == "somebody_else"
    rows = [row.text for row in html.select("tr")]
    assert any("The person applied to be an expert." in row and row.strip().endswith("You") for row in rows)
    assert any("The expert was approved." in row and "Somebody else" in row for row in rows)


def test_others_data_is_not_in_the_copy(cast: Cast) -> None:
    everything_told(cast)
    told = json.dumps(exported(cast, "other_expert", strongly=True)[0], ensure_ascii=False)
    assert "planted" not in told


def test_the_copy_costs_no_more_queries_with_more_in_it(cast: Cast) -> None:
    def queries() -> int:
        client = cast.client("expert")
        client.post("/me/data/export", expect=200)
        return client.queries

    few = queries()
    meetings_booked(cast, 3)
    assert queries() == few


def test_export_is_of_oneself(cast: Cast) -> None:
    with writing():
        data = export_person(cast.actor("expert")).data
    assert data["person"]["ref"] == cast.people["expert"].ref
