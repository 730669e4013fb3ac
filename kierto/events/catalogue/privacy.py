"""What is recorded of own data, retention, statements and feedback."""
