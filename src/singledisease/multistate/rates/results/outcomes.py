"""What follows from rates that change at known times: probabilities, times in states, first passage.

Every function follows the changes.  Leading axes of the generators (draws, say) are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.exponential.propagation import propagate
from singledisease.multistate.exponential.uniformisation import checked_times


@frozen(eq=False)
class PiecewiseGenerator:
    """Generators in force one after another, the last one for ever.

    Attributes
    ----------
    generators
        (…, pieces, K, K).
    edges
        float64 (pieces): when each comes into force, from 0.

    >>> generators = np.array([[[-0.1, 0.1], [0.0, 0.0]], [[-0.2, 0.2], [0.0, 0.0]]])
    >>> course = PiecewiseGenerator(generators, np.array([0.0, 5.0]))
    >>> probabilities(course, [10.0]).round(4).tolist()
    [[[0.2231, 0.7769], [0.0, 1.0]]]
    """

    generators: Floats
    edges: Floats

    @property
    def lengths(self) -> Floats:
        """How long each is in force, (pieces); the last is infinite."""
        return np.append(np.diff(self.edges), np.inf)


def probabilities(course: PiecewiseGenerator, times: ArrayLike) -> Floats:
    """Return P(0, t), (…, times, K, K); rows sum to 1."""
    p = _products(course, checked_times(times))
    return np.asarray(p / p.sum(-1, keepdims=True))


def _products(course: PiecewiseGenerator, times: Floats) -> Floats:
    """Return the products of the exponentials up to each time; any matrices with non-negative off-diagonals will do."""
    *lead, pieces, k, _ = course.generators.shape
    flat = course.generators.reshape(-1, pieces, k, k)
    out = np.empty((len(flat), len(times), k, k))
    before = np.broadcast_to(np.eye(k), (len(flat), k, k))
    piece_of = np.searchsorted(course.edges, times, side="right") - 1
    for piece in range(pieces):
        mine = np.flatnonzero(piece_of == piece)
        spans = np.append(times[mine] - course.edges[piece], course.lengths[piece])
        finite = spans if piece < pieces - 1 else spans[:-1]
        reached = _each(flat[:, piece], finite)
        out[:, mine] = before[:, None] @ reached[:, : len(mine)]
        if piece < pieces - 1:
            before = before @ reached[:, -1]
    return out.reshape(*lead, len(times), k, k)


def _each(generators: Floats, times: Floats) -> Floats:
    """Return exp(Q_b t) for every generator and time, (B, T, K, K)."""
    b, t = len(generators), len(times)
    p = propagate(generators, np.repeat(np.arange(b), t), np.tile(times, b))
    return p.reshape(b, t, *generators.shape[1:])


def time_in_states(course: PiecewiseGenerator, times: ArrayLike) -> Floats:
    """Return the expected time in each state up to t by state at 0, (…, times, K, K), in the unit of time.

    By the exponential of a matrix twice as large, [[Q, 1], [0, 0]] (Van Loan, IEEE Trans Automat Contr
    1978;23:395–404).
    """
    return _integrals(course, checked_times(times))[1]


def _integrals(course: PiecewiseGenerator, times: Floats) -> tuple[Floats, Floats]:
    """Return P(0, t) and ∫₀ᵗ P(0, u) du; rows of the generators may sum to less than 0."""
    k = course.generators.shape[-1]
    large = np.zeros((*course.generators.shape[:-2], 2 * k, 2 * k))
    large[..., :k, :k] = course.generators
    large[..., range(k), range(k, 2 * k)] = 1.0
    both = _products(evolve(course, generators=large), times)[..., :k, :]
    return both[..., :k], both[..., k:]


def named(of: str | Callable[[PiecewiseGenerator], Floats], about: Sequence[Any], codes: Callable[[Any], Codes]) -> Any:
    """Return what is asked of a course by the name that a fit has for it; ``codes`` reads its states.

    Raises
    ------
    UsageError
        If there is nothing of that name, or it needs something else.
    """
    if not isinstance(of, str):
        return of
    if of not in _NAMED:
        raise UsageError(f"there is nothing called {of!r}; {did_you_mean(of, _NAMED)}")
    does, needs = _NAMED[of]
    if len(about) != len(needs):
        raise UsageError(f"interval({', '.join((repr(of), *needs))}), not with {len(about)} more")
    values = [codes(value) if need == "to" else value for need, value in zip(needs, about, strict=True)]
    return lambda course: does(course, *values)


def sojourn(course: PiecewiseGenerator) -> Floats:
    """Return the mean time until each state is left, by who is in it at 0, (…, K); infinite where nothing leaves."""
    return np.asarray(_leaving(course)[1])


def next_state(course: PiecewiseGenerator) -> Floats:
    """Return the probability that a state is followed by each, by who is in it at 0, (…, K, K); an end has zeros."""
    return np.asarray(_leaving(course)[0])


def _leaving(course: PiecewiseGenerator) -> tuple[Floats, Floats]:
    k = course.generators.shape[-1]
    off = course.generators * ~np.eye(k, dtype=bool)
    out = off.sum(-1)
    lengths = course.lengths[:, None]
    still = np.ones((*out.shape[:-2], k))
    chances, mean = np.zeros((*out.shape[:-2], k, k)), np.zeros(still.shape)
    for piece in range(len(lengths)):
        rate, span = out[..., piece, :], lengths[piece]
        moving = rate > 0
        safe = np.where(moving, rate, 1.0)
        leaves = np.where(moving, -np.expm1(-safe * span), 0.0)
        chances += (still * leaves / safe)[..., None] * off[..., piece, :, :]
        mean += still * np.where(moving, leaves / safe, span)
        still = still * (1 - leaves)
    return chances, mean


def passage(course: PiecewiseGenerator, target: Codes, times: ArrayLike) -> Floats:
    """Return the probability of having been in a target state by t, by state at 0, (…, times, K)."""
    stopped = evolve(course, generators=_stopped(course.generators, target))
    return np.asarray(probabilities(stopped, times)[..., target].sum(-1))


def mean_passage(course: PiecewiseGenerator, target: Codes) -> Floats:
    """Return the mean time until a target state is entered, by state at 0, (…, K).

    It is 0 in a target state and infinite where the target may never be reached.
    """
    k = course.generators.shape[-1]
    others = np.setdiff1d(np.arange(k), target)
    stopped = _stopped(course.generators, target)
    sure = _surely(stopped, target)
    inner = others[sure[others]]
    mean = np.full((*course.generators.shape[:-3], k), np.inf)
    mean[..., target] = 0.0
    if len(inner):
        mean[..., inner] = _mean_inside(evolve(course, generators=stopped[..., inner[:, None], inner]))
    return mean


def _mean_inside(course: PiecewiseGenerator) -> Floats:
    """Return ∫ P(0, u) 1 du from 0 on, of generators that everybody leaves in the end, (…, inner)."""
    last = -course.generators[..., -1, :, :]
    after = np.linalg.solve(last, np.ones((*last.shape[:-1], 1)))[..., 0]
    if len(course.edges) == 1:
        return np.asarray(after)
    p, spent = (x[..., 0, :, :] for x in _integrals(course, course.edges[-1:]))
    return np.asarray(spent.sum(-1) + (p @ after[..., None])[..., 0])


def _stopped(generators: Floats, target: Codes) -> Floats:
    stopped = generators.copy()
    stopped[..., target, :] = 0.0
    return stopped


def _surely(stopped: Floats, target: Codes) -> NDArray[Any]:
    """States from which every way leads to the target under the last generators, and under all draws."""
    k = stopped.shape[-1]
    lasting = (stopped[..., -1, :, :].reshape(-1, k, k) > 0).all(0) | np.eye(k, dtype=bool)
    ever = (stopped.reshape(-1, k, k) > 0).any(0) | np.eye(k, dtype=bool)
    for _ in range(k):
        lasting, ever = lasting @ lasting, ever @ ever
    lost = ~lasting[:, target].any(1)
    return np.asarray(~(ever @ lost))


_NAMED: dict[str, tuple[Callable[..., Floats], tuple[str, ...]]] = {
    "probabilities": (probabilities, ("times",)),
    "sojourn": (sojourn, ()),
    "next_state": (next_state, ()),
    "total_time": (time_in_states, ("times",)),
    "passage": (passage, ("to", "times")),
    "mean_passage": (mean_passage, ("to",)),
}
