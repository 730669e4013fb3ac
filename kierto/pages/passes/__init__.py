"""Paper passes: making and printing one, and what it opens: one's own meetings and answers, nothing else."""
