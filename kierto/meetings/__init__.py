"""Meetings: when, where, what about, for whom."""
