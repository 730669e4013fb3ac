"""Forms of when a unit's meeting is: choosing a time, being sure of it, giving it up, changing times with another."""

from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as clock_time

from flask import request

from kierto import clock
from kierto.rounds.models import Stop
from kierto.web.forms import (
    BooleanField,
    DateField,
    Form,
    Length,
    Optional,
    RadioField,
    Required,
    TextAreaField,
    TimeField,
)
from kierto.words import gettext, lazy_gettext, when

WORDS = 500


class Shown:
    """A stretch of time as templates say it."""

    def __init__(self, starts_at: datetime, ends_at: datetime) -> None:
        self.starts_at, self.ends_at = starts_at, ends_at

    @property
    def query(self) -> str:
        """What a page's address says of it."""
        start = clock.local(self.starts_at)
        return f"day={start:%Y-%m-%d}&time={start:%H:%M}"


class TimeForm(Form):
    """A day and a time of day, by the page's address or sent; `override`: who books says that the unit hosts then."""

    day = DateField(lazy_gettext("Day"), [Required()])
    time = TimeField(lazy_gettext("Starts at"), [Required()])
    override = BooleanField(lazy_gettext("The unit hosts the meeting then all the same"))

    def __init__(self) -> None:
        super().__init__(**({} if request.method == "POST" else {"formdata": request.args}))

    @property
    def understood(self) -> bool:
        """Whether the address gives a day and a time; what it does not give is said beside its field."""
        valid = [field.validate(self) for field in (self.day, self.time)]  # both, so that both mistakes are told
        return all(valid)

    @property
    def start(self) -> tuple[date, clock_time]:
        """The day and wall-clock time; ask only when they are understood."""
        return self.data["day"], self.data["time"]


class GiveUpForm(Form):
    """Why a meeting is cancelled."""

    reason = TextAreaField(
        lazy_gettext("Why is the meeting cancelled?"),
        [Required(lazy_gettext("Say why. Those who were coming read it.")), Length(max=WORDS)],
        description=lazy_gettext("Those who were coming read this. Write nothing about a person’s health."),
        render_kw={"rows": 3},
    )


class SwapForm(Form):
    """Whom to ask for their time, and with which words; `override` as in `TimeForm`.

    `not_hosted` are those of the others at whose time the asking unit does not host: whoever asks is told beforehand.
    """

    other = RadioField(lazy_gettext("Whose time do you want?"), [Required(lazy_gettext("Choose one of the times."))])
    words = TextAreaField(
        lazy_gettext("Message to the unit"),
        [Optional(), Length(max=WORDS)],
        description=lazy_gettext("Say why another time suits you better."),
        render_kw={"rows": 3},
    )
    override = BooleanField(
        lazy_gettext("Our unit hosts the meeting then all the same"),
        description=lazy_gettext("Tick this if you choose a time at which your unit does not host."),
    )

    def __init__(self, others: Sequence[Stop], not_hosted: Sequence[Stop]) -> None:
        super().__init__()
        self.others = {stop.unit.ref: stop for stop in others}
        self.not_hosted = not_hosted
        self.other.choices = [(ref, _called(stop, stop not in not_hosted)) for ref, stop in self.others.items()]

    @property
    def chosen(self) -> Stop:
        """The turn that was chosen; ask only a valid form."""
        return self.others[self.other.data]


class AnswerForm(Form):
    """Yes to another unit's question; `override` as in `TimeForm`."""

    override = BooleanField(lazy_gettext("Our unit hosts the meeting then all the same"))


class PressForm(Form):
    """A press and nothing to fill in."""


def _called(stop: Stop, hosted: bool) -> str:
    """A unit and when its meeting is; and whether the unit that asks does not host then."""
    assert stop.meeting is not None
    start, end = clock.local(stop.meeting.starts_at), clock.local(stop.meeting.ends_at)
    called = f"{stop.unit.name}: {when(start, end, today=clock.today())}"
    return called if hosted else gettext("%(time)s. Your unit does not host then.", time=called)
