"""Pathways: deterministic timed automata over a person's events."""

from __future__ import annotations

from attrs import field, frozen
from attrs.converters import optional

from singledisease.definitions.citation import Names
from singledisease.definitions.state_selection import StateGroup, StateSelection
from singledisease.definitions.timing import Timing
from singledisease.language.nodes import Value
from singledisease.language.wrappers import node_of

SEQUENCES: tuple[str, ...] = ("person", "link")
"""Over what a pathway may run: a person's events, or those that share a link."""
TAGS: tuple[str, ...] = ("own", "any")
"""Which events a pathway may hear by their tag: those of its disease and those without one, or all."""


@frozen(kw_only=True)
class State:
    """Where a person can be: in which stage, whether counted as managed, and what has to be done there.

    ``refer`` marks states in which the person must be referred; ``next_step`` tells the clinician what to do.
    """

    id: str
    names: Names
    stage: str
    managed: bool = False
    refer: bool = False
    next_step: Names | None = None


@frozen(kw_only=True)
class Signal:
    """A named reading of one event that concerns the disease: its kinds (none: any) and a condition.

    Signals stand in order.  The first that matches and that the present state hears speaks.
    """

    id: str
    names: Names
    kinds: tuple[str, ...] = ()
    when: Value | None = field(default=None, converter=optional(node_of))
    citation: str = ""


@frozen(kw_only=True)
class Transition:
    """From each of ``sources``, on a signal, to ``target``.

    ``another_day``: only on a later day than the one on which the present state was entered.
    ``after_days``: only when at least so many days have passed since then; more than 1 needs a ``citation``.
    ``selection`` is how ``sources`` were written, where groups of states were named.
    """

    sources: tuple[str, ...]
    signal: str
    target: str
    another_day: bool = False
    after_days: int = 0
    citation: str = ""
    selection: StateSelection | None = field(default=None, eq=False, repr=False)


@frozen(kw_only=True)
class Pathway:
    """States, signals, transitions and timings.

    Attributes
    ----------
    initial
        The state from birth on (from the first event, if the birth date is unknown).
    died
        The state that a death leads to from anywhere, last of all that day, and that nothing leaves.
    sequence
        Over what the pathway runs: ``person``, or ``link`` (each linked sequence has a course of its own).
    begins_with
        The kinds of event that a linked sequence begins with (none: any): a link without one is no such sequence, and
        what happened on earlier days is before it began.
    tags
        Which events it hears: ``own``, tagged with its disease or with none; or ``any``, whatever their tag, as a
        referral does, which is of no disease.
    groups
        Names for what is written in several places; transitions and timings hold the states themselves, so two
        pathways that differ in nothing else are equal.
    """

    initial: str
    died: str
    states: tuple[State, ...]
    signals: tuple[Signal, ...]
    transitions: tuple[Transition, ...]
    timings: tuple[Timing, ...] = ()
    sequence: str = "person"
    begins_with: tuple[str, ...] = ()
    tags: str = "own"
    groups: tuple[StateGroup, ...] = field(default=(), eq=False)

    def __repr__(self) -> str:
        what = f"{len(self.signals)} signals, {len(self.transitions)} transitions, {len(self.timings)} timings"
        return f"<Pathway from {self.initial}: {len(self.states)} states, {what}>"

    def state(self, name: str) -> State:
        """Give a state by id; raises ``KeyError`` if there is none."""
        for state in self.states:
            if state.id == name:
                return state
        raise KeyError(name)

    def moves(self) -> list[tuple[str, str]]:
        """Return the pairs of different states that the pathway can move between, death from everywhere included."""
        found = {(source, transition.target) for transition in self.transitions for source in transition.sources}
        found |= {(state, timing.leads_to) for timing in self.timings if timing.leads_to for state in timing.states}
        found |= {(state.id, self.died) for state in self.states}
        return sorted((a, b) for a, b in found if a not in (b, self.died))
