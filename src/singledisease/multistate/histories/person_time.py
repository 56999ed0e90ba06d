"""Person-time in states, and transitions per person-time with their exact Poisson interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError
from singledisease.intervals import poisson
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS, RATES
from singledisease.multistate.histories.histories import histories
from singledisease.multistate.histories.suspects import censoring_note, looks_censored
from singledisease.multistate.names import NAMELESS, Called
from singledisease.tables import Table, displayed

YEAR = 365.25
"""Days of a year, where days are turned into years."""


@displayed
@frozen(eq=False, kw_only=True)
class PersonTime:
    """Time at risk in each state and the transitions that happened in it.

    Attributes
    ----------
    sources, targets
        Names of K states at risk, and of L states entered.
    time
        (…, K): time in each, in the unit of the data; any axes before (steps, strata) are sums apart.
    events
        (…, K, L): transitions.
    year
        How many units of time make a year.
    suspects
        States that look like a code for "censored".
    names
        What states are called in Chinese and English, as far as they are.
    """

    sources: tuple[Any, ...]
    targets: tuple[Any, ...]
    time: Floats
    events: NDArray[np.int64]
    year: float = YEAR
    suspects: tuple[Any, ...] = ()
    names: Called = field(default=NAMELESS, repr=False)

    @property
    def years(self) -> Floats:
        """Person-years in each state, (…, K)."""
        return np.asarray(self.time / self.year)

    def rate(self, per: float = 100.0) -> Floats:
        """Return transitions per 100 person-years, (…, K, L); NaN where there was no time.

        Raises
        ------
        UsageError
            If ``per`` is not above 0.
        """
        if not 0 < per < np.inf:
            raise UsageError(f"per={per!r}: say how many person-years a rate is per, such as 100")
        years = self.years[..., None]
        return np.asarray(np.divide(self.events * per, years, out=np.full(self.events.shape, np.nan), where=years > 0))

    def interval(self, level: float = 0.95, per: float = 100.0) -> tuple[Floats, Floats]:
        """Return the exact Poisson limits of ``rate``, (…, K, L) each; NaN where there was no time."""
        low, high = poisson(self.events, np.broadcast_to(self.years[..., None], self.events.shape), level)
        return low * per, high * per

    def table(self, level: float = 0.95, per: float = 100.0) -> Table:
        """Return one row per pair of states that occurred; needs sums without further axes."""
        rate, (low, high) = self.rate(per), self.interval(level, per)
        rows = [
            (self.sources[i], self.targets[j], int(self.events[i, j]), self.years[i], rate[i, j], low[i, j], high[i, j])
            for i, j in np.argwhere(self.events)
        ]
        return Table.of_rows(
            ("from", "to", "events", "person_years", "rate", "ci_low", "ci_high"),
            rows,
            headings=HEADINGS,
            formats=RATES,
            called=dict.fromkeys(("from", "to"), self.names),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Name the states that nobody left, which have no row in the table, and those that may mean "censored"."""
        years = self.years
        if years.ndim > 1:
            return ()
        left = self.events.sum(1)
        stayed = (
            f"nobody left {source} in {time:,.2f} person-years"
            for source, time, number in zip(self.sources, years.tolist(), left.tolist(), strict=True)
            if time > 0 and not number
        )
        return (*stayed, *map(censoring_note, self.suspects))

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))


def person_time(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    id: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    year: float = YEAR,
) -> PersonTime:
    """Sum the time at risk in each state, and count the transitions out of it.

    Parameters
    ----------
    start, stop, from_state, to_state, id, states
        Stays; see ``histories``.
    year
        How many units of time make a year: 365.25 for days, 1 for years.

    >>> state, then = ["well", "ill", "well"], ["ill", "dead", None]
    >>> found = person_time([0, 100, 0], [100, 400, 730.5], state, then, id=[1, 1, 2])
    >>> print(found)
    from  to    events  person-years    rate   low    high
    ----  ----  ------  ------------  ------  ----  ------
    ill   dead       1          0.82  121.75  3.08  678.35
    well  ill        1          2.27   43.98  1.11  245.04
    """
    if not year > 0:
        raise UsageError(f"year={year!r}: say how many units of time make a year, 365.25 for days")
    stays = histories(start, stop, from_state, to_state, id=id, states=states)
    k = len(stays.states)
    time = np.asarray(np.bincount(stays.source, weights=stays.stop - stays.start, minlength=k), np.float64)
    moved = (stays.target >= 0) & (stays.target != stays.source)
    events = np.bincount(stays.source[moved] * k + stays.target[moved], minlength=k * k).reshape(k, k)
    return PersonTime(
        sources=stays.states,
        targets=stays.states,
        time=time,
        events=events,
        year=year,
        suspects=looks_censored(stays),
    )
