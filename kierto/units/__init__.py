"""Organisations, their units, and the shared vocabularies of services and themes."""
