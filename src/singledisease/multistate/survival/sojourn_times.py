"""Clocks that start anew: how long a state lasts, and how long it takes from one state to another.

A stay that was already under way when observation began is at risk from then on only, if it is known since when it
lasted; otherwise it is left out: taking it from its first seen day would make it too short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, UsageError, did_you_mean, require_kind
from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.inputs.times import Dated, time_cell
from singledisease.multistate.survival.kaplan_meier import kaplan_meier
from singledisease.multistate.survival.survival import Survival
from singledisease.tables import SHOWN, Table, displayed


@displayed
@frozen(eq=False, kw_only=True)
class Durations:
    """Durations on one clock.

    Attributes
    ----------
    person
        int64: whose.
    began
        When the clock was at 0, on the time scale of the stays.
    entry, duration
        Under observation from ``entry`` to ``duration`` on the clock.
    event
        Whether it ended in the event; otherwise it is censored.
    dated
        Whether ``began`` is days since 1970-01-01.

    ``survival`` estimates how many last how long.
    """

    person: NDArray[np.int64]
    began: Floats
    entry: Floats
    duration: Floats
    event: NDArray[np.bool_]
    dated: Dated = ""

    def table(self) -> Table:
        """Write one row per duration; people are numbered from 0."""
        began = [time_cell(time, self.dated) for time in self.began.tolist()]
        columns = (self.person, self.entry, self.duration, self.event)
        person, *others = (column.tolist() for column in columns)
        rows = list(zip(person, began, *others, strict=True))
        return Table.of_rows(("person", "began", "entry", "duration", "event"), rows, headings=HEADINGS)

    def __str__(self) -> str:
        title = (
            f"{len(self.duration):,} durations of {len(np.unique(self.person)):,} people, {self.event.sum():,} events"
        )
        return f"{title}\n{self.table()}" if len(self.duration) <= SHOWN else title

    def observed_from(self, since: float) -> Durations:
        """Return what is left of them if observation begins at a time: late entries, and none that ended before."""
        keep = self.began + self.duration > since
        return evolve(
            self,
            person=self.person[keep],
            began=self.began[keep],
            entry=np.maximum(self.entry, since - self.began)[keep],
            duration=self.duration[keep],
            event=self.event[keep],
        )

    def survival(self) -> Survival:
        """Estimate the probability of lasting longer, by Kaplan and Meier.

        Raises
        ------
        DataError
            If there is no duration at all.
        """
        if not len(self.duration):
            raise DataError("nobody was seen to begin: there is no duration to estimate from")
        return kaplan_meier(self.duration, self.event, entry=self.entry)


def _code(stays: Histories, name: Any) -> int:
    if name not in stays.states:
        raise UsageError(f"there is no state {name!r}; {did_you_mean(str(name), map(str, stays.states))}")
    return stays.states.index(name)


def _codes(stays: Histories, names: Sequence[Any] | str) -> list[int]:
    """Read some states; one alone may stand without a list, and is then no list of letters."""
    return [_code(stays, name) for name in ([names] if isinstance(names, str) else names)]


def _refuse_weights(stays: Histories) -> None:
    if stays.weight is not None:
        raise UsageError("durations take no weights: every stay counts once; leave the weights out")


def _joined(stays: Histories) -> Histories:
    """Join stays in one state that follow each other without a gap: a censoring there was none."""
    same = (stays.person[1:] == stays.person[:-1]) & (stays.start[1:] == stays.stop[:-1])
    goes_on = same & (stays.source[1:] == stays.source[:-1]) & np.isin(stays.target[:-1], (-1,))
    goes_on |= same & (stays.source[1:] == stays.source[:-1]) & (stays.target[:-1] == stays.source[:-1])
    first = np.append(np.ones(min(1, len(stays.person)), bool), ~goes_on)
    last = np.append(~goes_on, np.ones(min(1, len(stays.person)), bool))
    kept = stays.only(first)
    return Histories(
        person=kept.person,
        start=kept.start,
        stop=stays.stop[last],
        source=kept.source,
        target=stays.target[last],
        weight=kept.weight,
        states=stays.states,
        dated=stays.dated,
    )


def sojourns(
    stays: Histories, state: Any, to: Sequence[Any] | str | None = None, *, from_start: bool = False
) -> Durations:
    """Return how long each stay in a state lasted.

    Parameters
    ----------
    stays
        Checked stays.
    state
        Which state.
    to
        Only leaving for one of these is the event, another way out censors; left out: any.
    from_start
        Whether a person's first stay began when it was first seen, such as in a cohort of people just enrolled;
        otherwise it is left out unless the person was seen to enter.

    Raises
    ------
    UsageError
        If there is no such state, or the stays have weights.

    >>> from singledisease.multistate.histories.histories import histories
    >>> stays = histories([0, 4, 0, 3], [4, 9, 3, 5], ["well", "ill", "well", "ill"],
    ...                   ["ill", "well", "ill", None], id=[1, 1, 2, 2])
    >>> print(sojourns(stays, "ill").survival())
    time  at risk  events  probability  standard error  low  high
    ----  -------  ------  -----------  --------------  ---  ----
       5        1       1       0.0000          0.0000  -    -
    (at 5 only 1 was at risk: what follows rests on few)
    """
    require_kind(stays, Histories, way="sd.sojourns(stays, state, to, …)", named="stays")
    _refuse_weights(stays)
    whole = _joined(stays)
    code, ends = _code(whole, state), _codes(whole, to or ())
    entered = np.zeros(len(whole.person), dtype=bool)
    entered[1:] = (whole.person[1:] == whole.person[:-1]) & (whole.start[1:] == whole.stop[:-1])
    keep = (whole.source == code) & (entered | from_start)
    left = whole.target[keep]
    return Durations(
        person=whole.person[keep],
        began=whole.start[keep],
        entry=np.zeros(int(keep.sum())),
        duration=whole.stop[keep] - whole.start[keep],
        event=(left >= 0) & (left != code) & (np.isin(left, ends) if to is not None else True),
        dated=stays.dated,
    )


def waiting_times(stays: Histories, source: Any, goal: Sequence[Any] | str) -> Durations:
    """Return how long each person took from first being in a state to first reaching one of some others.

    The clock of a person runs from the start of the first stay in ``source``; it stops with the first transition
    into ``goal`` and is censored at the end of observation, or where it is interrupted.

    Parameters
    ----------
    stays
        Checked stays.
    source, goal
        Where the clock begins, and the states that stop it.

    Raises
    ------
    UsageError
        If there is no such state, or the stays have weights.

    >>> from singledisease.multistate.histories.histories import histories
    >>> stays = histories([0, 4, 0], [4, 9, 7], ["well", "ill", "well"], ["ill", "dead", None], id=[1, 1, 2])
    >>> waiting_times(stays, "well", ["dead"]).duration.tolist()
    [9.0, 7.0]
    """
    require_kind(stays, Histories, way="sd.waiting_times(stays, source, goal)", named="stays")
    _refuse_weights(stays)
    code, goals = _code(stays, source), _codes(stays, goal)
    rows: list[tuple[int, float, float, bool]] = []
    starts = np.flatnonzero(stays.source == code)
    _, first = np.unique(stays.person[starts], return_index=True)
    ends = np.searchsorted(stays.person, np.arange(stays.people), side="right")
    for i in starts[first].tolist():
        j, last = i, int(ends[stays.person[i]]) - 1
        while stays.target[j] not in goals and j < last and stays.start[j + 1] == stays.stop[j]:
            j += 1
        begin, end = float(stays.start[i]), float(stays.stop[j])
        rows.append((int(stays.person[i]), begin, end - begin, bool(stays.target[j] in goals)))
    return Durations(
        person=np.array([row[0] for row in rows], dtype=np.int64),
        began=np.array([row[1] for row in rows], dtype=np.float64),
        entry=np.zeros(len(rows)),
        duration=np.array([row[2] for row in rows], dtype=np.float64),
        event=np.array([row[3] for row in rows], dtype=bool),
        dated=stays.dated,
    )
