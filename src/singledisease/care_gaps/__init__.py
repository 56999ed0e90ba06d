"""What would bring somebody into the numerator before a period ends: plans of events, tried on the log itself."""
