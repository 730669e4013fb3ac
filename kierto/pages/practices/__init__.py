"""Practices: written down, agreed, answered by units, followed on their journey."""
