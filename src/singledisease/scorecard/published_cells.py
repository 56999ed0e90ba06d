"""What of a cell is published: figures that are withheld, with the reason, and counts that are rounded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve

from singledisease import intervals
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.derived import Derived
from singledisease.definitions.measure import COUNTED, EXCLUDED, NUMERATOR, OUTSIDE, UNKNOWN
from singledisease.scorecard import show
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.disclosure_levels import Hidden
from singledisease.scorecard.show import FigureCell
from singledisease.tables import Heading

SMALL, MADE_OF_SMALL, EXTREME = "small_count", "made_of_withheld", "one_person"
REASONS: Mapping[str, Heading] = MappingProxyType(
    {
        SMALL: (
            "人数过少，或可据以推出过少的人数",
            "a small count, or one from which a small count could be worked out",
        ),
        MADE_OF_SMALL: ("由未公布的数字算出", "made of figures that are withheld"),
        EXTREME: ("极值属于某一个人", "an extreme is the value of one person"),
    }
)
"""Why a figure is withheld.  Which of two counts is the small one is not said: that would give it away."""

_PEOPLE = ("initial_population", "excluded", "denominator", "numerator", "unknown")
_SHARES = ("rate", "ci_low", "ci_high", "bound_low", "bound_high")
_OF_VALUES = ("mean", "median", "q25", "q75")
_OF_SUMS = ("numerator", "denominator", "rate")


def published_cell(measure: Any, cell: FigureCell, hidden: Hidden, base: int | None) -> FigureCell:
    """Give a cell without what is withheld of it, its counts rounded to a base, if any."""
    reasons = dict(_withheld(measure, cell, hidden))
    groups = tuple(_hidden_groups(cell, hidden))
    shown = {
        group: None if group in groups else _rounded(cell.groups.get(group), base)
        for group in cell.counted.groups
        if group in groups or group in cell.groups
    }
    figures = {name: None if name in reasons else value for name, value in cell.figures.items()}
    if base is not None:
        figures = _all_rounded(measure, figures, base)
    because = {name: reason for name, reason in reasons.items() if name in cell.figures}
    return evolve(
        cell,
        groups=shown,
        figures=figures,
        withheld={**because, **{f"groups.{group}": SMALL for group in groups}},
    )


def _hidden_groups(cell: FigureCell, hidden: Hidden) -> Iterator[str]:
    for g, where in hidden.groups.items():
        if cell.stratum in where:
            yield cell.counted.groups[g]


def _withheld(measure: Any, cell: FigureCell, hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Give the figures that are withheld, with the reason; every one of them that there could be."""
    gone = set(_hidden_groups(cell, hidden))
    yield from ((name, EXTREME) for name in ("minimum", "maximum"))
    if cell.stratum in hidden.whole or OUTSIDE in gone:
        yield "initial_population", SMALL
    if any(group.startswith(EXCLUDED) for group in gone):
        yield "excluded", SMALL
    if UNKNOWN in gone:
        yield "unknown", SMALL
    if isinstance(measure, Ratio | Distribution):
        yield from _withheld_amounts(measure, cell, hidden, counted_is_gone=COUNTED in gone)
        return
    if cell.stratum in hidden.whole:
        yield "denominator", SMALL
    if NUMERATOR in gone:
        yield "numerator", SMALL
        yield from ((name, MADE_OF_SMALL) for name in _SHARES if cell.figures[name] is not None)
    if UNKNOWN in gone and cell.figures["bound_high"] is not None:
        yield "bound_high", MADE_OF_SMALL


def _withheld_amounts(
    measure: Ratio | Distribution, cell: FigureCell, hidden: Hidden, *, counted_is_gone: bool
) -> Iterator[tuple[str, str]]:
    if counted_is_gone:
        yield from ((name, SMALL) for name in ("people", "count"))
        names = _OF_SUMS if isinstance(measure, Ratio) else _OF_VALUES
        yield from ((name, MADE_OF_SMALL) for name in names if cell.figures[name] is not None)
    elif cell.stratum in hidden.sums and isinstance(measure, Ratio):
        yield from ((name, SMALL) for name in _OF_SUMS)


# ROUNDING


def _rounded(number: Any, base: int | None) -> Any:
    if number is None or base is None:
        return number
    return base * math.floor(number / base + 0.5)


def _all_rounded(measure: Any, figures: Mapping[str, Any], base: int) -> dict[str, Any]:
    """Round the counts, and the sums of a ratio, and make the rates of them."""
    made = {
        name: _rounded(value, base) if name in (*_PEOPLE, "people", "count") else value
        for name, value in figures.items()
    }
    if isinstance(measure, Distribution):
        return made
    if made["rate"] is None:
        return made
    numerator, denominator = made["numerator"], made["denominator"]
    if isinstance(measure, Ratio):
        return {**made, "rate": numerator / denominator * measure.per if denominator else None}
    return {**made, **_shares(numerator, made["unknown"], denominator)}


def _shares(numerator: int, unknown: int | None, denominator: int) -> dict[str, float | None]:
    """Make the shares of rounded counts; a part is never rounded to more than the whole, but two parts may be."""
    low, high = intervals.wilson(np.array(numerator), np.array(denominator))
    rate = numerator / denominator
    at_most = None if unknown is None else min(numerator + unknown, denominator) / denominator
    return dict(zip(_SHARES, (rate, float(low), float(high), rate, at_most), strict=True))


# DERIVED FIGURES


def published_derived(
    score: Scorecard, published: Mapping[str, Sequence[FigureCell]]
) -> Iterator[tuple[Derived, FigureCell]]:
    """Derive figures from what is published; one that was there and is no longer is withheld."""
    exact = dict(_by_place(score.derived_cells()))
    for each, cell in show.derived_of(score, published):
        before = exact[each.id, cell.period, cell.stratum]
        gone = before.figures["value"] is not None and cell.figures["value"] is None
        yield each, evolve(cell, withheld={"value": MADE_OF_SMALL} if gone else {})


def _by_place(cells: Iterator[tuple[Derived, FigureCell]]) -> Iterator[tuple[tuple[Any, ...], FigureCell]]:
    for each, cell in cells:
        yield (each.id, cell.period, cell.stratum), cell
