"""Read FHIR R4 as an event log: bundles, bulk NDJSON, a folder of either."""

from singledisease.io.fhir.read import read_fhir

__all__ = ["read_fhir"]
