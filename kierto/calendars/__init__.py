"""Feeds: meetings in, bytes out."""
