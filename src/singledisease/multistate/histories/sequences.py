"""Sequences: in which order people went through states, and how many went which way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.inputs.observations import in_order, read_observations, refuse_clashes
from singledisease.multistate.names import NAMELESS, Called
from singledisease.tables import Heading, Table, displayed

ARROW = " → "


@displayed
@frozen(eq=False, kw_only=True)
class StateSequences:
    """Every way that was taken, the commonest first.

    Attributes
    ----------
    ways
        Each a tuple of states, in order; a state that lasted stands once.
    counts
        int64 (ways): how many people took it.
    ids
        Object array (people): who.
    way
        int64 (people): which way each took.
    names
        What states are called in Chinese and English, as far as they are.
    """

    ways: tuple[tuple[Any, ...], ...]
    counts: NDArray[np.int64]
    ids: NDArray[np.object_]
    way: NDArray[np.int64]
    names: Called = field(default=NAMELESS, repr=False)

    def table(self) -> Table:
        """Return one row per way: the people, their share, and the states, which may take several lines."""
        total, texts = max(int(self.counts.sum()), 1), [ARROW.join(map(str, way)) for way in self.ways]
        rows = [(int(count), int(count) / total, text) for text, count in zip(texts, self.counts, strict=True)]
        names = {text: self._named(way) for text, way in zip(texts, self.ways, strict=True)}
        headings = {"sequence": ("路径", "sequence"), "people": ("人数", "people"), "share": ("比例", "share")}
        return Table.of_rows(
            ("people", "share", "sequence"),
            rows,
            headings=headings,
            formats={"share": ".1%"},
            called={"sequence": names},
        )

    def _named(self, way: tuple[Any, ...]) -> Heading:
        zh, en = (ARROW.join(self.names.get(state, (str(state),) * 2)[i] for state in way) for i in (0, 1))
        return zh, en

    def people(self, *way: Any) -> list[str]:
        """Return the ids of the people who went this way; raises ``UsageError`` if nobody did.

        Parameters
        ----------
        way
            The states in order, or all of them in one text as the table shows them, in either language: ``a → b``.
        """
        if way not in self.ways:
            written = {ARROW.join(map(str, taken)): taken for taken in self.ways}
            text = ARROW.join(map(str, way))
            shown = {name: taken for taken in self.ways for name in self._named(taken)} | written
            if len(way) != 1 or text not in shown:
                raise UsageError(f"nobody went {text}; {did_you_mean(text, written)}")
            way = shown[text]
        return [str(one) for one in self.ids[self.way == self.ways.index(way)]]

    def __str__(self) -> str:
        return str(self.table())


def state_sequences(
    id: ArrayLike,
    time: ArrayLike,
    state: ArrayLike,
    *,
    states: Sequence[Any] | None = None,
    depth: int | None = None,
) -> StateSequences:
    """Count the sequences of states (or treatments) that people went through.

    Parameters
    ----------
    id, time, state
        One observation per row, shape (rows,), in any order.
    states
        The states in order; left out: those that occur, sorted.
    depth
        Only the first so many states of each sequence; left out: all.

    Raises
    ------
    DataError
        If the columns differ in length, a cell is missing, or a person is in two states at one time.
    UsageError
        If ``depth`` is not 1 or more.

    >>> print(state_sequences([1, 1, 1, 2, 2, 3], [0, 1, 2, 0, 1, 5], ["A", "A", "B", "A", "B", "C"]))
    people   share  sequence
    ------  ------  --------
         2  66.7 %  A → B
         1  33.3 %  C
    """
    if depth is not None and depth < 1:
        raise UsageError(f"depth={depth!r}: name how many states of each sequence, 1 or more")
    seen = read_observations(id, time, state, states)
    order = in_order(seen)
    refuse_clashes(seen, order, alike=True)
    return _counted(seen.person[order], seen.code[order], seen.states, seen.people.astype(object), depth)


def sequences_of(stays: Histories, ids: NDArray[np.object_], depth: int | None = None) -> StateSequences:
    """Count the sequences of stays, with the state that each person's last stay led to."""
    last = np.flatnonzero(np.append(stays.person[1:] != stays.person[:-1], np.ones(min(1, len(stays.person)), bool)))
    ends = last[stays.target[last] >= 0]
    person = np.concatenate((stays.person, stays.person[ends]))
    code = np.concatenate((stays.source, stays.target[ends]))
    order = np.argsort(person, kind="stable")
    return _counted(person[order], code[order], stays.states, ids, depth)


def _counted(
    person: NDArray[np.int64],
    code: NDArray[np.int64],
    names: tuple[Any, ...],
    ids: NDArray[np.object_],
    depth: int | None,
) -> StateSequences:
    """Count the ways, numbering them state by state: those of length n + 1 are pairs of one of length n and a state."""
    new = np.ones(len(person), dtype=bool)
    new[1:] = (person[1:] != person[:-1]) | (code[1:] != code[:-1])
    person, code = person[new], code[new]
    number = np.bincount(person, minlength=len(ids))
    first = np.concatenate(([0], np.cumsum(number)[:-1])).astype(np.int64)
    way = np.zeros(len(ids), dtype=np.int64)
    ways: list[tuple[Any, ...]] = [()]
    for n in range(int(number.max(initial=0)) if depth is None else min(depth, int(number.max(initial=0)))):
        going = number > n
        longer = way[going] * len(names) + code[first[going] + n]
        kinds, place = np.unique(longer, return_inverse=True)
        way[going] = len(ways) + place
        ways += [(*ways[kind // len(names)], names[kind % len(names)]) for kind in kinds.tolist()]
    taken, place, counts = np.unique(way, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return StateSequences(ways=tuple(ways[taken[i]] for i in order), counts=counts[order], ids=ids, way=rank[place])
