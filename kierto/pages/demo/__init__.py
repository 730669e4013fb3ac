"""Stepping into the role of any of the demo's people, and the mail they were sent."""
