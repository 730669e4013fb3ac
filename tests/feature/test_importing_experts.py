"""The import of experts from an old register: who is meant by a row, and what is never read, shown or kept."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.models import Event
from kierto.experts import importing, matching, old_register
from kierto.experts.models import Consent, ConsentGiven, ConsentTo, ExpertNeeds, ExpertTheme
from kierto.jobs.models import Job, JobState
from kierto.messages.models import Message
from kierto.people.actions import add_person
from kierto.people.models import Expert, ExpertState, Person
from tests import scenes_imports as scenes
from tests.cast import Cast
from tests.scenes_imports import counts, job, looked_through, press_save, saved, sheet, told, work

KIND = importing.KIND
HEADER = (
    "nimi;sähköposti;puhelin;kunta;kielet;taustayhteisö;koulutus;"
    "perehdytys;salassapito;sopimus päättyy;suostumus;sama henkilö\n"
)
MAIJA = (
    "Maija Mallikas;Maija@Example.FI;040 123 4567;Helsingfors;suomi ja ruotsi;Mallila ry;Kurssi 2024;"
    "2.9.2024;2024-09-02;31.12.2028;2.9.2024;\n"
)


def row(**cells: str) -> str:
    names = ("name", "email", "phone", "municipality")
    told = ";".join(cells.get(name, "") for name in names)
    return f"{told};;;;;;;;{cells.get('same', '')}\n"


def register(cast: Cast, organisation_id: int = 0) -> dict[str, Expert]:
    """The experts by their names."""
    session.remove()
    with reading():
        rows = session.execute(
            select(Person.name, Expert)
            .join(Person, Person.id == Expert.person_id)
            .where(Expert.organisation_id == (organisation_id or cast.organisation.id))
        ).all()
        session.expunge_all()
    return {row[0]: row[1] for row in rows}


def person(name: str) -> Person:
    session.remove()
    with reading():
        found = session.scalars(select(Person).where(Person.name == name)).one()
        session.expunge_all()
    return found


def elsewhere(cast: Cast, name: str, **reached: str) -> int:
    """Somebody whom Kierto knows, but not as an expert here."""
    with writing():
        return add_person(name, **reached).id  # type: ignore[arg-type]  # an e-mail, a phone


def first_message(cast: Cast, content: str) -> str:
    found = told(looked_through(cast, KIND, HEADER + content))
    assert len(found) == 1
    return str(found[0]["message"])


def test_a_person_goes_in_approved_with_what_the_file_tells(cast: Cast) -> None:
    with reading():
        mails = session.scalar(select(func.count()).select_from(Message))
    assert counts(saved(cast, KIND, HEADER + MAIJA)) == (1, 0, 0)
    expert, who = register(cast)["Maija Mallikas"], person("Maija Mallikas")
    assert (who.email, who.phone, who.language, who.folded) == (
        "maija@example.fi",
        "+358401234567",
        "fi",
        "maija mallikas",
    )
    assert (who.email_proved_at, who.phone_proved_at) == (None, None), "nobody has proved the addresses yet"
    assert (expert.state, expert.municipality, expert.languages) == (ExpertState.APPROVED, "Helsinki", ["fi", "sv"])
    assert (expert.home_base, expert.training) == ("Mallila ry", "Kurssi 2024")
    assert (expert.inducted_on, expert.undertaking_on, expert.contract_until) == (
        date(2024, 9, 2),
        date(2024, 9, 2),
        date(2028, 12, 31),
    )
    with reading():
        consent = session.scalars(select(Consent).where(Consent.expert_id == expert.id)).one()
        assert (consent.to, consent.given, consent.version) == (ConsentTo.REGISTER, ConsentGiven.PAPER, 0)
        assert (clock.local(consent.given_at).date(), consent.recorded_by) == (date(2024, 9, 2), cast.id("coordinator"))
        kinds = list(session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(3)))
        assert kinds == ["experts.imported", "consent.given", "expert.added"]
        assert session.scalar(select(func.count()).select_from(Message)) == mails, "nobody is sent a message"


def test_without_a_day_of_consent_none_is_claimed(cast: Cast) -> None:
    saved(cast, KIND, HEADER + row(name="Olli Esimerkki", email="olli@example.fi"))
    with reading():
        there = select(func.count()).where(Consent.expert_id == register_id(cast, "Olli Esimerkki"))
        assert session.scalar(there) == 0


def register_id(cast: Cast, name: str) -> int:
    return session.scalars(
        select(Expert.id).join(Person, Person.id == Expert.person_id).where(Person.name == name)
    ).one()


def test_a_second_import_of_the_same_file_changes_nothing(cast: Cast) -> None:
    content = (
        HEADER
        + MAIJA
        + row(name="Olli Esimerkki", phone="+46 70 123 45 67")
        + row(name="Ei Osoitetta", municipality="Porvoo")
        + row(name="Ei Mitään")
    )
    assert counts(saved(cast, KIND, content)) == (4, 0, 0)
    again = looked_through(cast, KIND, content)
    assert (again.state, counts(again.result), told(again)) == (JobState.DONE, (0, 0, 4), [])


def test_what_the_file_tells_anew_is_changed_and_the_rest_left(cast: Cast) -> None:
    saved(cast, KIND, HEADER + MAIJA)
    seen = looked_through(
        cast, KIND, "sähköposti;nimi;sopimus päättyy;kunta\nmaija@example.fi;Maija Mallikas;31.12.2030;\n"
    )
    assert seen.result is not None
    assert seen.result["steps"] == [{"row": 2, "act": "changed", "name": "", "fields": ["sopimus päättyy"]}]
    press_save(cast, seen.id)
    work()
    expert = register(cast)["Maija Mallikas"]
    assert (expert.contract_until, expert.municipality) == (date(2030, 12, 31), "Helsinki")
    with reading():
        event = session.scalars(select(Event).where(Event.kind == "expert.updated")).one()
        assert event.data == {"fields": "contract_until"}


def test_every_problem_is_seen_and_no_cell_of_a_person_is_kept(cast: Cast) -> None:
    content = HEADER + (
        ";salainen@example.fi;;;;;;;;;;\n"
        "Salainen Yksi;salainen at example;0123;Salainenpaikka;salakieli;;;31.2.2024;2.9.2999;x;2.9.2999;ehkä\n"
        "Salainen Kaksi;;;Helsinky;suoni;;;;;;;\n"
    )
    seen = looked_through(cast, KIND, content)
    assert [(problem["row"], problem["column"]) for problem in told(seen)] == [
        (2, "nimi"),
        (3, "sähköposti"),
        (3, "puhelin"),
        (3, "kunta"),
        (3, "kielet"),
        (3, "perehdytys"),
        (3, "salassapito"),
        (3, "sopimus päättyy"),
        (3, "suostumus"),
        (3, "sama henkilö"),
        (4, "kunta"),
        (4, "kielet"),
    ]
    assert [problem["values"].get("near") for problem in told(seen)[-2:]] == ["Helsinki", "suomi"]
    assert "sala" not in json.dumps(seen.result).casefold().replace("salassapito", "")
    assert seen.file is None


def test_nothing_of_a_person_is_in_what_is_asked_or_answered(cast: Cast) -> None:
    seen = looked_through(cast, KIND, HEADER + MAIJA)
    press_save(cast, seen.id)
    work()
    for result in (seen.result, job(seen.id).result):
        text = json.dumps(result).casefold()
        assert not [word for word in ("maija", "mallikas", "example", "4567", "mallila") if word in text]
    with reading():
        kept = session.scalars(select(Event.data).where(Event.kind.startswith("expert")))
        assert "maija" not in json.dumps(list(kept)).casefold()


def test_themes_needs_and_identity_numbers_are_never_read_and_are_named(cast: Cast) -> None:
    header = "nimi;sähköposti;Kokemustausta;Tuen tarve;Hetu;Kengännumero\n"
    content = header + "Maija;maija@example.fi;masennus;rauha;010190-123X;38\n"
    result = saved(cast, KIND, content)
    assert result["withheld"] == ["Kokemustausta", "Tuen tarve", "Hetu"]
    assert result["ignored"] == ["Kengännumero"]
    with reading():
        for table in (ExpertTheme, ExpertNeeds):
            assert session.scalar(select(func.count()).where(table.expert_id == register_id(cast, "Maija"))) == 0


def test_first_and_last_names_may_stand_apart(cast: Cast) -> None:
    saved(cast, KIND, sheet(["Sukunimi", "Etunimi", "Puhelin"], ["Mallikas", "Maija", 401234567]))
    assert person("Maija Mallikas").phone == "+358401234567"
    assert scenes.problems(cast, KIND, "etunimi;puhelin\nMaija;0401234567\n") == [(1, "name")]


# ---- somebody whom Kierto knows from elsewhere ----


def test_a_person_of_another_organisation_goes_in_like_a_new_one(cast: Cast) -> None:
    known = elsewhere(cast, "Oma Nimi", email="sama@example.fi", phone="+358405550001")
    file = (
        HEADER + "Toinen Nimi;Sama@example.fi;040 555 0002;Porvoo;;;;;;;;\nUusi Nimi;uusi@example.fi;;Porvoo;;;;;;;;\n"
    )
    seen = looked_through(cast, KIND, file)
    assert seen.result is not None
    first, second = seen.result["steps"]
    assert {**first, "row": 0} == {**second, "row": 0}, "nothing tells that one of them was known"
    press_save(cast, seen.id)
    work()
    who = person("Oma Nimi")
    assert (who.id, who.email, who.phone) == (known, "sama@example.fi", "+358405550001"), "nothing of theirs is changed"
    assert register(cast)["Oma Nimi"].municipality == "Porvoo"
    assert looked_through(cast, KIND, file).state is JobState.DONE


def test_what_a_person_gave_to_another_organisation_is_not_shown_for_a_file(cast: Cast) -> None:
    with writing():
        cast.people["neighbour"].load().phone = "+358405550003"
    saved(cast, KIND, HEADER + row(name="Joku Nimi", email=cast.email("neighbour"), municipality="Porvoo"))
    page = cast.client("coordinator").get(f"/experts/{register(cast)['Riitta Korhonen'].ref}")
    assert "have not said yes to this register themself" in page.text
    assert "5550003" not in page.html
    assert cast.email("neighbour") not in page.html


def test_a_phone_that_people_share_makes_nobody_an_expert_for_another(cast: Cast) -> None:
    known = elsewhere(cast, "Puoliso Yksi", phone="+358405550001")
    file = HEADER + row(name="Puoliso Kaksi", phone="040 555 0001", municipality="Porvoo")
    saved(cast, KIND, file)
    who = person("Puoliso Kaksi")
    assert (who.id != known, who.phone) == (True, None)
    assert looked_through(cast, KIND, file).state is JobState.DONE, "the second time nothing changes"
    saved(cast, KIND, HEADER + row(name="puoliso yksi", phone="0405550001"))
    assert register(cast)["Puoliso Yksi"].person_id == known


# ---- somebody in the register ----


def test_an_address_under_another_name_is_asked_about(cast: Cast) -> None:
    email = cast.email("expert")
    assert first_message(cast, row(name="Joku Muu", email=email)) == matching.OTHER_NAME
    saved(cast, KIND, HEADER + row(name="Joku Muu", email=email, municipality="Espoo", same="kyllä"))
    assert register(cast)["Matti Virtanen"].municipality == "Espoo"


def test_the_same_name_in_the_same_municipality_is_asked_about(cast: Cast) -> None:
    saved(cast, KIND, HEADER + MAIJA)
    maija = "maija  mallikas"
    assert first_message(cast, row(name=maija, email="m@example.fi", municipality="helsinki")) == matching.MAYBE_TWICE
    assert first_message(cast, row(name=maija, municipality="helsinki")) == matching.MAYBE_TWICE
    assert first_message(cast, row(name=maija, municipality="helsinki", same="ei")) == matching.TELL_APART
    unchanged = looked_through(cast, KIND, HEADER + row(name=maija, municipality="helsinki", same="yes"))
    assert counts(unchanged.result) == (0, 0, 1)
    other = HEADER + row(name=maija, email="m@example.fi", municipality="helsinki", same="nej")
    assert counts(saved(cast, KIND, other)) == (1, 0, 0)
    assert first_message(cast, row(name=maija, municipality="helsinki", same="yes")) == matching.WHICH_ONE


def test_two_experts_of_the_register_are_not_made_one_by_a_row(cast: Cast) -> None:
    saved(cast, KIND, HEADER + MAIJA)
    assert (
        first_message(cast, row(name="Maija Mallikas", email=cast.email("expert"), phone="0401234567"))
        == matching.TWO_PEOPLE
    )


@pytest.mark.parametrize("name", ["applicant"])
def test_who_has_applied_is_decided_on_their_own_page(cast: Cast, name: str) -> None:
    assert first_message(cast, row(name="Tuula Nieminen", email=cast.email(name))) == matching.NOT_APPROVED


def test_nobody_adds_themselves(cast: Cast) -> None:
    assert first_message(cast, row(name="Aino Koskinen", email=cast.email("coordinator"))) == matching.ONESELF


def test_somebody_twice_in_the_file_is_seen(cast: Cast) -> None:
    content = (
        HEADER
        + MAIJA
        + row(name="Toinen", email="MAIJA@example.fi")
        + row(name="Kolmas", phone="+358401234567")
        + row(name="Maija Mallikas", email="muu@example.fi", municipality="Helsinki")
        + row(name="Maija Mallikas", email="muu2@example.fi", municipality="Helsinki", same="ei")
    )
    assert scenes.problems(cast, KIND, content) == [(3, "sähköposti"), (4, "puhelin"), (5, "nimi")]


def test_another_organisations_register_is_neither_seen_nor_changed(cast: Cast) -> None:
    saved(cast, KIND, HEADER + MAIJA)
    before = register(cast, cast.other_organisation.id)
    assert "Maija Mallikas" not in before
    with writing():
        theirs = session.scalars(select(Job)).first()
        assert theirs is not None
        assert theirs.organisation_id == cast.organisation.id


def test_languages_are_understood_in_three_languages() -> None:
    assert old_register._languages("suomi, Swedish; engelska & viittomakieli")[0] == ("fi", "sv", "en", "sgn")
    assert old_register._languages("") == ((), ())
    assert old_register._languages("fi/klingon") == (("fi",), ("klingon",))
