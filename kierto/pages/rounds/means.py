"""What a coordinator's press would mean for a round, said in counts before it is made."""

from collections.abc import Iterator

from kierto import clock
from kierto.people import queries as people
from kierto.rounds.lifecycle import Standing, standing
from kierto.rounds.models import Round, RoundState
from kierto.words import gettext, ngettext


def of_opening(round_: Round) -> Iterator[str]:
    """What opening a draft means."""
    units = [stop.unit_id for stop in round_.stops]
    hosted = people.hosted_units(units)
    yield gettext("Everyone in your organisation sees the round.")
    if hosted:
        yield ngettext(
            "%(num)s unit can book its meeting. Its contact person gets a message.",
            "%(num)s units can book their meetings. Their contact persons get a message.",
            len(hosted),
        )
    if len(units) > len(hosted):
        yield ngettext(
            "%(num)s unit has no contact person. You book for it.",
            "%(num)s units have no contact person. You book for them.",
            len(units) - len(hosted),
        )
    yield gettext("You can still change the round, its order and its units.")


def of_closing(now: Standing) -> Iterator[str]:
    """What closing an open round means."""
    yield from _visited(now)
    if now.left:
        yield ngettext(
            "%(num)s unit is left without its turn. It comes first in the next round.",
            "%(num)s units are left without their turn. They come first in the next round.",
            len(now.left),
        )
    yield gettext("Nothing more is booked in the round.")
    yield gettext("You can open the round again.")


def of_cancelling(now: Standing, people_coming: int) -> Iterator[str]:
    """What calling an open round off means."""
    yield from _visited(now)
    meetings = len(now.meetings)
    if meetings:
        yield ngettext("%(num)s meeting to come is cancelled.", "%(num)s meetings to come are cancelled.", meetings)
    if people_coming:
        yield ngettext(
            "%(num)s person was coming. They are told.", "%(num)s people were coming. They are told.", people_coming
        )
    if now.left:
        yield ngettext("%(num)s unit does not get its turn.", "%(num)s units do not get their turn.", len(now.left))
    yield gettext("You can open the round again. Cancelled meetings stay cancelled.")


def of_reopening(round_: Round, now: Standing) -> Iterator[str]:
    """What opening a closed or cancelled round again means."""
    if now.ended:
        yield ngettext("%(num)s unit has its turn again.", "%(num)s units have their turn again.", len(now.ended))
    if now.left:
        yield ngettext("%(num)s unit can book.", "%(num)s units can book.", len(now.left))
    if round_.state is RoundState.CANCELLED:
        yield gettext("Cancelled meetings stay cancelled.")
    if round_.until_on < clock.today():
        yield gettext("The last day of the round has passed. Give it a later one next.")


def of_skipping() -> Iterator[str]:
    """What skipping a unit's turn means."""
    yield gettext("The unit has no meeting in this round.")
    yield gettext("It still hears what the others agree.")
    yield gettext("You can give the turn back later.")


def of_joining(agreed: int) -> Iterator[str]:
    """What it means that a unit joins."""
    yield gettext("The unit gets the last turn. Its contact person can book.")
    if agreed:
        yield ngettext(
            "%(num)s practice has been agreed in the round. It arrives at the unit, too.",
            "%(num)s practices have been agreed in the round. They arrive at the unit, too.",
            agreed,
        )
    else:
        yield gettext("No practice has been agreed in the round yet.")


def of_meeting_together() -> Iterator[str]:
    """What it means that two units hold one meeting."""
    yield gettext("Both units have their turn in one meeting.")
    yield gettext("It needs a worker of each unit.")
    yield gettext("An expert who works in the unit that joins gives the seat up.")
    yield gettext("You can give the unit its own turn back.")


def of_meeting_apart() -> Iterator[str]:
    """What it means that a co-host gets its own turn back."""
    yield gettext("The meeting stays. The other unit holds it alone.")
    yield gettext("Workers of this unit keep their seats as visitors.")
    yield gettext("The unit waits for a meeting of its own.")


def how_far(round_: Round) -> str:
    """How the round's units stand, in one line; of a round that is over, what became of them."""
    now = standing(round_)
    waiting = len(now.left) if round_.state is RoundState.OPEN else 0
    skipped = len(round_.stops) - len(now.visited) - len(now.coming) - len(now.left)
    parts = [
        (len(now.visited), ngettext("%(num)s visited", "%(num)s visited", len(now.visited))),
        (len(now.coming), ngettext("%(num)s booked", "%(num)s booked", len(now.coming))),
        (waiting, ngettext("%(num)s not booked", "%(num)s not booked", waiting)),
        (skipped, ngettext("%(num)s skipped", "%(num)s skipped", skipped)),
    ]
    return ", ".join(words for count, words in parts if count)


def _visited(now: Standing) -> Iterator[str]:
    if now.visited:
        yield ngettext(
            "%(num)s unit has had its meeting. What it agreed stays.",
            "%(num)s units have had their meetings. What they agreed stays.",
            len(now.visited),
        )
