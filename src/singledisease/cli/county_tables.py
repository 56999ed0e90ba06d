"""Figures of a county as a file, line by line: of a thousand institutions no table of them is ever in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from singledisease.dates import iso
from singledisease.io.whole_files import whole_file
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.further_figures import FURTHER_COLUMNS
from singledisease.scorecard.show import FIGURES, FigureCell

_FIGURES = (*FIGURES, *FURTHER_COLUMNS)
_FIRST = ("measure", "version", "policy", "period_start", "period_end")


def write_figures(score: Scorecard, path: Path) -> None:
    """Write one line for each measure, period and stratum: its figures and the policies behind them, not its groups."""
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow([*_FIRST, *(f"by.{name}" for name in score.by), *_FIGURES])
        for cell in _cells(score):
            figures = [_written(cell.figures.get(name)) for name in _FIGURES]
            policy = "; ".join(f"{name}={option}" for name, option in cell.counted.policy)
            about = [cell.counted.measure, cell.counted.version, policy, iso(cell.period.start), iso(cell.period.end)]
            lines.writerow([*about, *cell.stratum, *figures])


def _cells(score: Scorecard) -> Iterator[FigureCell]:
    for resolved in score.measures:
        yield from score.cells(resolved)
    yield from (cell for _, cell in score.derived_cells())


def _written(figure: Any) -> Any:
    return "" if figure is None else figure
