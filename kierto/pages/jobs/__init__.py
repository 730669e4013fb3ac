"""Long work: how far it is, and what came of it."""
