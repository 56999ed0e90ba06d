"""Benchmarks: every yardstick of the design, measured in one run and written down with the machine's noise."""
