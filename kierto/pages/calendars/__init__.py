"""Subscribing to calendars."""
