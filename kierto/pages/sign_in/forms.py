"""The forms of signing in: an address, a code."""

from kierto.sign_in.tokens import CODE_DIGITS
from kierto.web.forms import CodeField, Form, HiddenField, Length, Required, StringField
from kierto.words import lazy_gettext

_ADDRESS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}


class AddressForm(Form):
    """Where to send the message. `next` is where the person wanted to go."""

    address = StringField(
        lazy_gettext("E-mail address or phone number"),
        [Required(), Length(max=254)],
        description=lazy_gettext("Such as maija@example.fi or 040 123 4567"),
        render_kw=_ADDRESS,
    )
    next = HiddenField()


class MailAddressForm(Form):
    """The same where Kierto sends no text messages."""

    address = StringField(
        lazy_gettext("E-mail address"),
        [Required(), Length(max=254)],
        description=lazy_gettext("Such as maija@example.fi"),
        render_kw=_ADDRESS | {"autocomplete": "email"},
    )
    next = HiddenField()


class JoinForm(Form):
    """The address that somebody who came by single sign-on has in Kierto."""

    address = StringField(
        lazy_gettext("The e-mail address that you use in Kierto"),
        [Required(), Length(max=254)],
        render_kw=_ADDRESS | {"autocomplete": "email"},
    )


class CodeForm(Form):
    """The digits of the message."""

    code = CodeField(lazy_gettext("Code"), digits=CODE_DIGITS, description=lazy_gettext("Six digits from the message"))
