"""Rounds: one pass over a set of units, its stops, booking."""
