"""The pages, one topic for what a person comes to do."""
