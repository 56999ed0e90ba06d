"""What Synthea's codes mean here: conditions, observations with their units, classes of encounter.

SNOMED CT and LOINC codes as Synthea exports them; units are converted by the factors of ``io.conversion``, as
everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

from singledisease.errors import Fault, UsageError, did_you_mean

CONDITIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hypertension": ("59621000", "38341003"),
        "type2-diabetes": ("44054006",),
    }
)
"""SNOMED CT codes of the conditions that are diagnoses of a disease; an argument of ``read_synthea``."""


@frozen
class LoincCode:
    """A LOINC code: the quantity it is, and the units in which it comes, each as ``io.conversion`` calls it."""

    quantity: str
    units: Mapping[str, str]


def _glucose(quantity: str) -> LoincCode:
    return LoincCode(quantity, {"mg/dL": "mg/dL", "mmol/L": "mmol/L"})


_ALWAYS: Mapping[str, LoincCode] = {
    "8480-6": LoincCode("sbp", {"mm[Hg]": "mmHg", "mmHg": "mmHg"}),
    "8462-4": LoincCode("dbp", {"mm[Hg]": "mmHg", "mmHg": "mmHg"}),
    "1558-6": _glucose("fpg"),
    "4548-4": LoincCode("hba1c", {"%": "%"}),
    "39156-5": LoincCode("bmi", {"kg/m2": "kg/m²"}),
    "29463-7": LoincCode("weight", {"kg": "kg"}),
    "8302-2": LoincCode("height", {"cm": "cm"}),
    "8867-4": LoincCode("heart_rate", {"/min": "/min", "{beats}/min": "/min"}),
}
_UNSPECIFIC_GLUCOSE = ("2339-0", "2345-7")

READINGS: tuple[str, ...] = ("sbp", "dbp", "fpg", "glucose", "hba1c")
"""Quantities that make an encounter one with a reading."""

FACE_TO_FACE: tuple[str, ...] = ("ambulatory", "wellness", "outpatient")
"""Classes of encounter that can be a follow-up."""

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "ambulatory": "outpatient",
        "wellness": "outpatient",
        "outpatient": "outpatient",
        "emergency": "emergency",
        "urgentcare": "emergency",
        "inpatient": "inpatient",
    }
)
"""What a class of encounter says about the setting; the other classes (home, hospice, snf, virtual) say nothing."""

SEXES: Mapping[str, str] = MappingProxyType({"M": "male", "F": "female"})

Enrolment = Literal["first_condition", "first_follow_up", "none"]
FollowUp = Literal["encounter_with_reading", "encounter", "none"]
Glucose = Literal["glucose", "fpg"]
Responsible = Literal["most_visited", "none"]

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "enrolment": ("first_condition", "first_follow_up", "none"),
    "follow_up": ("encounter_with_reading", "encounter", "none"),
    "glucose": ("glucose", "fpg"),
    "responsible": ("most_visited", "none"),
}


@frozen(kw_only=True)
class SyntheaOptions:
    """How an export is understood; see ``read_synthea``."""

    zone: ZoneInfo
    enrolment: Enrolment
    follow_up: FollowUp
    glucose: Glucose
    responsible: Responsible
    conditions: Mapping[str, tuple[str, ...]]

    @property
    def observed(self) -> Mapping[str, LoincCode]:
        """What each LOINC code is."""
        return {**_ALWAYS, **dict.fromkeys(_UNSPECIFIC_GLUCOSE, _glucose(self.glucose))}

    @property
    def disease_of(self) -> Mapping[str, str]:
        """The disease of each SNOMED CT code; several diseases of one code are written as a tag of several."""
        found: dict[str, list[str]] = {}
        for disease, codes in self.conditions.items():
            for code in codes:
                found.setdefault(code, []).append(disease)
        return {code: "|".join(diseases) for code, diseases in found.items()}


def check_options(time_zone: str, conditions: Mapping[str, tuple[str, ...]], **chosen: str) -> SyntheaOptions:
    """Make the options, or say of all of them at once which are wrong.

    Raises
    ------
    UsageError
        If the time zone or an option does not exist.
    """
    faults = [
        Fault("unknown_option", name, f"no option {value!r}", did_you_mean(value, _CHOICES[name]))
        for name, value in chosen.items()
        if value not in _CHOICES[name]
    ]
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(Fault("unknown_time_zone", "time_zone", f"no time zone {time_zone!r}", "e.g. Asia/Shanghai"))
    if faults:
        raise UsageError("the Synthea export cannot be read this way", faults)
    return SyntheaOptions(zone=zone, conditions=dict(conditions), **chosen)  # type: ignore[arg-type]
