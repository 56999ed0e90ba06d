"""Published test cases of measures: a person's record in FHIR, and the populations that its measure report expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from singledisease.api.data import read
from singledisease.api.figures import evaluate
from singledisease.definitions.measure import Measure
from singledisease.errors import DataError, Fault, UsageError, require_kind
from singledisease.io.fhir.files import list_files, resources
from singledisease.io.fhir.writing.populations import standards_of
from singledisease.io.fhir.writing.read_reports import read_measure_reports
from singledisease.tables import Heading, Table

_HEADINGS: Mapping[str, Heading] = {
    "case": ("病例", "Case"),
    "measure": ("指标", "Measure"),
    "patient_id": ("患者编号", "Patient"),
    "period": ("统计期", "Period"),
    "expected": ("应为", "Expected"),
    "found": ("算得", "Found"),
    "group": ("所在组", "Group"),
    "agrees": ("一致", "Agrees"),
}


def score_test_cases(
    path: str | Path, measures: Measure | Sequence[Any], *, policy: Mapping[str, str] | None = None, **options: Any
) -> Table:
    """Score the test cases of a measure: read each record, evaluate, and compare with what its report expects.

    A case is a bundle that holds a record and its measure report, or a folder with a file for each resource, as the
    test cases of eCQMs are published.

    Parameters
    ----------
    path
        A bundle, or a folder of cases, of several measures too.
    measures
        A measure, or a set such as ``measures("ecqm", code_sets=read_code_sets("valuesets/", of="ecqm"))``: of several
        the one that the report's measure is called after, ``ecqm.cms165`` of ``…/Measure/CMS165FHIRControllingHighBP``.
    policy
        As in ``evaluate``.
    options
        Of the FHIR reader; unless they are given, ``enrolment="none"`` and ``other_observations="keep"``.

    Returns
    -------
    Table
        A row for each case: ``expected`` and ``found`` (population: count, as FHIR counts them), the ``group`` that the
        person is in here, and whether both agree in every population that the report names.

    Raises
    ------
    DataError
        If there is no case, or a file cannot be read.
    UsageError
        If a report is of a measure that is none of those given.

    >>> import json
    >>> from tempfile import TemporaryDirectory
    >>> import singledisease as sd
    >>> seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> code = {"system": "http://terminology.hl7.org/CodeSystem/measure-population", "code": "numerator"}
    >>> report = {"resourceType": "MeasureReport", "status": "complete", "type": "individual", "measure": "seen",
    ...           "subject": {"reference": "Patient/P1"}, "period": {"start": "2024-01-01", "end": "2024-12-31"},
    ...           "group": [{"population": [{"code": {"coding": [code]}, "count": 1}]}]}
    >>> record = {"resourceType": "Patient", "id": "P1", "birthDate": "1950-03-01"}
    >>> both = [{"resource": record}, {"resource": report}]
    >>> case = {"resourceType": "Bundle", "type": "collection", "entry": both}
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "never-seen.json").write_text(json.dumps(case), "utf-8")
    ...     table = score_test_cases(folder, seen)
    >>> [(row["case"], row["expected"], row["found"], row["agrees"]) for row in table]
    [('never-seen', {'numerator': 1}, {'numerator': 0}, False)]
    """
    require_kind(path, str, Path, way="sd.score_test_cases(path, measures, …)", named="path")
    listed = [measures] if isinstance(measures, Measure) else [one for one in measures if isinstance(one, Measure)]
    rows = [row for case in _cases(Path(path)) for row in _scored(case, listed, policy or {}, options)]
    if not rows:
        fault = Fault(
            "no_test_case", str(path), "没有 MeasureReport / there is no MeasureReport", "bundles with one each"
        )
        raise DataError(f"{path}: 没有测试病例 / holds no test case", [fault])
    return Table.of_rows(tuple(_HEADINGS), rows, headings=_HEADINGS)


def _cases(path: Path) -> Iterator[Path]:
    """Give the file of each case, or its folder: that which holds the report and a patient."""
    held: dict[Path, set[str]] = {}
    for file in list_files(path):
        held[file] = {one.body["resourceType"] for one in resources([file]) if one.body is not None}
    given = []
    for file, types in held.items():
        if "MeasureReport" in types:
            given.append(file if "Patient" in types else _folder_of(file, path, held))
    yield from dict.fromkeys(given)


def _folder_of(report: Path, top: Path, held: Mapping[Path, set[str]]) -> Path:
    """Give the nearest folder around a report that has a patient in it; the report itself if none has."""
    for folder in report.parents:
        if any(folder in file.parents and "Patient" in types for file, types in held.items()):
            return folder
        if folder == top:
            break
    return report


def _scored(
    case: Path, measures: Sequence[Measure], policy: Mapping[str, str], options: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    log = read(case, format="fhir", **{"enrolment": "none", "other_observations": "keep", **options})
    for report in read_measure_reports(case):
        if report["by"]:
            continue
        measure = _meant(report["measure"], measures, case)
        period = f"{report['period_start']}..{report['period_end']}"
        table = evaluate(measures, log, period=period, policy=policy).table()
        groups = next(row["groups"] for row in table if row["measure"] == measure.id)
        found = {name: standards_of(groups, measure.form).get(name, 0) for name in report["populations"]}
        inside = [name for name, people in groups.items() if people]
        agrees = found == report["populations"]
        yield (
            case.stem,
            measure.id,
            report["patient_id"],
            period,
            report["populations"],
            found,
            "、".join(inside),
            agrees,
        )


def _meant(named: str, measures: Sequence[Measure], case: Path) -> Measure:
    """Give the measure that a report is of: the only one, or the one it is called after."""
    if len(measures) == 1:
        return measures[0]
    last = named.rpartition("/")[2].lower()
    found = [one for one in measures if one.id == named or last.startswith(one.id.rpartition(".")[2].lower())]
    if len(found) != 1:
        ids = ", ".join(one.id for one in measures)
        raise UsageError(f"{case.name}: {named} 不是所给指标之一 / is none of the measures given: {ids}")
    return found[0]
