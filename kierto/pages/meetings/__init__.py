"""Meetings: what comes, what one is like, and one's own seat in it."""
