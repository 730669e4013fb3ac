"""Imports: units, hosting hours and experts from a file."""
