"""What happened so far in a walk: the ends of runs, and a history that walkers share when they part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeVar

from singledisease.engines.reference.compile_pathway import CompiledTiming
from singledisease.eventlog.event import Event

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


# What every event makes is a named tuple: it is made in half the time of a frozen class, and of a tuple at hand in a
# fourth of it.


class Run(NamedTuple):
    """A clock that runs, or that has fallen and is overdue."""

    clock: CompiledTiming
    started: int
    due: int
    overdue: bool = False


new_run: Callable[[tuple[CompiledTiming, int, int, bool]], Run] = partial(tuple.__new__, Run)

End = tuple[Run, int, Event | None]
"""The end of a run: on which day, and the event that met it; ``None``: its states were left."""
