"""Letters about invitations and roles."""

from kierto.messages.letters.told import Letter

LETTERS: dict[str, Letter] = {}
