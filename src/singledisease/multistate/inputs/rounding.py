"""Times that differ by rounding alone, made one time."""

from __future__ import annotations

import numpy as np

from singledisease.multistate.arrays import Floats

ROUNDING = 2.0**-40
"""Times closer than this, as a part of the largest, are the same: some thousand times what rounding does."""


def rounding(*columns: Floats) -> float:
    """Return how far apart times may be and be the same: 0 if all are whole numbers.

    >>> rounding(np.array([1.0, 2.0])), rounding(np.array([0.5, 4.0])) == 4 * ROUNDING
    (0.0, True)
    """
    if all((column == np.rint(column)).all() for column in columns):
        return 0.0
    return ROUNDING * max(float(np.abs(column).max(initial=0.0)) for column in columns)


def aligned(columns: tuple[Floats, ...], near: float) -> tuple[Floats, ...]:
    """Return times that are the same but for rounding the same number: the smallest of them.

    >>> aligned((np.array([0.1 + 0.2, 0.9]), np.array([0.3])), 1e-9)
    (array([0.3, 0.9]), array([0.3]))
    """
    if not near:
        return columns
    known = np.unique(np.concatenate(columns))
    apart = np.append(np.ones(min(1, len(known)), dtype=bool), np.diff(known) > near)
    if apart.all():
        return columns
    smallest = known[apart]
    return tuple(smallest[np.searchsorted(smallest, column, side="right") - 1] for column in columns)


def onto(asked: Floats, known: Floats, near: float) -> Floats:
    """Return times asked about the number of the sorted known time that they are but for rounding."""
    if not near or not len(known):
        return asked
    place = np.clip(np.searchsorted(known, asked + near, side="right") - 1, 0, None)
    return np.where(np.abs(known[place] - asked) <= near, known[place], asked)
