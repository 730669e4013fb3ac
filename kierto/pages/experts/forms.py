"""The forms of the register: what it is searched by, what is decided and kept."""

from collections.abc import Iterable, Sequence
from typing import Any

from kierto.experts.deciding import RegisterDates
from kierto.experts.register import Filters, Look
from kierto.people.addresses import spoken_phone
from kierto.people.models import Expert, ExpertState
from kierto.seats.merging import Contacts, Preview
from kierto.units import municipalities
from kierto.units.models import Theme
from kierto.web.forms import (
    DateField,
    Form,
    Length,
    Optional,
    RadioField,
    Required,
    SearchForm,
    SelectField,
    StringField,
    TextAreaField,
)
from kierto.web.states import described
from kierto.words import SPOKEN, lazy_gettext, spoken

ANY = ("", lazy_gettext("All"))
LOOKS = {
    Look.TO_DECIDE: lazy_gettext("Applications that wait"),
    Look.TO_CALL: lazy_gettext("Asked for a call"),
    Look.CONTRACT_ENDS: lazy_gettext("Contract ends within three months, or has ended"),
    Look.NOT_INDUCTED: lazy_gettext("No induction yet"),
    Look.NO_UNDERTAKING: lazy_gettext("No undertaking of secrecy yet"),
}


class FindForm(SearchForm):
    """What the register is searched by."""

    words = StringField(lazy_gettext("Name"), render_kw={"type": "search", "autocomplete": "off"})
    state = SelectField(lazy_gettext("State"))
    municipality = SelectField(lazy_gettext("Municipality"))
    language = SelectField(lazy_gettext("Language"))
    look = SelectField(lazy_gettext("Show only"), choices=[ANY, *((look.value, text) for look, text in LOOKS.items())])

    def __init__(self, places: Iterable[str]) -> None:
        self.places = [ANY, *((place, municipalities.said(place)) for place in places)]
        super().__init__()

    def validate(self, extra_validators: Any = None) -> bool:
        """The choices are known before anything is read."""
        self.state.choices = [ANY, *((state.value, described(state).word) for state in ExpertState)]
        self.municipality.choices = self.places
        self.language.choices = [ANY, *((code, spoken(code)) for code in SPOKEN)]
        return super().validate(extra_validators)

    def filters(self, theme_id: int | None = None, organisation_ids: frozenset[int] | None = None) -> Filters:
        """What was asked for; a choice that there is not narrows nothing."""
        state, look = self.chosen("state"), self.chosen("look")
        return Filters(
            words=self.chosen("words"),
            state=ExpertState(state) if state else None,
            municipality=self.chosen("municipality"),
            language=self.chosen("language"),
            look=Look(look) if look else None,
            theme_id=theme_id,
            organisation_ids=organisation_ids,
        )


class ThemeForm(Form):
    """A theme to find experts by: sent, and never in an address, because the answer tells of health."""

    theme = SelectField(lazy_gettext("Theme"), [Required(lazy_gettext("Choose a theme first."))])

    def __init__(self, themes: Sequence[Theme]) -> None:
        super().__init__()
        self.theme.choices = [("", lazy_gettext("Choose")), *((theme.code, str(theme.name)) for theme in themes)]


class PressForm(Form):
    """One button."""


class DeclineForm(Form):
    """The letter is written already; the coordinator may add a sentence of their own."""

    words = TextAreaField(
        lazy_gettext("Your own sentence in the letter"),
        [
            Optional(),
            Length(max=500),
        ],
        description=lazy_gettext("You may leave this empty. Write nothing about health."),
        render_kw={"rows": 4},
    )


class DatesForm(Form):
    """The dates that the register keeps."""

    inducted_on = DateField(lazy_gettext("Induction held on"), [Optional()])
    undertaking_on = DateField(lazy_gettext("Undertaking of secrecy signed on"), [Optional()])
    contract_until = DateField(
        lazy_gettext("Contract until"),
        [Optional()],
        description=lazy_gettext("Empty when there is no contract, or when it has no end."),
    )

    def __init__(self, expert: Expert) -> None:
        super().__init__(obj=expert)

    @property
    def dates(self) -> RegisterDates:
        return RegisterDates(
            inducted_on=self.inducted_on.data,
            undertaking_on=self.undertaking_on.data,
            contract_until=self.contract_until.data,
        )


class MergeForm(Form):
    """Which of two addresses stays, where the two persons have different ones."""

    email = RadioField(lazy_gettext("E-mail address that stays"), [Required(lazy_gettext("Choose one of them."))])
    phone = RadioField(lazy_gettext("Phone number that stays"), [Required(lazy_gettext("Choose one of them."))])

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.only = {"email": preview.emails, "phone": preview.phones}
        for field in (self.email, self.phone):
            addresses = self.only[field.name]
            field.choices = [(one, one if "@" in one else spoken_phone(one)) for one in addresses]
            if len(addresses) < 2:
                del self[field.name]

    @property
    def contacts(self) -> Contacts:
        """The chosen addresses; where there is but one, it stays."""
        return Contacts(email=self._stays("email"), phone=self._stays("phone"))

    def _stays(self, name: str) -> str | None:
        if name in self:
            return str(self[name].data)
        return next(iter(self.only[name]), None)
