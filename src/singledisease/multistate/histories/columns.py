"""The columns of stays, read: before every cell is known nothing can be said of the order of stays."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.inputs.findings import FaultyRows, refuse
from singledisease.multistate.inputs.ids import read_ids
from singledisease.multistate.inputs.labels import WRITTEN_OUT, LabelColumn, read_labels
from singledisease.multistate.inputs.times import Times, not_finite, read_times


@frozen(eq=False, kw_only=True)
class StayColumns:
    """Columns of stays, one row each; ``people`` is ``None`` where each stay is a person of its own."""

    begin: Times
    end: Times
    source: LabelColumn
    target: LabelColumn
    people: NDArray[Any] | None
    person: Codes
    weight: Floats | None
    group: Codes | None

    def where(self, row: int) -> str:
        """Name a row, and whose it is."""
        if self.people is None or self.person[row] < 0:
            return f"row {row}"
        return f"person {self.people[self.person[row]]}, row {row}"


def read_stays(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    id: ArrayLike | None,
    weights: ArrayLike | None,
    cluster: ArrayLike | None,
) -> StayColumns:
    """Read the columns that ``histories`` takes.

    Raises
    ------
    DataError
        If a column is of the wrong kind, or they differ in length.
    """
    begin, end = read_times(start, "start"), read_times(stop, "stop")
    people, person = (None, np.arange(len(begin.values))) if id is None else read_ids(id)
    given = StayColumns(
        begin=begin,
        end=end,
        source=read_labels(from_state, "from_state", negative=True),
        target=read_labels(to_state, "to_state", negative=True),
        people=people,
        person=person,
        weight=None if weights is None else _weights(weights),
        group=None if cluster is None else read_ids(cluster)[1],
    )
    _same_length(given)
    return given


def _weights(values: ArrayLike) -> Floats:
    try:
        weight = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError("weights must be numbers") from None
    if weight.ndim != 1:
        raise DataError(f"weights must be one per stay, not an array of shape {weight.shape}")
    return weight


def _same_length(given: StayColumns) -> None:
    columns = {
        "start": given.begin.values,
        "stop": given.end.values,
        "from_state": given.source.codes,
        "to_state": given.target.codes,
        "id": None if given.people is None else given.person,
        "weights": given.weight,
        "cluster": given.group,
    }
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) != 1:
        shown = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise DataError(f"all columns must have one value per stay; their lengths are: {shown}")


def refuse_unreadable(given: StayColumns, names: tuple[Any, ...], *, declared: bool) -> None:
    """Refuse rows with a cell that is missing or none of what it may be.

    Parameters
    ----------
    given, names
        The columns, and the names of the states.
    declared
        Whether somebody said that these are the states; otherwise they are those that occur.

    Raises
    ------
    DataError
        With all of them, by person and row.
    """
    if bool(given.begin.dated) != bool(given.end.dated) and len(given.person):
        dates, numbers = ("start", "stop") if given.begin.dated else ("stop", "start")
        raise DataError(f"{dates} holds dates and {numbers} holds numbers; give both as dates or both as numbers")
    found = [
        _missing(given.person, "no_id", "id is missing"),
        _endless(given.begin, "start"),
        _endless(given.end, "stop", "of a censored stay it is when the person was last seen"),
        _missing(given.source.codes, "no_state", "from_state is missing; every stay is in a state"),
        _unknown(given.source, names, "from_state"),
        _unknown(given.target, names, "to_state"),
    ]
    if not declared:
        found.append(_written_out(given))
    if given.group is not None:
        found.append(_missing(given.group, "no_cluster", "cluster is missing"))
    if given.weight is not None:
        found.append(_weightless(given.weight))
    refuse(found, given.where, "row")


def _missing(codes: NDArray[Any], check: str, text: str) -> FaultyRows:
    return FaultyRows(check=check, rows=np.flatnonzero(codes < 0), text=lambda i: text)


def _endless(times: Times, name: str, hint: str = "") -> FaultyRows:
    return FaultyRows(
        check="time",
        rows=np.flatnonzero(~np.isfinite(times.values)),
        text=lambda i: f"{name} is {not_finite(times, i)}; it must be a finite time",
        hint=hint,
    )


def _written_out(given: StayColumns) -> FaultyRows:
    """Find missing states that were turned into texts: states that people only ever enter, under such a name."""
    written = [name for name in given.target.names if name in WRITTEN_OUT and name not in given.source.names]
    places = [given.target.names.index(name) for name in written]
    return FaultyRows(
        check="missing_as_text",
        rows=np.flatnonzero(np.isin(given.target.codes, places)),
        text=lambda i: (
            f"to_state is the text {given.target.names[given.target.codes[i]]!r}, as a missing value is written"
        ),
        hint="leave it missing, which means censored; if it is a state, name it in `states`",
    )


def _unknown(labels: LabelColumn, names: tuple[Any, ...], column: str) -> FaultyRows:
    return FaultyRows(
        check="unknown_state",
        rows=np.flatnonzero(labels.into(names) == -2),
        text=lambda i: f"{column} is {labels.names[labels.codes[i]]!r}, which is none of the states {list(names)}",
    )


def _weightless(weight: Floats) -> FaultyRows:
    return FaultyRows(
        check="weight",
        rows=np.flatnonzero(~(weight > 0) | np.isinf(weight)),
        text=lambda i: f"a weight of {weight[i]:g}; it must be positive",
    )
