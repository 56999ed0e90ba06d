"""What a walk through a pathway leaves behind: moves, runs of clocks, obligations, spells; one person's.

What every event makes is a named tuple: it is made in half the time of a frozen class.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from attrs import frozen

from singledisease.engines.reference.compile_pathway import CompiledTiming
from singledisease.eventlog.event import Event
from singledisease.pathway_courses import Outcome

T = TypeVar("T")

History = tuple[T, "History[T]"] | None
"""What happened so far: the last, and what was before it.  Walkers that part from one another share it."""


def latest_first(past: History[T]) -> Iterator[T]:
    """Give what happened, the last first.

    >>> list(latest_first(("second", ("first", None))))
    ['second', 'first']
    """
    while past is not None:
        last, past = past
        yield last


class Move(NamedTuple):
    """A change of state; its cause is an event, a clock, or neither (a death date)."""

    date: int
    source: str
    target: str
    event: Event | None = None
    timing: int | None = None


class Run(NamedTuple):
    """A clock that runs, or that has fallen and is overdue."""

    clock: CompiledTiming
    started: int
    due: int
    overdue: bool = False


class End(NamedTuple):
    """The end of a run: the event that met it, or on which day its states were left."""

    run: Run
    day: int
    event: Event | None = None


@frozen
class Obligation:
    """What became of one run of a clock; days and event as in ``courses.Obligations``."""

    timing: int
    started: int
    due: int
    outcome: Outcome
    ended: int | None = None
    event: Event | None = None
    resolved: int | None = None


@frozen
class Spell:
    """A stay in a state from ``entered`` to the day before ``left``; ``cause`` is the move that led to it."""

    state: str
    entered: int
    left: int
    cause: Move | None = None
