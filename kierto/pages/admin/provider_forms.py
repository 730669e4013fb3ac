"""The form of a sign-in provider."""

from kierto.sign_in.fetching import is_safe
from kierto.sign_in.openid import Fault
from kierto.sign_in.providers import Provider, Wanted
from kierto.web.forms import (
    BooleanField,
    Form,
    FormField,
    Length,
    Optional,
    Required,
    SecretField,
    StringField,
    ValidationError,
)
from kierto.words import Localised, gettext, lazy_gettext

_PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class ProviderForm(Form):
    """What an administrator decides of a provider that is there; its issuer stays."""

    name_fi = StringField(
        lazy_gettext("Name in Finnish"),
        [Required(), Length(max=200)],
        description=lazy_gettext("People see it on the sign-in page. Usually the organisation’s name."),
        render_kw={"lang": "fi"},
    )
    name_sv = StringField(lazy_gettext("Name in Swedish"), [Optional(), Length(max=200)], render_kw={"lang": "sv"})
    name_en = StringField(lazy_gettext("Name in English"), [Optional(), Length(max=200)], render_kw={"lang": "en"})
    client_id = StringField(
        lazy_gettext("Client ID"),
        [Required(), Length(max=200)],
        description=lazy_gettext("By this the provider knows Kierto."),
        render_kw=_PLAIN,
    )
    client_secret = SecretField(
        lazy_gettext("New client secret"),
        [Optional(), Length(max=500)],
        description=lazy_gettext("Leave it empty to keep the secret that is stored. It is never shown."),
    )
    strong = BooleanField(
        lazy_gettext("Identifies strongly"),
        description=lazy_gettext(
            "Only when everyone who comes through it has used two factors or a bank’s or mobile identification. "
            "Who comes through it reads what is kept most safely."
        ),
    )

    def __init__(self, provider: Provider | None = None) -> None:
        if provider is None:
            super().__init__()
            return
        name = provider.name
        super().__init__(
            name_fi=name.fi, name_sv=name.sv, name_en=name.en, client_id=provider.client_id, strong=provider.strong
        )

    @property
    def wanted(self) -> Wanted:
        """What was decided, after the form has been validated."""
        name = Localised(self.name_fi.data or "", self.name_sv.data or None, self.name_en.data or None)
        secret = self.client_secret.data or None
        return Wanted(name, self.client_id.data or "", secret, bool(self.strong.data))

    def tell(self, fault: Fault) -> None:
        """What the check of the provider found, where it can be mended."""
        self.client_id.errors = [told(fault)]


class NewProviderForm(ProviderForm):
    """A provider to be."""

    issuer = StringField(
        lazy_gettext("Issuer"),
        [Required(), Length(max=300)],
        description=lazy_gettext("An address such as https://login.example.fi/realms/work. The provider tells it."),
        render_kw=_PLAIN | {"inputmode": "url"},
    )
    client_secret = SecretField(lazy_gettext("Client secret"), [Required(), Length(max=500)])

    def validate_issuer(self, field: FormField) -> None:
        """What goes there must not be read on the way, nor lead into somebody's network."""
        if not is_safe(field.data, field.data):
            raise ValidationError(gettext("Give the whole address. It begins with https://, and it is a public one."))

    def tell(self, fault: Fault) -> None:
        """A new one's mistake is its address."""
        self.issuer.errors = [told(fault)]


def told(fault: Fault) -> str:
    """What to mend when the provider's metadata cannot be used."""
    if fault is Fault.DOWN:
        return gettext("Nobody answers there. Check the address; perhaps a firewall stands between. Nothing was saved.")
    return gettext(
        "There is no OpenID Connect provider of this name there. Its page /.well-known/openid-configuration must tell "
        "exactly this issuer, and every address there must be public. Nothing was saved."
    )
