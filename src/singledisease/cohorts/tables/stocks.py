"""Tables of who is where and for how long: stocks, person-time, and transitions per person-time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.cohorts.names import suggested
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.cohorts.tables.context import TableContext
from singledisease.dates import date_of
from singledisease.errors import UsageError
from singledisease.multistate.headings import RATES
from singledisease.multistate.histories.person_time import PersonTime
from singledisease.multistate.names import Called
from singledisease.tables import Table


def occupancy(about: TableContext, steps: CohortSteps) -> Table:
    """Write the stock of each state at the end of each step, and before the first."""
    k, number = len(about.states), len(about.strata.keys)
    stocks = np.zeros((len(steps.days), number, k), dtype=np.int64)
    for t, codes in enumerate(steps.codes):
        who = np.flatnonzero(codes < k)
        group = about.strata.codes[_step(about, t - 1), who]
        stocks[t] = np.bincount(group * k + codes[who], minlength=number * k).reshape(number, k)
    order = about.in_order(stocks.any(axis=(0, 2))) if about.by else [0]
    rows = [
        (date_of(int(day)), *about.stratum(s), *map(int, stocks[t, s]))
        for t, day in enumerate(steps.days)
        for s in order
    ]
    # A state of one's own may be called as a column is elsewhere: "event", say.
    headings = {**about.headings(), **{state: (state, state) for state in about.states}, **about.names}
    return Table.of_rows(about.columns(("day",), *about.states), rows, headings=headings, called=about.called())


def _step(about: TableContext, step: int) -> int:
    """Return the row of strata of a step; before the first it is that of the first."""
    return min(max(step, 0), len(about.strata.codes) - 1)


def person_time(about: TableContext, exposure: PersonTime) -> Table:
    """Write the person-years in each state, all steps together."""
    years = exposure.years.sum(0)
    rows = [
        (*about.stratum(s), about.states[i], float(years[s, i]))
        for s in about.in_order(years.any(axis=1))
        for i in np.flatnonzero(years[s]).tolist()
    ]
    names = about.columns((), "state", "person_years")
    return Table.of_rows(names, rows, headings=about.headings(), formats=RATES, called=about.called())


def incidence(
    about: TableContext, exposure: PersonTime, source: str | None, target: str | None, *, level: float, per: float
) -> Table:
    """Write transitions per person-time; a pair that occurs in any stratum stands in each that had the time."""
    found = evolve(exposure, time=exposure.time.sum(0), events=exposure.events.sum(0))
    rate, (low, high) = found.rate(per), found.interval(level, per)
    wanted = np.outer(_named(source, found.sources, about.names), _named(target, found.targets, about.names))
    one = source is not None and target is not None
    pairs = np.argwhere(wanted if one else wanted & found.events.any(axis=0)).tolist()
    rows = [
        (
            *about.stratum(s),
            found.sources[i],
            found.targets[j],
            int(found.events[s, i, j]),
            float(found.years[s, i]),
            *(float(column[s, i, j]) for column in (rate, low, high)),
        )
        for s in about.in_order(found.time.any(axis=1))
        for i, j in pairs
        if found.time[s, i] > 0
    ]
    names = about.columns((), "from", "to", "events", "person_years", "rate", "ci_low", "ci_high")
    return Table.of_rows(names, rows, headings=about.headings(), formats=RATES, called=about.called())


def _named(name: str | None, names: Sequence[str], called: Called) -> NDArray[np.bool_]:
    if name is not None and name not in names:
        raise UsageError(f"there is no {name!r} to count; {suggested(name, names, called)}")
    return np.array([name in (None, other) for other in names])
