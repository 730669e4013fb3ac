"""Experts by experience: applying, consents, themes, availability, what to arrange; the register."""
