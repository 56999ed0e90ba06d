"""Figures of a county as a file, line by line: of a thousand institutions no table of them is ever in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from singledisease.dates import iso
from singledisease.io.whole_files import whole_file
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.show import Cell

_FIGURES = (
    "initial_population",
    "excluded",
    "denominator",
    "numerator",
    "unknown",
    "rate",
    "ci_low",
    "ci_high",
    "per",
    "people",
    "count",
    "mean",
    "median",
    "value",
    "unit",
)


def write_figures(score: Scorecard, path: Path) -> None:
    """Write one line for each measure, period and stratum: its figures, without its groups and policies."""
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["measure", "version", "period_start", "period_end", *(f"by.{n}" for n in score.by), *_FIGURES])
        for cell in _cells(score):
            figures = [_written(cell.figures.get(name)) for name in _FIGURES]
            first, last = iso(cell.period.start), iso(cell.period.end)
            lines.writerow([cell.counted.measure, cell.counted.version, first, last, *cell.stratum, *figures])


def _cells(score: Scorecard) -> Iterator[Cell]:
    for resolved in score.measures:
        yield from score.cells(resolved)
    yield from (cell for _, cell in score.derived_cells())


def _written(figure: Any) -> Any:
    return "" if figure is None else figure
