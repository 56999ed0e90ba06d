"""Read a database of the OMOP Common Data Model as an event log."""

from singledisease.io.omop.read import read_omop

__all__ = ["read_omop"]
