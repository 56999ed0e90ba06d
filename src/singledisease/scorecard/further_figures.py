"""The figures of ratios and distributions, and those derived from other figures; all of them after merging."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, assert_never

import attrs

from singledisease.dates import Period
from singledisease.definitions.aggregate import Ratio
from singledisease.definitions.derived import Combined, Constant, Derived, Figure, FigureOf, OfInstitution, Total
from singledisease.definitions.measure import COUNTED
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.log import InstitutionColumns
from singledisease.scorecard.amounts import Sums, Tallies, summary
from singledisease.scorecard.place_totals import StratumInstitutions
from singledisease.strata import Stratum

FURTHER_COLUMNS: tuple[str, ...] = (
    "per",
    "people",
    "count",
    "mean",
    "median",
    "q25",
    "q75",
    "minimum",
    "maximum",
    "value",
    "unit",
)
"""Columns of a scorecard's table that only some kinds of measure have."""

Figures = Mapping[str, Any]
"""Figures of one measure in one period and stratum, by name; those that are missing are ``None``."""


def figures_of_ratio(
    measure: Ratio, sums: Sums, period: Period, stratum: Stratum, groups: Mapping[str, int]
) -> Figures:
    """Give the two sums, their ratio times ``per``, and of how many it is."""
    numerator, denominator = sums.totals(period, stratum)
    rate = _finite(numerator / denominator * measure.per) if denominator else None
    return {
        "numerator": _plain(numerator),
        "denominator": _plain(denominator),
        "rate": rate,
        "per": measure.per,
        "people": groups.get(COUNTED, 0),
    }


def figures_of_distribution(tallies: Tallies, period: Period, stratum: Stratum, unit: str) -> Figures:
    """Give how many values there are, their mean, median, quartiles and extremes."""
    found = summary(tallies.values, tallies.of(period, stratum))
    return {**attrs.asdict(found), "unit": unit}


def _plain(number: float) -> float | int:
    """Give a whole number as one."""
    return int(number) if number.is_integer() else number


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


# DERIVED FIGURES


def check_derived(derived: Sequence[Derived], measures: Sequence[str], institutions: InstitutionColumns) -> None:
    """Refuse derived figures of no measure, of those that are not counted, or of columns that institutions do not have.

    Raises
    ------
    UsageError
        With a fault for each.
    """
    faults = list(_unknown(derived, measures, institutions))
    if faults:
        raise UsageError("these figures cannot be derived:", faults)


def _unknown(derived: Sequence[Derived], measures: Sequence[str], institutions: InstitutionColumns) -> Iterator[Fault]:
    for each in derived:
        if not each.measures:
            # It stands in the periods and strata of the measures it names: naming none it would stand nowhere.
            hint = 'name one whose periods and strata it has: 100 * rate("hypertension.control")'
            yield Fault("no_measure", each.id, "names no measure", hint)
        for name in each.measures:
            if name not in measures:
                hint = f"evaluate it in the same call; {did_you_mean(name, measures)}"
                yield Fault("unknown_measure", each.id, f"needs the measure {name!r}, which is not counted", hint)
        for column in each.columns:
            if column not in institutions.columns:
                hint = did_you_mean(column, institutions.columns)
                yield Fault("unknown_column", each.id, f"institutions have no column {column!r}", hint)


def derived_value(figure: Figure, figures: Mapping[str, Figures], places: StratumInstitutions) -> float | None:
    """Work out a derived figure in one period and stratum; ``None`` where a part of it is missing.

    Parameters
    ----------
    figure
        What it is made of.
    figures
        The figures of each measure there, by its id.
    places
        The institutions of the stratum.
    """
    match figure:
        case Constant(value):
            return value
        case FigureOf(what, measure):
            found = figures.get(measure, {}).get(what)
            return None if found is None else float(found)
        case OfInstitution(column):
            return _number_of(places, column)
        case Total(part):
            return places.total(lambda row: derived_value(part, {}, places.at(row)))
        case Combined(by, parts):
            values = [derived_value(part, figures, places) for part in parts]
            there = [value for value in values if value is not None]
            return _combine(by, there) if len(there) == len(values) else None
        case _:
            assert_never(figure)


def _number_of(places: StratumInstitutions, column: str) -> float | None:
    row, cells = places.row, places.institutions.columns.get(column, ())
    if row is None or not cells:
        return None
    try:
        return _finite(float(str(cells[row] or "")))
    except ValueError:
        return None


def _combine(by: str, values: list[float]) -> float | None:
    try:
        return _finite(_COMBINE[by](values))
    except (ZeroDivisionError, OverflowError):
        return None


_COMBINE: Mapping[str, Callable[[list[float]], float]] = MappingProxyType(
    {
        "+": lambda values: values[0] + values[1],
        "-": lambda values: values[0] - values[1],
        "*": lambda values: values[0] * values[1],
        "/": lambda values: values[0] / values[1],
        "min": min,
        "max": max,
    }
)
