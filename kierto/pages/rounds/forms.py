"""Forms of rounds: planning one and changing it, choosing its units and their order, ending it, skipping a turn."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

from kierto import clock
from kierto.errors import Refused
from kierto.meetings.rules import MEETING_MIX
from kierto.rounds.actions import RoundPlan
from kierto.rounds.models import INTEREST_DAYS, Round, Stop
from kierto.rounds.rules import ROUND_ENDS_LATER
from kierto.units.models import Service, Theme, Unit
from kierto.web.forms import (
    BooleanField,
    DateField,
    Form,
    FormField,
    IntegerField,
    Length,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SearchForm,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from kierto.web.states import described
from kierto.words import Localised, folded, gettext, lazy_gettext, when

_NAME = Length(max=200)
NEAR_YEARS = 5
_BESIDE = {ROUND_ENDS_LATER: "until_on", MEETING_MIX: "seats"}
"""Rules that the database judges, and so cannot say beside which field."""

_SAME = ("from_on", "until_on", "minutes", "mix_experts", "mix_staff", "seats", "gap_days", "interest_days", "public")
"""Fields that are called what the plan and the round call them."""

REASON = 500


def _near(_form: object, field: FormField) -> None:
    """A day within five years: a slip of the finger in the year is caught here."""
    if field.data is not None and abs(field.data.year - clock.today().year) > NEAR_YEARS:
        raise ValidationError(gettext("Check the year: give a day within five years."))


class RoundForm(Form):
    """What a coordinator decides of a round; the numbers begin with what has worked elsewhere."""

    name_fi = StringField(
        lazy_gettext("Name in Finnish"),
        [Required(), _NAME],
        description=lazy_gettext("Units and experts see this name. The year makes it easy to find."),
        render_kw={"lang": "fi"},
    )
    name_sv = StringField(lazy_gettext("Name in Swedish"), [Optional(), _NAME], render_kw={"lang": "sv"})
    name_en = StringField(lazy_gettext("Name in English"), [Optional(), _NAME], render_kw={"lang": "en"})
    theme = SelectField(lazy_gettext("Theme"), [Required(lazy_gettext("Choose what the meetings are about."))])
    from_on = DateField(lazy_gettext("First day"), [Required(), _near])
    until_on = DateField(lazy_gettext("Last day"), [Required(), _near])
    gap_days = IntegerField(
        lazy_gettext("Days from one meeting to the next, at least"),
        [Required(), NumberRange(0, 365)],
        default=7,
        description=lazy_gettext("So that the next unit hears what the one before it agreed."),
    )
    minutes = IntegerField(lazy_gettext("Length in minutes"), [Required(), NumberRange(30, 480)], default=120)
    mix_experts = IntegerField(
        lazy_gettext("Experts, at least"),
        [Required(), NumberRange(1, 50)],
        default=2,
    )
    mix_staff = IntegerField(lazy_gettext("Workers of the unit, at least"), [Required(), NumberRange(1, 50)], default=1)
    seats = IntegerField(
        lazy_gettext("Seats in all"),
        [Required(), NumberRange(2, 200)],
        default=8,
    )
    interest_days = IntegerField(
        lazy_gettext("Days of interest"),
        [Required(), NumberRange(0, 60)],
        default=INTEREST_DAYS,
        description=lazy_gettext(
            "So long after a booking experts say whether they are interested. Then seats go by fair turn. "
            "0: whoever comes first gets a seat."
        ),
    )
    public = BooleanField(
        lazy_gettext("Confirmed meetings are public"),
        default=True,
        description=lazy_gettext(
            "Anyone sees their time, place and theme, and the practices agreed in them. Nobody sees who comes."
        ),
    )

    def __init__(self, themes: Sequence[Theme], round_: Round | None = None) -> None:
        super().__init__(data=_begins() if round_ is None else _as_it_is(round_))
        self.themes = {theme.code: theme.id for theme in themes}
        self.theme.choices = [
            ("", gettext("Choose")),
            *((theme.code, str(theme.name)) for theme in themes),
        ]

    @property
    def plan(self) -> RoundPlan:
        """What was decided; ask only a valid form."""
        given = self.data
        return RoundPlan(
            name=Localised(given["name_fi"], given["name_sv"] or None, given["name_en"] or None),
            theme_id=self.themes[given["theme"]],
            **{name: given[name] for name in _SAME},
        )

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Say what the database's judges refuse beside the field that mends it."""
        with super().refusals():
            try:
                yield
            except Refused as fault:
                raise Refused(
                    fault.rule, fault.message, field=fault.field or _BESIDE.get(fault.rule), **fault.values
                ) from fault


def _begins() -> dict[str, object]:
    """A round of twelve weeks, from a Monday in two weeks on."""
    first = _monday_from(clock.today() + timedelta(weeks=2))
    return {"from_on": first, "until_on": first + timedelta(weeks=12, days=-3)}


def _as_it_is(round_: Round) -> dict[str, object]:
    """What was decided of the round so far."""
    names = {"name_fi": round_.name.fi, "name_sv": round_.name.sv, "name_en": round_.name.en}
    return names | {"theme": round_.theme.code} | {name: getattr(round_, name) for name in _SAME}


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


class UnitSearchForm(SearchForm):
    """Which units are shown to choose from, besides those that are in the round."""

    q = StringField(
        lazy_gettext("Name, address or municipality"), [Optional(), Length(max=100)], render_kw={"type": "search"}
    )
    service = SelectField(lazy_gettext("Service"), [Optional()])

    def __init__(self, services: Iterable[Service]) -> None:
        super().__init__()
        named = sorted({(service.code, str(service.name)) for service in services}, key=lambda pair: pair[1])
        self.service.choices = [("", gettext("All")), *named]

    def finds(self, unit: Unit) -> bool:
        """Whether the unit has every word that was asked for, and is of the kind."""
        words = folded(self.chosen("q") or "").split()
        kind = self.chosen("service")
        return all(word in unit.folded for word in words) and (kind is None or unit.service.code == kind)


class Choice(NamedTuple):
    """A unit that may be chosen into a round: its box, its number in the order, and what there is to know of it."""

    unit: Unit
    chosen: FormField | None
    order: FormField
    known: str


class UnitsForm(Form):
    """Which units a round visits, and in which order: a box and a number for each unit; or only the order."""

    choices: Sequence[Choice]

    @property
    def unit_ids(self) -> list[int]:
        """The chosen units: by their numbers, and those without one, or with the same, as the list has them."""
        chosen = [choice for choice in self.choices if choice.chosen is None or choice.chosen.data]
        return [choice.unit.id for choice in sorted(chosen, key=lambda choice: choice.order.data or len(chosen) + 999)]


class Ticked(NamedTuple):
    """Which units are chosen when the page opens, and their numbers as far as they have one."""

    unit_ids: Collection[int]
    places: Mapping[int, int]


def units_form(units: Sequence[Unit], ticked: Ticked, first: Collection[int], known: Mapping[int, str]) -> UnitsForm:
    """The form over `units`: those that have a number come first, in their order; then those in `first`.

    `known` is what is said beside a unit, by its id.
    """
    behind = len(ticked.places) + 1
    listed = sorted(units, key=lambda unit: (ticked.places.get(unit.id, behind), unit.id not in first))
    fields: dict[str, object] = {}
    for unit in listed:
        fields[f"in_{unit.ref}"] = BooleanField(str(unit.name), default=unit.id in ticked.unit_ids)
        fields[f"order_{unit.ref}"] = _number(unit, ticked.places.get(unit.id))
    form: UnitsForm = type("UnitsForm", (UnitsForm,), fields)()
    form.choices = [
        Choice(unit, form[f"in_{unit.ref}"], form[f"order_{unit.ref}"], known.get(unit.id, "")) for unit in listed
    ]
    return form


def order_form(stops: Sequence[Stop]) -> UnitsForm:
    """The form over the units of an open round: each has its number, and none is left out."""
    fields = {f"order_{stop.unit.ref}": _number(stop.unit, number) for number, stop in enumerate(stops, start=1)}
    form: UnitsForm = type("UnitsForm", (UnitsForm,), fields)()
    form.choices = [
        Choice(stop.unit, None, form[f"order_{stop.unit.ref}"], described(stop.state).word) for stop in stops
    ]
    return form


def _number(unit: Unit, default: int | None) -> IntegerField:
    label = gettext("Place in the order: %(unit)s", unit=unit.name)
    return IntegerField(label, [Optional(), NumberRange(1, 999)], default=default)


class SureForm(Form):
    """The button of a page that asks first: there is nothing to fill in."""


class CancelRoundForm(Form):
    """Why a round is called off."""

    reason = TextAreaField(
        lazy_gettext("Why is the round cancelled?"),
        [Required(lazy_gettext("Say why. Those who were coming read it.")), Length(max=REASON)],
        description=lazy_gettext("Those who were coming read this. Write nothing about a person’s health."),
        render_kw={"rows": 3},
    )


class SkipForm(Form):
    """Why a unit's turn is skipped."""

    reason = TextAreaField(
        lazy_gettext("Why is the turn skipped?"),
        [Required(lazy_gettext("Say why. The unit and the others of the round read it.")), Length(max=REASON)],
        description=lazy_gettext("The unit and the others of the round read this."),
        render_kw={"rows": 3},
    )


class JoinForm(Form):
    """Which unit joins an open round."""

    unit = SelectField(lazy_gettext("Unit"), [Required(lazy_gettext("Choose the unit that joins."))])

    def __init__(self, units: Sequence[Unit]) -> None:
        super().__init__()
        self.units = {unit.ref: unit for unit in units}
        self.unit.choices = [("", gettext("Choose")), *((ref, str(unit.name)) for ref, unit in self.units.items())]

    @property
    def chosen(self) -> Unit:
        """The unit that was chosen; ask only a valid form."""
        return self.units[self.unit.data]


class TogetherForm(Form):
    """With which unit's meeting a waiting unit goes along."""

    with_unit = RadioField(
        lazy_gettext("Whose meeting do they hold together?"), [Required(lazy_gettext("Choose one of the meetings."))]
    )

    def __init__(self, others: Sequence[Stop]) -> None:
        super().__init__()
        self.others = {stop.unit.ref: stop for stop in others}
        self.with_unit.choices = [(ref, _called(stop)) for ref, stop in self.others.items()]

    @property
    def chosen(self) -> Stop:
        """The turn whose meeting was chosen; ask only a valid form."""
        return self.others[self.with_unit.data]


def _called(stop: Stop) -> str:
    """A unit and when its meeting is."""
    assert stop.meeting is not None
    start, end = clock.local(stop.meeting.starts_at), clock.local(stop.meeting.ends_at)
    return f"{stop.unit.name}: {when(start, end, today=clock.today())}"
