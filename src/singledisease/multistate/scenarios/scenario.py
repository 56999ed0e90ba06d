"""What if: stocks that move as somebody assumes, changed and projected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import ArrayLike

from singledisease.errors import DataError, UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.frames import frame_names, frame_values
from singledisease.multistate.scenarios.changes import Change
from singledisease.multistate.scenarios.projection import Projection
from singledisease.multistate.scenarios.stepping import follow, follow_drawn
from singledisease.multistate.scenarios.stock_model import StockModel
from singledisease.tables import displayed


@displayed
@frozen(eq=False, kw_only=True)
class Scenario(StockModel):
    """How stocks move, to be changed and projected; see ``StockModel`` for the attributes.

    >>> plain = scenario([100, 0], [[0.9, 0.1], [0.0, 1.0]], states=["well", "ill"])
    >>> halved = plain.changed(Change(source="well", target="ill", factor=0.5))
    >>> plain.project(1).stocks[-1].tolist(), halved.project(1).stocks[-1].tolist()
    ([90.0, 10.0], [95.0, 5.0])
    """

    def changed(self, *changes: Change) -> Scenario:
        """Return the scenario with further changes."""
        return evolve(self, changes=(*self.changes, *changes))

    def project(self, steps: int) -> Projection:
        """Follow the stocks over so many steps.

        Raises
        ------
        DataError
            If somebody comes into a state from which nobody knows where they go.
        UsageError
            If a change names no state, or makes a row sum to more than 1.
        """
        if not isinstance(steps, int | np.integer) or steps < 1:
            raise UsageError(f"steps={steps!r}: project whole steps, at least one")
        cache: dict[tuple[Any, ...], Floats] = {}
        matrices = [self.matrix_of(step, cache, self.matrix) for step in range(1, steps + 1)]
        stocks, gone = follow(self.start, matrices, self.inflow, self.exits, self.states)
        plain = Projection(scenario=self, stocks=stocks, gone=gone, matrices=tuple(matrices))
        if self.uncertain is None:
            return plain
        drawn_cache: dict[tuple[Any, ...], Floats] = {}
        drawn = tuple(self.matrix_of(step, drawn_cache, self.uncertain) for step in range(1, steps + 1))
        draws = follow_drawn(self.start, drawn, self.inflow, self.exits, self.uncertain_inflow)
        return evolve(plain, draws=draws, drawn_matrices=drawn)


def scenario(
    start: ArrayLike,
    matrix: ArrayLike,
    *,
    states: Sequence[Any] | None = None,
    uncertain: ArrayLike | None = None,
    **more: Any,
) -> Scenario:
    """Make a scenario from plain arrays.

    Parameters
    ----------
    start
        Stocks, (K,).
    matrix
        Of one step, (K, K), or one per step, (T, K, K); or a dataframe of one step.
    states
        Names; left out: those of the dataframe, otherwise 0, 1, …
    uncertain
        Draws of the matrix, (n, K, K).
    more
        ``generator``, ``inflow``, ``exits``, ``changes``: see ``Scenario``.

    >>> plain = scenario([100, 0], [[0.9, 0.1], [0.0, 1.0]], states=["well", "ill"])
    >>> plain.project(2).stocks.round(6).tolist()
    [[100.0, 0.0], [90.0, 10.0], [81.0, 19.0]]
    >>> better = plain.changed(Change(source="well", target="ill", factor=0.5, start=2))
    >>> better.project(2).stocks[-1].round(6).tolist()
    [85.5, 14.5]
    """
    states = frame_names(matrix) if states is None else states
    try:
        matrix, first = frame_values(matrix), np.asarray(start, dtype=np.float64)
    except (TypeError, ValueError) as error:
        way = "sd.scenario([100, 0], [[0.9, 0.1], [0.0, 1.0]])"
        raise DataError(f"start 与 matrix 须为数字 / start and matrix have to be numbers: {error}; {way}") from None
    if first.ndim != 1 or not len(first):
        raise DataError("start must be a row of stocks")
    return Scenario(
        states=tuple(range(len(first)) if states is None else states),
        start=first,
        matrix=matrix,
        uncertain=None if uncertain is None else np.asarray(uncertain, dtype=np.float64),
        **more,
    )
