"""The four digits: given to open a pass, chosen twice for a new one."""

import re

from kierto.web.forms import Form, FormField, Required, StringField, ValidationError
from kierto.words import gettext, lazy_gettext

_TYPED = {"inputmode": "numeric", "autocomplete": "off"}


def _four_digits(_form: Form, field: FormField) -> None:
    """Spaces between them are no mistake."""
    field.data = re.sub(r"\s", "", field.data or "")
    if not re.fullmatch(r"[0-9]{4}", field.data):
        raise ValidationError(gettext("Give four digits, such as 2580."))


class OpenForm(Form):
    digits = StringField(
        lazy_gettext("Your four digits"),
        [Required(lazy_gettext("Give your four digits.")), _four_digits],
        render_kw=_TYPED,
    )


class ChooseForm(Form):
    digits = StringField(
        lazy_gettext("Four digits"),
        [Required(lazy_gettext("Choose four digits.")), _four_digits],
        description=lazy_gettext(
            "Choose digits that you remember and others do not guess. Do not take your year of birth, 0000 or 1234."
        ),
        render_kw=_TYPED,
    )
    again = StringField(
        lazy_gettext("The same digits again"),
        [Required(lazy_gettext("Give the same four digits again.")), _four_digits],
        render_kw=_TYPED,
    )

    def validate_again(self, field: FormField) -> None:
        """Nobody prints a pass with a slip of the finger in it."""
        if field.data != self.digits.data:
            raise ValidationError(gettext("These are other digits than above. Give the same ones."))
