"""Panels: people seen in states at visits, drawn from a known generator, for testing estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.exponential.uniformisation import checked_generator


@frozen(eq=False, kw_only=True)
class Panel:
    """Visits, by person and time.

    Attributes
    ----------
    id
        int64 (visits): the person.
    time
        float64 (visits).
    state
        int64 (visits): true state, from 0.
    q
        The generator they come from, (K, K).

    >>> panel = simulate_panel([[0, 0.5], [0, 0]], 3, [0, 1, 2], seed=1)
    >>> panel.allowed, sorted(panel.arguments())
    ([(0, 1)], ['allowed', 'id', 'state', 'states', 'time'])
    """

    id: Codes
    time: Floats
    state: Codes
    q: Floats

    @property
    def allowed(self) -> list[tuple[int, int]]:
        """Pairs of states with a rate."""
        return [(int(i), int(j)) for i, j in np.argwhere(self.q > 0)]

    def arguments(self) -> dict[str, Any]:
        """Give what ``fit_generator`` takes."""
        return {
            "id": self.id,
            "time": self.time,
            "state": self.state,
            "allowed": self.allowed,
            "states": range(len(self.q)),
        }


def simulate_panel(
    q: ArrayLike,
    people: int,
    times: ArrayLike,
    *,
    seed: int,
    start: ArrayLike | None = None,
    exact: bool = False,
) -> Panel:
    """Follow people through a chain and look at some times only.

    Parameters
    ----------
    q
        Generator, (K, K).
    people
        How many.
    times
        Times of the visits, (visits,), or one row per person, (people, visits); ascending.
    seed
        Of the random numbers.
    start
        Distribution of the first state, (K); left out: everybody starts in state 0.
    exact
        Whether entry into an absorbing state is seen at its own time; otherwise it is seen at the next visit, and
        nobody is seen after that.

    >>> panel = simulate_panel([[0, 0.5], [0, 0]], 3, [0, 1, 2], seed=1)
    >>> panel.state.tolist()
    [0, 0, 0, 0, 1, 0, 1]
    """
    rates = checked_generator(q)
    rng = np.random.default_rng(seed)
    visits = np.broadcast_to(np.asarray(times, dtype=np.float64), (people, np.shape(times)[-1]))
    share = np.eye(len(rates))[0] if start is None else np.asarray(start, dtype=np.float64)
    now = rng.choice(len(rates), size=people, p=share)
    seen, entered = _seen(rates, now, visits, rng)
    absorbing = np.diag(rates) == 0
    over = absorbing[seen]
    keep = ~np.concatenate((np.zeros((people, 1), dtype=bool), over[:, :-1]), axis=1)
    when = np.where(over & (np.arange(visits.shape[1]) > 0) & exact, entered[:, None], visits)
    who = np.broadcast_to(np.arange(people)[:, None], keep.shape)
    return Panel(id=who[keep], time=when[keep], state=seen[keep], q=rates)


def misread(panel: Panel, errors: ArrayLike, *, seed: int, first: bool = False) -> Codes:
    """Give what is seen at each visit where states may be mistaken.

    Parameters
    ----------
    panel
        The true states.
    errors
        Probability of each observed state (columns) by true state (rows), (K, K).
    seed
        Of the random numbers.
    first
        Whether the first visit of a person may be mistaken too.

    >>> panel = simulate_panel([[0, 0.5], [0, 0]], 2, [0, 1], seed=1)
    >>> misread(panel, [[0, 1], [0, 1]], seed=1).tolist()
    [0, 1, 0, 1]
    """
    shares = np.cumsum(np.asarray(errors, dtype=np.float64), axis=1)[panel.state]
    seen = _next(shares, np.random.default_rng(seed))
    if first:
        return seen
    start = np.concatenate(([True], panel.id[1:] != panel.id[:-1]))
    return np.where(start, panel.state, seen)


def _seen(q: Floats, now: Codes, visits: Floats, rng: np.random.Generator) -> tuple[Codes, Floats]:
    """Give the state at each visit, and when each person entered the last state."""
    rate = np.abs(np.diag(q))
    chances = np.cumsum(np.where(np.eye(len(q), dtype=bool), 0.0, q), axis=1)
    seen = np.empty(visits.shape, dtype=np.int64)
    entered = visits[:, 0].copy()
    with np.errstate(divide="ignore"):
        leaves = visits[:, 0] + rng.exponential(size=len(now)) / rate[now]
    for column in range(visits.shape[1]):
        while (going := np.flatnonzero(leaves <= visits[:, column])).size:
            entered[going] = leaves[going]
            now[going] = _next(chances[now[going]], rng)
            with np.errstate(divide="ignore"):
                leaves[going] += rng.exponential(size=len(going)) / rate[now[going]]
        seen[:, column] = now
    return seen, entered


def _next(chances: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the next state; rounding up to the whole sum would draw one that does not exist."""
    total = chances[:, -1]
    drawn = np.minimum(rng.random(len(chances)) * total, np.nextafter(total, 0.0))
    return np.asarray((drawn[:, None] >= chances).sum(1), dtype=np.int64)


@st.composite
def generators(draw: st.DrawFn, most: int = 4) -> Floats:
    """Draw generators of two to ``most`` states, each state reachable from the one before it."""
    k = draw(st.integers(2, most))
    rate = st.one_of(st.just(0.0), st.floats(0.02, 2.0))
    q = np.array([[draw(rate) for _ in range(k)] for _ in range(k)])
    q[range(k - 1), range(1, k)] += 0.05
    if draw(st.booleans()):
        q[-1] = 0.0
    return checked_generator(q)


@st.composite
def panels(draw: st.DrawFn, most: int = 4) -> Panel:
    """Draw panels of a few people, seen at irregular times, with deaths at their own time or not.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(panels(most=3))
    ... def everybody_is_seen_more_than_once(panel):
    ...     assert np.bincount(panel.id).min() >= 2 and len(panel.q) <= 3
    >>> everybody_is_seen_more_than_once()
    """
    q = draw(generators(most))
    people, visits = draw(st.integers(2, 8)), draw(st.integers(2, 5))
    gaps = draw(st.lists(st.integers(1, 30), min_size=people * visits, max_size=people * visits))
    times = np.cumsum(np.array(gaps).reshape(people, visits), axis=1) / 8
    return simulate_panel(q, people, times, seed=draw(st.integers(0, 2**31)), exact=draw(st.booleans()))
