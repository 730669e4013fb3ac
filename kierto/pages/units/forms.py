"""Forms of units: what one is and what visitors should know, its hours, blocked days, and its end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kierto import clock
from kierto.people.unit_list import Filters, Shown
from kierto.units import hosting, municipalities
from kierto.units.actions import UnitFacts, Visit
from kierto.units.importing import NEAR, UNKNOWN_MUNICIPALITY
from kierto.units.models import Service, Unit
from kierto.units.rules import Hours
from kierto.web.forms import (
    CheckboxListField,
    DateField,
    Form,
    FormField,
    HiddenField,
    Length,
    Optional,
    Required,
    SearchForm,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from kierto.words import SPOKEN, Localised, gettext, lazy_gettext, spoken, weekday


def _localised(form: Form, name: str) -> Localised:
    """What the three fields `<name>_fi|sv|en` say."""
    given = form.data
    return Localised(given[f"{name}_fi"] or "", given[f"{name}_sv"] or None, given[f"{name}_en"] or None)


SAID: dict[str, bool | None] = {"": None, "yes": True, "no": False}
ACCESS = ("step_free", "lift", "accessible_wc", "induction_loop", "parking", "quiet_room")
"""What a unit says of its building, in the order in which people ask."""


class YesNoField(SelectField):
    """Yes, no, or nobody has said yet; see `SAID`."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        words = [("", lazy_gettext("Not known")), ("yes", lazy_gettext("Yes")), ("no", lazy_gettext("No"))]
        super().__init__(label, choices=words, **options)


class VisitForm(Form):
    """What whoever comes to a unit should know: all that a host contact changes.

    `version` is the unit's when the form was opened; it tells when somebody else has changed the unit since.
    """

    version = HiddenField()
    arrival_fi = TextAreaField(
        lazy_gettext("Directions in Finnish"),
        [Optional(), Length(max=1000)],
        render_kw={"rows": 4, "lang": "fi"},
    )
    arrival_sv = TextAreaField(
        lazy_gettext("Directions in Swedish"), [Optional(), Length(max=1000)], render_kw={"rows": 4, "lang": "sv"}
    )
    arrival_en = TextAreaField(
        lazy_gettext("Directions in English"), [Optional(), Length(max=1000)], render_kw={"rows": 4, "lang": "en"}
    )
    step_free = YesNoField(lazy_gettext("One gets in without steps"))
    lift = YesNoField(lazy_gettext("Lift"))
    accessible_wc = YesNoField(lazy_gettext("Accessible toilet"))
    induction_loop = YesNoField(lazy_gettext("Induction loop"))
    parking = YesNoField(lazy_gettext("Parking for disabled people"))
    quiet_room = YesNoField(lazy_gettext("Quiet room for a break"))
    access_fi = StringField(
        lazy_gettext("More about access, in Finnish"), [Optional(), Length(max=500)], render_kw={"lang": "fi"}
    )
    access_sv = StringField(
        lazy_gettext("More about access, in Swedish"), [Optional(), Length(max=500)], render_kw={"lang": "sv"}
    )
    access_en = StringField(
        lazy_gettext("More about access, in English"), [Optional(), Length(max=500)], render_kw={"lang": "en"}
    )
    spoken = CheckboxListField(lazy_gettext("Languages of service"))

    def __init__(self, unit: Unit | None = None, *, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data={**(_visit_data(unit) if unit else {}), **(data or {})}, **options)
        self.spoken.choices = [(code, spoken(code)) for code in SPOKEN]

    @property
    def visit(self) -> Visit:
        """What was told; ask only a valid form."""
        return Visit(
            arrival=_localised(self, "arrival"),
            languages=list(self.spoken.data or ()),
            access=_localised(self, "access"),
            **{name: SAID[self.data[name] or ""] for name in ACCESS},
        )

    @property
    def seen(self) -> int:
        """The unit's version when the form was opened."""
        return _number(self.version)


class UnitForm(VisitForm):
    """All of a unit: what its coordinator decides, and what visitors should know."""

    name_fi = StringField(
        lazy_gettext("Name in Finnish"),
        [Required(), Length(max=200)],
        description=lazy_gettext("As it stands at the door."),
        render_kw={"lang": "fi"},
    )
    name_sv = StringField(lazy_gettext("Name in Swedish"), [Optional(), Length(max=200)], render_kw={"lang": "sv"})
    name_en = StringField(lazy_gettext("Name in English"), [Optional(), Length(max=200)], render_kw={"lang": "en"})
    service = SelectField(lazy_gettext("Kind of service"), [Required(lazy_gettext("Choose the kind of service."))])
    street_address = StringField(lazy_gettext("Street address"), [Required(), Length(max=200)])
    municipality = StringField(
        lazy_gettext("Municipality"),
        [Required(), Length(max=100)],
        render_kw={"list": "municipalities", "autocomplete": "off"},
    )

    def __init__(self, services: Sequence[Service], unit: Unit | None = None, **options: Any) -> None:
        super().__init__(unit, data=_facts_data(unit) if unit else None, **options)
        self.services = {service.code: service.id for service in services}
        self.service.choices = [
            ("", gettext("Choose")),
            *((service.code, str(service.name)) for service in services),
        ]

    def validate_municipality(self, field: FormField) -> None:
        """One that there is; near ones are offered."""
        if municipalities.municipality(field.data) is None:
            alike = [municipalities.said(name) for name in municipalities.near(field.data)]
            raise ValidationError(gettext(NEAR, near=", ".join(alike)) if alike else gettext(UNKNOWN_MUNICIPALITY))

    @property
    def facts(self) -> UnitFacts:
        """What the coordinator decided; ask only a valid form."""
        given = self.data
        found = municipalities.municipality(given["municipality"])
        assert found is not None
        return UnitFacts(
            name=_localised(self, "name"),
            service_id=self.services[given["service"]],
            municipality=found,
            street_address=given["street_address"],
        )


def _visit_data(unit: Unit) -> dict[str, Any]:
    said = {value: text for text, value in SAID.items()}
    return {
        "version": unit.version,
        "spoken": unit.languages,
        **{name: said[getattr(unit, name)] for name in ACCESS},
        **_in_languages("arrival", unit.arrival),
        **_in_languages("access", unit.access),
    }


def _facts_data(unit: Unit) -> dict[str, Any]:
    return {
        "service": unit.service.code,
        "street_address": unit.street_address,
        "municipality": municipalities.said(unit.municipality),
        **_in_languages("name", unit.name),
    }


def _in_languages(name: str, text: Localised) -> dict[str, str | None]:
    return {f"{name}_fi": text.fi, f"{name}_sv": text.sv, f"{name}_en": text.en}


class Differs(NamedTuple):
    """A field in which what stands now is not what was typed."""

    label: str
    now: str


def differences(typed: Form, now: Form) -> list[Differs]:
    """What stands now where it is not what was typed, so that who typed can choose."""
    return [
        Differs(str(field.label.text), _words(field))
        for field in now.asked
        if (field.data or None) != (typed[field.name].data or None)
    ]


def _words(field: FormField) -> str:
    """A field's value as people read it."""
    chosen = field.data if isinstance(field.data, list) else [field.data]
    words = dict(getattr(field, "choices", ()))
    return ", ".join(str(words.get(one, one)) for one in chosen if one or one in words) or "–"


class HoursForm(Form):
    """When in a week a unit can host: a line for each day, as people write hours."""

    days: Sequence[FormField]
    version = HiddenField()

    @property
    def hours(self) -> list[Hours]:
        """What was written; ask only a valid form."""
        return [hours for field in self.days for hours in hosting.read(_weekday(field), field.data or "")]

    @property
    def seen(self) -> int:
        """The unit's version when the form was opened."""
        return _number(self.version)


def _number(field: FormField) -> int:
    text = str(field.data or "")
    return int(text) if text.isdecimal() else 0


def _weekday(field: FormField) -> int:
    return int(field.name.removeprefix("day_"))


def _readable(_form: object, field: FormField) -> None:
    try:
        hosting.read(_weekday(field), field.data or "")
    except ValueError:
        raise ValidationError(gettext("Write the hours like this: 9–11, 13–16.30.")) from None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


WORKING_DAYS = range(1, 6)


def hours_form(unit: Unit, hours: Sequence[Hours], **options: Any) -> HoursForm:
    """The form over Monday to Friday; a day of the weekend is there when it has hours already."""
    weekdays = sorted({*WORKING_DAYS, *(one.weekday for one in hours)})
    fields: dict[str, object] = {
        f"day_{number}": StringField(
            _capital(weekday(number)),
            [Optional(), Length(max=100), _readable],
            default=hosting.written(one for one in hours if one.weekday == number),
            render_kw={"autocomplete": "off"},
        )
        for number in weekdays
    }
    form: HoursForm = type("HoursForm", (HoursForm,), fields)(data={"version": unit.version}, **options)
    form.days = [form[f"day_{number}"] for number in weekdays]
    return form


MOST_DAYS_BLOCKED = 366
NEAR_YEARS = 5


class BlockForm(Form):
    """Days on which a unit hosts no meeting."""

    from_on = DateField(lazy_gettext("First day"), [Required()])
    until_on = DateField(
        lazy_gettext("Last day"), [Optional()], description=lazy_gettext("Leave empty when it is one day only.")
    )
    reason = StringField(
        lazy_gettext("Why"),
        [Optional(), Length(max=200)],
        description=lazy_gettext("Others in your organisation see this. For example: renovation, holidays."),
    )

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that were meant; ask only a valid form."""
        given = self.data
        return given["from_on"], given["until_on"] or given["from_on"]

    def validate_from_on(self, field: FormField) -> None:
        """No slip of the finger in the year, and not over when it is one day only."""
        if abs(field.data.year - clock.today().year) > NEAR_YEARS:
            raise ValidationError(gettext("Check the year: give a day within five years."))
        if field.data < clock.today() and not self.until_on.data:
            raise ValidationError(gettext("This day is over. Give a day from today on."))

    def validate_until_on(self, field: FormField) -> None:
        """Not over, and not so long that it is no longer a break."""
        if field.data < clock.today():
            raise ValidationError(gettext("These days are over. Give days from today on."))
        if self.from_on.data and (field.data - self.from_on.data).days >= MOST_DAYS_BLOCKED:
            raise ValidationError(gettext("That is over a year. Check the days, or retire the unit."))


class FreeForm(Form):
    """The button that takes blocked days back."""


class UnitSearch(SearchForm):
    """What the list of units is searched by."""

    q = StringField(lazy_gettext("Name or address"), [Optional(), Length(max=100)], render_kw={"type": "search"})
    service = SelectField(lazy_gettext("Kind of service"))
    municipality = SelectField(lazy_gettext("Municipality"))
    show = SelectField(
        lazy_gettext("Show"),
        choices=[
            ("", lazy_gettext("Units in use")),
            (Shown.NO_CONTACT.value, lazy_gettext("Without a contact person")),
            (Shown.NO_HOURS.value, lazy_gettext("Without hosting hours")),
            (Shown.RETIRED.value, lazy_gettext("No longer in use")),
        ],
    )

    def __init__(self, services: Sequence[Service], places: Sequence[str]) -> None:
        self.services = {service.code: service.id for service in services}
        self.choices = {
            "service": [("", gettext("All")), *((one.code, str(one.name)) for one in services)],
            "municipality": [("", gettext("All")), *((place, municipalities.said(place)) for place in places)],
        }
        super().__init__()

    def validate(self, extra_validators: Any = None) -> bool:
        """The choices are known before anything is read."""
        self.service.choices = self.choices["service"]
        self.municipality.choices = self.choices["municipality"]
        return super().validate(extra_validators)

    @property
    def filters(self) -> Filters:
        return Filters(
            words=self.chosen("q"),
            service_id=self.services.get(self.chosen("service") or ""),
            municipality=self.chosen("municipality"),
            shown=Shown(self.chosen("show") or Shown.IN_USE),
        )


NONE = "none"


class SuccessorForm(SearchForm):
    """Which unit goes on for one that ends: chosen first, so that the page can tell what happens."""

    successor = SelectField(lazy_gettext("Which unit goes on with its work?"))

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = {unit.ref: unit for unit in units}
        super().__init__()

    def validate(self, extra_validators: Any = None) -> bool:
        self.successor.choices = [
            ("", gettext("None")),
            *((unit.ref, str(unit.name)) for unit in self.units.values()),
        ]
        return super().validate(extra_validators)

    @property
    def unit(self) -> Unit | None:
        return self.units.get(self.chosen("successor") or "")


class RetireForm(Form):
    """Ending a unit: who goes on was chosen before; why, others read at its turns."""

    goes_on = HiddenField()
    reason = StringField(lazy_gettext("What is said of it in its rounds and practices"), [Required(), Length(max=300)])

    def __init__(self, successor: Unit | None) -> None:
        super().__init__(
            data={
                "goes_on": successor.ref if successor else "",
                "reason": gettext("The unit goes on elsewhere.") if successor else gettext("The unit has ended."),
            }
        )


class BackForm(Form):
    """The button that takes a unit back into use."""
