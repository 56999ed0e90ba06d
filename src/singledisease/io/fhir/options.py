"""How an export is understood: what people may choose, checked and brought together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, frozen

from singledisease.definitions.disease import Disease
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.io.fhir.code_map import CodeMap, DiseaseFinder, read_code_map
from singledisease.io.fhir.moments import Calendar, PartialDates
from singledisease.vocabulary import QUANTITIES, Quantity

Enrolment = Literal["first_condition", "care_plan", "first_follow_up", "none"]
FollowUp = Literal["encounter_with_reading", "encounter", "none"]
Glucose = Literal["glucose", "fpg"]
Responsible = Literal["most_visited", "none"]
Recorded = Literal["last_updated", "stated", "none"]
OtherObservations = Literal["skip", "keep"]

CHOICES = {
    "enrolment": ("first_condition", "care_plan", "first_follow_up", "none"),
    "follow_up": ("encounter_with_reading", "encounter", "none"),
    "glucose": ("glucose", "fpg"),
    "responsible": ("most_visited", "none"),
    "recorded": ("last_updated", "stated", "none"),
    "partial_dates": ("unknown", "first"),
    "other_observations": ("skip", "keep"),
}
READINGS: tuple[str, ...] = ("sbp", "dbp", "fpg", "glucose", "hba1c")
"""Quantities that make an encounter one with a reading."""


@frozen(kw_only=True)
class FhirOptions:
    """How an export is understood; see ``read_fhir``."""

    calendar: Calendar
    codes: CodeMap
    finder: DiseaseFinder
    quantities: dict[str, Quantity]
    enrolment: Enrolment
    follow_up: FollowUp
    responsible: Responsible
    recorded: Recorded
    other_observations: OtherObservations
    patient_identifier: str


def make_options(
    *,
    time_zone: str | None,
    partial_dates: PartialDates,
    codes: str | Path | None,
    diseases: Iterable[Disease],
    quantities: Iterable[Quantity],
    patient_identifier: str,
    glucose: Glucose,
    **chosen: str,
) -> FhirOptions:
    """Make the options, or say of all of them at once which are wrong.

    Raises
    ------
    UsageError
        If the time zone or an option does not exist.
    DataError
        If the code map is not sound.
    """
    given = {**chosen, "partial_dates": partial_dates, "glucose": glucose}
    faults = [
        Fault("unknown_option", name, f"没有选项 / there is no option {value!r}", did_you_mean(value, CHOICES[name]))
        for name, value in given.items()
        if value not in CHOICES[name]
    ]
    zone = _zone(time_zone) if time_zone is not None else None
    if isinstance(zone, Fault):
        faults.append(zone)
    if faults or isinstance(zone, Fault):
        raise UsageError("FHIR: 不能这样读取 / the export cannot be read this way", faults)
    listed = tuple(diseases)
    declared = {quantity.name: quantity for quantity in quantities}
    code_map = read_code_map(codes, listed, declared)
    if glucose == "fpg":
        fasting = {key: "fpg" if name == "glucose" else name for key, name in code_map.observations.items()}
        code_map = evolve(code_map, observations=fasting)
    return FhirOptions(
        calendar=Calendar(zone, partial_dates),
        codes=code_map,
        finder=DiseaseFinder.of(code_map, listed),
        quantities={**QUANTITIES, **declared},
        patient_identifier=patient_identifier,
        **chosen,  # type: ignore[arg-type]
    )


def _zone(name: str) -> ZoneInfo | Fault:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Fault(
            "unknown_time_zone", "time_zone", f"没有时区 / there is no time zone {name!r}", "e.g. Asia/Shanghai"
        )
