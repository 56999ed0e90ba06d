"""Visits: the state of a person is seen on some days only, and what lies between is not known."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import UsageError
from singledisease.multistate.aggregate.intervals import IntervalCounts, by_sorting, by_table
from singledisease.multistate.aggregate.keys import dense
from singledisease.multistate.arrays import Codes
from singledisease.multistate.inputs.times import moment_in_text
from singledisease.multistate.rates.visits.state_space import StateSpace

DateUnit = Literal["", "D", "s", "us"]
"""What a step of time is where time was given as dates."""

VISITS_SHOWN = 10
"""Faulty visits named in one error; the rest are counted."""


@frozen(eq=False, kw_only=True)
class PanelVisits:
    """Checked visits, sorted by person and time.

    Attributes
    ----------
    who
        (visits): whose it is, in numbers that ascend.
    names
        (people): ids, by ``who``; left out, ``who`` is itself the id.
    ticks
        int64 (visits): time in steps of ``tick``.
    tick
        Length of a step in the unit of the rates.
    grain
        Intervals that differ by less than so many steps count as one length: 0.3 - 0.1 and 0.5 - 0.3.
    seen
        int64 (visits): index into ``space.labels``.
    watched
        bool (visits): whether nothing happened since the visit before but what is seen here, here.
    order
        Where each visit stood in what was given, (visits); left out: where it stands now.
    space
        The states and their transitions.
    unit
        What one unit of time is, in words.
    dated
        The unit of a step if time was given as dates, of a day or less; otherwise blank.
    """

    who: NDArray[Any]
    names: NDArray[Any] | None = None
    ticks: Codes
    tick: float
    grain: int
    seen: Codes
    watched: NDArray[np.bool_]
    order: Codes | None = None
    space: StateSpace
    unit: str
    dated: DateUnit

    @cached_property
    def same(self) -> NDArray[np.bool_]:
        """Whether a visit and the next are of one person, (visits - 1)."""
        return np.asarray(self.who[1:] == self.who[:-1])

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """Whether a visit is the first of its person."""
        return np.concatenate((np.ones(min(1, len(self.who)), dtype=bool), ~self.same))

    @cached_property
    def left(self) -> NDArray[np.intp]:
        """Visits that start an interval, that is, all but the last of each person."""
        return np.flatnonzero(self.same)

    @cached_property
    def person(self) -> Codes:
        """Whose visit it is, as an index into ``ids``, ascending."""
        return np.cumsum(self.first) - 1

    @cached_property
    def ids(self) -> NDArray[Any]:
        """Return the people, (people)."""
        ids = self.who[self.first]
        return ids if self.names is None else self.names[ids]

    @cached_property
    def row(self) -> Codes:
        """Where each visit stood in what was given."""
        return np.arange(len(self.who)) if self.order is None else self.order

    @cached_property
    def spacing(self) -> tuple[Codes, Codes]:
        """Distinct lengths of intervals in steps, ascending, and which of them each interval has."""
        steps = self.ticks[self.left + 1] - self.ticks[self.left]
        number, first = dense(self._near(steps))
        return steps[first], number

    @cached_property
    def tally(self) -> IntervalCounts:
        """Distinct intervals by what is seen at both ends and their length, and how many there are of each."""
        labels = len(self.space.labels)
        found = by_table(self.same, self.ticks, self.seen, self.seen, (labels, labels)) if self.grain == 1 else None
        if found is not None:
            return found
        return by_sorting(self.seen[self.left], self.spacing, self.seen[self.left + 1])[0]

    @cached_property
    def pairs(self) -> NDArray[np.int64]:
        """How many pairs of successive visits show each pair of labels, (labels, labels)."""
        pairs = np.zeros((len(self.space.labels),) * 2, dtype=np.int64)
        np.add.at(pairs, (self.tally.before, self.tally.after), self.tally.number)
        return pairs

    def time(self, when: Any) -> float:
        """Return a time in the unit of the rates.

        Raises
        ------
        UsageError
            If it is a number where times were dates, or the other way round.
        """
        if self.dated:
            day = moment_in_text(when) if isinstance(when, str) else when
            if isinstance(day, dt.date | np.datetime64) and not np.isnat(np.datetime64(day)):
                return float(np.asarray(day, dtype=f"datetime64[{self.dated}]").astype(np.int64)) * self.tick
            raise UsageError(f"times were dates, so a date is needed (YYYY-MM-DD), not {when!r}")
        if isinstance(when, int | float | np.integer | np.floating):
            return float(when)
        raise UsageError(f"times were numbers, so a number is needed, not {when!r}")

    def shown(self, ticks: int) -> str:
        """Write a time as it was given."""
        return (
            str(np.datetime64(int(ticks), self.dated)).replace("T", " ") if self.dated else f"{ticks * self.tick:.12g}"
        )

    def lengths(self, steps: Codes) -> Codes:
        """Return lengths of intervals in steps, nearly equal ones as one of them; none becomes 0 that was not."""
        if self.grain == 1:
            return steps
        number, first = dense(self._near(steps).ravel())
        return np.asarray(steps.ravel()[first][number].reshape(steps.shape))

    def _near(self, steps: Codes) -> Codes:
        """Return lengths in coarser steps, of which nearly equal ones have as many; none becomes 0 that was not."""
        if self.grain == 1:
            return steps
        return np.where(steps > 0, np.maximum((steps + self.grain // 2) // self.grain, 1), 0)
