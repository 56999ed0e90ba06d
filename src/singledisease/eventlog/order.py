"""Canonical order: how the events of a person stand, whatever the order of rows in the file.

Date, sequence, kind, the quantities in the vocabulary's order, then the remaining columns by name; missing
is lowest; texts compare by their Unicode text.  When something became known, and where it stood, take no part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded, Dates, smallest_codes
from singledisease.eventlog.event import Event
from singledisease.eventlog.packed_order import order_of, pack
from singledisease.vocabulary import FURTHER_KIND_RANK, KINDS, QUANTITIES

_NO_PART = ("recorded",)
_NAMED = frozenset(("sequence", *QUANTITIES, *_NO_PART))
_PLACE = {name: -place for place, name in enumerate(QUANTITIES)}
"""Who has a value in an earlier column stands after who has none there: the earlier, the greater."""


def kind_key(kind: str) -> tuple[int, str]:
    """Give the place of a kind within a day: further kinds stand before ``lost``, by name.

    >>> sorted(["exit", "home_oxygen", "lost", "vaccination", "bowling"], key=kind_key)
    ['vaccination', 'bowling', 'home_oxygen', 'lost', 'exit']
    """
    if kind not in KINDS:
        return FURTHER_KIND_RANK, kind
    rank = KINDS.index(kind)
    return (rank, "") if rank < FURTHER_KIND_RANK else (rank + 1, "")


# ONE EVENT


@frozen(order=False)
class _Column:
    """A column's name as part of a key: as with quantities, the earlier, the greater."""

    name: str

    def __lt__(self, other: _Column) -> bool:
        return self.name > other.name


SortKey = tuple[Any, ...]


def sort_key(event: Event) -> SortKey:
    """Give the key by which events of one person stand in canonical order.

    >>> early, late = Event("exit", "2024-01-01"), Event("screening", "2024-01-02")
    >>> sort_key(early) < sort_key(late)
    True
    """
    values = event.values
    quantities = sorted([(_PLACE[name], value) for name, value in values.items() if name in _PLACE], reverse=True)
    rest = [(_Column(name), values[name]) for name in sorted(values) if name not in _NAMED]
    return (event.date, values.get("sequence", -math.inf), kind_key(event.kind), tuple(quantities), tuple(rest))


# MANY ROWS


def canonical_order(
    person: NDArray[Any],
    date: NDArray[np.int32],
    kind: Coded,
    columns: Mapping[str, AnyColumn],
    chosen: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Sort rows by person and canonical order.

    Rows are sorted by one packed number for as many leading columns as fit; every further column then
    looks only at the rows still tied.

    Parameters
    ----------
    person, date, kind, columns
        All rows, chosen or not.
    chosen
        int64, ascending: the rows to sort; all, if ``None``.

    Returns
    -------
    order
        int64: the row that stands at each place.
    again
        bool: whether the row at this place equals the one before it in everything that takes part.
    """
    keys = _leading(person, date, kind, columns, chosen)
    packed, bits, packed_keys = pack(keys)
    more = keys[packed_keys:]
    del keys
    order, same = order_of(packed, bits)
    del packed
    for key in more:
        same = _settle(order, same, key.__getitem__) if same.any() else same
    if chosen is not None:
        order = chosen.take(order)
    for ranks in _following(columns):
        if not same.any():
            break
        same = _settle(order, same, ranks)
    return order, same


def without_repeats(
    order: NDArray[np.int64], again: NDArray[np.bool_], known_from: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Keep of rows that repeat each other the one known earliest, of these the one read first.

    Parameters
    ----------
    order, again
        As ``canonical_order`` gives them.
    known_from
        int32: the day each row became known.
    """
    if not again.any():
        return order
    same = again
    for ranks in (_ranks(Dates(known_from)), lambda rows: rows):
        same = _settle(order, same, ranks) if same.any() else same
    return order[~again]


Ranks = Callable[[NDArray[np.int64]], NDArray[np.int64]]


def _leading(
    person: NDArray[Any],
    date: NDArray[np.int32],
    kind: Coded,
    columns: Mapping[str, AnyColumn],
    chosen: NDArray[np.int64] | None,
) -> list[NDArray[Any]]:
    by_kind = sorted(range(len(kind.categories)), key=lambda code: kind_key(kind.categories[code]))
    rank = np.empty(len(by_kind), np.int32)
    rank[by_kind] = np.arange(len(by_kind))
    keys = [person, date, smallest_codes(rank, len(rank)).take(kind.codes)]
    if chosen is not None:
        keys = [key.take(chosen) for key in keys]
    if "sequence" in columns:
        keys.insert(2, _ranks(columns["sequence"])(np.arange(len(date)) if chosen is None else chosen))
    return keys


def _following(columns: Mapping[str, AnyColumn]) -> Iterator[Ranks]:
    for name in QUANTITIES:
        if name in columns:
            yield _ranks(columns[name])
    for name in sorted(columns):
        if name not in _NAMED:
            yield _ranks(columns[name])


def _ranks(column: AnyColumn) -> Ranks:
    """Give the function that ranks chosen rows by a column, missing lowest."""
    if isinstance(column, Coded):
        return lambda rows: _text_ranks(column, rows)

    def ranks(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        known = column.known[rows]
        made = np.zeros(len(rows), np.int64)
        made[known] = np.unique(column.values[rows[known]], return_inverse=True)[1] + 1
        return made

    return ranks


def _text_ranks(column: Coded, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    present, inverse = np.unique(column.codes[rows], return_inverse=True)
    by_text = sorted(range(len(present)), key=lambda i: column.categories[present[i]])
    rank = np.empty(len(present), np.int64)
    rank[by_text] = np.arange(len(present))
    return rank[inverse]


def _repeats(values: NDArray[Any]) -> NDArray[np.bool_]:
    same = np.zeros(len(values), np.bool_)
    np.equal(values[1:], values[:-1], out=same[1:])
    return same


def _settle(order: NDArray[np.int64], same: NDArray[np.bool_], ranks: Ranks) -> NDArray[np.bool_]:
    """Sort the tied rows of ``order`` in place by one more column; give which are tied still."""
    tied = same.copy()
    tied[:-1] |= same[1:]
    places = np.flatnonzero(tied)
    rows = order[places]
    run = np.cumsum(~same[places])
    made = ranks(rows)
    within = np.argsort(run * (int(made.max()) + 1) + made)
    order[places] = rows[within]
    still = same.copy()
    still[places] = _repeats(made[within]) & _repeats(run)
    return still
