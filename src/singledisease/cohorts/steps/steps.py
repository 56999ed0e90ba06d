"""Steps of a cohort: where everybody was at both ends of each, and the transitions, reconciled with both stocks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from singledisease.errors import Fault, SingleDiseaseError, UsageError
from singledisease.multistate.aggregate.pairs import count_pairs
from singledisease.multistate.arrays import Codes
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.read_only import holds_arrays, read_only


@holds_arrays
@frozen(eq=False, kw_only=True)
class CohortSteps:
    """Where everybody was on each of a row of days, and the transitions between them.

    Attributes
    ----------
    days
        int32 (steps + 1): the state is that at the end of each of these days.
    states
        Names of the states counted as being in the cohort.
    codes
        uint8 (steps + 1, people): index into ``states``; of K states K means out of the cohort, K + 1 dead.
    passed
        bool (steps, people): who was out of the cohort at both ends of a step, but in it in between; ``None``:
        nobody.  They are in no stock, yet whoever entered and died within a month has died.
    """

    days: NDArray[np.int32] = field(converter=read_only)
    states: tuple[str, ...]
    codes: NDArray[np.uint8] = field(converter=read_only)
    passed: NDArray[np.bool_] | None = field(default=None, converter=optional(read_only))

    def inside(self, step: int) -> NDArray[np.bool_]:
        """Say who was in the cohort at some time of a step, its start included."""
        k = len(self.states)
        seen = (self.codes[step] < k) | (self.codes[step + 1] < k)
        return np.asarray(seen if self.passed is None else seen | self.passed[step])

    @property
    def stocks(self) -> NDArray[np.int64]:
        """How many were in each state on each day, (steps + 1, states)."""
        k = len(self.states)
        return np.stack([np.bincount(row, minlength=k + 2)[:k] for row in self.codes])

    def counts(self) -> TransitionCounts:
        """Count transitions, with a row for who entered and columns for who left and who died.

        Raises
        ------
        SingleDiseaseError
            If the counts do not reconcile with the stocks at both ends of each step.
        """
        k = len(self.states)
        table = []
        for step, (before, after) in enumerate(pairwise(self.codes)):
            table.append(count_pairs(np.minimum(before, k), after, self.inside(step), k + 2)[: k + 1])
        counts = TransitionCounts(
            sources=(*self.states, "entered"), targets=(*self.states, "left", "died"), counts=np.stack(table)
        )
        self._reconcile(counts)
        return counts

    def counts_by(self, stratum: NDArray[np.int64], number: int) -> NDArray[np.int64]:
        """Count transitions of each stratum, (steps, strata, states + 1, states + 2); see ``counts``.

        Parameters
        ----------
        stratum
            Which stratum each person is in during each step, (steps or 1, people).
        number
            How many strata there are.
        """
        k = len(self.states)
        cells = number * (k + 1) * (k + 2)
        table = []
        for step, (before, after) in enumerate(pairwise(self.codes)):
            who = np.flatnonzero(self.inside(step))
            group = stratum[min(step, len(stratum) - 1), who]
            cell = (group * (k + 1) + np.minimum(before[who], k)) * (k + 2) + after[who]
            table.append(np.bincount(cell, minlength=cells).reshape(number, k + 1, k + 2))
        return np.stack(table)

    def _reconcile(self, counted: TransitionCounts) -> None:
        k = len(self.states)
        opening, closing = counted.counts[:, :k].sum(2), counted.counts[:, :, :k].sum(1)
        faults = [
            Fault("reconciles", f"step {step}, state {self.states[state]}", f"{flow} in transitions, {stock} in stock")
            for flows, stocks in ((opening, self.stocks[:-1]), (closing, self.stocks[1:]))
            for step, state in np.argwhere(flows != stocks)
            for flow, stock in [(flows[step, state], stocks[step, state])]
        ]
        if faults:
            raise SingleDiseaseError("the transitions do not add up to the stocks", faults)

    def members(self, step: int, source: str, target: str) -> Codes:
        """Return the people behind one cell of one step, as indices; raises ``UsageError`` if there is no such step."""
        k = len(self.states)
        rows, columns = (*self.states, "entered"), (*self.states, "left", "died")
        if not -len(self.codes) < step < len(self.codes) - 1:
            raise UsageError(f"there is no step {step}; there are {len(self.codes) - 1}, numbered from 0")
        place = step % (len(self.codes) - 1)
        before, after = np.minimum(self.codes[place], k), self.codes[place + 1]
        return np.flatnonzero(self.inside(place) & (before == rows.index(source)) & (after == columns.index(target)))
