"""Ways in and out: one adapter a module."""
