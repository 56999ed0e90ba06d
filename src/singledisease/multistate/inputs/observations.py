"""Observations: who was seen when, and in which state; one row each, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.inputs.findings import FaultyRows, refuse
from singledisease.multistate.inputs.ids import read_ids
from singledisease.multistate.inputs.labels import LabelColumn, joined, read_labels, state_names
from singledisease.multistate.inputs.times import Dated, not_finite, read_times, time_shown

SMALL = 256
"""Whole numbers below this are codes, taken as they are."""
MOST = 2000
"""More different states than this are taken for a column that holds something else."""


@frozen(eq=False, kw_only=True)
class Observations:
    """Columns of observations.

    Attributes
    ----------
    people
        (people): who.
    person
        int64 (rows): whose row it is.
    time
        float64 (rows).
    code
        int64 (rows): index into ``states``.
    states
        Names.
    dated
        Whether times are days since 1970-01-01.
    """

    people: NDArray[Any]
    person: Codes
    time: Floats
    code: Codes
    states: tuple[Any, ...]
    dated: Dated

    def where(self, row: int) -> str:
        """Name a row, and whose it is."""
        return f"person {self.people[self.person[row]]}, row {row}" if self.person[row] >= 0 else f"row {row}"

    def state(self, row: int) -> str:
        """Name the state of a row."""
        return str(self.states[self.code[row]])

    def seen(self, row: int) -> str:
        """Name what was seen: a state, and when."""
        return f"in {self.state(row)} at {time_shown(self.time[row], self.dated)}"


def read_observations(
    id: ArrayLike, time: ArrayLike, state: ArrayLike, states: Sequence[Any] | None = None
) -> Observations:
    """Read observations.

    Raises
    ------
    DataError
        If columns differ in length; with every row in which the person, the time or the state is missing, or the
        state is none of ``states``.
    """
    people, person = read_ids(id)
    when, labels = read_times(time, "time"), read_labels(state)
    check_lengths(person, when.values, labels.codes)
    names = named(labels, states)
    found = Observations(
        people=people, person=person, time=when.values, code=labels.into(names), states=names, dated=when.dated
    )
    refuse(
        [
            FaultyRows(check="no_id", rows=np.flatnonzero(person < 0), text=lambda i: "id is missing"),
            FaultyRows(
                check="time",
                rows=np.flatnonzero(~np.isfinite(found.time)),
                text=lambda i: f"time is {not_finite(when, i)}; it must be a finite time",
            ),
            FaultyRows(
                check="no_state",
                rows=np.flatnonzero(labels.codes < 0),
                text=lambda i: "the state is missing",
                hint="leave the row out, or give what is not known a label of its own",
            ),
            FaultyRows(
                check="unknown_state",
                rows=np.flatnonzero(found.code == -2),
                text=lambda i: f"{labels.names[labels.codes[i]]!r} is none of the states {list(names)}",
            ),
        ],
        found.where,
        "row",
    )
    return found


def check_lengths(*columns: NDArray[Any]) -> None:
    """Refuse columns that are not one value per row."""
    if len({len(column) for column in columns}) != 1:
        raise DataError(f"id, time and state differ in length: {', '.join(str(len(column)) for column in columns)}")


def named(labels: LabelColumn, states: Sequence[Any] | None) -> tuple[Any, ...]:
    """Return the names of the states: those declared, or those of the column.

    Raises
    ------
    DataError
        If they are too many to be states.
    """
    names = joined(labels) if states is None else state_names(states)
    if len(names) > MOST:
        raise DataError(
            f"{len(names)} different states, such as {names[0]!r} and {names[1]!r}: is this another column?"
        )
    return names


def in_order(seen: Observations) -> NDArray[np.intp]:
    """Return the order of rows by person and time, and of those by state."""
    return np.lexsort((seen.code, seen.time, seen.person))


def refuse_clashes(seen: Observations, order: NDArray[np.intp], *, alike: bool) -> None:
    """Refuse a person who was seen twice at one time.

    Parameters
    ----------
    seen, order
        Observations and their order by person and time.
    alike
        Whether the same state twice is no fault.

    Raises
    ------
    DataError
        With every such pair of rows.
    """
    first, second = order[:-1], order[1:]
    clash = (seen.person[first] == seen.person[second]) & (seen.time[first] == seen.time[second])
    if alike:
        clash &= seen.code[first] != seen.code[second]
    place = np.flatnonzero(clash)
    refuse(
        [
            FaultyRows(
                check="same_time",
                rows=place,
                text=lambda i: (
                    f"{seen.seen(int(second[i]))}, but in {seen.states[seen.code[first[i]]]} in row {first[i]}"
                ),
                hint="keep one state per time",
            )
        ],
        lambda i: seen.where(int(second[i])),
        "row",
    )
