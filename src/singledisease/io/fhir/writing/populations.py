"""Groups of people as FHIR's populations: its own words where it has them, and every group under its own name beside.

FHIR's denominator holds those whom an exclusion or exception takes out of it again; ours holds none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from singledisease.definitions.measure import (
    DENOMINATOR_GROUPS,
    EXCEPTION,
    EXCLUDED,
    NUMERATOR,
    OUTSIDE,
)
from singledisease.io.fhir.elements import URN
from singledisease.io.fhir.writing.bundle import Resource, coded

POPULATIONS = "http://terminology.hl7.org/CodeSystem/measure-population"
GROUPS = f"{URN}:group"
INITIAL, DENOMINATOR, EXCLUSION, NUMERATORS, EXCEPTIONS = (
    "initial-population",
    "denominator",
    "denominator-exclusion",
    "numerator",
    "denominator-exception",
)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        INITIAL: "初始人群 / initial population",
        DENOMINATOR: "分母（含随后排除者） / denominator, those excluded included",
        EXCLUSION: "分母排除 / denominator exclusion",
        NUMERATORS: "分子 / numerator",
        EXCEPTIONS: "分母例外 / denominator exception",
    }
)


def standard_of(group: str) -> tuple[str, ...]:
    """Give FHIR's populations that a group belongs to.

    >>> standard_of("numerator"), standard_of("undetermined:reading"), standard_of("outside")
    (('initial-population', 'denominator', 'numerator'), ('initial-population',), ())
    """
    if group == OUTSIDE:
        return ()
    if group.startswith(EXCLUDED):
        return INITIAL, DENOMINATOR, EXCLUSION
    if group.startswith(EXCEPTION):
        return INITIAL, DENOMINATOR, EXCEPTIONS
    if group == NUMERATOR:
        return INITIAL, DENOMINATOR, NUMERATORS
    if group in DENOMINATOR_GROUPS:
        return INITIAL, DENOMINATOR
    return (INITIAL,)


def standards_of(groups: Mapping[str, int], form: str) -> dict[str, int]:
    """Count FHIR's populations: of a proportion all that its groups can be in, of anything else who is in it."""
    counts = dict.fromkeys((INITIAL, DENOMINATOR, NUMERATORS) if form == "proportion" else (INITIAL,), 0)
    for group, people in groups.items():
        for name in standard_of(group):
            if form == "proportion" or name == INITIAL:
                counts[name] = counts.get(name, 0) + people
    return {name: counts[name] for name in WORDS if name in counts}


def populations(groups: Mapping[str, int], form: str) -> Iterator[Resource]:
    """Give the populations of a report with how many are in each: FHIR's, then every group."""
    for name, people in standards_of(groups, form).items():
        yield {"code": coded(POPULATIONS, name), "count": people}
    for group, people in groups.items():
        yield {"code": coded(GROUPS, group), "count": people}
