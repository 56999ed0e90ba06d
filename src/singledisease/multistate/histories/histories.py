"""Histories: stays of people in states, each from a time (not included) to a time (included)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.arrays import Codes as Codes  # noqa: PLC0414 - both belong to what is said of stays
from singledisease.multistate.arrays import Floats as Floats  # noqa: PLC0414
from singledisease.multistate.histories.columns import read_stays, refuse_unreadable
from singledisease.multistate.histories.faults import SortedStays, faults_of, forbidden
from singledisease.multistate.histories.order import ordered
from singledisease.multistate.inputs.allowed import Allowed as Allowed  # noqa: PLC0414
from singledisease.multistate.inputs.allowed import pairs_of
from singledisease.multistate.inputs.findings import FaultyRows, refuse
from singledisease.multistate.inputs.labels import joined, state_names
from singledisease.multistate.inputs.rounding import aligned, rounding
from singledisease.multistate.inputs.times import Dated, either, time_cell
from singledisease.tables import SHOWN, Table, displayed


@displayed
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
    cluster
        int64 (stays): index of the cluster of each person, from 0, or ``None``: everybody is one of their own.
    dropped
        How many censored stays of length zero were left out: they are at risk at no time.
    unseen
        How many people had but stays of length zero, and yet an event: they were in no risk set, and are left out.
    dated
        Whether times were dates, with a time of day or without, and are days since 1970-01-01.
    near
        Times closer than this are one time.
    """

    person: Codes
    start: Floats
    stop: Floats
    source: Codes
    target: Codes
    weight: Floats | None = None
    states: tuple[Any, ...]
    cluster: Codes | None = None
    dropped: int = field(default=0)
    unseen: int = field(default=0)
    dated: Dated = ""
    near: float = 0.0

    @property
    def people(self) -> int:
        """How many people."""
        return int(self.person[-1]) + 1 if len(self.person) else 0

    @property
    def drawn(self) -> Codes:
        """Whom a stay belongs to where people are taken to be independent: the person, or their cluster."""
        return self.person if self.cluster is None else self.cluster

    def table(self) -> Table:
        """Write one row per stay; people are numbered from 0, a censored stay leads nowhere."""
        rows = [
            (person, time_cell(start, self.dated), time_cell(stop, self.dated), self.states[source], self._to(target))
            for person, start, stop, source, target in zip(
                *(column.tolist() for column in (self.person, self.start, self.stop, self.source, self.target)),
                strict=True,
            )
        ]
        return Table.of_rows(("person", "start", "stop", "from", "to"), rows)

    def _to(self, target: int) -> Any:
        return None if target < 0 else self.states[target]

    def __str__(self) -> str:
        title = f"{len(self.person):,} stays of {self.people:,} people in {', '.join(map(str, self.states))}"
        left_out = [f"{self.dropped:,} stays without length left out"] if self.dropped else []
        left_out += [f"{self.unseen:,} people never at risk left out"] if self.unseen else []
        title = "; ".join((title, *left_out))
        return f"{title}\n{self.table()}" if len(self.person) <= SHOWN else title

    def only(self, keep: NDArray[np.bool_]) -> Histories:
        """Return the stays for which ``keep`` is true; people and clusters are numbered anew."""
        person = self.person[keep]
        new = np.append(np.zeros(min(1, len(person)), dtype=np.int64), person[1:] != person[:-1])
        return evolve(
            self,
            person=np.cumsum(new),
            start=self.start[keep],
            stop=self.stop[keep],
            source=self.source[keep],
            target=self.target[keep],
            weight=None if self.weight is None else self.weight[keep],
            cluster=None if self.cluster is None else np.unique(self.cluster[keep], return_inverse=True)[1],
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
    cluster: ArrayLike | None = None,
    allowed: Allowed | None = None,
    absorbing: Iterable[Any] = (),
) -> Histories:
    """Check stays and put them in order.

    Parameters
    ----------
    start, stop
        Times in any one unit, or dates or their texts (YYYY-MM-DD), shape (stays,).  Times that differ by rounding
        alone are one time.
    from_state, to_state
        LabelColumn or codes of states, shape (stays,); ``None``, NaN, NA, NaT, a blank text or a negative code as
        ``to_state`` means that the stay is censored at ``stop``.
    id
        Whose stay it is; left out: each stay is a person of its own.
    states
        The states in order; left out: categories in their order, other labels that occur sorted.
    weights
        One per stay, positive.
    cluster
        Which cluster the person is in (a village, a household); people of one are not independent, and the
        jackknife leaves out whole clusters.  Left out: everybody is one of their own.
    allowed
        Pairs of states that a transition may join, states by state, a table of them, or a pathway; left out: any.
    absorbing
        States that nobody leaves, such as death.

    Raises
    ------
    DataError
        With every faulty stay: one that ends before it starts, an overlap, a jump, a gap, a duplicate, one after
        the end, a transition that is not allowed; before these, what cannot be read at all.
    UsageError
        If ``allowed`` or ``absorbing`` name a state that is none of ``states``.

    Examples
    --------
    >>> h = histories([0, 4, 0], [4, 9, 5], ["well", "ill", "well"], ["ill", None, None], id=[1, 1, 2])
    >>> h.people, h.states, h.target.tolist()
    (2, ('ill', 'well'), [0, -1, -1])
    """
    given = read_stays(start, stop, from_state, to_state, id=id, weights=weights, cluster=cluster)
    names = joined(given.source, given.target) if states is None else state_names(states)
    refuse_unreadable(given, names, declared=states is not None)
    near = rounding(given.begin.values, given.end.values)
    first, last = aligned((given.begin.values, given.end.values), near)
    stays, order = ordered(
        SortedStays(
            row=np.arange(len(given.person)),
            person=given.person,
            start=first,
            stop=last,
            source=given.source.into(names),
            target=given.target.into(names),
            states=names,
            dated=either(given.begin.dated, given.end.dated),
        )
    )
    moves, ends = _rules(allowed, absorbing, names, declared=states is not None)
    found = [*faults_of(stays), *forbidden(stays, moves, ends)]
    group = None if given.group is None else given.group[order]
    if group is not None:
        found.append(_split(stays, group))
    refuse(found, lambda i: given.where(int(stays.row[i])), "stay")
    return _without_empty(
        Histories(
            person=stays.person,
            start=stays.start,
            stop=stays.stop,
            source=stays.source,
            target=stays.target,
            weight=None if given.weight is None else given.weight[order],
            states=names,
            cluster=group,
            dated=either(given.begin.dated, given.end.dated),
            near=near,
        )
    )


def _rules(
    allowed: Allowed | None, absorbing: Iterable[Any], states: tuple[Any, ...], *, declared: bool
) -> tuple[list[tuple[Any, Any]] | None, list[Any]]:
    """Read pairs and ends; if the states are declared, both may name only these."""
    pairs = None if allowed is None else pairs_of(allowed, states)
    ends = [absorbing] if isinstance(absorbing, str) else list(absorbing)
    named = [*(("allowed", name) for pair in pairs or () for name in pair), *(("absorbing", name) for name in ends)]
    for argument, name in named:
        if declared and name not in states:
            raise UsageError(
                f"{argument} names {name!r}, which is none of the states; {did_you_mean(str(name), map(str, states))}"
            )
    return pairs, ends


def _split(stays: SortedStays, group: Codes) -> FaultyRows:
    same = stays.person[1:] == stays.person[:-1]
    return FaultyRows(
        check="two_clusters",
        rows=np.flatnonzero(same & (group[1:] != group[:-1])) + 1,
        text=lambda i: f"the stay in {stays.stay(i)} is in another cluster than that in row {stays.row[i - 1]}",
    )


def _without_empty(stays: Histories) -> Histories:
    """Leave out stays of length zero; what happened in them is one step with the transition before.

    Somebody who falls ill and dies on one day went from well to dead on that day: the product over times
    knows one multinomial step per time, and a stay of length zero is in no risk set.
    """
    empty = stays.stop == stays.start
    if not empty.any():
        return stays
    target = stays.target.copy()
    for i in np.flatnonzero(empty & (target >= 0)):
        before = i - 1
        while before >= 0 and empty[before] and stays.person[before] == stays.person[i]:
            before -= 1
        if before >= 0 and stays.person[before] == stays.person[i] and stays.stop[before] == stays.start[i]:
            target[before] = target[i]
    unseen = np.setdiff1d(stays.person[empty & (stays.target >= 0)], stays.person[~empty])
    whole = evolve(stays, target=target, dropped=int((empty & (target < 0)).sum()), unseen=len(unseen))
    return whole.only(~empty)
