"""Languages that people serve and are served in, by their codes (ISO 639; `sgn` is any sign language)."""

from kierto.words.language import N_, gettext

SPOKEN: dict[str, str] = {
    "fi": N_("Finnish"),
    "sv": N_("Swedish"),
    "en": N_("English"),
    "se": N_("Northern Sámi"),
    "sgn": N_("sign language"),
    "ru": N_("Russian"),
    "uk": N_("Ukrainian"),
    "et": N_("Estonian"),
    "ar": N_("Arabic"),
    "so": N_("Somali"),
    "fa": N_("Persian"),
}
"""Code → source string, the languages of this country first."""


def spoken(code: str) -> str:
    """The language's name in the reader's language; a code that is not in the list is given back."""
    return gettext(SPOKEN[code]) if code in SPOKEN else code
