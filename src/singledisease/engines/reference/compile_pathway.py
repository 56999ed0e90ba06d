"""A pathway made ready to be walked: signals keyed by state and kind of event, clocks with their lengths."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple, get_args

from attrs import field, frozen

from singledisease.dates import add_months, birthday, day_of
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway, Signal, Transition
from singledisease.definitions.timing import Timing
from singledisease.engines.reference import (  # noqa: F401 - they register how nodes are compiled
    coverage,
    operators,
    person_values,
    reductions,
    row_values,
    state_queries,
)
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import DiseaseCourses, PersonContext
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.event import Event
from singledisease.eventlog.institutions import InstitutionColumns
from singledisease.eventlog.person import Person
from singledisease.language.nodes import Literal, ParameterOf, Selection, Value
from singledisease.language.traversal import inside

LAST_DAY = day_of("9999-12-31")
NEVER_SURE = -(2**31)
"""A day before every other."""

_SELECTIONS: tuple[type, ...] = get_args(Selection)


@frozen(eq=False)
class CompiledTransition:
    """A transition made ready: on which events, how many days after the present state was entered, where to.

    ``when`` is the signal's condition; ``None``: every event of its kinds.
    """

    when: CompiledValue | None
    after_days: int
    target: str


@frozen(eq=False)
class CompiledTiming:
    """A timing made ready: its place among ``disease.timings``, its length, and what meets it.

    Attributes
    ----------
    amount, months
        Its length in calendar months, or else in days; 0 if it is worked out.
    worked_out
        The length as an expression about the person, in its own unit; ``None``: it is a number.
    kinds
        Of the events that may meet it; ``None``: of any kind.
    sure_until
        A run that starts on this day or earlier is due its length later, on a day that can be written; ``NEVER_SURE``:
        none is, because the length is worked out or counts from a date in an event.
    leads
        Whether missing it leads to another state.
    from_age
        The completed years before which it does not start; ``None``: any.
    """

    index: int
    timing: Timing
    states: frozenset[str]
    amount: int
    months: bool
    worked_out: CompiledValue | None
    kinds: frozenset[str] | None
    met_by: CompiledValue | None
    sure_until: int
    leads: bool
    from_age: int | None

    def begins(self, day: int, birth: int | None) -> int:
        """Give the day on which a run begins that something starts on a day: not before the age it is for."""
        return day if self.from_age is None or birth is None else max(day, _birthday(birth, self.from_age))

    def due(self, start: int, event: Event | None, asked: PersonContext | None) -> int | None:
        """Give the day on which a run that starts on a day is due, ``None`` if none starts.

        Parameters
        ----------
        start
            The day.
        event
            The event that starts it, if one does.
        asked
            What a length that is worked out is asked about.
        """
        if start <= self.sure_until:
            return _months_later(start, self.amount) if self.months else start + self.amount
        amount, origin = self.amount, start
        if self.worked_out is not None and asked is not None:
            found = self.worked_out(asked)
            if found is None:
                return None
            amount = math.floor(float(found)) * _DAYS.get(self.timing.length.unit, 1)
        if self.timing.starts_from:
            day = None if event is None else event.get(self.timing.starts_from)
            if day is None:
                return None
            origin = int(day)
        try:
            due = _months_later(origin, amount) if self.months else origin + amount
        except (ValueError, OverflowError):
            # A month that cannot be written lies after the year 9999, or before the first.
            return None if amount > 0 else start
        return max(due, start) if due <= LAST_DAY else None


class Shift(NamedTuple):
    """What a move does to clocks: by their places those that stop, and those that start."""

    stops: tuple[int, ...]
    starts: tuple[CompiledTiming, ...]


# Every event makes one: of a tuple at hand it is made in a fourth of the time.
_seen: Callable[[tuple[Any, ...]], PersonContext] = partial(tuple.__new__, PersonContext)
_NOWHERE = InstitutionColumns()

# Everyone who is seen on one day has the same due days.
_months_later = lru_cache(maxsize=4096)(add_months)
_birthday = lru_cache(maxsize=4096)(birthday)
_DAYS = {"weeks": 7}


@frozen
class CompiledPathway:
    """A disease's pathway made ready.

    Attributes
    ----------
    transitions
        By state and kind of event: the transitions that an event of that kind may cause there, signals in order.
        The kind ``""`` stands for every kind that no signal names.
    timings
        By state: the clocks that run in it.
    shifts
        By source and target of the moves there can be: what each does to clocks.
    courses
        What a signal sees of diseases: this one, and no time in any state.
    looks_back
        Whether a signal, a fulfilment or a length asks for more than the one event and the person.
    """

    disease: Disease
    transitions: Mapping[str, Mapping[str, tuple[CompiledTransition, ...]]] = field(eq=False)
    timings: Mapping[str, tuple[CompiledTiming, ...]] = field(eq=False)
    shifts: Mapping[tuple[str, str], Shift] = field(eq=False)
    courses: Mapping[str, DiseaseCourses] = field(eq=False)
    looks_back: bool = field(eq=False)

    @property
    def is_linked(self) -> bool:
        """Whether each linked sequence has a course of its own."""
        return self.disease.pathway.sequence == "link"

    def hears(self, state: str, kind: str) -> tuple[CompiledTransition, ...]:
        """Give what a state hears in an event of a kind, in order."""
        by_kind = self.transitions[state]
        return by_kind[kind] if kind in by_kind else by_kind[""]

    def __reduce__(self) -> tuple[Any, ...]:
        # The functions it is made of cannot leave a process; the disease can, and is made ready again where it arrives.
        return compiled_pathway, (self.disease,)

    def context(self, person: Person, event: Event, heard: tuple[Event, ...] = ()) -> PersonContext:
        """Give what a signal sees: the event, the person, what was heard so far, and nothing of what comes later."""
        day = event.date
        return _seen((person, heard, day, day, day, self.courses, event, None, _NOWHERE, (), (), None))

    def question(self, person: Person, day: int, heard: tuple[Event, ...]) -> PersonContext:
        """Give what a length sees that is worked out on a day: the person, and what was heard so far."""
        return PersonContext(person, heard, day, day, day, self.courses)


def compile_pathway(disease: Disease) -> CompiledPathway:
    """Make the pathway of a resolved disease ready to be walked.

    Raises
    ------
    DefinitionError
        If a parameter was not resolved, or the length of a timing is a text.
    """
    ages = disease.from_ages
    clocks = tuple(_compiled_timing(index, timing, ages.get(index)) for index, timing in enumerate(disease.timings))
    transitions = {state.id: _by_kind(_transitions(disease.pathway, state.id)) for state in disease.pathway.states}
    timings = {state: tuple(clock for clock in clocks if state in clock.states) for state in transitions}
    asked: list[Value | None] = [signal.when for signal in disease.pathway.signals]
    asked += [value for timing in disease.timings for value in (timing.met_by, timing.length.amount)]
    looks_back = any(isinstance(part, _SELECTIONS) for value in asked if value is not None for part in inside(value))
    shifts = {(source, target): _shift(clocks, source, target) for source, target in _moves(disease)}
    return CompiledPathway(disease, transitions, timings, shifts, {disease.id: DiseaseCourses(disease)}, looks_back)


def _moves(disease: Disease) -> Iterator[tuple[str, str]]:
    """Give source and target of every move that a signal or a missed timing makes."""
    for transition in disease.pathway.transitions:
        yield from ((source, transition.target) for source in transition.sources)
    for timing in disease.timings:
        if timing.leads_to is not None:
            yield from ((source, timing.leads_to) for source in timing.states)


def _shift(clocks: tuple[CompiledTiming, ...], source: str, target: str) -> Shift:
    stops = tuple(clock.index for clock in clocks if source in clock.states and target not in clock.states)
    return Shift(stops, tuple(clock for clock in clocks if target in clock.states and source not in clock.states))


@lru_cache(maxsize=64)
def compiled_pathway(disease: Disease) -> CompiledPathway:
    """Make a pathway ready once, however many courses go through it; see ``compile_pathway``."""
    return compile_pathway(disease)


def _transitions(pathway: Pathway, state: str) -> list[tuple[tuple[str, ...], CompiledTransition]]:
    return [
        (signal.kinds, _compiled_transition(signal, transition))
        for signal in pathway.signals
        for transition in pathway.transitions
        if transition.signal == signal.id and state in transition.sources
    ]


def _compiled_transition(signal: Signal, transition: Transition) -> CompiledTransition:
    when = None if signal.when is None else compile_value(signal.when)
    return CompiledTransition(when, max(transition.after_days, int(transition.another_day)), transition.target)


def _by_kind(items: list[tuple[tuple[str, ...], CompiledTransition]]) -> Mapping[str, tuple[CompiledTransition, ...]]:
    named = {kind for kinds, _ in items for kind in kinds}
    return {kind: tuple(item for kinds, item in items if not kinds or kind in kinds) for kind in (*named, "")}


def _compiled_timing(index: int, timing: Timing, from_age: int | None) -> CompiledTiming:
    amount, worked_out = _length(timing)
    return CompiledTiming(
        index=index,
        timing=timing,
        states=frozenset(timing.states),
        amount=amount,
        months=timing.length.unit == "months",
        worked_out=worked_out,
        kinds=None if timing.met_by is not None and not timing.kinds else frozenset(timing.kinds),
        met_by=None if timing.met_by is None else compile_value(timing.met_by),
        sure_until=NEVER_SURE if worked_out is not None or timing.starts_from else _sure_until(timing, amount),
        leads=timing.leads_to is not None,
        from_age=from_age,
    )


def _sure_until(timing: Timing, amount: int) -> int:
    # No month has more days.
    return LAST_DAY - amount * (31 if timing.length.unit == "months" else 1) if amount >= 0 else NEVER_SURE


def _length(timing: Timing) -> tuple[int, CompiledValue | None]:
    """Give a length in months or days, or what works it out."""
    amount = timing.length.amount
    if isinstance(amount, ParameterOf) or (isinstance(amount, Literal) and isinstance(amount.value, str)):
        fault = Fault("unsupported_length", f"timing {timing.id}", "its length is not a number", "resolve the disease")
        raise DefinitionError(f"the pathway cannot be walked: {timing.id}", [fault])
    if isinstance(amount, Literal):
        return math.floor(float(amount.value)) * _DAYS.get(timing.length.unit, 1), None
    return 0, compile_value(amount)
