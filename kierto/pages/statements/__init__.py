"""Privacy notices, accessibility statements and the feedback on them; an organisation's own words in them."""
