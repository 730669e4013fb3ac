"""Seats: who comes to a meeting, the waiting list, the mix."""
