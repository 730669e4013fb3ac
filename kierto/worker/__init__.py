"""What time sets in motion: messages, jobs, clocks that run out."""
