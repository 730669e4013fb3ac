"""What is recorded of signing in, sessions, addresses and passes."""
