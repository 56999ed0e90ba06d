"""Histories: stays of people in states, each from a time (not included) to a time (included).

The vocabulary of what can be wrong with a history: *overlap* (two stays at once), *jump* (a stay does not start in the
state the one before ended in), *gap* (the same, with time in between: a change nobody saw), *duplicate*, *after the
end* (a stay or event after an absorbing state), *impossible* (a transition that is not allowed).  An interruption after
which a person is found in the same state is none of these: they are not at risk meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, Fault

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

STAYS_SHOWN = 10
"""Faulty stays named in one error; the rest are counted."""


@frozen(eq=False, kw_only=True)
class Histories:
    """Checked stays, sorted by person and time.

    Attributes
    ----------
    person
        int64 (stays): index of the person, from 0.
    start, stop
        float64 (stays): the stay is at risk in ``(start, stop]``.
    source, target
        int64 (stays): state at risk in, and the state entered at ``stop``; -1 if the stay is censored there.
    weight
        float64 (stays), or ``None``: every stay counts once.
    states
        Names of the states, in the order of their codes.
    dropped
        How many censored stays of length zero were left out: they are at risk at no time.
    """

    person: Codes
    start: Floats
    stop: Floats
    source: Codes
    target: Codes
    weight: Floats | None = None
    states: tuple[Any, ...]
    dropped: int = field(default=0)

    @property
    def people(self) -> int:
        """How many people."""
        return int(self.person[-1]) + 1 if len(self.person) else 0

    def only(self, keep: NDArray[np.bool_]) -> Histories:
        """Give the stays for which ``keep`` is true; people are numbered anew."""
        return evolve(
            self,
            person=np.unique(self.person[keep], return_inverse=True)[1].astype(np.int64),
            start=self.start[keep],
            stop=self.stop[keep],
            source=self.source[keep],
            target=self.target[keep],
            weight=None if self.weight is None else self.weight[keep],
        )


def histories(
    start: ArrayLike,
    stop: ArrayLike,
    from_state: ArrayLike,
    to_state: ArrayLike,
    *,
    id: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    weights: ArrayLike | None = None,
    allowed: Iterable[tuple[Any, Any]] | None = None,
    absorbing: Iterable[Any] = (),
) -> Histories:
    """Check stays and put them in order.

    Parameters
    ----------
    start, stop
        Times in any one unit, shape (stays,).
    from_state, to_state
        Labels or codes of states, shape (stays,); ``None``, NaN, NaT or the empty text as ``to_state`` means
        that the stay is censored at ``stop``.
    id
        Whose stay it is; left out: each stay is a person of its own.
    states
        The states in order; left out: those that occur, sorted.
    weights
        One per stay, positive.
    allowed
        Pairs of states that a transition may join; left out: any.
    absorbing
        States that nobody leaves, such as death.

    Raises
    ------
    DataError
        With every faulty stay: one that ends before it starts, an overlap, a jump, a gap, a duplicate, one after
        the end, a transition that is not allowed.

    Examples
    --------
    >>> h = histories([0, 4, 0], [4, 9, 5], ["well", "ill", "well"], ["ill", None, None], id=[1, 1, 2])
    >>> h.people, h.states, h.target.tolist()
    (2, ('ill', 'well'), [0, -1, -1])
    """
    begin, end = _times(start, "start"), _times(stop, "stop")
    labels_from, labels_to = _labels(from_state), _labels(to_state)
    who = np.arange(len(begin)) if id is None else np.asarray(id)
    weight = None if weights is None else np.asarray(weights, dtype=np.float64)
    _same_length(begin, end, labels_from, labels_to, who, weight)
    names = _state_names(labels_from, labels_to) if states is None else tuple(states)
    source, target = _encode(labels_from, names, "from_state"), _encode(labels_to, names, "to_state")
    if (source < 0).any():
        row = int(np.flatnonzero(source < 0)[0])
        raise DataError(f"row {row}: from_state is missing; every stay is in a state")
    people, person = np.unique(who, return_inverse=True)
    order = np.lexsort((target < 0, end, begin, person))
    given = Histories(
        person=person[order],
        start=begin[order],
        stop=end[order],
        source=source[order],
        target=target[order],
        weight=None if weight is None else weight[order],
        states=names,
    )
    _refuse(given, [*_faults(given), *_forbidden(given, allowed, absorbing)], people, order)
    return _without_empty(given)


def _times(values: ArrayLike, name: str) -> Floats:
    array = np.asarray(values)
    if np.issubdtype(array.dtype, np.datetime64):
        array = np.where(np.isnat(array), np.nan, array.astype("datetime64[D]").astype(np.int64))
    times = array.astype(np.float64)
    if times.ndim != 1 or not np.isfinite(times).all():
        bad = np.flatnonzero(~np.isfinite(times.ravel()))[:STAYS_SHOWN].tolist()
        raise DataError(f"{name} must be one finite time per row; rows {bad} are not")
    return times


def _labels(values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError(f"states must be one label per row, not an array of shape {array.shape}")
    return array


def _missing(labels: NDArray[Any]) -> NDArray[np.bool_]:
    if labels.dtype.kind == "O":
        return np.fromiter((x is None or x == "" or _is_nan(x) for x in labels), dtype=bool, count=len(labels))
    if labels.dtype.kind == "f":
        return np.asarray(np.isnan(labels))
    if labels.dtype.kind in "US":
        return np.asarray(labels == labels.dtype.type(""))
    return np.asarray(labels < 0) if labels.dtype.kind == "i" else np.zeros(len(labels), dtype=bool)


def _is_nan(label: Any) -> bool:
    return isinstance(label, float) and math.isnan(label)


def _state_names(*columns: NDArray[Any]) -> tuple[Any, ...]:
    found = {
        label.item() if isinstance(label, np.generic) else label for c in columns for label in set(c[~_missing(c)])
    }
    try:
        return tuple(sorted(found))
    except TypeError:
        raise DataError(f"states of different kinds: {sorted(map(repr, found))}; use one kind of label") from None


def _encode(labels: NDArray[Any], names: tuple[Any, ...], column: str) -> Codes:
    codes = np.full(len(labels), -1, dtype=np.int64)
    for code, name in enumerate(names):
        codes[labels == name] = code
    unknown = np.flatnonzero((codes < 0) & ~_missing(labels))
    if len(unknown):
        row = int(unknown[0])
        found = labels[row : row + 1].tolist()[0]
        raise DataError(f"row {row}: {column} is {found!r}, which is none of the states {list(names)}")
    return codes


def _same_length(*columns: NDArray[Any] | None) -> None:
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) != 1:
        raise DataError(f"all columns must have one value per stay; their lengths are {sorted(lengths)}")


Finding = tuple[str, str, NDArray[np.intp]]
"""A check, what it says, and the stays it says it of."""


def _faults(stays: Histories) -> list[Finding]:
    """Look at each stay and at each pair of neighbours of one person."""
    person, start, stop, source = stays.person, stays.start, stays.stop, stays.source
    same = person[1:] == person[:-1]
    overlap = same & (start[1:] < stop[:-1])
    duplicate = overlap & (start[1:] == start[:-1]) & (stop[1:] == stop[:-1]) & (source[1:] == source[:-1])
    moved = np.where(stays.target[:-1] < 0, source[:-1], stays.target[:-1])
    elsewhere = same & (source[1:] != moved)
    found = [
        ("backwards", "ends before it starts", np.flatnonzero(stop < start)),
        ("duplicate", "stands twice", np.flatnonzero(duplicate) + 1),
        ("overlap", "starts before the stay before it ends", np.flatnonzero(overlap & ~duplicate) + 1),
        (
            "jump",
            "does not start in the state that the stay before it led to",
            np.flatnonzero(elsewhere & (start[1:] == stop[:-1])) + 1,
        ),
        (
            "gap",
            "starts, after a gap, in another state than the stay before it led to",
            np.flatnonzero(elsewhere & (start[1:] > stop[:-1])) + 1,
        ),
    ]
    if stays.weight is not None:
        found.append(("weight", "has a weight that is not positive", np.flatnonzero(~(stays.weight > 0))))
    return found


def _forbidden(stays: Histories, allowed: Iterable[tuple[Any, Any]] | None, absorbing: Iterable[Any]) -> list[Finding]:
    """Look for transitions that are not allowed, and for what comes after a state that nobody leaves."""
    places = {name: code for code, name in enumerate(stays.states)}
    ends = [places[name] for name in absorbing if name in places]
    moved = (stays.target >= 0) & (stays.target != stays.source)
    after = np.isin(stays.source, ends) & moved
    after[1:] |= (stays.person[1:] == stays.person[:-1]) & np.isin(stays.target[:-1], ends)
    found: list[Finding] = [("after_the_end", "comes after the end", np.flatnonzero(after))]
    if allowed is not None:
        pairs = [places[a] * len(places) + places[b] for a, b in allowed if a in places and b in places]
        wrong = moved & ~np.isin(stays.source * len(places) + stays.target, pairs)
        found += [
            ("impossible", f"leads to {name}, which is not allowed", np.flatnonzero(wrong & (stays.target == code)))
            for name, code in places.items()
        ]
    return found


def _refuse(stays: Histories, found: Sequence[Finding], people: NDArray[Any], order: NDArray[np.intp]) -> None:
    total = sum(len(rows) for _, _, rows in found)
    if not total:
        return
    faults = [
        Fault(
            check,
            f"person {people[stays.person[i]]}, row {order[i]}",
            f"the stay in {stays.states[stays.source[i]]} from {stays.start[i]:g} to {stays.stop[i]:g} {text}",
        )
        for check, text, rows in found
        for i in rows[:STAYS_SHOWN]
    ][:STAYS_SHOWN]
    rest = f" (the first {len(faults)} are shown)" if total > len(faults) else ""
    raise DataError(f"{total} faulty stays{rest}", faults)


def _without_empty(stays: Histories) -> Histories:
    """Leave out stays of length zero; what happened in them is one step with the transition before.

    Somebody who falls ill and dies on one day went from well to dead on that day: the product over times
    knows one multinomial step per time, and a stay of length zero is in no risk set.
    """
    target = stays.target.copy()
    empty = stays.stop == stays.start
    for i in np.flatnonzero(empty & (target >= 0)):
        before = i - 1
        while before >= 0 and empty[before] and stays.person[before] == stays.person[i]:
            before -= 1
        if before >= 0 and stays.person[before] == stays.person[i] and stays.stop[before] == stays.start[i]:
            target[before] = target[i]
    whole = evolve(stays, target=target, dropped=int((empty & (target < 0)).sum()))
    return whole.only(~empty)
