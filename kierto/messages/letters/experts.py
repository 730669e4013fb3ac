"""Letters about applications and experts."""

from kierto.messages.letters.told import Letter

LETTERS: dict[str, Letter] = {}
