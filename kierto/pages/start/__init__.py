"""The way in: what Kierto is, and where to go from here."""
