"""The base of every form: words that say how to mend a mistake, refusals beside the field, what was typed kept.

A view that shows a form and takes it:

    form = BookForm()
    if form.validate_on_submit():
        with form.refusals():
            meeting = book_stop(actor(), stop, form.day.data, form.time.data)
        if not form.refused:
            return redirect(url_for("meetings.show", ref=meeting.ref))
    return form.page("pages/rounds/book.html", round=round)
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations
from typing import Any, NamedTuple

from flask import Flask, Response, make_response, render_template, request
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms import DateField as WTFormsDateField
from wtforms import Field as FormField
from wtforms import Form as WTForm
from wtforms import RadioField as WTFormsRadioField
from wtforms import SelectField as WTFormsSelectField
from wtforms import SelectMultipleField as WTFormsSelectMultipleField
from wtforms import TimeField as WTFormsTimeField
from wtforms.form import BaseForm
from wtforms.i18n import get_translations
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from kierto.database import savepoint
from kierto.errors import Refused
from kierto.words import N_, Language, current, gettext, ngettext

__all__ = [
    "BooleanField",
    "CheckboxListField",
    "CodeField",
    "DateField",
    "EmailField",
    "EurosField",
    "FileField",
    "Form",
    "FormField",
    "HiddenField",
    "IntegerField",
    "Length",
    "NumberRange",
    "Optional",
    "PhoneField",
    "RadioField",
    "Required",
    "SearchForm",
    "SecretField",
    "SelectField",
    "StringField",
    "TextAreaField",
    "TimeField",
    "ValidationError",
    "set_up",
]

# WTForms' sentence → ours, which says how to mend it. What is not here WTForms says itself, in the reader's language.
_MENDING = {
    "This field is required.": N_("This is needed. Fill it in."),
    "Not a valid integer value.": N_("Give a whole number in digits, such as 2."),
    "Not a valid date value.": N_("Give a day that exists, such as 24.1.2027."),
    "Not a valid time value.": N_("Give a time of day, such as 13.00."),
    "Not a valid choice.": N_("Choose one of the options."),
    "Number must be at least %(min)s.": N_("Give at least %(min)s."),
    "Number must be at most %(max)s.": N_("Give at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Give a number from %(min)s to %(max)s."),
    "File does not have an approved extension: {extensions}": N_("Choose a file of this kind: {extensions}."),
}
_SUM = re.compile(r"\d+(\.\d{1,2})?")
_TOO_LONG = "Field cannot be longer than %(max)d character."


class Fault(NamedTuple):
    """A mistake for the summary on top: where it is (None: the whole form), and what to do."""

    anchor: str | None
    label: str
    message: str

    @property
    def said(self) -> str:
        """Both in one line; a label that ends its own sentence, such as a question, needs no colon."""
        return f"{self.label}{'' if self.label.endswith(('?', '!', '.', ':')) else ':'} {self.message}"


class _Translations:
    """WTForms' messages: ours where we have a better one, else its own catalogue's."""

    def gettext(self, string: str) -> str:
        ours = _MENDING.get(string)
        if ours is not None:
            return gettext(ours)
        return string if current() == "en" else _catalogue(current()).gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if singular == _TOO_LONG:
            return ngettext(
                "This is too long. The most is %(max)d character.",
                "This is too long. The most is %(max)d characters.",
                n,
                max=n,
            )
        if current() == "en":
            return singular if n == 1 else plural
        return _catalogue(current()).ngettext(singular, plural, n)


@cache
def _catalogue(language: Language) -> GNUTranslations:
    return get_translations([language])


def _without_spaces(text: object) -> object:
    return "".join(text.split()) if isinstance(text, str) else text


def _stripped(text: object) -> object:
    return text.strip() if isinstance(text, str) else text


class Form(FlaskForm):
    """A form of Kierto's. `refused` says that a business rule refused what it asked for."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # our stub of flask_wtf does not tell of its Meta
        def bind_field(self, form: WTForm, unbound_field: Any, options: dict[str, Any]) -> FormField:
            """Every text loses the spaces around it."""
            if issubclass(unbound_field.field_class, StringField):
                options = {"filters": (*unbound_field.kwargs.get("filters", ()), _stripped), **options}
            field: FormField = unbound_field.bind(form=form, **options)
            return field

        def get_translations(self, _form: WTForm) -> _Translations:
            return _Translations()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field can be used; a field tells its first mistake, the later ones often follow from it."""
        valid = super().validate(extra_validators)
        for field in self:
            field.errors = list(field.errors)[:1]
        return valid

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Undo what a refused action did, and say its rule beside the field it names, else on top of the form."""
        done = False
        try:
            with savepoint():
                yield
                done = True
        except Refused as fault:
            if done:  # the view has answered already: what the last flush refuses is no answer of the form's
                raise
            self.refused = True
            message = gettext(fault.message, **fault.values)
            if fault.field is not None and fault.field in self._fields:
                field = self._fields[fault.field]
                field.errors = [*field.errors, message]
            else:
                self.form_errors.append(message)

    @property
    def faults(self) -> list[Fault]:
        """Everything to mend, in the order of the page."""
        whole = [Fault(None, "", str(message)) for message in self.form_errors]
        return whole + [
            Fault(_anchor(field), str(field.label.text), str(message)) for field in self for message in field.errors
        ]

    @property
    def asked(self) -> list[FormField]:
        """The fields that a person fills in: all but the hidden ones."""
        return [field for field in self if field.widget.__class__.__name__ != "HiddenInput"]

    @property
    def sends_files(self) -> bool:
        return any(isinstance(field, FileField) for field in self)

    def page(self, template: str, **context: Any) -> Response:
        """The page with this form: 422 when something in it must be mended."""
        status = 422 if self.is_submitted() and self.faults else 200
        return make_response(render_template(template, form=self, **context), status)


class SearchForm(Form):
    """What a list is searched by, kept in its address (GET); components/search_form.html draws it.

    A choice that there is not chooses nothing: `chosen("state")` is None then.
    """

    class Meta(Form.Meta):
        csrf = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.args, *args, **kwargs)
        self._looked_through = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Leave out what was not asked for, and choices that there are not (any more): both narrow nothing."""
        valid = super().validate(extra_validators)
        for field in self:
            if isinstance(field, SelectField) and field.errors:
                field.data, field.errors = "", []
        return valid

    def chosen(self, name: str) -> str | None:
        """What was asked for in the field, None when nothing that can be used was.

        By then every field has its choices: the form is looked through when this is first called.
        """
        if not self._looked_through:
            self._looked_through = True
            self.validate()
        field = self[name]
        return (str(field.data) if field.data else None) if not field.errors else None

    @property
    def kept(self) -> dict[str, str]:
        """Everything that was asked for: what the address of the list's next page carries on."""
        return {field.name: value for field in self.asked if (value := self.chosen(field.name))}


def _anchor(field: FormField) -> str:
    """The id that the summary's link leads to: a field's own, of a list of choices the first one's."""
    if isinstance(field, RadioField | CheckboxListField):
        return next((str(choice.id) for choice in field), str(field.id))
    return str(field.id)


class Required(InputRequired):
    """Something must be given; spaces are nothing."""

    def __call__(self, form: BaseForm, field: FormField) -> None:
        given: Iterable[object] = field.raw_data or ()
        if not any(_stripped(one) for one in given):
            field.errors = []
            raise StopValidation(self.message or field.gettext("This field is required."))


class CodeField(StringField):
    """A code of so many digits from a message or a paper; spaces between them are forgiven.

    The browser offers what has just arrived as a text message.
    """

    def __init__(self, label: Any = None, *, digits: int, **options: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        options.setdefault("render_kw", attributes)
        options["filters"] = (*options.get("filters", ()), _without_spaces)
        super().__init__(label, [Required()], **options)
        self.digits = digits

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:
        """Shape only: whether it is the right code is the action's to say."""
        if not validation_stopped and not (str(self.data).isascii() and str(self.data).isdecimal()):
            raise ValidationError(gettext("A code has only digits."))
        if not validation_stopped and len(str(self.data)) != self.digits:
            raise ValidationError(gettext("The code has %(count)s digits. Check it.", count=self.digits))


class EmailField(StringField):
    """An e-mail address; whether it is a whole one is `people.addresses`' to say."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        attributes = {"type": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        options.setdefault("render_kw", attributes)
        super().__init__(label, validators, **options)


class EurosField(FormField):
    """A sum of euros as people write it (`70`, `62,50`, `62.50 €`); its data are whole cents."""

    widget = TextInput()
    data: int | None

    def __init__(self, label: Any = None, validators: Any = None, *, most: int = 10_000, **options: Any) -> None:
        options.setdefault("render_kw", {"inputmode": "decimal"})
        super().__init__(label, validators, **options)
        self.most = most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data / 100:.2f}".removesuffix(".00").replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the cents, or what was typed and say how to mend it."""
        typed = valuelist[0] if valuelist else ""
        plain = "".join(typed.split()).removesuffix("€").replace(",", ".")
        if not plain:
            self.data = None
        elif not _SUM.fullmatch(plain) or float(plain) > self.most:
            raise ValueError(gettext("Give a sum in euros, such as 70 or 62,50; %(most)s at the most.", most=self.most))
        else:
            self.data = round(float(plain) * 100)


class SecretField(PasswordField):
    """A secret of another system's: typed in and never shown again."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("render_kw", {"autocomplete": "off", "spellcheck": "false"})
        super().__init__(label, validators, **options)


class PhoneField(StringField):
    """A phone number; whether it is a whole one is `people.addresses`' to say."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("render_kw", {"type": "tel", "autocomplete": "tel"})
        super().__init__(label, validators, **options)


class DateField(WTFormsDateField):
    """A day: browsers send 2027-01-24; where they know no calendar, people write 24.1.2027."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d.%m.%Y"], **options)


class TimeField(WTFormsTimeField):
    """A time of day: browsers send 13:00; people write 13.00 or 13."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=["%H:%M", "%H.%M", "%H", "%H:%M:%S"], **options)


Choices = Iterable[tuple[str, Any]]
"""Values with their words; words declared at import are lazy."""


class SelectField(WTFormsSelectField):
    """One of the choices, from a list that opens."""

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Choices = (), **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.choices = list(choices)


class RadioField(WTFormsRadioField):
    """One of the choices, all of them seen."""

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Choices = (), **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.choices = list(choices)


class CheckboxListField(WTFormsSelectMultipleField):
    """Any number of the choices, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Choices = (), **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.choices = list(choices)


def set_up(app: Flask) -> None:
    """Every request that changes something must carry the token of a page of ours."""
    # A token lives as long as its session: people may think over a form for a day. Its secret needs no Referer
    # beside it, which pages with a secret address do not send.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    CSRFProtect(app)
