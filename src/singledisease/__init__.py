"""Single-disease population management."""
