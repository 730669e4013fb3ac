"""Forms of one's own: name and language, what an expert tells, when they can come, limits."""

from collections.abc import Sequence
from datetime import time

from kierto.experts.answers import Hours
from kierto.experts.models import ExpertNeeds
from kierto.experts.profile import Limits, Profile
from kierto.people.models import Expert, Person
from kierto.units.models import Theme
from kierto.units.municipalities import said
from kierto.web.forms import (
    CheckboxListField,
    DateField,
    Form,
    IntegerField,
    Length,
    NumberRange,
    Optional,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from kierto.web.limits import offer_limits
from kierto.web.rendering import LANGUAGES
from kierto.words import SPOKEN, lazy_gettext, spoken, weekday

SHORT, LONG = 200, 1000


class PersonForm(Form):
    """What everyone has."""

    name = StringField(
        lazy_gettext("Your name"),
        [Required(lazy_gettext("Write the name that you want to be called by.")), Length(max=SHORT)],
        description=lazy_gettext("You may give another name than the official one. You need not say why."),
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(lazy_gettext("Language of the messages"), [Required()], choices=list(LANGUAGES.items()))

    def __init__(self, person: Person) -> None:
        super().__init__(data={"name": person.name, "language": person.language})


class ProfileForm(Form):
    """What an expert tells of themself."""

    municipalities = CheckboxListField(
        lazy_gettext("Where can you come to meetings?"),
        [Optional()],
        description=lazy_gettext("Leave all empty if you can come anywhere."),
    )
    languages = CheckboxListField(
        lazy_gettext("In which languages can you take part?"),
        [Required(lazy_gettext("Choose one language at least."))],
    )
    training = StringField(
        lazy_gettext("Training for this work"),
        [Optional(), Length(max=300)],
        description=lazy_gettext("If you have any. You need none."),
    )
    home_base = StringField(
        lazy_gettext("Association or other body that supports you"), [Optional(), Length(max=SHORT)]
    )
    fee_wish = StringField(
        lazy_gettext("Your wish about the fee"),
        [Optional(), Length(max=SHORT)],
        description=lazy_gettext("For example: I do not want a fee. Or: ask me each time."),
    )

    def __init__(self, expert: Expert, chosen: Sequence[str], places: Sequence[str]) -> None:
        same = ("languages", "training", "home_base", "fee_wish")
        super().__init__(data={name: getattr(expert, name) for name in same} | {"municipalities": chosen})
        known = [*places, *(name for name in chosen if name not in places)]
        self.municipalities.choices = [(name, said(name)) for name in known]
        self.languages.choices = [(code, spoken(code)) for code in SPOKEN]

    @property
    def profile(self) -> Profile:
        """What was told; ask only a valid form."""
        given = self.data
        return Profile(
            municipalities=given["municipalities"] or (),
            languages=given["languages"],
            home_base=given["home_base"] or "",
            training=given["training"] or "",
            fee_wish=given["fee_wish"] or "",
        )


class HoursForm(Form):
    """Weekly hours to add: the same from–until on each of the chosen days."""

    days = CheckboxListField(
        lazy_gettext("Days"),
        [Required(lazy_gettext("Choose one day at least."))],
        coerce=int,
    )
    from_at = TimeField(lazy_gettext("Begins"), [Required()])
    until_at = TimeField(lazy_gettext("Until"), [Required()])

    def __init__(self) -> None:
        super().__init__()
        self.days.choices = [(str(day), weekday(day)) for day in range(1, 8)]

    @property
    def hours(self) -> list[Hours]:
        """What to add; ask only a valid form."""
        given = self.data
        return [Hours(day, given["from_at"], given["until_at"]) for day in given["days"]]


class AwayForm(Form):
    """Days on which one cannot come."""

    from_on = DateField(lazy_gettext("First day"), [Required()])
    until_on = DateField(lazy_gettext("Last day"), [Required()])


class LimitsForm(Form):
    """Limits, not wishes; each may be none."""

    earliest_start = SelectField(lazy_gettext("A meeting may begin at the earliest at"), [Optional()])
    longest_minutes = SelectField(lazy_gettext("A meeting may last at most"), [Optional()], coerce=int)
    most_meetings = SelectField(lazy_gettext("Meetings in a month, at most"), [Optional()], coerce=int)
    most_euros = IntegerField(
        lazy_gettext("Euros in a month, at most"),
        [Optional(), NumberRange(1, 100000)],
        description=lazy_gettext("If you have a limit because of a pension or a benefit. You need not say why."),
    )

    def __init__(self, expert: Expert) -> None:
        start = f"{expert.earliest_start:%H:%M}" if expert.earliest_start else ""
        super().__init__(
            data={
                "earliest_start": start,
                "longest_minutes": expert.longest_minutes or 0,
                "most_meetings": expert.most_meetings or 0,
                "most_euros": expert.most_euros,
            }
        )
        offer_limits(self)

    @property
    def limits(self) -> Limits:
        """What was chosen; ask only a valid form."""
        given = self.data
        return Limits(
            earliest_start=time.fromisoformat(given["earliest_start"]) if given["earliest_start"] else None,
            longest_minutes=given["longest_minutes"] or None,
            most_meetings=given["most_meetings"] or None,
            most_euros=given["most_euros"],
        )


class ThemesForm(Form):
    """Themes of one's experience; the button is the consent."""

    themes = CheckboxListField(
        lazy_gettext("Choose one or more"), [Required(lazy_gettext("Choose one theme at least."))]
    )

    def __init__(self, themes: Sequence[Theme], chosen: Sequence[Theme] | None = None) -> None:
        # Shown by a press: what was pressed is nothing that was filled in.
        shown = {} if chosen is None else {"formdata": None, "data": {"themes": [theme.code for theme in chosen]}}
        super().__init__(**shown)
        self.ids = {theme.code: theme.id for theme in themes}
        self.themes.choices = [(theme.code, str(theme.name)) for theme in themes]

    @property
    def theme_ids(self) -> list[int]:
        """The chosen ones; ask only a valid form."""
        return [self.ids[code] for code in self.data["themes"]]


class NeedsForm(Form):
    """What to arrange; the button is the consent."""

    text = TextAreaField(
        lazy_gettext("What do we arrange for you?"),
        [Required(lazy_gettext("Write what we arrange.")), Length(max=LONG)],
        description=lazy_gettext(
            "For example: a way in without steps, an induction loop, breaks, a place near the door, "
            "a support person with me."
        ),
        render_kw={"rows": 5},
    )

    def __init__(self, shown: ExpertNeeds | None = None) -> None:
        super().__init__(data={"text": shown.text.decode() if shown else ""})


class WordsForm(Form):
    """Something else about oneself."""

    text = TextAreaField(
        lazy_gettext("Something else about you"),
        [Required(lazy_gettext("Write something.")), Length(max=LONG)],
        description=lazy_gettext("You need not tell about your health."),
        render_kw={"rows": 5},
    )

    def __init__(self, shown: bytes | None = None) -> None:
        super().__init__(data={"text": shown.decode() if shown else ""})


class PressForm(Form):
    """A button."""
