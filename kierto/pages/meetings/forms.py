"""What the list of meetings is searched by."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from kierto.seats.listing import Filters
from kierto.units import municipalities
from kierto.units.models import Theme, Unit
from kierto.web.forms import SearchForm, SelectField
from kierto.words import gettext, lazy_gettext


class MeetingSearch(SearchForm):
    """By place and theme. The units of a municipality can be chosen from once the municipality has been."""

    municipality = SelectField(lazy_gettext("Municipality"))
    unit = SelectField(lazy_gettext("Unit"))
    theme = SelectField(lazy_gettext("Theme"))

    def __init__(
        self, themes: Sequence[Theme], places: Sequence[str], units_in: Callable[[str], Sequence[Unit]]
    ) -> None:
        self.themes = {theme.code: theme.id for theme in themes}
        self.choices = {
            "municipality": [("", gettext("All")), *((place, municipalities.said(place)) for place in places)],
            "theme": [("", gettext("All")), *((theme.code, str(theme.name)) for theme in themes)],
        }
        self.units_in, self.places = units_in, places
        super().__init__()
        if self.municipality.data not in places:
            del self.unit

    def validate(self, extra_validators: Any = None) -> bool:
        """The choices are known before anything is read."""
        self.municipality.choices, self.theme.choices = self.choices["municipality"], self.choices["theme"]
        if "unit" in self:
            units = self.units_in(str(self.municipality.data))
            self.unit.choices = [("", gettext("All")), *((unit.ref, str(unit.name)) for unit in units)]
        return super().validate(extra_validators)

    def filters(self, on: date | None = None) -> Filters:
        """What was asked for, perhaps on one day."""
        return Filters(
            municipality=self.chosen("municipality"),
            unit_ref=self.chosen("unit") if "unit" in self else None,
            theme_id=self.themes.get(self.chosen("theme") or ""),
            on=on,
        )
