"""Long work with progress, done outside requests."""
