"""Forms of staff: inviting, accepting, handing the contact role on, joining by a unit's link."""

from collections.abc import Iterable, Sequence

from kierto.actor import Role
from kierto.people.inviting import Invitee, invitee
from kierto.people.rules import JOINING_LINK_DAYS
from kierto.people.staff import Worker
from kierto.people.words import role_name
from kierto.web.forms import Form, FormField, Length, RadioField, Required, SelectField, StringField, ValidationError
from kierto.words import LANGUAGES, Language, current, gettext, lazy_gettext, matched, ngettext

_NAMES: dict[Language, str] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
_MAIL = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
NOBODY = "nobody"


class InviteForm(Form):
    """Who is invited to what. Where there is one role to give, none is asked."""

    role = RadioField(lazy_gettext("Role"), [Required(lazy_gettext("Choose a role."))])
    name = StringField(
        lazy_gettext("Name"),
        [Required(), Length(max=200)],
        description=lazy_gettext("They can change it when they accept."),
        render_kw={"autocomplete": "off"},
    )
    address = StringField(
        lazy_gettext("E-mail address or phone number"),
        [Required(), Length(max=254)],
        description=lazy_gettext("Such as maija@example.fi or 040 123 4567"),
        render_kw=_MAIL,
    )
    language = SelectField(lazy_gettext("Language of the message"), [Required()])

    def __init__(self, roles: Iterable[Role | None], *, phones: bool) -> None:
        super().__init__(data={"language": current()})
        self.roles = list(roles)
        self.phones = phones
        self.language.choices = [(code, _NAMES[code]) for code in LANGUAGES]
        if len(self.roles) > 1:
            self.role.choices = [(str(role), role_name(role)) for role in self.roles]
        else:
            del self.role
        if not phones:
            self.address.label.text = gettext("E-mail address")
            self.address.description = gettext("Such as maija@example.fi")

    def validate_address(self, field: FormField) -> None:
        """Where Kierto sends no text messages a phone number would reach nobody."""
        if not self.phones and "@" not in str(field.data):
            raise ValidationError(gettext("Write a whole e-mail address, such as maija@example.fi."))

    @property
    def chosen(self) -> Role | None:
        """The role to give; ask only a valid form."""
        return Role(self.role.data) if "role" in self else self.roles[0]

    @property
    def invitee(self) -> Invitee:
        """Who is invited.

        Raises:
            Refused: address-understood.
        """
        return invitee(self.name.data or "", self.address.data or "", matched(self.language.data))


class HandOnForm(Form):
    """Who becomes the contact person, and whose place they take."""

    giver = RadioField(lazy_gettext("Who hands the role on?"), [Required(lazy_gettext("Choose one."))])
    receiver = RadioField(
        lazy_gettext("Who is the new contact person?"), [Required(lazy_gettext("Choose who it is from now on."))]
    )

    def __init__(self, workers: Sequence[Worker], *, giver: str | None) -> None:
        """`giver` is who hands on their own role; a coordinator (none) chooses who does."""
        super().__init__()
        self.own = giver
        self.people = {one.person.ref: one.person.id for one in workers}
        hosts = [one.person for one in workers if one.is_host]
        self.receiver.choices = [(one.person.ref, one.person.name) for one in workers if not one.is_host]
        if giver is None and hosts:
            self.giver.choices = [
                *((person.ref, person.name) for person in hosts),
                (NOBODY, gettext("Nobody: the unit gets one more contact person")),
            ]
        else:
            del self.giver

    @property
    def giver_id(self) -> int | None:
        return self.people.get(self.own or (self.giver.data if "giver" in self else NOBODY))

    @property
    def receiver_id(self) -> int:
        return self.people[self.receiver.data]


class JoiningLinkForm(Form):
    """How long the link works."""

    days = RadioField(lazy_gettext("How long does the link work?"), [Required()], default="30")

    def __init__(self) -> None:
        super().__init__()
        self.days.choices = [(str(days), ngettext("%(num)s day", "%(num)s days", days)) for days in JOINING_LINK_DAYS]


class JoinForm(Form):
    """Who asks to join."""

    name = StringField(
        lazy_gettext("Your name"),
        [Required(), Length(max=200)],
        description=lazy_gettext("A name that you want to be called by is enough."),
        render_kw={"autocomplete": "name"},
    )
    email = StringField(
        lazy_gettext("Your work e-mail address"),
        [Required(), Length(max=254)],
        render_kw=_MAIL | {"autocomplete": "email"},
    )


class AcceptForm(Form):
    """Who accepts, when the address is not known yet."""

    name = StringField(
        lazy_gettext("Your name"),
        [Required(), Length(max=200)],
        description=lazy_gettext("A name that you want to be called by is enough."),
        render_kw={"autocomplete": "name"},
    )
