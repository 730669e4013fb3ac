"""Who is told of own data and feedback."""

from kierto.messages.recipients.found import Finder

FINDERS: dict[str, Finder] = {}
