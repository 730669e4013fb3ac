"""What the link in a message opens: one seat, its meeting, and three buttons. No sign-in."""
