"""Mail: whom an event is told, what they read, how it leaves."""
