"""Every letter about rounds, meetings and seats: who gets it, in which words, as a mail and as a text message."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from kierto.database import session, writing
from kierto.messages.letters import LETTERS, meetings, rounds, seats
from kierto.messages.sms import Sms
from kierto.settings import Settings
from kierto.units.models import Unit
from kierto.words import LANGUAGES, Localised
from tests.cast import Cast
from tests.scenes_letters import (
    SCENES,
    everyone,
    happen,
    mail_of,
    nobody_waits,
    only_phones,
    told,
    written,
)
from tests.sms import parts

MINE = meetings.LETTERS.keys() | rounds.LETTERS.keys() | seats.LETTERS.keys()


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["KIERTO"]
    return found


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    nobody_waits()


def test_every_letter_of_the_rooms_has_its_scene() -> None:
    assert SCENES.keys() == MINE
    assert LETTERS.keys() >= MINE


@pytest.mark.parametrize("kind", SCENES)
def test_who_is_told(cast: Cast, kind: str) -> None:
    scene, who = SCENES[kind]
    messages = happen(cast, scene)
    assert told(cast, messages) == who
    assert {message.kind for message in messages} == {kind}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SCENES)
def test_the_mail(cast: Cast, settings: Settings, kind: str, language: str) -> None:
    """In the person's language, with its link, alike as plain text and as HTML, and with nothing about health."""
    everyone(language=language)
    with writing():
        meeting = cast.confirmed.load()
        themes = [name for name in (meeting.theme.name.fi, meeting.theme.name.sv, meeting.theme.name.en) if name]
    for message in happen(cast, SCENES[kind][0]):
        subject, text, html = mail_of(message, settings)
        assert f'<html lang="{language}">' in html
        assert f"{settings.base_url}/" in text
        for address in (word for word in text.split() if word.startswith(settings.base_url)):
            assert address.replace("&", "&amp;") in html
        for body in (subject, text, html):
            assert not [theme for theme in themes if theme.casefold() in body.casefold()]
            assert not [wrong for wrong in ("None", "%(", "{{", "[]", "Undefined") if wrong in body]
        assert subject == " ".join(subject.split())
        assert len(subject) < 110


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SCENES)
def test_the_text_message(cast: Cast, settings: Settings, kind: str, language: str) -> None:
    """Short enough for two, in the alphabet of text messages, with a link that an ordinary address makes longer."""
    only_phones()
    everyone(language=language)
    with writing():
        for unit in session.scalars(select(Unit)):
            unit.name = Localised(f"{unit.name.fi}, mielenterveys- ja päihdepalvelut")
    messages = happen(cast, SCENES[kind][0])
    assert told(cast, messages) == SCENES[kind][1]
    for message in messages:
        sms = written(message, replace(settings, base_url="https://kierto.pirkanmaanhva.example.fi"))
        assert isinstance(sms, Sms)
        assert sms.language == language
        assert sms.text.startswith("Kierto")
        assert " https://kierto.pirkanmaanhva.example.fi/" in sms.text
        assert parts(sms.text) <= 2, f"{len(sms.text)}: {sms.text}"
