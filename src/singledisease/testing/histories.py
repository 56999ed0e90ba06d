"""Strategies for histories and generators: random graphs, late entry, censoring, ties, interruptions."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray

from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.histories.histories import histories as checked

LABELS = ("well", "ill", "worse", "dead")


@frozen
class GivenStays:
    """Stays as columns, the way a user hands them over: one row each, a missing ``to_state`` is censored."""

    start: tuple[float, ...]
    stop: tuple[float, ...]
    from_state: tuple[str, ...]
    to_state: tuple[str | None, ...]
    id: tuple[int, ...]
    states: tuple[str, ...] = field(default=LABELS)

    def columns(self) -> dict[str, Any]:
        """Give the arguments of an estimator."""
        return {
            "start": np.array(self.start, dtype=float),
            "stop": np.array(self.stop, dtype=float),
            "from_state": np.array(self.from_state, dtype=object),
            "to_state": np.array(self.to_state, dtype=object),
            "id": np.array(self.id),
            "states": self.states,
        }

    def checked(self) -> Histories:
        """Give them checked and sorted."""
        return checked(**self.columns())

    def rows(self, order: Any) -> GivenStays:
        """Give the rows in another order, or only some, or some twice."""
        return GivenStays(
            start=tuple(self.start[i] for i in order),
            stop=tuple(self.stop[i] for i in order),
            from_state=tuple(self.from_state[i] for i in order),
            to_state=tuple(self.to_state[i] for i in order),
            id=tuple(self.id[i] for i in order),
            states=self.states,
        )

    def renamed(self, names: dict[str, str], states: tuple[str, ...]) -> GivenStays:
        """Give the states other names, in another order."""
        return evolve(
            self,
            from_state=tuple(names[name] for name in self.from_state),
            to_state=tuple(None if name is None else names[name] for name in self.to_state),
            states=states,
        )


@st.composite
def _one(draw: st.DrawFn, person: int, late: bool, censored: bool) -> list[tuple[float, float, str, str | None, int]]:
    """Walk one person through the states: days are few, so that ties are many."""
    now = float(draw(st.integers(0, 4))) if late else 0.0
    state = draw(st.sampled_from(LABELS[:-1]))
    rows: list[tuple[float, float, str, str | None, int]] = []
    for left in reversed(range(draw(st.integers(1, 5)))):
        stop = now + draw(st.integers(1, 5))
        if left == 0 and censored and draw(st.booleans()):
            rows.append((now, stop, state, None, person))
            break
        last = left == 0 and not censored
        to = "dead" if last else draw(st.sampled_from([name for name in LABELS if name != state]))
        rows.append((now, stop, state, to, person))
        if to == "dead":
            break
        now, state = stop, to
    if rows[-1][3] not in (None, "dead"):
        rows.append((now, now + draw(st.integers(1, 9)), state, None, person))
    return rows


@st.composite
def stays(
    draw: st.DrawFn, *, late: bool = True, censored: bool = True, people: int = 12, lapses: bool = False
) -> GivenStays:
    """Give the stays of some people in up to four states, ``dead`` being absorbing.

    Parameters
    ----------
    draw
        Given by hypothesis.
    late
        Whether some may come under observation late; somebody is there at 0 all the same.
    censored
        Whether histories may end before death.
    people
        At most so many.
    lapses
        Whether there may be a time in which nobody at all is under observation, and others come later: nothing can
        be estimated over it.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(stays(people=3, censored=False))
    ... def everybody_dies_once(given_stays):
    ...     assert given_stays.to_state.count("dead") == len(set(given_stays.id))
    >>> everybody_dies_once()
    """
    number = draw(st.integers(1, people))
    rows = [row for i in range(number) for row in draw(_one(i, late and i > 0, censored))]
    assume(lapses or _covered([(row[0], row[1]) for row in rows]))
    start, stop, source, target, person = zip(*rows, strict=True)
    return GivenStays(start, stop, source, target, person)


def _covered(spans: list[tuple[float, float]]) -> bool:
    reached = 0.0
    for start, stop in sorted(spans):
        if start > reached:
            return False
        reached = max(reached, stop)
    return True


@st.composite
def generators(draw: st.DrawFn, *, most: int = 5) -> NDArray[np.float64]:
    """Give the generator of a chain: some rates 0, some equal, some states absorbing, fast and slow together.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(generators(most=3))
    ... def rows_sum_to_nothing(q):
    ...     assert len(q) <= 3 and np.allclose(q.sum(axis=1), 0)
    >>> rows_sum_to_nothing()
    """
    k = draw(st.integers(1, most))
    rate = st.sampled_from((0.0, 0.0, 1e-6, 0.1, 0.1, 0.25, 1.0, 3.0, 40.0))
    q = np.array(draw(st.lists(rate, min_size=k * k, max_size=k * k))).reshape(k, k)
    np.fill_diagonal(q, 0.0)
    q[np.diag_indices(k)] = -q.sum(1)
    return q


@st.composite
def transition_matrices(draw: st.DrawFn, *, most: int = 5) -> NDArray[np.float64]:
    """Give a matrix of counts as shares: no row is empty.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(transition_matrices(most=3))
    ... def rows_are_shares(matrix):
    ...     assert (matrix >= 0).all() and np.allclose(matrix.sum(axis=1), 1)
    >>> rows_are_shares()
    """
    k = draw(st.integers(1, most))
    number = np.array(draw(st.lists(st.integers(0, 20), min_size=k * k, max_size=k * k)), dtype=float).reshape(k, k)
    number[np.diag_indices(k)] += 1
    return np.asarray(number / number.sum(1, keepdims=True))
