"""Applying to be an expert: one question a page, saved as one goes."""
