"""Experts' own pages: profile, times, consents; what tells of health is shown only to who is strongly identified."""

from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from kierto import clock
from kierto.actor import SYSTEM
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.events.models import Event, Read, Reading
from kierto.experts import profile, queries
from kierto.experts.answers import Answers, Hours, joined
from kierto.experts.consents import give_consent, replace_needs, replace_themes
from kierto.experts.models import ConsentTo
from kierto.experts.rules import SECRET_BEHIND_STRONG_ID, THEME_CONSENT
from kierto.people.actions import approve_expert
from kierto.people.models import Expert, ExpertState, Person
from kierto.units.models import Organisation
from kierto.words import LANGUAGES, Language
from tests.cast import Cast
from tests.together import at_once

NEEDS = "Induktiosilmukka ja tauko"
ONE_PAGES = ("profile", "availability", "limits", "themes", "needs", "consents", "words")
SECRET_PAGES = ("themes", "needs", "words")


def place(cast: Cast, name: str = "expert") -> Expert:
    """The person's place in the register of the cast's organisation."""
    session.remove()
    with reading():
        found = session.scalars(
            select(Expert).where(Expert.person_id == cast.id(name), Expert.organisation_id == cast.organisation.id)
        ).one()
        session.expunge_all()
    return found


def tell(cast: Cast, name: str = "expert") -> str:
    """The person tells everything that may tell of health; returns the reference of their place."""
    ref = place(cast, name).ref
    client = cast.client(name)
    client.get(f"/me/themes/{ref}").form(f"/me/themes/{ref}").submit(themes=["encounter"])
    client.get(f"/me/needs/{ref}").form(f"/me/needs/{ref}").submit(text=NEEDS)
    client.get(f"/me/words/{ref}").form(f"/me/words/{ref}").submit(text="Soitan kitaraa")
    return ref


# ---- finding them ----


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(cast: Cast, language: Language) -> None:
    ref = tell(cast)
    for strongly in (False, True):
        client = cast.client("expert", language=language, strongly=strongly)
        for page in (*ONE_PAGES, "availability/{}/hours", "availability/{}/away"):
            client.get(f"/me/{page.format(ref)}" if "{}" in page else f"/me/{page}/{ref}")
        for consent in ("themes", "needs"):
            client.get(f"/me/consents/{ref}/{consent}/withdraw")


def test_they_are_found_on_ones_own_page(cast: Cast) -> None:
    ref = place(cast).ref
    links = cast.client("expert").get("/me").links
    for page in ("profile", "availability", "themes", "needs", "consents"):
        assert f"/me/{page}/{ref}" in links.values()
    for name in ("host", "coordinator", "outsider"):
        links = cast.client(name).get("/me").links
        assert links["My name and language"] == "/me/profile"
        assert not [one for one in links.values() if one.startswith("/me/consents")]


def test_who_is_in_one_register_needs_not_choose(cast: Cast) -> None:
    ref = place(cast).ref
    for page in ("availability", "limits", "themes", "needs", "consents"):
        assert cast.client("expert").get(f"/me/{page}", 302).location == f"/me/{page}/{ref}"
        cast.client("host").get(f"/me/{page}", 404)
        cast.client().get(f"/me/{page}", 403)


def test_who_is_in_two_registers_chooses(cast: Cast) -> None:
    with writing():
        other = approve_expert(SYSTEM, cast.people["expert"].load(), cast.other_organisation.id).ref
    client = cast.client("expert")
    page = client.get("/me/availability")
    assert page.links["Metsien hyvinvointialue"] == f"/me/availability/{other}"
    form = client.get(f"/me/limits/{other}").form()
    form.submit(most_meetings="3")
    assert place(cast).most_meetings is None
    for page_name in ("availability", "consents"):
        assert f"/me/{page_name}/{other}" in client.get("/me").links.values()


def test_nobody_elses_are_there(cast: Cast) -> None:
    ref = place(cast).ref
    for name in ("other_expert", "coordinator", "administrator", "neighbour"):
        for page in ONE_PAGES:
            cast.client(name).get(f"/me/{page}/{ref}", 404)


def test_who_has_left_sees_only_consents(cast: Cast) -> None:
    with writing():
        session.scalars(select(Expert).where(Expert.person_id == cast.id("expert"))).one().state = ExpertState.LEFT
    ref = place(cast).ref
    client = cast.client("expert")
    for page in ONE_PAGES:
        client.get(f"/me/{page}/{ref}", 200 if page == "consents" else 404)
    assert client.get(f"/me/consents/{ref}").links["Apply again"] == "/apply"


# ---- profile ----


def test_a_name_and_a_language_are_changed(cast: Cast) -> None:
    """A chosen name, no reason asked."""
    client = cast.client("host")
    assert client.get("/me/profile").form().submit(422, name=" ").field_errors
    page = client.get("/me/profile").form().submit(name="Päivi K.", language="sv").follow()
    assert page.document.select_one("html[lang=sv]")
    with reading():
        person = session.get_one(Person, cast.id("host"), populate_existing=True)
        assert (person.name, person.language, person.folded) == ("Päivi K.", "sv", "päivi k.")


def test_a_profile_is_written(cast: Cast) -> None:
    ref = place(cast).ref
    form = cast.client("expert").get(f"/me/profile/{ref}").form()
    assert set(form.choices("municipalities")) == {"Helsinki", "Vantaa"}
    form.submit(municipalities=["Vantaa"], languages=["fi", "sgn"], home_base="Yhdistys", fee_wish="Kysykää")
    expert = place(cast)
    assert (expert.languages, expert.home_base, expert.fee_wish) == (["fi", "sgn"], "Yhdistys", "Kysykää")
    with reading():
        assert list(queries.municipalities_of(expert.id)) == ["Vantaa"]


# ---- when one can come ----


def test_hours_are_added_and_removed(cast: Cast) -> None:
    ref = place(cast).ref
    client = cast.client("expert")
    assert "Any time suits you." in client.get(f"/me/availability/{ref}").text
    add = f"/me/availability/{ref}/hours"
    page = client.get(add).form().submit(422, days=["1"], from_at="12", until_at="10")
    assert page.field_errors == {"until_at": "The end must be after the beginning. Change one of them."}
    client.get(add).form().submit(days=["1", "3"], from_at="10", until_at="12")
    page = client.get(add).form().submit(days=["3"], from_at="12.00", until_at="14.30").follow()
    assert "Monday 10.00–12.00" in page.text
    assert "Wednesday 10.00–14.30" in page.text
    page = page.form(button="Remove Monday 10.00–12.00").submit().follow()
    assert "Monday" not in page.text
    assert "Wednesday" in page.text


def test_days_away_are_added_and_removed_without_a_reason(cast: Cast) -> None:
    """Rule away-future: days that are over need no saying."""
    ref = place(cast).ref
    client = cast.client("expert")
    form = client.get(f"/me/availability/{ref}/away").form()
    assert form.fields == {"csrf_token", "from_on", "until_on"}
    assert form.submit(422, from_on="1.2.2027", until_on="31.1.2027").field_errors["until_on"]
    assert form.submit(422, from_on="1.1.2027", until_on="2.1.2027").field_errors["until_on"].startswith("These days")
    form.submit(from_on="1.2.2027", until_on="7.2.2027")
    page = form.submit(from_on="1.2.2027", until_on="7.2.2027").follow()
    assert page.text.count("Mon 1 Feb – Sun 7 Feb") == 1 + 1  # once to read, once on its button
    page = page.form(button="Remove Mon 1 Feb – Sun 7 Feb").submit().follow()
    assert "You have given no such days." in page.text


def test_what_is_gone_already_is_not_removed_once_more(app: Flask, cast: Cast) -> None:
    """Two presses at one moment are one change in the log; nobody removes another's."""
    id_, other = place(cast).id, place(cast, "other_expert").id
    with writing():
        expert = session.get_one(Expert, id_)
        profile.add_hours(SYSTEM, expert, [Hours(1, time(9), time(11))])
        profile.add_away(SYSTEM, expert, date(2027, 2, 1), date(2027, 2, 7))
        hours, away = queries.hours_of(id_)[0].id, queries.away_of(id_)[0].id
    for remove, row in ((profile.remove_hours, hours), (profile.remove_away, away)):
        before = times_changed()

        def press(whose: int, remove: Any = remove, row: int = row) -> None:
            remove(SYSTEM, session.get_one(Expert, whose), row)

        assert at_once(app, [partial(press, other)]) == [None]
        assert times_changed() == before
        assert at_once(app, [partial(press, id_)] * 3) == [None] * 3
        assert times_changed() == before + 1
    with reading():
        assert (queries.hours_of(id_), queries.away_of(id_)) == ([], [])


def times_changed() -> int:
    session.remove()
    with reading():
        return len(session.scalars(select(Event.id).where(Event.kind == "expert.times_changed")).all())


def test_limits_are_limits(cast: Cast) -> None:
    ref = place(cast).ref
    client = cast.client("expert")
    form = client.get(f"/me/limits/{ref}").form()
    assert form.submit(422, most_euros="0").field_errors["most_euros"]
    form.submit(earliest_start="11:00", longest_minutes="90", most_meetings="2", most_euros="300")
    expert = place(cast)
    assert (expert.earliest_start, expert.longest_minutes) == (time(11), 90)
    assert (expert.most_meetings, expert.most_euros) == (2, 300)
    assert "90 minutes" in client.get(f"/me/availability/{ref}").text
    assert client.get(f"/me/limits/{ref}").form().values["longest_minutes"] == ["90"]
    client.get(f"/me/limits/{ref}").form().submit(earliest_start="", most_euros="")
    assert place(cast).earliest_start is None


def test_hours_that_touch_are_one() -> None:
    spans = [(time(12), time(16)), (time(8), time(12)), (time(18), time(20)), (time(19), time(21))]
    assert joined(spans) == [(time(8), time(16)), (time(18), time(21))]
    assert Answers(days=(2,), parts=("morning", "evening")).hours == [
        Hours(2, time(8), time(12)),
        Hours(2, time(16), time(20)),
    ]
    assert len(Answers(parts=("morning",)).hours) == 5
    assert Answers(days=(1,)).hours == [Hours(1, time(8), time(20))]
    assert Answers().hours == []


def test_two_tabs_that_add_hours_at_one_moment_keep_both(app: Flask, cast: Cast) -> None:
    id_ = place(cast).id

    def add(weekday: int) -> None:
        profile.add_hours(SYSTEM, session.get_one(Expert, id_), [Hours(weekday, time(9), time(11))])

    assert at_once(app, [partial(add, day) for day in (1, 2, 3)]) == [None] * 3
    session.remove()
    with reading():
        assert [one.weekday for one in queries.hours_of(id_)] == [1, 2, 3]


# ---- what tells of health ----


def test_it_is_not_shown_in_a_weak_session(cast: Cast) -> None:
    """Rule secret-behind-strong-id: written, replaced and deleted, not read back."""
    ref = tell(cast)
    client = cast.client("expert")
    for page in SECRET_PAGES:
        shown = client.get(f"/me/{page}/{ref}")
        assert NEEDS not in shown.html
        assert "kitaraa" not in shown.html
        assert "checked" not in shown.html
        assert "It is not shown here." in shown.text
        client.post(f"/me/{page}/{ref}/show", 403)
    assert SECRET_BEHIND_STRONG_ID.id == "secret-behind-strong-id"


@pytest.mark.parametrize(
    ("page", "says", "what"),
    [("themes", "encounter", Read.THEMES), ("needs", NEEDS, Read.NEEDS), ("words", "kitaraa", Read.OWN_WORDS)],
)
def test_it_is_shown_in_a_strong_one_and_the_reading_is_recorded(cast: Cast, page: str, says: str, what: Read) -> None:
    """Rule needs-least-seen."""
    ref = tell(cast)
    client = cast.client("expert", strongly=True)
    before = client.get(f"/me/{page}/{ref}")
    assert NEEDS not in before.html
    assert "kitaraa" not in before.html
    shown = before.form(f"/me/{page}/{ref}/show").submit(200)
    values = [value for given in shown.form(f"/me/{page}/{ref}").values.values() for value in given]
    assert [value for value in values if says in value]
    with reading():
        found = session.scalars(select(Reading).where(Reading.person_id == cast.id("expert"))).all()
        assert [(one.what, one.reader_id) for one in found] == [(what, cast.id("expert"))]
    assert client.get(f"/me/{page}/{ref}/show", 302).location == f"/me/{page}/{ref}"


def test_an_organisation_may_relax_it(cast: Cast) -> None:
    ref = tell(cast)
    with writing():
        session.get_one(Organisation, cast.organisation.id).weak_reading_reason = "Ei vahvaa tunnistusta vielä"
    page = cast.client("expert").get(f"/me/needs/{ref}").form(f"/me/needs/{ref}/show").submit(200)
    assert NEEDS in page.html


def test_it_is_replaced_without_being_read(cast: Cast) -> None:
    ref = tell(cast)
    client = cast.client("expert")
    client.get(f"/me/needs/{ref}").form(f"/me/needs/{ref}").submit(text="Hissi")
    client.get(f"/me/themes/{ref}").form(f"/me/themes/{ref}").submit(themes=["access-to-care"])
    id_ = place(cast).id
    with reading():
        needs = queries.needs_of(id_)
        assert needs is not None
        assert needs.text == b"Hissi"
        assert [theme.code for theme in queries.themes_of(id_)] == ["access-to-care"]
        assert len([one for one in queries.consents_of(id_) if one.withdrawn_at is None]) == 2


def test_nothing_is_stored_without_consent(cast: Cast) -> None:
    """Rule theme-consent."""
    expert = place(cast)
    with pytest.raises(Refused) as refused, writing():
        replace_themes(SYSTEM, expert, [1])
    assert refused.value.rule is THEME_CONSENT
    with pytest.raises(Refused) as refused, writing():
        replace_needs(SYSTEM, expert, NEEDS)
    assert refused.value.rule is THEME_CONSENT


def test_it_is_unreadable_in_the_database(cast: Cast) -> None:
    tell(cast)
    with reading():
        rows = [
            *session.execute(text("SELECT text FROM expert_needs")).scalars(),
            *session.execute(text("SELECT own_words FROM experts WHERE own_words IS NOT NULL")).scalars(),
        ]
    assert len(rows) == 2
    assert not [row for row in rows if NEEDS.encode() in bytes(row) or b"kitaraa" in bytes(row)]


def test_own_words_are_deleted(cast: Cast) -> None:
    ref = tell(cast)
    page = cast.client("expert").get(f"/me/words/{ref}").form(f"/me/words/{ref}/delete").submit().follow()
    assert page.message == "It was deleted."
    assert place(cast).own_words is None


# ---- consents ----


def test_away_days_that_are_over_are_not_shown(cast: Cast) -> None:
    id_ = place(cast).id
    with writing():
        profile.add_away(SYSTEM, session.get_one(Expert, id_), date(2027, 1, 20), date(2027, 1, 22))
    with reading():
        assert len(queries.away_of(id_)) == 1
    with clock.at(clock.now() + timedelta(days=11)), reading():
        assert not queries.away_of(id_)


def test_the_queries_of_ones_own_pages_do_not_grow(cast: Cast) -> None:
    ref, id_ = place(cast).ref, place(cast).id
    client = cast.client("expert")

    def count() -> list[int]:
        counted = []
        for page in ("availability", "consents"):
            client.get(f"/me/{page}/{ref}")
            counted.append(client.queries)
        return counted

    few = count()
    with writing():
        expert = session.get_one(Expert, id_)
        profile.replace_hours(SYSTEM, expert, [Hours(day, time(9), time(11)) for day in range(1, 6)])
        for number in range(3):
            profile.add_away(SYSTEM, expert, date(2027, 3, 1 + number), date(2027, 3, 1 + number))
            give_consent(SYSTEM, expert, ConsentTo.REGISTER, version=number)
    assert count() == few
