"""Forms of organisations: making one, what an administrator changes, what its coordinators change themselves."""

from collections.abc import Sequence
from typing import Any

from kierto.errors import Refused
from kierto.people.addresses import plain_email, plain_phone, spoken_phone
from kierto.units.actions import Reach
from kierto.units.counties import County
from kierto.units.expert_words import said
from kierto.units.models import ExpertWord, Organisation
from kierto.web.forms import (
    BooleanField,
    EmailField,
    Form,
    FormField,
    Length,
    Optional,
    PhoneField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from kierto.words import Localised, gettext, lazy_gettext

MOST_DOMAINS = 20
OPEN_TO_ALL = frozenset(
    (
        *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.fi", "icloud.com", "kolumbus.fi", "live.com"),
        *("live.fi", "luukku.com", "mail.com", "outlook.com", "proton.me", "protonmail.com", "suomi24.fi", "yahoo.com"),
    )
)
"""Where anyone gets an address: it tells nothing of where a person works."""

_NAME = Length(max=200)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


class NewOrganisationForm(Form):
    """One of the public organisations by name, or any other by its own names."""

    county = SelectField(lazy_gettext("Choose from the list"))
    name_fi = StringField(lazy_gettext("Name in Finnish"), [_NAME], render_kw={"lang": "fi"})
    name_sv = StringField(lazy_gettext("Name in Swedish"), [Optional(), _NAME], render_kw={"lang": "sv"})
    name_en = StringField(lazy_gettext("Name in English"), [Optional(), _NAME], render_kw={"lang": "en"})
    bilingual = BooleanField(lazy_gettext("It works in both Finnish and Swedish"))

    def __init__(self, counties: Sequence[County]) -> None:
        super().__init__()
        self.counties = {county.name.fi: county for county in counties}
        self.county.choices = [
            ("", gettext("It is not in the list")),
            *((county.name.fi, str(county.name)) for county in counties),
        ]

    def validate_name_fi(self, field: FormField) -> None:
        """Either one from the list or a name of its own, not both."""
        if not field.data and not self.county.data:
            raise ValidationError(gettext("Choose an organisation from the list, or write its name here."))
        if field.data and self.county.data:
            raise ValidationError(gettext("You chose one from the list. Leave this empty, or choose nothing there."))

    @property
    def made(self) -> County:
        """What was chosen or written; ask only a valid form."""
        given = self.data
        if given["county"]:
            return self.counties[given["county"]]
        return County(names(self), given["bilingual"])


def names(form: Form) -> Localised:
    """The names in a form, their spaces made one."""
    given = {language: _one_line(form.data[f"name_{language}"]) for language in ("fi", "sv", "en")}
    return Localised(given["fi"], given["sv"] or None, given["en"] or None)


class ReachForm(Form):
    """What an organisation's coordinators decide themselves."""

    expert_word = RadioField(
        lazy_gettext("What do you call your experts?"),
        [Required()],
        description=lazy_gettext("Your own pages, such as the register and the application, say this word."),
    )
    phone = PhoneField(
        lazy_gettext("Phone number of the coordinators"),
        [Optional(), Length(max=40)],
        description=lazy_gettext("People call it when they need help."),
        render_kw={"type": "tel", "autocomplete": "off"},
    )
    email = EmailField(
        lazy_gettext("E-mail address of the coordinators"),
        [Optional(), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    mail_domains = TextAreaField(
        lazy_gettext("How your workers’ e-mail addresses end"),
        [Optional(), Length(max=2000)],
        description=lazy_gettext(
            "One on each line, such as example.fi. Only who has such an address can join by a unit’s joining link."
        ),
        render_kw={"rows": 4, "autocapitalize": "none", "spellcheck": "false"},
    )

    def __init__(self, organisation: Organisation, **data: Any) -> None:
        phone = spoken_phone(organisation.phone) if organisation.phone else None
        own = {"expert_word": organisation.expert_word, "phone": phone, "email": organisation.email}
        super().__init__(data=own | {"mail_domains": "\n".join(organisation.mail_domains)} | data)
        self.expert_word.choices = [(word.value, said(word)) for word in ExpertWord]

    def validate_phone(self, field: FormField) -> None:
        _plain(field, plain_phone)

    def validate_email(self, field: FormField) -> None:
        _plain(field, plain_email)

    def validate_mail_domains(self, field: FormField) -> None:
        """Each line a domain, and none where anyone gets an address."""
        found = [_domain(line) for line in _lines(field)]
        if len(found) > MOST_DOMAINS:
            raise ValidationError(gettext("These are too many. Give at most %(most)s.", most=MOST_DOMAINS))
        for domain in found:
            if domain in OPEN_TO_ALL:
                raise ValidationError(
                    gettext("Anyone can get an address that ends in %(domain)s. Leave it out.", domain=domain)
                )

    @property
    def reach(self) -> Reach:
        """What was decided; ask only a valid form."""
        given = self.data
        return Reach(
            expert_word=ExpertWord(given["expert_word"]),
            mail_domains=list(dict.fromkeys(_domain(line) for line in _lines(self.mail_domains))),
            phone=plain_phone(given["phone"]) if given["phone"] else None,
            email=plain_email(given["email"]) if given["email"] else None,
        )


class OrganisationForm(ReachForm):
    """All of an organisation: what an administrator changes."""

    name_fi = StringField(lazy_gettext("Name in Finnish"), [Required(), _NAME], render_kw={"lang": "fi"})
    name_sv = StringField(lazy_gettext("Name in Swedish"), [Optional(), _NAME], render_kw={"lang": "sv"})
    name_en = StringField(lazy_gettext("Name in English"), [Optional(), _NAME], render_kw={"lang": "en"})
    bilingual = BooleanField(lazy_gettext("It works in both Finnish and Swedish"))
    weak_reading = TextAreaField(
        lazy_gettext("Why may secrets be read without strong identification?"),
        [Optional(), Length(max=500)],
        description=lazy_gettext(
            "Leave this empty unless the organisation has decided so. Then write who decided, when and why. "
            "Secrets are themes of experience, and what to arrange for a person."
        ),
        render_kw={"rows": 3},
    )

    def __init__(self, organisation: Organisation) -> None:
        name = organisation.name
        super().__init__(
            organisation,
            name_fi=name.fi,
            name_sv=name.sv,
            name_en=name.en,
            bilingual=organisation.bilingual,
            weak_reading=organisation.weak_reading_reason,
        )


def _plain(field: FormField, read: Any) -> None:
    """Say beside the field what cannot be used of it."""
    try:
        read(field.data)
    except Refused as fault:
        raise ValidationError(gettext(fault.message)) from None


def _lines(field: FormField) -> list[str]:
    return [line.strip() for line in str(field.data or "").splitlines() if line.strip()]


def _domain(line: str) -> str:
    """The domain that a line gives, in the letters of its language.

    Raises:
        ValidationError: it is none.
    """
    typed = line.rpartition("@")[2]
    try:
        return plain_email(f"nobody@{typed}").rpartition("@")[2]
    except Refused:
        raise ValidationError(
            gettext("“%(line)s” cannot be the end of an e-mail address. It looks like example.fi.", line=line[:100])
        ) from None
