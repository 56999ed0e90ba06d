"""How a database is understood: what people may choose, checked and brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.io.fhir.code_map import CodeMap, DiseaseFinder, read_code_map
from singledisease.vocabulary import QUANTITIES, Quantity

Enrolment = Literal["first_condition", "first_follow_up", "none"]
FollowUp = Literal["encounter_with_reading", "encounter", "none"]
Glucose = Literal["glucose", "fpg"]
Responsible = Literal["most_visited", "none"]
PartialDates = Literal["unknown", "first"]

_CHOICES = {
    "enrolment": ("first_condition", "first_follow_up", "none"),
    "follow_up": ("encounter_with_reading", "encounter", "none"),
    "glucose": ("glucose", "fpg"),
    "responsible": ("most_visited", "none"),
    "partial_dates": ("unknown", "first"),
}

DEFAULTS: Mapping[str, str | None] = MappingProxyType({name: of[0] for name, of in _CHOICES.items()} | {"codes": None})
"""What holds where nothing is chosen: of each the first."""


@frozen(kw_only=True)
class OmopOptions:
    """How a database is understood; see ``read_omop``."""

    codes: CodeMap
    finder: DiseaseFinder
    quantities: dict[str, Quantity]
    enrolment: Enrolment
    follow_up: FollowUp
    glucose: Glucose
    responsible: Responsible
    partial_dates: PartialDates

    def quantity(self, system: str, code: str) -> str:
        """Give the quantity of an observation's code, blank if it is none."""
        found = self.codes.observations.get((system, code), "")
        return "fpg" if found == "glucose" and self.glucose == "fpg" else found


def make_options(
    *, codes: str | Path | None, diseases: Iterable[Disease], quantities: Iterable[Quantity], **chosen: str
) -> OmopOptions:
    """Make the options, or say of all of them at once which are wrong.

    Raises
    ------
    UsageError
        If an option does not exist.
    DataError
        If the code map is not sound.
    """
    faults = [
        Fault("unknown_option", name, f"没有选项 / there is no option {value!r}", did_you_mean(value, _CHOICES[name]))
        for name, value in chosen.items()
        if value not in _CHOICES[name]
    ]
    if faults:
        raise UsageError("OMOP: 不能这样读取 / the database cannot be read this way", faults)
    listed = tuple(diseases)
    declared = {quantity.name: quantity for quantity in quantities}
    code_map = read_code_map(codes, listed, declared)
    return OmopOptions(
        codes=code_map,
        finder=DiseaseFinder.of(code_map, listed),
        quantities={**QUANTITIES, **declared},
        **chosen,  # type: ignore[arg-type]
    )
