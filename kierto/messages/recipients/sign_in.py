"""Who is told of signing in and changed addresses."""

from kierto.messages.recipients.found import Finder

FINDERS: dict[str, Finder] = {}
