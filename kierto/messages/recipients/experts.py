"""Who is told of applications and experts."""

from kierto.messages.recipients.found import Finder

FINDERS: dict[str, Finder] = {}
