"""Definitions of contracts, points and recognition as TOML files, read with all faults at once."""
