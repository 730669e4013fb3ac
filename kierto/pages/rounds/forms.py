"""Forms of rounds: planning one, choosing its units, booking a unit's turn."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

from kierto import clock
from kierto.errors import Refused
from kierto.meetings.rules import MEETING_MIX
from kierto.rounds.actions import RoundPlan
from kierto.rounds.rules import ROUND_ENDS_LATER
from kierto.units.models import Theme, Unit
from kierto.web.forms import (
    BooleanField,
    DateField,
    Form,
    FormField,
    IntegerField,
    Length,
    NumberRange,
    Optional,
    Required,
    SearchForm,
    SelectField,
    StringField,
    ValidationError,
)
from kierto.words import Localised, folded, gettext, lazy_gettext

_NAME = Length(max=200)
NEAR_YEARS = 5
_BESIDE = {ROUND_ENDS_LATER: "until_on", MEETING_MIX: "seats"}
"""Rules that the database judges, and so cannot say beside which field."""


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
    public = BooleanField(
        lazy_gettext("Confirmed meetings are public"),
        default=True,
        description=lazy_gettext(
            "Anyone sees their time, place and theme, and the practices agreed in them. Nobody sees who comes."
        ),
    )

    def __init__(self, themes: Sequence[Theme]) -> None:
        first = _monday_from(clock.today() + timedelta(weeks=2))
        super().__init__(data={"from_on": first, "until_on": first + timedelta(weeks=12, days=-3)})
        self.themes = {theme.code: theme.id for theme in themes}
        self.theme.choices = [
            ("", gettext("Choose")),
            *((theme.code, str(theme.name)) for theme in themes),
        ]

    @property
    def plan(self) -> RoundPlan:
        """What was decided; ask only a valid form."""
        given = self.data
        same = ("from_on", "until_on", "minutes", "mix_experts", "mix_staff", "seats", "gap_days", "public")
        return RoundPlan(
            name=Localised(given["name_fi"], given["name_sv"] or None, given["name_en"] or None),
            theme_id=self.themes[given["theme"]],
            **{name: given[name] for name in same},
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


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


class UnitSearchForm(SearchForm):
    """Which units are shown to choose from, besides those that are in the round."""

    q = StringField(
        lazy_gettext("Name, address or municipality"), [Optional(), Length(max=100)], render_kw={"type": "search"}
    )

    def finds(self, unit: Unit) -> bool:
        """Whether the unit has every word that was asked for."""
        return all(word in unit.folded for word in folded(self.chosen("q") or "").split())


class Choice(NamedTuple):
    """A unit that may be chosen into a round: its box and its number in the order."""

    unit: Unit
    chosen: FormField
    order: FormField


class UnitsForm(Form):
    """Which units a round visits, and in which order: a box and a number for each unit."""

    choices: Sequence[Choice]

    @property
    def unit_ids(self) -> list[int]:
        """The chosen units: by their numbers, and those without one, or with the same, as the list has them."""
        chosen = [choice for choice in self.choices if choice.chosen.data]
        return [choice.unit.id for choice in sorted(chosen, key=lambda choice: choice.order.data or len(chosen) + 999)]


def units_form(units: Sequence[Unit], places: Mapping[int, int], *, choose_all: bool | None = None) -> UnitsForm:
    """The form over `units`; `places` gives by unit id which are in the round now, and at what place of the order.

    Those in the round come first, in its order. `choose_all` ticks or clears every box that is shown.
    """
    listed = sorted(units, key=lambda unit: places.get(unit.id, len(places) + 1))
    fields: dict[str, object] = {}
    for unit in listed:
        fields[f"in_{unit.ref}"] = BooleanField(
            str(unit.name), default=unit.id in places if choose_all is None else choose_all
        )
        fields[f"order_{unit.ref}"] = IntegerField(
            gettext("Place in the order: %(unit)s", unit=unit.name),
            [Optional(), NumberRange(1, 999)],
            default=places.get(unit.id),
        )
    form: UnitsForm = type("UnitsForm", (UnitsForm,), fields)()
    form.choices = [Choice(unit, form[f"in_{unit.ref}"], form[f"order_{unit.ref}"]) for unit in listed]
    return form


class OpenForm(Form):
    """The button that opens a round."""
