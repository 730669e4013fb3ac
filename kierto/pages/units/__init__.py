"""Units: looking at them, bringing them in from a file."""
