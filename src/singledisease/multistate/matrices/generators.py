"""A transition matrix for another step: the generator behind it, and the nearest if there is none.

Sources: Israel, Rosenthal & Wei, Mathematical Finance 2001;11:245–265 (existence, diagonal adjustment);
Inamura, Bank of Japan Working Paper 06-E07, 2006 (weighted adjustment of the rates out of a state);
Kreinin & Sidelnikova, Algo Research Quarterly 2001;4:23–40 (projection row by row); Bladt & Sørensen, J R Stat Soc B
2005;67:395–410 (maximum likelihood by EM).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.multistate.arrays import Floats
from singledisease.multistate.exponential.uniformisation import paired_derivatives, transition_probabilities
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.inputs.frames import frame_names, frame_values, framed_like
from singledisease.multistate.matrices.embeddability import Embeddability, checked_matrix, embeddability
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.tables import Table, displayed

Method = Literal["principal", "diagonal", "weighted", "projection", "em"]
METHODS: tuple[Method, ...] = ("principal", "diagonal", "weighted", "projection", "em")
ROUNDS = 5000
"""Rounds of EM at most: rates that go to 0 get there slowly, long after the likelihood stands still."""


@displayed
@frozen(eq=False, kw_only=True)
class Root:
    """A generator for a transition matrix.

    Attributes
    ----------
    states
        Names, K of them.
    generator
        (K, K), per step of the matrix.
    method
        How it was made.
    report
        Whether there is an exact one.
    distance
        Frobenius distance of its matrix of one step from the one given.
    iterations
        Of EM; where they are ``ROUNDS``, some rate was still on its way.
    """

    states: tuple[Any, ...]
    generator: Floats
    method: Method
    report: Embeddability
    distance: float
    iterations: int = field(default=0)

    def matrix(self, steps: float) -> Floats:
        """Return the matrix of so many steps, whole or not, (K, K)."""
        return np.asarray(transition_probabilities(self.generator, [steps])[0])

    def table(self) -> Table:
        """Write one row per pair of states with a rate."""
        rows = [
            (str(self.states[i]), str(self.states[j]), float(rate))
            for (i, j), rate in np.ndenumerate(self.generator)
            if i != j and rate > 0
        ]
        return Table.of_rows(("from", "to", "rate"), rows, headings=HEADINGS, formats={"rate": ".4g"})

    def __str__(self) -> str:
        still = f"; some rate still on its way after {ROUNDS} rounds" if self.iterations >= ROUNDS else ""
        return f"{self.table()}\n({self.method}; {self.report}; distance {self.distance:.3g}{still})"


def generator_of(
    matrix: ArrayLike | TransitionCounts,
    *,
    method: Method = "principal",
    counts: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
) -> Root:
    """Find the generator whose matrix of one step is the one given, or the nearest.

    Parameters
    ----------
    matrix
        Shape (K, K), rows of probabilities, an array or a dataframe, whose names are those of the states; or counted
        transitions between K states, whose shares, names and, for ``em``, counts are then taken.
    method
        ``principal``: the logarithm itself, refused if it is not a generator.  From a logarithm with negative rates:
        ``diagonal`` puts them to 0 and takes what was gained from staying; ``weighted`` takes it from the other
        rates of the row, in proportion, and leaves staying alone; ``projection`` gives the nearest generator in
        each row.  ``em``: the generator of greatest likelihood for counts, or for the matrix as shares.
    counts
        For ``em``: how many went from each state to each, (K, K); left out: each row of the matrix counts once.
    states
        Names, K of them; left out: those of the dataframe or the counts, otherwise 0, 1, …

    Raises
    ------
    DataError
        If it is not a transition matrix, or it has no (sound) logarithm and the method needs one.
    UsageError
        If there is no such method, it takes no counts, or there are not as many names as states.

    >>> print(generator_of([[0.9, 0.1], [0.2, 0.8]], states=["well", "ill"]).table())
    from  to      rate
    ----  ----  ------
    well  ill   0.1189
    ill   well  0.2378
    """
    if method not in METHODS:
        raise UsageError(f"there is no method {method!r}; {did_you_mean(str(method), METHODS)}")
    if counts is not None and method != "em":
        raise UsageError(f"method={method!r} takes no counts; leave them out, or take method='em'")
    if isinstance(matrix, TransitionCounts):
        matrix, counts, states = _of_counts(matrix, counts, method, states)
    states = frame_names(matrix) if states is None else states
    counts = None if counts is None else frame_values(counts)
    p = checked_matrix(frame_values(matrix))
    if states is not None and len(states) != len(p):
        raise UsageError(f"states names {len(states)} states; the matrix has {len(p)}")
    report = embeddability(p)
    if method == "em":
        q, iterations = _em(p, p if counts is None else np.asarray(counts, dtype=np.float64))
    else:
        q, iterations = _adjusted(report, method), 0
    return Root(
        states=tuple(range(len(p)) if states is None else states),
        generator=q,
        method=method,
        report=report,
        distance=float(np.linalg.norm(transition_probabilities(q, [1.0])[0] - p)),
        iterations=iterations,
    )


def _of_counts(
    counted: TransitionCounts, counts: ArrayLike | None, method: Method, states: Sequence[Any] | None
) -> tuple[Floats, ArrayLike | None, Sequence[Any]]:
    """Return the shares, the counts for EM and the names of counted transitions."""
    if counted.sources != counted.targets:
        raise UsageError("entered, left and died are not states; take counts.only() for those who stayed")
    names = counted.sources if states is None else states
    return counted.matrix(), counted.total if counts is None and method == "em" else counts, names


def change_step(matrix: ArrayLike | TransitionCounts, steps: float, method: Method = "principal") -> Any:
    """Return the matrix of so many steps: ``1 / 12`` makes a yearly one monthly.

    A whole number of steps is a power and always exists; a part of one needs a generator; see ``generator_of``.

    Parameters
    ----------
    matrix, method
        As in ``generator_of``.
    steps
        How many, 0 or more, whole or not.

    Returns
    -------
    ndarray or dataframe
        Shape (K, K), rows of probabilities; of a dataframe a dataframe with the same names.

    Raises
    ------
    DataError
        If it is not a transition matrix, or has no generator by this method.
    UsageError
        If there is no such method, or ``steps`` is no number from 0 on.

    >>> change_step([[0.9, 0.1], [0.2, 0.8]], 2).round(2).tolist()
    [[0.83, 0.17], [0.34, 0.66]]
    >>> change_step([[0.9, 0.1], [0.2, 0.8]], 1 / 12).round(6).tolist()
    [[0.990238, 0.009762], [0.019524, 0.980476]]
    """
    if not isinstance(steps, Real) or not 0 <= steps < math.inf:
        raise UsageError(f"steps={steps!r}: say how many steps, 0 or more; 1/12 makes a yearly matrix monthly")
    if steps == int(steps):
        whole = _of_counts(matrix, None, method, None)[0] if isinstance(matrix, TransitionCounts) else matrix
        frame_names(whole)
        return framed_like(whole, np.linalg.matrix_power(checked_matrix(frame_values(whole)), int(steps)))
    return framed_like(matrix, generator_of(matrix, method=method).matrix(steps))


def _adjusted(report: Embeddability, method: Method) -> Floats:
    if report.logarithm is None:
        raise DataError(f"the matrix has no principal logarithm ({report}); method='em' needs none")
    q = report.logarithm
    if method == "principal":
        if report.negative:
            i, j = report.negative[0]
            raise DataError(
                f"the logarithm of the matrix is not a generator: {len(report.negative)} rates are negative, "
                f"such as {q[i, j]:.3g} from {i} to {j}; choose diagonal, weighted, projection or em"
                + ("; another logarithm is one: embeddability(matrix).generator" if report.embeddable else "")
            )
        return _diagonal(q)
    return {"diagonal": _diagonal, "weighted": _weighted, "projection": _projected}[method](q)


def _diagonal(q: Floats) -> Floats:
    found = np.maximum(q, 0.0)
    np.fill_diagonal(found, 0.0)
    found[np.diag_indices_from(found)] = -found.sum(1)
    return found


def _weighted(q: Floats) -> Floats:
    positive = np.maximum(q, 0.0)
    np.fill_diagonal(positive, 0.0)
    leaving, room = -q.diagonal()[:, None], positive.sum(1, keepdims=True)
    return _diagonal(np.divide(positive * leaving, room, out=np.zeros_like(q), where=room > 0))


def _projected(q: Floats) -> Floats:
    return np.stack([_nearest_row(row, i) for i, row in enumerate(q)])


def _nearest_row(row: Floats, stay: int) -> Floats:
    """Return the nearest row that sums to 0 with no rate below 0: all entries less one shift λ, cut at 0.

    The sum after a shift falls with λ; the rates that stay above 0 are the largest, so that λ is found by trying
    how many there are.
    """
    rates = np.delete(row, stay)
    order = np.sort(rates)[::-1]
    sums = row[stay] + np.concatenate(([0.0], np.cumsum(order)))
    shifts = sums / (1 + np.arange(len(sums)))
    above = np.append(order, -np.inf)
    below = np.append(np.inf, order)
    fits = (below >= shifts) & (above <= shifts)
    shift = shifts[np.flatnonzero(fits)[0]]
    found = np.maximum(row - shift, 0.0)
    found[stay] = 0.0
    found[stay] = -found.sum()
    return np.asarray(found)


def log_likelihood(generator: ArrayLike, counts: ArrayLike) -> float:
    """Return Σ n log p(1) of counts of one step; −∞ if something happened that cannot."""
    n = np.asarray(counts, dtype=np.float64)
    p = transition_probabilities(generator, [1.0])[0]
    if (p[n > 0] <= 0).any():
        return -math.inf
    return float((n[n > 0] * np.log(p[n > 0])).sum())


def _em(p: Floats, counts: Floats, rounds: int = ROUNDS, tolerance: float = 1e-11) -> tuple[Floats, int]:
    """Climb: expected transitions i → j over expected time in i, given the counts and the present generator.

    Both are entries of one integral ∫ P(s)ᵀ W P(1 − s)ᵀ ds with W = counts / P(1).
    """
    if counts.shape != p.shape or not np.isfinite(counts).all() or (counts < 0).any():
        raise DataError(f"counts must be a table of {p.shape} numbers that are not negative")
    seen = counts.sum(1) > 0
    reach = (counts > 0) | np.eye(len(p), dtype=bool)
    for _ in range(len(p).bit_length()):
        reach = reach @ reach
    q = np.where(reach, np.maximum(p, 1e-3), 0.0)
    q[~seen] = 0.0
    q = _diagonal(q)
    for number in range(1, rounds + 1):
        now = transition_probabilities(q, [1.0])
        weight = np.divide(counts, now[0], out=np.zeros_like(counts), where=counts > 0)
        integral = paired_derivatives(np.ascontiguousarray(q.T), np.array([1.0]), weight[None])[0]
        time = integral.diagonal()[:, None]
        better = np.divide(q * integral, time, out=np.zeros_like(q), where=time > 0)
        better = _diagonal(better)
        change = float(np.abs(better - q).max())
        q = better
        if change < tolerance:
            return q, number
    return q, rounds
