"""The desk: what needs a person today."""
