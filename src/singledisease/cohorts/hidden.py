"""The most likely course behind the visits, where states are hidden or censored."""

from __future__ import annotations

import numpy as np

from singledisease.cohorts.fitted import FittedGenerator
from singledisease.cohorts.forward import Flow
from singledisease.cohorts.histories import Codes, Floats
from singledisease.cohorts.links import link_matrices


def most_likely_states(fit: FittedGenerator) -> Codes:
    """Give the most likely true states of each person taken together, as codes into ``fit.states``.

    Returns
    -------
    ndarray
        int64 (visits), in the order in which the visits were given.

    Notes
    -----
    Viterbi's algorithm.  A death at a known time counts with its density, Σ_k P_ik(t) q_kD, as in the likelihood.

    >>> from singledisease.cohorts.fit import fit_generator
    >>> fit = fit_generator([1, 1, 1, 2, 2], [0, 1, 2, 0, 3], ["a", "?", "a", "a", "b"],
    ...                     allowed=[("a", "b"), ("b", "a")], censored={"?": ["a", "b"]})
    >>> most_likely_states(fit).tolist()
    [0, 0, 0, 0, 1]
    """
    visits, likelihood = fit.visits, fit.likelihood
    theta, layout = fit.maximum.theta, fit.layout
    q = layout.generators(theta, layout.terms)
    emissions = layout.emissions(theta, q)
    paths = _paths(likelihood.flow, np.asarray(q), np.asarray(emissions), np.asarray(layout.start(theta)))
    pieces, states = likelihood.flow.chains.pieces, np.asarray(np.argmax(visits.space.seen_as(), axis=1)[visits.seen])
    length = likelihood.flow.chains.length[pieces.chain]
    for position in range(int(length.max(initial=0)) + 1):
        on = length >= position
        states[pieces.head[on] + position] = paths[position, pieces.chain[on]]
    out = np.empty_like(states)
    out[visits.row] = states
    return out


def _paths(given: Flow, q: Floats, emissions: Floats, initial: Floats) -> Codes:
    """Give the best path of each chain, (most visits, chains)."""
    chains = given.chains
    matrices = link_matrices(q, chains.links).matrices
    with np.errstate(divide="ignore"):
        log_matrices, log_emissions = np.log(matrices), np.log(emissions)
        best = np.log(chains.begin(initial) * emissions[chains.start])
    came, ends = [], [best]
    for position, n in enumerate(given.active):
        link, seen = chains.link[position, :n], chains.seen[position, :n]
        ways = log_matrices[link] + log_emissions[seen][:, None, :]
        dead = np.flatnonzero(seen >= chains.deaths_from)
        if len(dead):
            ways[dead] = -np.inf
            into = chains.exact[seen[dead] - chains.deaths_from, 1]
            density = (matrices[link[dead]] @ emissions[seen[dead]][:, :, None])[:, :, 0]
            with np.errstate(divide="ignore"):
                ways[dead, :, into] = np.log(density)
        ways = ends[-1][:n, :, None] + ways
        came.append(ways.argmax(1))
        ends.append(ways.max(1))
    return _traced(given, came, ends)


def _traced(given: Flow, came: list[Codes], ends: list[Floats]) -> Codes:
    chains = given.chains
    paths = np.zeros((len(ends), len(chains.start)), dtype=np.int64)
    for position in range(len(ends) - 1, -1, -1):
        here = chains.length == position
        paths[position, here] = ends[position][here[: len(ends[position])].nonzero()[0]].argmax(1)
        on = np.flatnonzero(chains.length > position)
        if len(on):
            paths[position, on] = came[position][on, paths[position + 1, on]]
    return paths
