"""Tables of counted transitions: by step and pair of states, as a matrix, and as flows into states and out of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.tables.context import SPAN, TableContext
from singledisease.intervals import wilson
from singledisease.multistate.headings import SHARES
from singledisease.tables import Table

Counted = NDArray[np.int64]
"""Transitions by step and stratum, (steps, strata, states + 1, states + 2)."""


def counts(about: TableContext, counted: Counted) -> Table:
    """Write one row per step, stratum and pair of states that somebody took; see ``Cohort.counts``."""
    k, of = len(about.states), counted.sum(3, keepdims=True)
    low, high = wilson(counted, np.broadcast_to(of, counted.shape))
    order = about.in_order(counted.any(axis=(0, 2, 3)))
    rows = []
    for p, span in about.spans():
        for s in order:
            for i, j in np.argwhere(counted[p, s]).tolist():
                n, whole = int(counted[p, s, i, j]), int(of[p, s, i, 0])
                shares = (whole, n / whole, float(low[p, s, i, j]), float(high[p, s, i, j]))
                known = shares if i < k else (None,) * 4
                rows.append((*span, *about.stratum(s), about.sources[i], about.targets[j], n, *known))
    names = about.columns(SPAN, "from", "to", "people", "of", "share", "ci_low", "ci_high")
    return Table.of_rows(names, rows, headings=about.headings(), formats=SHARES, called=about.called())


def matrix(about: TableContext, counted: Counted, level: float) -> Table:
    """Write the share of each state that went to each in one step, all steps together."""
    counted = counted.sum(0)[:, : len(about.states)]
    of = counted.sum(2, keepdims=True)
    low, high = wilson(counted, np.broadcast_to(of, counted.shape), confidence=level)
    rows = [
        (
            *about.stratum(s),
            about.states[i],
            about.targets[j],
            int(counted[s, i, j]),
            int(of[s, i, 0]),
            float(counted[s, i, j] / of[s, i, 0]),
            float(low[s, i, j]),
            float(high[s, i, j]),
        )
        for s in about.in_order(counted.any(axis=(1, 2)))
        for i, j in np.argwhere(counted[s]).tolist()
    ]
    names = about.columns((), "from", "to", "people", "of", "share", "ci_low", "ci_high")
    return Table.of_rows(names, rows, headings=about.headings(), formats=SHARES, called=about.called())


def flows(about: TableContext, counted: Counted) -> Table:
    """Write who was in each state, came, went, and was there at the end: closing = opening + came − went."""
    k = len(about.states)
    inner = counted[:, :, :k, :k]
    stayed = np.einsum("psii->psi", inner)
    columns = (
        counted[:, :, :k].sum(3),
        counted[:, :, k, :k],
        inner.sum(2) - stayed,
        inner.sum(3) - stayed,
        counted[:, :, :k, k],
        counted[:, :, :k, k + 1],
        counted[:, :, :, :k].sum(2),
    )
    rows = [
        (*span, *about.stratum(s), about.states[i], *(int(column[p, s, i]) for column in columns))
        for p, span in about.spans()
        for s in about.in_order(counted.any(axis=(0, 2, 3)))
        for i in range(k)
        if any(column[p, s, i] for column in columns)
    ]
    names = ("state", "opening", "entered", "moved_in", "moved_out", "left", "died", "closing")
    return Table.of_rows(about.columns(SPAN, *names), rows, headings=about.headings(), called=about.called())
