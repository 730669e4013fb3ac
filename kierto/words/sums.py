"""Sums of money as people in Finland write them."""

from babel.numbers import format_currency

from kierto.words.language import current

_WHOLE = "#,##0\N{NO-BREAK SPACE}¤"


def euros(cents: int) -> str:
    """A sum: `70 €`, and with cents only where there are any (`62,50 €`)."""
    pattern = None if cents % 100 else _WHOLE
    return str(format_currency(cents / 100, "EUR", pattern, locale=f"{current()}_FI", currency_digits=pattern is None))
