"""Read a Synthea CSV export as an event log."""

from singledisease.io.synthea.read import read_synthea
from singledisease.io.synthea.words import CONDITIONS, SyntheaOptions

__all__ = ["CONDITIONS", "SyntheaOptions", "read_synthea"]
