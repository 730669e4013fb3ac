"""Persons, what they are in organisations, and how they sign in."""
