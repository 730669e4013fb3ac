"""Staff: who works in a unit and who looks after an organisation, how they are invited, join and leave."""
