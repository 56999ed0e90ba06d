"""Results as FHIR R4: measures, measure reports, and work that is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from singledisease.api.definitions import AnyDiseases, known
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.definitions.resolve import resolve
from singledisease.errors import UsageError
from singledisease.io.fhir.writing import (
    BundleType,
    Naming,
    ReportType,
    WorkForm,
    bundle_of,
    derived_resource,
    measure_resource,
    score_resources,
    work_resources,
    write_resources,
)
from singledisease.io.fhir.writing import read_measure_reports as read_measure_reports  # noqa: PLC0414 - public here
from singledisease.scorecard.card import Scorecard
from singledisease.tables import Table

AnyResult = Scorecard | Table | Countable | Derived | Iterable[Countable | Derived]


def to_fhir(
    what: AnyResult,
    *,
    report: ReportType = "summary",
    work: WorkForm = "Task",
    base: str = "",
    patient_system: str = "",
    reporter: str = "",
    bundle: BundleType = "collection",
    diseases: AnyDiseases | None = None,
) -> dict[str, Any]:
    """Give a result as a FHIR R4 bundle, in plain values for JSON.

    Parameters
    ----------
    what
        A scorecard: its measures and their reports.  A worklist: what is due.  A measure, or several: their
        definitions, every policy at its default.
    report
        Of a scorecard: ``summary``, sums with a stratum for each of the scorecard's; ``subject-list``, the same with
        the people of each population; ``individual``, one for each person, with the events that the answer rests on.
    work
        Of a worklist: ``Task``, one for each row, or ``CarePlan``, one for each person and disease.
    base
        URL below which the measures stand, such as ``https://county.example/fhir``; blank: an URN.
    patient_system
        System of the identifiers that people are called by; blank: they are called by the id of their resource.
    reporter
        Who reports, in words.
    bundle
        ``collection``, or ``transaction``, which can be posted to a server.
    diseases
        Your own diseases that measures name; those of the catalogue are known.

    Raises
    ------
    UsageError
        If it is nothing that can be written as FHIR, there is no such type of report, form of work or bundle, or
        people are asked for who are not known.

    >>> import singledisease as sd
    >>> made = to_fhir(sd.measures("cn-bphs-2017", diseases="hypertension")[2])
    >>> made["entry"][0]["resource"]["resourceType"], made["entry"][0]["resource"]["version"]
    ('Measure', '2017.1')
    """
    naming = Naming(base=base, patient_system=patient_system, reporter=reporter)
    return bundle_of(_resources(what, report, work, naming, diseases), bundle)


def write_fhir(
    what: AnyResult,
    path: str | Path,
    *,
    report: ReportType = "summary",
    work: WorkForm = "Task",
    base: str = "",
    patient_system: str = "",
    reporter: str = "",
    bundle: BundleType = "collection",
    diseases: AnyDiseases | None = None,
) -> None:
    """Write a result as FHIR R4: a bundle (``.json``) or a resource a line (``.ndjson``), whole or not at all.

    Resources are written one at a time, so that a report for each person of a county needs no room for all of them.

    Parameters
    ----------
    what, report, work, base, patient_system, reporter, bundle, diseases
        As in ``to_fhir``.
    path
        The file; what stood there stays until the new one is whole.

    Raises
    ------
    UsageError
        As in ``to_fhir``, and if the name of the file ends in neither.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=30, seed=2).log()
    >>> write_fhir(sd.worklist(log, on="2024-06-30"), "due.ndjson")
    >>> write_fhir(sd.evaluate(sd.measures("cn-bphs-2017"), log, period="2024"), "reports.json", report="individual")
    """
    naming = Naming(base=base, patient_system=patient_system, reporter=reporter)
    write_resources(_resources(what, report, work, naming, diseases), path, bundle)


def _resources(
    what: AnyResult, report: ReportType, work: WorkForm, naming: Naming, diseases: AnyDiseases | None
) -> Iterator[dict[str, Any]]:
    if isinstance(what, Scorecard):
        return score_resources(what, report, naming)
    if isinstance(what, Table):
        return work_resources(what, work, naming)
    listed = (what,) if isinstance(what, Countable | Derived) else tuple(what) if isinstance(what, Iterable) else ()
    if not listed or not all(isinstance(one, Countable | Derived) for one in listed):
        kinds = "a scorecard, a worklist, a measure or several"
        raise UsageError(f"不能写成 FHIR / {type(what).__name__} cannot be written as FHIR: give {kinds}")
    defined = known(diseases)
    return (
        derived_resource(one, naming)
        if isinstance(one, Derived)
        else measure_resource(resolve(one, defined, {}), naming)
        for one in listed
    )
