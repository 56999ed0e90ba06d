"""The most likely course behind the visits, where states are hidden or censored."""

from __future__ import annotations

import numpy as np

from singledisease.errors import require_kind
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.likelihood.forward import ForwardPlan
from singledisease.multistate.rates.results.fitted import FittedGenerator
from singledisease.multistate.rates.sequences.visit_intervals import interval_matrices


def most_likely_states(fit: FittedGenerator) -> Codes:
    """Return the most likely true states of each person taken together, as codes into ``fit.states``.

    Returns
    -------
    ndarray
        int64 (visits), in the order in which the visits were given.

    Notes
    -----
    Viterbi's algorithm.  A death at a known time counts with its density, Σ_k P_ik(t) q_kD, as in the likelihood.

    >>> from singledisease.multistate.rates.fit import fit_generator
    >>> fit = fit_generator([1, 1, 1, 2, 2], [0, 1, 2, 0, 3], ["a", "?", "a", "a", "b"],
    ...                     allowed=[("a", "b"), ("b", "a")], censored={"?": ["a", "b"]})
    >>> most_likely_states(fit).tolist()
    [0, 0, 0, 0, 1]
    """
    require_kind(fit, FittedGenerator, way="sd.most_likely_states(fit)", named="fit")
    visits, likelihood = fit.visits, fit.likelihood
    if likelihood.observed is not None:
        seen = np.empty_like(visits.seen)
        seen[visits.row] = visits.seen
        return seen
    theta, layout = fit.maximum.theta, fit.layout
    q = layout.generators(theta, layout.terms)
    emissions = layout.emissions(theta, q)
    paths = _paths(likelihood.plan, np.asarray(q), np.asarray(emissions), np.asarray(layout.start(theta)))
    pieces, states = (
        likelihood.plan.sequences.pieces,
        np.asarray(np.argmax(visits.space.seen_as(), axis=1)[visits.seen]),
    )
    length = likelihood.plan.sequences.length[pieces.sequence]
    for position in range(int(length.max(initial=0)) + 1):
        on = length >= position
        states[pieces.head[on] + position] = paths[position, pieces.sequence[on]]
    out = np.empty_like(states)
    out[visits.row] = states
    return out


def _paths(given: ForwardPlan, q: Floats, emissions: Floats, initial: Floats) -> Codes:
    """Return the best path of each sequence, (most visits, sequences)."""
    sequences = given.sequences
    matrices = interval_matrices(q, sequences.intervals).matrices
    with np.errstate(divide="ignore"):
        log_matrices, log_emissions = np.log(matrices), np.log(emissions)
        best = np.log(sequences.begin(initial) * emissions[sequences.start])
    came, ends = [], [best]
    for position, n in enumerate(given.active):
        interval, seen = sequences.interval[position, :n], sequences.seen[position, :n]
        ways = log_matrices[interval] + log_emissions[seen][:, None, :]
        dead = np.flatnonzero(seen >= sequences.deaths_from)
        if len(dead):
            ways[dead] = -np.inf
            into = sequences.exact[seen[dead] - sequences.deaths_from, 1]
            density = (matrices[interval[dead]] @ emissions[seen[dead]][:, :, None])[:, :, 0]
            with np.errstate(divide="ignore"):
                ways[dead, :, into] = np.log(density)
        ways = ends[-1][:n, :, None] + ways
        came.append(ways.argmax(1))
        ends.append(ways.max(1))
    return _traced(given, came, ends)


def _traced(given: ForwardPlan, came: list[Codes], ends: list[Floats]) -> Codes:
    sequences = given.sequences
    paths = np.zeros((len(ends), len(sequences.start)), dtype=np.int64)
    for position in range(len(ends) - 1, -1, -1):
        here = sequences.length == position
        paths[position, here] = ends[position][here[: len(ends[position])].nonzero()[0]].argmax(1)
        on = np.flatnonzero(sequences.length > position)
        if len(on):
            paths[position, on] = came[position][on, paths[position + 1, on]]
    return paths
