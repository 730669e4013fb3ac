"""Kierto: rotating meetings in health care."""

__version__ = "0.1.0"
