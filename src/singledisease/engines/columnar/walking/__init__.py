"""Walking a pathway for everyone at once."""
