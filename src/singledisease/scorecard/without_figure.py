"""Derived figures that cannot be worked out anywhere, and what they would be made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived, OfInstitution
from singledisease.language.format import number_text
from singledisease.scorecard.show import Scored, cells_of, derived_cells

_ADDED = ("numerator", "denominator", "unknown", "excluded", "initial_population", "people", "count")
"""Figures that may be added up over strata."""


def no_figure(score: Scored) -> Iterator[tuple[Derived, Names]]:
    """Find derived figures that are missing everywhere, and say of what they would be made."""
    found: dict[str, list[Any]] = {}
    for derived, cell in derived_cells(score):
        found.setdefault(derived.id, []).append(cell)
    for derived in score.derived:
        cells = found.get(derived.id, [])
        if cells and all(cell.figures["value"] is None for cell in cells):
            parts = "、".join(_parts_of(score, derived)), ", ".join(_parts_of(score, derived))
            yield derived, Names(f"无结果：{parts[0]}", f"no figure: {parts[1]}")


def _parts_of(score: Scored, derived: Derived) -> Iterator[str]:
    """Say what each figure comes to that a derived one is made of, added up over strata where it is a count."""
    cells = {one.measure.id: list(cells_of(score, one)) for one in score.measures if one.measure.id in derived.measures}
    for part in derived.asked:
        if isinstance(part, OfInstitution):
            yield f'institution("{part.column}")'
            continue
        values = [cell.figures.get(part.what) for cell in cells[part.measure]]
        there = [value for value in values if value is not None]
        whole = sum(there) if len(there) == 1 or part.what in _ADDED else None
        yield f'{part.what}("{part.measure}")' + ("" if whole is None else f" = {number_text(float(whole))}")
