"""Rows into their final places: by person, in canonical order, without exact duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.order import canonical_order, without_repeats


@frozen(eq=False)
class Arranged:
    """Which rows stand, in their order; where each person's begin; how many were exact duplicates."""

    rows: NDArray[np.int64]
    offsets: NDArray[np.int64]
    duplicates: int


def arrange(
    people: int,
    *,
    person: NDArray[Any],
    date: NDArray[np.int32],
    kind: Coded,
    columns: Mapping[str, AnyColumn],
    chosen: NDArray[np.int64] | None = None,
) -> Arranged:
    """Put the chosen rows in order.

    Parameters
    ----------
    people
        How many people there are.
    person, date, kind, columns
        All rows, chosen or not.
    chosen
        int64: the rows to take; all, if ``None``.
    """
    if chosen is not None:
        part = {name: column[chosen] for name, column in columns.items()}
        inner = arrange(
            people,
            person=person.take(chosen),
            date=date.take(chosen),
            kind=kind[chosen],
            columns=part,
        )
        return evolve(inner, rows=chosen.take(inner.rows))
    order, again = canonical_order(person, date, kind, columns)
    recorded = columns.get("recorded")
    kept = without_repeats(order, again, recorded.values if isinstance(recorded, Dates) else date)
    offsets = np.zeros(people + 1, np.int64)
    dropped = person.take(order[again])
    counts = np.bincount(person, minlength=people) - np.bincount(dropped, minlength=people)
    np.cumsum(counts, out=offsets[1:])
    return Arranged(kept, offsets, len(order) - len(kept))
