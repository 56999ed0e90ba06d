"""Comparing figures: under other readings of a measure, with what was published, with somebody else's."""
