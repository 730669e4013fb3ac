"""A meeting in which a practice was agreed is not said not to have been held."""

from functools import partial

from flask import Flask

from kierto.database import writing
from kierto.errors import Refused
from kierto.practices.actions import agree_practice
from kierto.practices.held import say_held
from kierto.practices.rules import PracticeState
from tests.cast import Cast
from tests.refusals import refused
from tests.together import at_once


def test_a_meeting_in_which_a_practice_was_agreed_was_held(cast: Cast) -> None:
    """Rule meeting-happened: practices say in which meeting they were born; a draft is no hindrance."""
    with refused("meeting-happened", field="happened"):
        say_held(cast.actor("host"), cast.held.load(), held=False)
    with writing():
        say_held(cast.actor("host"), cast.held.load(), held=True)
        assert cast.held.load().happened is True
    with writing():
        cast.practice.load().state = PracticeState.DRAFT
    with writing():
        say_held(cast.actor("host"), cast.held.load(), held=False)
        assert cast.held.load().happened is False


def _agree(cast: Cast) -> str:
    agree_practice(cast.actor("host"), cast.draft.load(), experts=1, workers=1)
    return "agreed"


def _not_held(cast: Cast) -> str:
    say_held(cast.actor("host"), cast.held.load(), held=False)
    return "not held"


def test_agreeing_and_saying_no_at_one_moment(app: Flask, cast: Cast) -> None:
    """Rule meeting-happened is guarded by the meeting's lock: one of them is refused."""
    with writing():
        cast.practice.load().state = PracticeState.DRAFT
    results = at_once(app, [partial(_agree, cast), partial(_not_held, cast)])
    told = [one.rule.id if isinstance(one, Refused) else one for one in results]
    assert told in (["agreed", "meeting-happened"], ["practice-from-meeting", "not held"])
