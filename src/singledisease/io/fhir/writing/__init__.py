"""Write figures, definitions and work as FHIR R4, and read measure reports back."""

from singledisease.io.fhir.writing.bundle import BundleType, Naming, bundle_of, write_resources
from singledisease.io.fhir.writing.choose import ReportType, WorkForm, score_resources, work_resources
from singledisease.io.fhir.writing.measure import derived_resource, measure_resource
from singledisease.io.fhir.writing.read_reports import read_measure_reports

__all__ = [
    "BundleType",
    "Naming",
    "ReportType",
    "WorkForm",
    "bundle_of",
    "derived_resource",
    "measure_resource",
    "read_measure_reports",
    "score_resources",
    "work_resources",
    "write_resources",
]
