"""The forms of one's own addresses."""

from kierto.sign_in.tokens import CODE_DIGITS
from kierto.web.forms import CodeField, EmailField, Form, Length, PhoneField, Required
from kierto.words import lazy_gettext


class EmailForm(Form):
    """A new e-mail address."""

    address = EmailField(lazy_gettext("New e-mail address"), [Required(), Length(max=254)])


class PhoneForm(Form):
    """A new phone number."""

    address = PhoneField(lazy_gettext("New phone number"), [Required(), Length(max=40)])


class CodeForm(Form):
    """The code that went to the new address."""

    code = CodeField(lazy_gettext("Code"), digits=CODE_DIGITS, description=lazy_gettext("Six digits from the message"))
