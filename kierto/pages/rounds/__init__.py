"""Rounds: planning and opening them, booking a unit's turn."""
