"""Who is told of invitations and roles."""

from kierto.messages.recipients.found import Finder

FINDERS: dict[str, Finder] = {}
