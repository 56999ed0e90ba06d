"""Measure reports read as figures: ours give what was written, and anybody's their populations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from singledisease.errors import DataError, Fault, require_kind
from singledisease.io.fhir.elements import URN, codings, element, listed, text, words
from singledisease.io.fhir.files import Found, list_files, resources
from singledisease.io.fhir.references import target_of
from singledisease.io.fhir.writing.populations import (
    DENOMINATOR,
    EXCEPTIONS,
    EXCLUSION,
    GROUPS,
    INITIAL,
    NUMERATORS,
    POPULATIONS,
)
from singledisease.tables import Heading, Table

COLUMNS: tuple[str, ...] = (
    "measure",
    "version",
    "type",
    "period_start",
    "period_end",
    "complete",
    "group",
    "by",
    "patient_id",
    "groups",
    "populations",
    "initial_population",
    "excluded",
    "denominator",
    "numerator",
    "rate",
)
HEADINGS: Mapping[str, Heading] = {
    "measure": ("指标", "Measure"),
    "version": ("版本", "Version"),
    "type": ("类型", "Type"),
    "period_start": ("起始日", "From"),
    "period_end": ("截止日", "To"),
    "complete": ("统计期已完", "Complete"),
    "group": ("组", "Group"),
    "by": ("分层", "By"),
    "patient_id": ("患者编号", "Patient"),
    "groups": ("分组", "Groups"),
    "populations": ("人群", "Populations"),
    "initial_population": ("初始人群", "Initial population"),
    "excluded": ("排除", "Excluded"),
    "denominator": ("分母", "Denominator"),
    "numerator": ("分子", "Numerator"),
    "rate": ("率", "Rate"),
}


def read_measure_reports(path: str | Path) -> Table:
    """Read the measure reports of FHIR files as a table: a row for each group, and one for each of its strata.

    Parameters
    ----------
    path
        A bundle, NDJSON, or a folder of either; other resources are passed over.

    Returns
    -------
    Table
        ``measure`` (the id of one that was written here, otherwise the canonical URL), ``version``, ``type``, the
        period as text, ``complete``, ``group`` (its id or code, where a report has several), ``by`` (stratum: value),
        ``patient_id`` of an individual report, ``groups`` (of one that was written here) and ``populations`` (code:
        count), the sums of them, and ``rate``, the score.  The denominator is without exclusions and exceptions.

    Raises
    ------
    DataError
        If there is no FHIR file, one cannot be read to its end, or there is no measure report.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=30, seed=2).log()
    >>> score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension")[1:], log, period="2024")
    >>> sd.write_fhir(score, "reports.json")
    >>> read_measure_reports("reports.json")["rate"] == score.table()["rate"]
    True
    """
    require_kind(path, str, Path, way="sd.read_measure_reports(path)", named="path")
    rows: list[tuple[Any, ...]] = []
    found_any = False
    for found in resources(list_files(path)):
        if found.body is not None and found.body["resourceType"] == "MeasureReport":
            found_any = True
            rows += _rows(found)
    if not found_any:
        fault = Fault(
            "no_report", str(path), "没有 MeasureReport / there is no MeasureReport", "write them: write_fhir"
        )
        raise DataError(f"{path}: 没有指标报告 / holds no measure report", [fault])
    return Table.of_rows(COLUMNS, rows, headings=HEADINGS)


def _rows(found: Found) -> Iterator[tuple[Any, ...]]:
    body = found.body
    url, _, version = text(body, "measure").partition("|")
    head = (
        url.removeprefix(f"{URN}:measure:"),
        version,
        text(body, "type"),
        text(body, "period", "start")[:10],
        text(body, "period", "end")[:10],
        text(body, "status") == "complete",
    )
    patient = _patient(body)
    for group in listed(body, "group"):
        name = (
            text(group, "id") or next((one.code for one in codings(group.get("code"))), "") or words(group.get("code"))
        )
        yield (*head, name, {}, patient or None, *_figures(group))
        for stratifier in listed(group, "stratifier"):
            names = [words(one) or next((c.code for c in codings(one)), "") for one in listed(stratifier, "code")]
            for stratum in listed(stratifier, "stratum"):
                yield (*head, name, _by(names, stratum), patient or None, *_figures(stratum))


def _patient(body: Any) -> str:
    """Give whom a report is about: its subject, or that of the parameters it was made with."""
    person = target_of(element(body, "subject"), body)
    if person.key:
        return person.key.rpartition("|")[2] if person.type in ("", "Patient") else ""
    given = (one for inner in listed(body, "contained") for one in listed(inner, "parameter"))
    named = (text(one, "valueString") for one in given if text(one, "name") == "subject")
    return next(named, "").rpartition("/")[2]


def _by(names: list[str], stratum: Mapping[str, Any]) -> dict[str, str]:
    parts = list(listed(stratum, "component"))
    if parts:
        return {_word(part.get("code")): _word(part.get("value")) for part in parts}
    return {names[0] if names else "": _word(stratum.get("value"))}


def _word(concept: Any) -> str:
    said = words(concept) or next((one.code for one in codings(concept)), "")
    return "" if said == "?" else said


def _figures(group: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give groups, populations, their sums and the score."""
    by_system: dict[str, dict[str, int]] = {GROUPS: {}, POPULATIONS: {}}
    for population in listed(group, "population"):
        count = population.get("count")
        for coding in listed(population, "code", "coding"):
            if text(coding, "system") in by_system and isinstance(count, int):
                by_system[text(coding, "system")][text(coding, "code")] = count
    found = by_system[POPULATIONS]
    excluded, exceptions = found.get(EXCLUSION, 0), found.get(EXCEPTIONS, 0)
    denominator = found[DENOMINATOR] - excluded - exceptions if DENOMINATOR in found else None
    value = element(group, "measureScore", "value")
    rate = float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    return by_system[GROUPS], found, found.get(INITIAL), excluded, denominator, found.get(NUMERATORS), rate
