"""What a walk through a pathway leaves behind of one course: moves, spells and obligations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from attrs import field, frozen

from singledisease.definitions.pathway import State
from singledisease.eventlog.event import Event
from singledisease.pathway_courses import Outcome


class Move(NamedTuple):
    """A change of state; its cause is an event, a clock, or neither (a death date)."""

    date: int
    source: str
    target: str
    event: Event | None = None
    timing: int | None = None


new_move: Callable[[tuple[int, str, str, Event | None, int | None]], Move] = partial(tuple.__new__, Move)
"""Makes one of a tuple that is at hand, in a fourth of the time."""


@frozen
class Spell:
    """A stay in a state from ``entered`` to the day before ``left``; ``cause`` is the move that led to it.

    ``place`` is its place among ``pathway_courses.SpellColumns``, -1 if it comes from no such table.
    """

    state: State
    entered: int
    left: int
    cause: Move | None = None
    place: int = field(default=-1, eq=False)


@frozen
class ObligationRecord:
    """What became of one run of a clock; days and event as in ``pathway_courses.Obligations``, and its place there."""

    timing: int
    started: int
    due: int
    outcome: Outcome
    ended: int | None = None
    event: Event | None = None
    resolved: int | None = None
    place: int = field(default=-1, eq=False)
