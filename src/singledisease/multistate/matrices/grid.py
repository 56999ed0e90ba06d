"""A column on a grid of times: the state that each person was last seen in, carried forward so long and no longer.

Visits are not transitions: readings come when people come.  On a grid with a declared limit a matrix belongs to a
step of time, and who was not seen for too long is *unknown*, which is a row and a column of its own.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError
from singledisease.multistate.aggregate.pairs import count_pairs
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.inputs.observations import Observations, in_order, read_observations, refuse_clashes
from singledisease.multistate.inputs.times import Times, read_times, time_cell
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.tables import Table, displayed

UNKNOWN = "unknown"


@displayed
@frozen(eq=False, kw_only=True)
class OnGrid:
    """The state of each person at each time of a grid.

    Attributes
    ----------
    ids
        (people): who.
    grid
        (times).
    states
        Names, K of them.
    codes
        uint16 (times, people): index into ``states``; K where not known.
    """

    ids: NDArray[Any]
    grid: NDArray[Any]
    states: tuple[Any, ...]
    codes: NDArray[np.uint16]

    @property
    def stocks(self) -> NDArray[np.int64]:
        """How many were in each state at each time, (times, K + 1); the last is unknown."""
        return np.stack([np.bincount(row, minlength=len(self.states) + 1) for row in self.codes])

    def counts(self) -> TransitionCounts:
        """Count the transitions between successive times; unknown is a row and a column.

        Raises
        ------
        UsageError
            If there is but one time.
        """
        if len(self.grid) < 2:
            raise UsageError("a transition needs two times; the grid has one")
        k = len(self.states)
        names = (*self.states, UNKNOWN)
        everybody = np.ones(len(self.ids), dtype=bool)
        counted = [count_pairs(a, b, everybody, k + 1) for a, b in zip(self.codes[:-1], self.codes[1:], strict=True)]
        return TransitionCounts(sources=names, targets=names, counts=np.stack(counted))

    def occupancy(self) -> Table:
        """Return the stock of each state at each time."""
        rows = [(_plain(time), *map(int, stock)) for time, stock in zip(self.grid, self.stocks, strict=True)]
        headings = {name: HEADINGS[name] for name in ("time", UNKNOWN)}
        return Table.of_rows(("time", *map(str, self.states), UNKNOWN), rows, headings=headings)

    def table(self) -> Table:
        """Return the stock of each state at each time; see ``occupancy``."""
        return self.occupancy()

    def people(self, step: int, source: Any, target: Any) -> list[Any]:
        """Return the ids of the people behind one cell of one step; ``unknown`` is a state here."""
        names, steps = (*self.states, UNKNOWN), len(self.grid) - 1
        if not 0 <= step < steps:
            raise UsageError(f"there is no step {step}; there are {steps}, numbered from 0")
        if source not in names or target not in names:
            raise UsageError(f"no cell from {source!r} to {target!r}; states {names}")
        a, b = self.codes[step], self.codes[step + 1]
        return list(self.ids[(a == names.index(source)) & (b == names.index(target))].tolist())

    def __str__(self) -> str:
        return str(self.occupancy())


def _plain(time: Any) -> Any:
    return time.item() if isinstance(time, np.generic) else time


def state_on_grid(
    id: ArrayLike,
    time: ArrayLike,
    state: ArrayLike,
    grid: ArrayLike,
    *,
    carry_days: float | dt.timedelta,
    states: Sequence[Any] | None = None,
    absorbing: Sequence[Any] = (),
) -> OnGrid:
    """Put observations on a grid: at each time the state last seen, if that is not too long ago.

    Parameters
    ----------
    id, time, state
        One observation per row, shape (rows,), in any order; times are numbers or dates.
    grid
        Times at which the state is asked, ascending.
    carry_days
        How long an observation stands, in days or the unit of ``time``, or as a span of time: it counts at a time t
        of the grid if it is not later than t and not more than so much earlier.
    states
        The states in order; left out: those that occur, sorted.
    absorbing
        States that stand for ever once seen, such as death.

    Raises
    ------
    DataError
        If the columns differ in length, a cell is missing, or a person is in two states at one time.
    UsageError
        If the grid does not ascend, the limit is negative, or an absorbing state does not occur among the states.

    >>> found = state_on_grid([1, 1, 2], [3, 40, 10], ["red", "green", "red"], [30, 60, 90], carry_days=30)
    >>> print(found)
    time  green  red  unknown
    ----  -----  ---  -------
      30      0    2        0
      60      1    0        1
      90      0    0        2
    """
    seen, asked = read_observations(id, time, state, states), read_times(grid, "grid")
    standing = _standing(carry_days)
    _check(asked, seen)
    order = in_order(seen)
    refuse_clashes(seen, order, alike=True)
    people, names = seen.people, seen.states
    lasting = [_index(name, names) for name in ([absorbing] if isinstance(absorbing, str) else absorbing)]
    times, rank = np.unique(seen.time, return_inverse=True)
    packed = (seen.person * (len(times) + 1) + rank + 1)[order]
    code, when = seen.code[order], seen.time[order]
    result = np.full((len(asked.values), len(people)), len(names), dtype=np.uint16)
    base = np.arange(len(people)) * (len(times) + 1)
    for row, at in zip(result, asked.values if len(code) else (), strict=False):
        last = np.searchsorted(packed, base + np.searchsorted(times, at, side="right"), side="right") - 1
        found = (last >= 0) & (packed[last] > base)
        stands = found & ((at - when[last] <= standing) | np.isin(code[last], lasting))
        row[stands] = code[last[stands]]
    shown = _as_given(asked, grid)
    return OnGrid(ids=people, grid=shown, states=names, codes=result)


def _as_given(asked: Times, grid: ArrayLike) -> NDArray[Any]:
    """Return the times of the grid as they were given: numbers, dates, or dates with a time of day."""
    if not asked.dated:
        return np.asarray(grid)
    kind = "datetime64[D]" if asked.dated == "date" else "datetime64[us]"
    return np.array([time_cell(time, asked.dated) for time in asked.values.tolist()], dtype=kind)


def _standing(carry_days: Any) -> float:
    """Read how long an observation stands; for ever is a limit too, if it is said."""
    try:
        (days,) = read_times([carry_days], "carry_days").values.tolist()
    except DataError:
        days = math.nan
    if not days >= 0:
        raise UsageError(f"carry_days={carry_days!r}: say how long an observation stands, 0 or more")
    return float(days)


def _check(grid: Times, seen: Observations) -> None:
    if grid.values.ndim != 1 or not len(grid.values) or not (np.diff(grid.values, prepend=-np.inf) > 0).all():
        raise UsageError("the grid must be one row of ascending times")
    if len(seen.time) and bool(grid.dated) != bool(seen.dated):
        raise UsageError("time and grid must both be dates, or both be numbers")
    if UNKNOWN in seen.states:
        raise DataError(f"a state is called {UNKNOWN!r}, as is who was not seen for too long; give it another name")


def _index(name: Any, names: tuple[Any, ...]) -> int:
    if name not in names:
        raise UsageError(f"absorbing={name!r} is none of the states {list(names)}")
    return names.index(name)
