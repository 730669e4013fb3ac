"""Invented data: a small region written by hand for the demonstration, and any size for measuring."""
