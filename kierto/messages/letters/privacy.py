"""Letters about own data and feedback."""

from kierto.messages.letters.told import Letter

LETTERS: dict[str, Letter] = {}
