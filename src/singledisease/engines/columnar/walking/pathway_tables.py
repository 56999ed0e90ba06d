"""A pathway as tables: what each state hears and where that leads, and what each move does to each clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, add_months_array
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Signal
from singledisease.definitions.timing import Timing
from singledisease.engines.columnar.operands import LAST_DAY, Array, Mask
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Literal
from singledisease.read_only import read_only

MOST_SIGNALS = 63
NEVER = np.int32(2**31 - 1)
"""Due day of a clock that does not run."""

KEEP, START, STOP = 0, 1, 2
"""What a move does to a clock."""


@frozen(eq=False)
class Clock:
    """One timing as tables.

    Attributes
    ----------
    index
        Its place among the timings of the disease.
    in_set
        (states): whether it runs there.
    target
        State to which missing it leads, -1 if none.
    days
        Its length in days, where it is the same for all.
    due_of_day, first_day
        For calendar months the due day for each day on which the clock may start, from ``first_day`` on.
    is_same_for_all
        Whether the due day depends on nothing but the day on which the clock starts; ``due`` holds only then.
    from_age
        The completed years before which it does not start; ``None``: any.  Such a clock leads nowhere.
    """

    index: int
    timing: Timing
    in_set: Mask
    target: int
    days: int
    due_of_day: NDArray[np.int32] | None
    first_day: int
    is_same_for_all: bool
    from_age: int | None = None

    def due(self, started: Array) -> NDArray[np.int32]:
        """Give the day on which a clock that started on a day is due."""
        if self.due_of_day is None:
            return started + np.int32(self.days)
        due: NDArray[np.int32] = self.due_of_day[started - self.first_day]
        return due


@frozen(eq=False)
class Machine:
    """A pathway as tables.

    Attributes
    ----------
    waits
        Ascending: after how many days in a state further signals are heard.
    heard
        (states x (waits + 1)), flattened: bits of the signals that are heard, by how many waits are over.
    target
        (states x signals), flattened: where a signal leads.
    has_loops
        Whether a signal can lead to the state that hears it.
    clocks, movers
        The timings; those that lead somewhere, which alone matter while walking.
    """

    disease: Disease
    initial: int
    died: int
    bits: type[np.unsignedinteger[Any]]
    waits: tuple[int, ...]
    heard: Array
    target: NDArray[np.uint8]
    has_loops: bool
    clocks: tuple[Clock, ...]

    @property
    def signals(self) -> int:
        """How many signals."""
        return len(self.disease.pathway.signals)

    @cached_property
    def effects(self) -> tuple[NDArray[np.uint8], ...]:
        """What a move does to each mover, by source and target state as one number."""
        return tuple(_effects(clock, len(self.disease.pathway.states)) for clock in self.movers)

    @cached_property
    def disturbs(self) -> Mask:
        """Whether a move does anything to any of them, by source and target state as one number."""
        nothing = np.zeros(len(self.disease.pathway.states) * 256, np.bool_)
        return reduce(np.logical_or, (effect != KEEP for effect in self.effects), nothing)

    @property
    def leaving_initial(self) -> tuple[Signal, ...]:
        """The signals that can lead out of the initial state."""
        leading = {
            each.signal
            for each in self.disease.pathway.transitions
            if each.target != self.disease.pathway.initial and self.disease.pathway.initial in each.sources
        }
        return tuple(signal for signal in self.disease.pathway.signals if signal.id in leading)

    @property
    def movers(self) -> tuple[Clock, ...]:
        """The timings that lead somewhere, in order."""
        return tuple(clock for clock in self.clocks if clock.target >= 0)


def machine_of(disease: Disease, timings: Sequence[Timing], log: EventLog, until: int) -> Machine:
    """Make the tables of a disease for walking a log until a day.

    ``timings`` are all of its timings, or the first of them if those that follow lead nowhere and nobody asks.

    Raises
    ------
    DefinitionError
        If there are more signals than there are bits.
    """
    pathway = disease.pathway
    if len(pathway.signals) > MOST_SIGNALS:
        fault = Fault(
            "unsupported_signals",
            f"{disease.id}: pathway",
            f"{len(pathway.signals)} signals; at most {MOST_SIGNALS} can be told apart",
            "join signals that lead to the same state",
        )
        raise DefinitionError("this pathway cannot be walked", [fault])
    code = {state.id: i for i, state in enumerate(pathway.states)}
    bits = smallest(len(pathway.signals))
    waits, heard, target = _hearing(disease, code, bits)
    has_loops = any(transition.target in transition.sources for transition in pathway.transitions)
    first_day = _first_day(log, until)
    # Most timings run in the same few sets of states.
    sets = {states: _in_set(states, code) for states in {timing.states for timing in timings}}
    leads_to = [-1 if timing.leads_to is None else code[timing.leads_to] for timing in timings]
    clocks = [
        _clock(i, timing, sets[timing.states], leads_to[i], (first_day, until)) for i, timing in enumerate(timings)
    ]
    # Ages are of services, and asked only with them.
    ages = disease.from_ages if len(timings) > len(pathway.timings) else {}
    for place, years in ages.items():
        clocks[place] = evolve(clocks[place], from_age=years)
    return Machine(
        disease, code[pathway.initial], code[pathway.died], bits, waits, heard, target, has_loops, tuple(clocks)
    )


def _effects(clock: Clock, states: int) -> NDArray[np.uint8]:
    """Say for each source and target what a move does: leaving the set stops the clock, entering it starts it."""
    was, now = clock.in_set[:states, np.newaxis], clock.in_set[np.newaxis]
    return np.where(was == now, KEEP, np.where(now, START, STOP)).astype(np.uint8).reshape(-1)


def smallest(bits: int) -> type[np.unsignedinteger[Any]]:
    """Give the smallest type that has so many bits."""
    for size, kind in ((8, np.uint8), (16, np.uint16), (32, np.uint32)):
        if bits <= size:
            return kind
    return np.uint64


def _hearing(disease: Disease, code: dict[str, int], bits: type[Any]) -> tuple[tuple[int, ...], Array, Array]:
    """Make the tables of what is heard in each state, and where it leads."""
    signals = {signal.id: i for i, signal in enumerate(disease.pathway.signals)}
    width = max(len(signals), 1)
    target = [0] * (len(code) * width)
    # By days to wait, and by state, the bits of the signals that are heard from then on.
    opened: dict[int, list[int]] = {0: [0] * len(code)}
    for transition in disease.pathway.transitions:
        signal = signals[transition.signal]
        # To be on another day is to be at least a day later.
        opens = opened.setdefault(max(transition.after_days, int(transition.another_day)), [0] * len(code))
        for source in transition.sources:
            opens[code[source]] |= 1 << signal
            target[code[source] * width + signal] = code[transition.target]
    waits = sorted(opened)
    heard = np.bitwise_or.accumulate(np.array([opened[days] for days in waits], bits), axis=0)
    return tuple(waits[1:]), heard.T.reshape(-1), np.array(target, np.uint8)


def _first_day(log: EventLog, until: int) -> int:
    """Give the first day on which anything can be observed."""

    def work() -> int:
        births = log.people.birth[log.people.birth != MISSING]
        return int(min(births.min(initial=LAST_DAY), log.date.min(initial=LAST_DAY)))

    first: int = log.kept.of("first day", work)
    return min(until, first)


def _in_set(states: Iterable[str], code: Mapping[str, int]) -> Mask:
    found = np.zeros(256, np.bool_)
    found[[code[state] for state in states]] = True
    return read_only(found)


def _clock(index: int, timing: Timing, in_set: Mask, target: int, days: tuple[int, int]) -> Clock:
    first_day, until = days
    length = _plain_length(timing, until)
    if length is None or timing.length.unit != "months":
        return Clock(index, timing, in_set, target, length or 0, None, first_day, length is not None)
    return Clock(index, timing, in_set, target, 0, _due_of_day(first_day, until, length), first_day, True)


def _plain_length(timing: Timing, until: int) -> int | None:
    """Give a length, weeks as days; ``None`` where a run may begin elsewhere, be worked out, or end with no date."""
    amount = timing.length.amount
    if timing.starts_from or not isinstance(amount, Literal):
        return None
    length = math.floor(float(amount.value)) * (7 if timing.length.unit == "weeks" else 1)
    # No month is longer than 31 days.
    longest = length * (31 if timing.length.unit == "months" else 1)
    return length if 0 <= longest <= LAST_DAY - until else None


# Calendar arithmetic is done once for each day there is, not for each event, and not for each clock of each disease.
@lru_cache(maxsize=64)
def _due_of_day(first_day: int, until: int, months: int) -> NDArray[np.int32]:
    return read_only(add_months_array(np.arange(first_day, until + 1, dtype=np.int32), months))
