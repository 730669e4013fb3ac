"""Letters about signing in and changed addresses."""

from kierto.messages.letters.told import Letter

LETTERS: dict[str, Letter] = {}
