"""Texts as people take them for the same: case, accents' writing, hyphens and spaces do not matter."""

import unicodedata


def folded(text: str) -> str:
    """The text as it is searched and compared: "Etelä-Karjala " and "etelä  karjala" are one; ä stays ä."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().replace("-", " ").split())
