"""The questions of an application, a form a page. What may be left empty says so."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from kierto import clock
from kierto.experts.answers import Answers, Part
from kierto.people.addresses import plain_email, plain_phone, spoken_phone
from kierto.units.models import Organisation
from kierto.units.municipalities import said
from kierto.units.queries import themes
from kierto.web.forms import (
    BooleanField,
    CheckboxListField,
    EmailField,
    Form,
    Length,
    Optional,
    PhoneField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
)
from kierto.web.limits import offer_limits
from kierto.words import N_, SPOKEN, current, gettext, lazy_gettext, spoken, weekday

MOST_RADIOS = 6
LONGEST_TEXT = 1000
SHORT = 200

OF_THE_WEEK = (1, 2, 3, 4, 5)
"""Units host on weekdays; whoever wants the weekend says so on their own page."""

PARTS = {
    Part.MORNING: N_("Morning (8–12)"),
    Part.AFTERNOON: N_("Afternoon (12–16)"),
    Part.EVENING: N_("Evening (16–20)"),
}


class BeginForm(Form):
    """Where the application is sent; not asked where there is one organisation only."""

    def __init__(self, organisations: Sequence[Organisation]) -> None:
        super().__init__()
        self.organisations = {one.ref: one for one in organisations}

    @property
    def organisation(self) -> Organisation:
        """The chosen one; ask only a valid form."""
        chosen = self.data.get("organisation_ref")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))


def begin_form(organisations: Sequence[Organisation]) -> BeginForm:
    """The form that begins an application to one of these organisations."""
    if len(organisations) < 2:
        return BeginForm(organisations)
    label = lazy_gettext("In which area do you want to take part?")
    needed = [Required(lazy_gettext("Choose one of them."))]
    choices = [(one.ref, str(one.name)) for one in organisations]
    field = (
        RadioField(label, needed, choices=choices)
        if len(organisations) <= MOST_RADIOS
        else SelectField(label, needed, choices=[("", gettext("Choose")), *choices])
    )
    form: BeginForm = type("BeginForm", (BeginForm,), {"organisation_ref": field})(organisations)
    return form


class StepForm(Form):
    """One page of the application, filled with what was answered before; `hidden`: its secret answer is not."""

    def __init__(self, answers: Answers, organisation_id: int, *, hidden: bool = False) -> None:
        super().__init__(data=self.earlier(answers))
        self.hidden = hidden
        self.offer(organisation_id)

    def earlier(self, answers: Answers) -> dict[str, Any]:
        """What the fields hold at first."""
        return {name: getattr(answers, name) for name in self._fields_of_answers()}

    def _fields_of_answers(self) -> list[str]:
        return [name for name in Answers.__dataclass_fields__ if hasattr(type(self), name)]

    def offer(self, organisation_id: int) -> None:
        """Choices that depend on where the application goes."""

    def pressed(self, button: str) -> bool:
        """Whether it was sent with another button than the main one."""
        return button in request.form

    @property
    def answered(self) -> dict[str, Any]:
        """The answers as they are stored; ask only a valid form. May raise Refused."""
        return {name: self.data[name] or "" for name in self._fields_of_answers()}


class ConsentForm(StepForm):
    """The button is the consent."""


class NameForm(StepForm):
    name = StringField(
        lazy_gettext("Your name"),
        [Required(lazy_gettext("Write the name that you want to be called by.")), Length(max=SHORT)],
        description=lazy_gettext("You may give another name than the official one. You need not say why."),
        render_kw={"autocomplete": "name"},
    )


class ReachForm(StepForm):
    email = EmailField(lazy_gettext("E-mail address"), [Optional(), Length(max=254)])
    phone = PhoneField(lazy_gettext("Phone number"), [Optional(), Length(max=40)])
    call_wished = BooleanField(lazy_gettext("Please call me. I do not read messages."))
    unreachable = BooleanField(
        lazy_gettext("I have no e-mail and no phone of my own. I contact the coordinator myself.")
    )

    def earlier(self, answers: Answers) -> dict[str, Any]:
        found = super().earlier(answers)
        return found | {"phone": spoken_phone(answers.phone) if answers.phone else ""}

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """One way at least, or the word that there is none."""
        valid: bool = super().validate(extra_validators)
        if self.call_wished.data and not self.phone.data:
            self.phone.errors = [gettext("Give the number that we call.")]
        elif not (self.email.data or self.phone.data or self.unreachable.data):
            self.email.errors = [
                gettext("Give your e-mail address or your phone number. Have you neither? Tick the last box.")
            ]
        return valid and not self.faults

    @property
    def answered(self) -> dict[str, Any]:
        email, phone = self.email.data, self.phone.data
        return {
            "email": plain_email(email, field="email") if email else "",
            "phone": plain_phone(phone, field="phone") if phone else "",
            "call_wished": bool(self.call_wished.data),
            "unreachable": bool(self.unreachable.data) and not (email or phone),
        }


class ThemesForm(StepForm):
    themes = CheckboxListField(lazy_gettext("Choose one or more"), [Optional()])

    def offer(self, organisation_id: int) -> None:
        self.themes.choices = [(theme.code, str(theme.name)) for theme in themes()]

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Who consents, says to what."""
        valid: bool = super().validate(extra_validators)
        if valid and not self.themes.data and not (self.pressed("later") or self.pressed("keep")):
            self.themes.errors = [gettext("Choose a theme. Or press the button “I tell it later”.")]
        return not self.faults

    @property
    def answered(self) -> dict[str, Any]:
        if self.pressed("keep"):
            return {}
        chosen = () if self.pressed("later") else tuple(self.themes.data or ())
        return {"themes": chosen, "themes_consent": clock.now().isoformat() if chosen else ""}


class WhereForm(StepForm):
    municipalities = CheckboxListField(
        lazy_gettext("Where can you come to meetings?"),
        [Optional()],
        description=lazy_gettext("Leave all empty if you can come anywhere."),
    )
    languages = CheckboxListField(
        lazy_gettext("In which languages can you take part?"),
        [Required(lazy_gettext("Choose one language at least."))],
    )

    def __init__(
        self, answers: Answers, organisation_id: int, *, hidden: bool = False, places: Sequence[str] = ()
    ) -> None:
        self._places = places
        super().__init__(answers, organisation_id, hidden=hidden)

    def earlier(self, answers: Answers) -> dict[str, Any]:
        return super().earlier(answers) | {"languages": answers.languages or (current(),)}

    def offer(self, organisation_id: int) -> None:
        self.municipalities.choices = [(name, said(name)) for name in self._places]
        self.languages.choices = [(code, spoken(code)) for code in SPOKEN]

    @property
    def answered(self) -> dict[str, Any]:
        return {"municipalities": tuple(self.municipalities.data or ()), "languages": tuple(self.languages.data or ())}


class TimesForm(StepForm):
    days = CheckboxListField(
        lazy_gettext("Which days suit you?"),
        [Optional()],
        coerce=int,
        description=lazy_gettext("Leave all empty if any day suits you."),
    )
    parts = CheckboxListField(
        lazy_gettext("What time of the day suits you?"),
        [Optional()],
        choices=[(part.value, lazy_gettext(words)) for part, words in PARTS.items()],
        description=lazy_gettext("Leave all empty if any time suits you."),
    )
    earliest_start = SelectField(lazy_gettext("A meeting may begin at the earliest at"), [Optional()])
    longest_minutes = SelectField(lazy_gettext("A meeting may last at most"), [Optional()], coerce=int)
    most_meetings = SelectField(lazy_gettext("Meetings in a month, at most"), [Optional()], coerce=int)

    def offer(self, organisation_id: int) -> None:
        self.days.choices = [(str(day), weekday(day)) for day in OF_THE_WEEK]
        offer_limits(self)

    @property
    def answered(self) -> dict[str, Any]:
        return {
            "days": tuple(self.days.data or ()),
            "parts": tuple(self.parts.data or ()),
            "earliest_start": self.earliest_start.data or "",
            "longest_minutes": self.longest_minutes.data or 0,
            "most_meetings": self.most_meetings.data or 0,
        }


class NeedsForm(StepForm):
    needs = TextAreaField(
        lazy_gettext("What do we arrange for you?"),
        [Optional(), Length(max=LONGEST_TEXT)],
        description=lazy_gettext(
            "For example: a way in without steps, an induction loop, breaks, a place near the door, "
            "a support person with me."
        ),
        render_kw={"rows": 4},
    )

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Who consents, says to what."""
        valid: bool = super().validate(extra_validators)
        if valid and not self.needs.data and not (self.pressed("later") or self.pressed("keep")):
            self.needs.errors = [gettext("Write what we arrange. Or press the button “I tell it later”.")]
        return not self.faults

    @property
    def answered(self) -> dict[str, Any]:
        if self.pressed("keep"):
            return {}
        needs = "" if self.pressed("later") else self.needs.data or ""
        return {"needs": needs, "needs_consent": clock.now().isoformat() if needs else ""}


class MoreForm(StepForm):
    training = StringField(
        lazy_gettext("Training for this work"),
        [Optional(), Length(max=SHORT)],
        description=lazy_gettext("If you have any. You need none."),
    )
    home_base = StringField(
        lazy_gettext("Association or other body that supports you"), [Optional(), Length(max=SHORT)]
    )
    own_words = TextAreaField(
        lazy_gettext("Something else about you"),
        [Optional(), Length(max=LONGEST_TEXT)],
        description=lazy_gettext("You need not tell about your health."),
        render_kw={"rows": 4},
    )

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Words that are not shown are never written over by an empty field alone."""
        valid: bool = super().validate(extra_validators)
        if valid and self.hidden and not self.own_words.data and not (self.pressed("later") or self.pressed("keep")):
            self.own_words.errors = [gettext("Write it anew. Or press one of the other buttons.")]
        return not self.faults

    @property
    def answered(self) -> dict[str, Any]:
        answered = super().answered
        if self.pressed("keep"):
            del answered["own_words"]
        elif self.pressed("later"):
            answered["own_words"] = ""
        return answered


class CodeForm(Form):
    """The code to go on with an application that was begun elsewhere."""

    code = StringField(
        lazy_gettext("Your code"),
        [Required(lazy_gettext("Write the code.")), Length(max=40)],
        description=lazy_gettext("It looks like this: 12-k7m29-qxw3p. Capital or small letters, both are right."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
    )


class PressForm(Form):
    """A button."""
