"""Looking after Kierto itself: organisations, people and roles, vocabularies, sign-in, the log, the settings."""
