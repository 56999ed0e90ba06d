"""Courses of consecutive people put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import attrs
import numpy as np

from singledisease.pathway_courses import NO_ROW, Moves, Obligations, SpellColumns

Columns = TypeVar("Columns", Moves, Obligations)


def joined_spells(parts: Sequence[SpellColumns], rows: Sequence[int]) -> SpellColumns:
    """Put spells of consecutive people together; ``rows`` is the first row of each part."""
    counts = np.concatenate([np.diff(part.offsets) for part in parts])
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in ("state", "entered", "left", "timing")
    }
    row = np.concatenate([_moved(part.row, first) for part, first in zip(parts, rows, strict=True)])
    return SpellColumns(offsets=offsets, row=row, **columns)


def joined(parts: Sequence[Columns], people: Sequence[int], rows: Sequence[int]) -> Columns:
    """Put moves or obligations of consecutive people together; each part begins at a person and a row."""
    columns: dict[str, Any] = {}
    for attribute in attrs.fields(type(parts[0])):
        arrays = [getattr(part, attribute.name) for part in parts]
        if attribute.name == "person":
            arrays = [array + first for array, first in zip(arrays, people, strict=True)]
        elif attribute.name == "row":
            arrays = [_moved(array, first) for array, first in zip(arrays, rows, strict=True)]
        columns[attribute.name] = np.concatenate(arrays)
    return type(parts[0])(**columns)


def _moved(row: Any, first: int) -> Any:
    return row + (row != NO_ROW) * np.int64(first)
