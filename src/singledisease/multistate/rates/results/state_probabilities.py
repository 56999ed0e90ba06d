"""How probable each true state is at each visit, given all visits of the person."""

from __future__ import annotations

import numpy as np

from singledisease.errors import require_kind
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.likelihood.forward import ForwardPlan, forward
from singledisease.multistate.rates.results.fitted import FittedGenerator
from singledisease.multistate.rates.results.most_likely_states import most_likely_states
from singledisease.multistate.rates.sequences.visit_intervals import interval_matrices


def state_probabilities(fit: FittedGenerator) -> Floats:
    """Return the probability of each true state at each visit, given all that was seen of the person.

    Parameters
    ----------
    fit
        What ``fit_generator`` gave.

    Returns
    -------
    ndarray
        (visits, K), in the order in which the visits were given and of ``fit.states``; rows sum to 1.  A state that is
        seen for certain has 1.

    Notes
    -----
    Forward and backward over the visits (Baum, Petrie, Soules & Weiss, Ann Math Stat 1970;41:164–171), at the
    estimated parameters: their own uncertainty is left out of account.  Of a person with one visit that may stand for
    several states nothing is known but that: each has the same.

    Examples
    --------
    >>> from singledisease.multistate.rates.fit import fit_generator
    >>> fit = fit_generator([1, 1, 1, 2, 2], [0, 1, 2, 0, 3], ["a", "?", "b", "a", "a"],
    ...                     allowed=[("a", "b")], censored={"?": ["a", "b"]})
    >>> state_probabilities(fit)[:3].round(2).tolist()
    [[1.0, 0.0], [0.44, 0.56], [0.0, 1.0]]
    """
    require_kind(fit, FittedGenerator, way="sd.state_probabilities(fit)", named="fit")
    visits, likelihood, layout = fit.visits, fit.likelihood, fit.layout
    if likelihood.observed is not None:
        return np.eye(len(fit.states))[most_likely_states(fit)]
    q = np.asarray(layout.generators(fit.maximum.theta, layout.terms))
    emissions = np.asarray(layout.emissions(fit.maximum.theta, q))
    start = np.asarray(layout.start(fit.maximum.theta))
    found = _smoothed(likelihood.plan, q, emissions, start)
    sequences = likelihood.plan.sequences
    pieces = sequences.pieces
    sets = visits.space.seen_as()[visits.seen].astype(np.float64)
    chances: Floats = sets / sets.sum(1, keepdims=True)
    for position, table in enumerate(found):
        on = sequences.length[pieces.sequence] >= position
        chances[pieces.head[on] + position] = table[pieces.sequence[on]]
    out: Floats = np.empty_like(chances)
    out[visits.row] = chances
    return out


def _smoothed(plan: ForwardPlan, q: Floats, emissions: Floats, start: Floats) -> list[Floats]:
    """Return the probabilities of the states at each position of each sequence, (sequences that reach it, K) each."""
    sequences = plan.sequences
    ahead = forward(plan, q, emissions, start, sequences.weight).shares
    matrices = interval_matrices(q, sequences.intervals).matrices
    found: list[Floats] = [_scaled(np.asarray(ahead[-1]))]
    behind: Floats = np.ones_like(found[0])
    for position in range(len(plan.active) - 1, -1, -1):
        number = plan.active[position]
        seen, later = sequences.seen[position, :number], behind[:number] * emissions[sequences.seen[position, :number]]
        behind = np.ones_like(np.asarray(ahead[position]))
        behind[:number] = (matrices[sequences.interval[position, :number]] @ later[:, :, None])[:, :, 0]
        behind = _scaled(behind)
        _dead(found[0], seen, sequences.exact, sequences.deaths_from)
        found.insert(0, _scaled(np.asarray(ahead[position]) * behind))
    return found


def _dead(chances: Floats, seen: Codes, exact: Codes, deaths_from: int) -> None:
    """Put who died at a known time into that state: on the way there, what is held is the state before."""
    dead = np.flatnonzero(seen >= deaths_from)
    chances[dead] = 0.0
    chances[dead, exact[seen[dead] - deaths_from, 1]] = 1.0


def _scaled(rows: Floats) -> Floats:
    return np.asarray(rows / rows.sum(1, keepdims=True))
