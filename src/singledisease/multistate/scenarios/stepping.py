"""Stocks followed step by step: who goes out goes first, who is left moves, and by the end others have arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from singledisease.errors import DataError, UsageError
from singledisease.multistate.arrays import Floats

Exits = Mapping[str, Floats]


def follow(
    start: Floats, matrices: Sequence[Floats], inflow: Floats, exits: Exits, states: Sequence[Any]
) -> tuple[Floats, Floats]:
    """Return the stocks before the first step and after each, (T + 1, K), and who has gone by each way, (T + 1, exits).

    Raises
    ------
    DataError
        If somebody comes into a state whose row is not known.
    UsageError
        If more than everybody goes out of a state.
    """
    path, gone = [start], [np.zeros(len(exits))]
    for step, matrix in enumerate(matrices, 1):
        shares = exit_shares(exits, step, len(start))
        left = shares @ path[-1]
        moved = _moved(path[-1] * (1 - shares.sum(0)), matrix, states)
        path.append(moved + _at(inflow, step, len(start)))
        gone.append(gone[-1] + left)
    return np.stack(path), np.stack(gone)


def follow_drawn(
    start: Floats, drawn: Sequence[Floats], inflow: Floats, exits: Exits, arriving: Floats | None
) -> Floats:
    """Return the stocks by draws of the matrix of each step, (n, T + 1, K); ``arriving`` are draws of the inflow."""
    k = len(start)
    path = [np.broadcast_to(start, (len(drawn[0]), k))]
    for step, matrices in enumerate(drawn, 1):
        kept = path[-1] * (1 - exit_shares(exits, step, k).sum(0))
        moved = np.einsum("nk,nkj->nj", kept, np.nan_to_num(matrices, nan=0.0))
        path.append(moved + (_at(inflow, step, k) if arriving is None else arriving))
    return np.stack(path, axis=1)


def exit_shares(exits: Exits, step: int, k: int) -> Floats:
    """Return the share of each state that goes by each way out in a step, (exits, K)."""
    rows = [_at(values, step, k) for values in exits.values()]
    shares = np.array(rows, dtype=np.float64).reshape(-1, k)
    if (shares < 0).any() or (shares.sum(0) > 1 + 1e-12).any():
        raise UsageError(
            f"shares in `exits` must lie between 0 and 1, and sum to 1 at most; in step {step} they do not"
        )
    return shares


def _at(values: Floats, step: int, k: int) -> Floats:
    """Return the row of a step of (K,), (T, K) or one number; the last row goes on."""
    row = values[min(step, len(values)) - 1] if values.ndim == 2 else values
    return np.broadcast_to(row, (k,))


def _moved(stock: Floats, matrix: Floats, states: Sequence[Any]) -> Floats:
    unknown = np.isnan(matrix).any(axis=1)
    if (stock[unknown] > 0).any():
        names = [str(states[int(i)]) for i in np.flatnonzero(unknown & (stock > 0))]
        raise DataError(
            f"nobody was seen in {', '.join(names)} at the start of a step, so that where they go is not known: "
            "merge these states with others, count a longer time, or say empty='stay'"
        )
    return np.asarray(stock @ np.nan_to_num(matrix, nan=0.0))
