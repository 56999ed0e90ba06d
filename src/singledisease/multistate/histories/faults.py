"""What can be wrong with a history, and how it is said: the person, the rows, all kinds of faults at once.

*overlap*: two stays at once; *jump*: a stay does not start in the state the one before led to; *gap*: the same, with
time in between, a change nobody saw; *duplicate*; *after the end*: a stay or event after an absorbing state;
*impossible*: a transition that is not allowed.  An interruption after which a person is found in the same state is
none of these: they are not at risk meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.inputs.findings import FaultyRows
from singledisease.multistate.inputs.times import Dated, time_shown


@frozen(eq=False, kw_only=True)
class SortedStays:
    """Stays by person and time, with the rows they came from; -1 as target: censored."""

    row: NDArray[np.intp]
    person: Codes
    start: Floats
    stop: Floats
    source: Codes
    target: Codes
    states: tuple[Any, ...]
    dated: Dated

    def stay(self, i: int) -> str:
        """Name a stay: its state and its times."""
        start, stop = (time_shown(times[i], self.dated) for times in (self.start, self.stop))
        return f"{self.states[self.source[i]]} from {start} to {stop}"

    def led_to(self, i: int) -> str:
        """Name the state that a stay led to, its own if it was censored."""
        return str(self.states[self.source[i] if self.target[i] < 0 else self.target[i]])


def faults_of(stays: SortedStays) -> list[FaultyRows]:
    """Look at each stay and at each pair of neighbours of one person."""
    person, start, stop, source = stays.person, stays.start, stays.stop, stays.source
    same = person[1:] == person[:-1]
    overlap = same & (start[1:] < stop[:-1])
    duplicate = same & (start[1:] == start[:-1]) & (stop[1:] == stop[:-1]) & (source[1:] == source[:-1])
    duplicate &= stays.target[1:] == stays.target[:-1]
    moved = np.where(stays.target[:-1] < 0, source[:-1], stays.target[:-1])
    elsewhere = same & (source[1:] != moved) & ~duplicate

    def before(i: int) -> str:
        return f"that in {stays.stay(i - 1)} (row {stays.row[i - 1]})"

    return [
        FaultyRows(
            check="backwards",
            rows=np.flatnonzero(stop < start),
            text=lambda i: f"the stay in {stays.stay(i)} ends before it starts",
        ),
        FaultyRows(
            check="duplicate",
            rows=np.flatnonzero(duplicate) + 1,
            text=lambda i: f"the stay in {stays.stay(i)} stands twice, also in row {stays.row[i - 1]}",
            hint="keep one of the two rows",
        ),
        FaultyRows(
            check="overlap",
            rows=np.flatnonzero(overlap & ~duplicate) + 1,
            text=lambda i: f"the stay in {stays.stay(i)} starts before {before(i)} ends",
        ),
        FaultyRows(
            check="jump",
            rows=np.flatnonzero(elsewhere & (start[1:] == stop[:-1])) + 1,
            text=lambda i: (
                f"the stay in {stays.stay(i)} does not start in {stays.led_to(i - 1)}, where {before(i)} led to"
            ),
        ),
        FaultyRows(
            check="gap",
            rows=np.flatnonzero(elsewhere & (start[1:] > stop[:-1])) + 1,
            text=lambda i: (
                f"the stay in {stays.stay(i)} starts, after a gap, in another state than {stays.led_to(i - 1)}, "
                f"where {before(i)} led to"
            ),
            hint="say when the state changed, or leave out what follows the gap",
        ),
    ]


def _never_seen(allowed: Sequence[tuple[Any, Any]], places: Mapping[Any, int]) -> str:
    """Name states of allowed pairs that do not occur: one of them may be misspelt."""
    never = [repr(name) for name in dict.fromkeys(name for pair in allowed for name in pair) if name not in places]
    return f"allowed names {', '.join(never)}, in which nobody ever is" if never else ""


def forbidden(
    stays: SortedStays, allowed: Sequence[tuple[Any, Any]] | None, absorbing: Sequence[Any]
) -> list[FaultyRows]:
    """Look for transitions that are not allowed, and for what comes after a state that nobody leaves."""
    places = {name: code for code, name in enumerate(stays.states)}
    ends = [places[name] for name in absorbing if name in places]
    moved = (stays.target >= 0) & (stays.target != stays.source)
    after = np.isin(stays.source, ends) & moved
    after[1:] |= (stays.person[1:] == stays.person[:-1]) & np.isin(stays.target[:-1], ends)
    found = [
        FaultyRows(
            check="after_the_end",
            rows=np.flatnonzero(after),
            text=lambda i: f"the stay in {stays.stay(i)} comes after the end or leads out of it",
        )
    ]
    if allowed is not None:
        pairs = [places[a] * len(places) + places[b] for a, b in allowed if a in places and b in places]
        wrong = moved & ~np.isin(stays.source * len(places) + stays.target, pairs)
        found.append(
            FaultyRows(
                check="impossible",
                rows=np.flatnonzero(wrong),
                text=lambda i: f"the stay in {stays.stay(i)} leads to {stays.led_to(i)}, which is not allowed",
                hint=_never_seen(allowed, places),
            )
        )
    return found
