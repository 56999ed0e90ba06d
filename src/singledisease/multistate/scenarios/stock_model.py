"""How stocks move: a matrix or generator, stocks, inflow and ways out, and what changes from a step on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.exponential.uniformisation import checked_generator, transition_probabilities
from singledisease.multistate.headings import HEADINGS, SHARES
from singledisease.multistate.inputs.labels import state_names
from singledisease.multistate.matrices.embeddability import checked_matrix
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.scenarios.changes import Change, apply
from singledisease.tables import Table, displayed


def _vector(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _several(changes: Change | Iterable[Change]) -> tuple[Change, ...]:
    return (changes,) if isinstance(changes, Change) else tuple(changes)


def _exits(given: Mapping[str, ArrayLike]) -> Mapping[str, Floats]:
    return {name: _vector(values) for name, values in given.items()}


def _refuse_draws(drawn: Floats) -> None:
    """Refuse draws that are no probabilities; rows of NaN are known to nobody."""
    known = drawn[~np.isnan(drawn).any(axis=-1)]
    wrong = np.flatnonzero((known < 0).any(axis=-1) | (np.abs(known.sum(-1) - 1) > 1e-6))
    if len(wrong):
        raise UsageError(
            f"uncertain: rows of each draw are probabilities that sum to 1, not {known[wrong[0]].tolist()}"
        )


@displayed
@frozen(eq=False, kw_only=True)
class StockModel:
    """How stocks move: everything a projection needs.

    Attributes
    ----------
    states
        Names, K of them.
    start
        Stocks before the first step, (K,).
    matrix
        Of one step, (K, K), or one per step, (T, K, K), the last of which goes on; with ``generator`` its rates
        per step.  A row of NaN is one that nobody knows: it is refused as soon as somebody is in it.
    generator
        Whether ``matrix`` holds rates.
    inflow
        Who arrives by the end of each step, (K,) or (T, K).
    exits
        Ways out that the matrix does not hold, such as ageing out: of each the share of each state that goes in a
        step, (K,) or (T, K).  They go first; who is left moves.
    changes
        What differs from a step on; later ones act on what earlier ones made.
    uncertain
        Draws of ``matrix``, (n, K, K): the same n in two scenarios makes their difference a paired one.
    uncertain_inflow
        Draws of ``inflow``, (n, K).
    names
        What states are called in Chinese and English, as far as they are.
    """

    states: tuple[Any, ...]
    start: Floats = field(converter=_vector)
    matrix: Floats = field(converter=_vector)
    generator: bool = False
    inflow: Floats = field(default=0.0, converter=_vector)
    exits: Mapping[str, Floats] = field(factory=dict, converter=_exits)
    changes: tuple[Change, ...] = field(default=(), converter=_several)
    uncertain: Floats | None = None
    uncertain_inflow: Floats | None = None
    names: Called = field(default=NAMELESS, repr=False)

    def __attrs_post_init__(self) -> None:
        k = len(state_names(self.states))
        if self.start.shape != (k,) or not (np.isfinite(self.start) & (self.start >= 0)).all():
            raise UsageError(f"start must be {k} stocks, known and not negative; got {self.start.tolist()}")
        if self.matrix.shape[-2:] != (k, k) or self.matrix.ndim not in (2, 3):
            raise UsageError(f"the matrix has shape {self.matrix.shape}; there are {k} states")
        if self.uncertain is not None and (self.uncertain.shape[1:] != (k, k) or self.matrix.ndim != 2):
            raise UsageError(
                "`uncertain` must be one (n, K, K) array, and needs one matrix that does not change with time"
            )
        if self.uncertain is not None and not self.generator:
            _refuse_draws(self.uncertain)
        if (self.inflow < 0).any():
            raise UsageError("inflow must not be negative; people who leave belong in the matrix or in `exits`")
        for name, values in {"inflow": self.inflow, **self.exits}.items():
            if values.shape not in ((), (k,)) and values.shape[1:] != (k,):
                raise UsageError(f"{name}: one number, one per state ({k}), or such a row per step; got {values.shape}")
        for matrix in self.matrix.reshape(-1, k, k):
            known = np.asarray(~np.isnan(matrix).any(axis=1))
            if self.generator:
                checked_generator(matrix)
            else:
                checked_matrix(np.where(known[:, None], matrix, np.eye(k)))

    def table(self) -> Table:
        """Write the stock of each state and where it goes in the first step, changes included."""
        moved = self.matrix_of(1, {}, self.matrix)
        rows = [
            (
                str(self.states[i]),
                float(self.start[i]),
                str(self.states[j]),
                None if np.isnan(moved[i, j]) else float(moved[i, j]),
            )
            for i in range(len(self.states))
            for j in range(len(self.states))
            if self.start[i] and moved[i, j] != 0
        ]
        return Table.of_rows(
            ("from", "people", "to", "share"),
            rows,
            headings=HEADINGS,
            formats=SHARES | {"people": ",.1f"},
            called=dict.fromkeys(("from", "to"), self.names),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """The changes, one a line."""
        return tuple(map(str, self.changes))

    def __str__(self) -> str:
        return "\n".join([str(self.table()), *self.notes])

    def matrix_of(self, step: int, cache: dict[tuple[Any, ...], Floats], base: Floats) -> Floats:
        """Return the matrix of a step with the changes that hold, made once for each combination of them."""
        timed = base is self.matrix and base.ndim == 3
        place = min(step, len(base)) - 1 if timed else 0
        forces = [(i, change.force(step)) for i, change in enumerate(self.changes)]
        holding = tuple((i, force) for i, force in forces if force)
        key = (place, *holding)
        if key not in cache:
            matrix = (base[place] if timed else base).copy()
            for i, force in holding:
                apply(matrix, self.changes[i], self.states, force)
            cache[key] = self._finished(matrix)
        return cache[key]

    def _finished(self, matrix: Floats) -> Floats:
        k = len(self.states)
        diagonal = np.arange(k)
        others = matrix.sum(-1) - matrix[..., diagonal, diagonal]
        if self.generator:
            flat = matrix.reshape(-1, k, k)
            return np.stack([transition_probabilities(q, [1.0])[0] for q in flat]).reshape(matrix.shape)
        if (others > 1 + 1e-9).any():
            row = int(np.argwhere(others > 1 + 1e-9)[0][-1])
            raise UsageError(
                f"more than everybody would leave {self.states[row]!r} in one step; make the change smaller"
            )
        matrix[..., diagonal, diagonal] = 1.0 - others
        return matrix
