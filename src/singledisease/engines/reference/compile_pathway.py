"""A pathway made ready to be walked: signals keyed by state and kind of event, clocks with their lengths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from attrs import field, frozen

from singledisease.dates import add_months
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway, Signal, Transition
from singledisease.definitions.timing import Timing
from singledisease.engines.reference import columns, operators, selections, state_queries  # noqa: F401 - they register meanings
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext, PersonCourse
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person
from singledisease.language.nodes import Literal


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

    ``kinds`` are those of the events that may meet it; ``None``: of any kind.
    """

    index: int
    timing: Timing
    states: frozenset[str]
    amount: int
    months: bool
    kinds: frozenset[str] | None
    met_by: CompiledValue | None

    def due(self, start: int) -> int:
        """Give the day on which a run that starts on ``start`` is due."""
        return _months_later(start, self.amount) if self.months else start + self.amount


# Everyone who is seen on one day has the same due days.
_months_later = lru_cache(maxsize=4096)(add_months)


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
    courses
        What a signal sees of diseases: this one, and no time in any state.
    """

    disease: Disease
    transitions: Mapping[str, Mapping[str, tuple[CompiledTransition, ...]]] = field(eq=False)
    timings: Mapping[str, tuple[CompiledTiming, ...]] = field(eq=False)
    courses: Mapping[str, PersonCourse] = field(eq=False)

    def hears(self, state: str, kind: str) -> tuple[CompiledTransition, ...]:
        """Give what a state hears in an event of a kind, in order."""
        by_kind = self.transitions[state]
        return by_kind[kind] if kind in by_kind else by_kind[""]

    def __reduce__(self) -> tuple[Any, ...]:
        # The functions it is made of cannot leave a process; the disease can, and is made ready again where it arrives.
        return compiled_pathway, (self.disease,)

    def context(self, person: Person, event: Event) -> PersonContext:
        """Give what a signal sees: the event and the person, and nothing of what comes later."""
        return PersonContext(person, (), event.date, event.date, self.courses, event)


def compile_pathway(disease: Disease) -> CompiledPathway:
    """Make the pathway of a resolved disease ready to be walked.

    Raises
    ------
    DefinitionError
        If the length of a timing is not a number (its parameter was not resolved).
    """
    clocks = tuple(_compiled_timing(index, timing) for index, timing in enumerate(disease.timings))
    transitions = {state.id: _by_kind(_transitions(disease.pathway, state.id)) for state in disease.pathway.states}
    timings = {state: tuple(clock for clock in clocks if state in clock.states) for state in transitions}
    return CompiledPathway(disease, transitions, timings, {disease.id: PersonCourse(disease)})


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


def _compiled_timing(index: int, timing: Timing) -> CompiledTiming:
    amount = timing.length.amount
    if not isinstance(amount, Literal) or isinstance(amount.value, str):
        fault = Fault("unsupported_length", f"timing {timing.id}", "its length is not a number", "resolve the disease")
        raise DefinitionError(f"the pathway cannot be walked: {timing.id}", [fault])
    kinds = None if timing.met_by is not None and not timing.kinds else frozenset(timing.kinds)
    met_by = None if timing.met_by is None else compile_value(timing.met_by)
    months = timing.length.unit == "months"
    return CompiledTiming(index, timing, frozenset(timing.states), int(amount.value), months, kinds, met_by)
