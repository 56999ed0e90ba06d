"""Visits: the state of a person is seen on some days only, and what lies between is not known."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.cohort.grouping import dense
from singledisease.cohort.histories import Codes
from singledisease.cohort.space import StateSpace

VISITS_SHOWN = 10
"""Faulty visits named in one error; the rest are counted."""


@frozen(eq=False, kw_only=True)
class Visits:
    """Checked visits, sorted by person and time.

    Attributes
    ----------
    person
        int64 (visits): index into ``ids``, ascending.
    ids
        (people): whose index it is.
    ticks
        int64 (visits): time in steps of ``tick``.
    tick
        Length of a step in the unit of the rates.
    grain
        Intervals that differ by less than so many steps count as one length: 0.3 - 0.1 and 0.5 - 0.3.
    seen
        int64 (visits): index into ``space.labels``.
    watched
        bool (visits): whether nothing happened since the visit before but what is seen here, here.
    row
        int64 (visits): where the visit stood in what was given.
    space
        The states and their transitions.
    unit
        What one unit of time is, in words.
    dated
        Whether time was given as dates.
    """

    person: Codes
    ids: NDArray[Any]
    ticks: Codes
    tick: float
    grain: int
    seen: Codes
    watched: NDArray[np.bool_]
    row: Codes
    space: StateSpace
    unit: str
    dated: bool

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """Whether a visit is the first of its person."""
        return np.concatenate((np.ones(min(1, len(self.person)), dtype=bool), self.person[1:] != self.person[:-1]))

    @cached_property
    def left(self) -> NDArray[np.intp]:
        """Visits that start an interval, that is, all but the last of each person."""
        return np.flatnonzero(self.person[1:] == self.person[:-1])

    @cached_property
    def pairs(self) -> NDArray[np.int64]:
        """How many pairs of successive visits show each pair of labels, (labels, labels)."""
        count, at = len(self.space.labels), self.left
        cells = np.bincount(self.seen[at] * count + self.seen[at + 1], minlength=count * count)
        return cells.reshape(count, count)

    def lengths(self, steps: Codes) -> Codes:
        """Give lengths of intervals in steps, nearly equal ones as one of them; none becomes 0 that was not."""
        if self.grain == 1:
            return steps
        near = np.where(steps > 0, np.maximum((steps + self.grain // 2) // self.grain, 1), 0)
        number, first = dense(near.ravel())
        return np.asarray(steps.ravel()[first][number].reshape(steps.shape))
