"""Whether the next state depends on the one before the present one: order 1 against order 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.multistate.assumption_tests.check import AssumptionTest
from singledisease.multistate.assumption_tests.homogeneity import (
    homogeneity,
)
from singledisease.multistate.inputs.observations import in_order, read_observations, refuse_clashes


def order_test(
    id: ArrayLike, time: ArrayLike, state: ArrayLike, *, states: Sequence[Any] | None = None
) -> AssumptionTest:
    """Test whether the next state depends on the one before the present one: order 1 against order 2.

    Parameters
    ----------
    id, time, state
        Visits, one per row, equally spaced, shape (visits,), in any order.
    states
        The states in order; left out: those that occur, sorted.

    Raises
    ------
    DataError
        With every row in which something is missing, and every pair of rows of one person at one time.

    >>> walk = ["a", "b", "a", "a", "b", "b", "a", "b", "a", "a", "b", "a"]
    >>> order_test([1] * 12, range(12), walk).degrees
    2
    """
    seen = read_observations(id, time, state, states)
    order = in_order(seen)
    refuse_clashes(seen, order, alike=False)
    who, code = seen.person[order], seen.code[order]
    whole = (who[2:] == who[:-2]) if len(who) > 2 else np.zeros(0, bool)
    k = len(seen.states)
    return order_of_triples(code[:-2][whole], code[1:-1][whole], code[2:][whole], k, k)


def order_of_triples(
    before: NDArray[np.int64], now: NDArray[np.int64], after: NDArray[np.int64], k: int, columns: int
) -> AssumptionTest:
    """Test the order on triples of states that follow each other; ``before`` and ``now`` of K, ``after`` of so many."""
    cell = (before * k + now) * columns + after
    counts = np.bincount(cell, minlength=k * k * columns).reshape(k, k, columns)
    return homogeneity(counts, "the next state depends on the present one alone (order 1, not 2)", test="order")
