"""Practices agreed in meetings, and their adoption in units."""
