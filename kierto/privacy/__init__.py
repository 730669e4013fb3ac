"""Own data exported and erased; what is kept how long; who read what."""
