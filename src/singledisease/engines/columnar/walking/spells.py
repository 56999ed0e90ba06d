"""The moves of everyone, put in order; and the spells and states on rows that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.observation_windows import Observed, first_row_from, stretches
from singledisease.engines.columnar.walking.timelines import Timelines
from singledisease.engines.columnar.walking.walk_state import MoveAtOnce
from singledisease.pathway_courses import NO_ROW, NO_STATE, Moves, SpellColumns


@frozen(eq=False)
class Trail:
    """The moves of everyone.

    Attributes
    ----------
    lines
        The courses.
    moves
        In order; their rows are rows of the courses.
    at
        The row at which each takes effect: the event, or the first on its day.
    initial
        The state before the first of them.
    """

    lines: Timelines
    moves: Moves
    at: Indices
    initial: int


def trail_of(made: Sequence[MoveAtOnce], order: Indices, lines: Timelines, observed: Observed, initial: int) -> Trail:
    """Put moves in order, by course.

    Parameters
    ----------
    made
        In the order in which they were made.
    order
        The course at each place of the walk.
    lines, observed
        Of these courses.
    initial
        The state before the first of them.
    """
    who = np.concatenate([order[move.who] for move in made])
    # Moves stand in the order in which they were made; numbers of 16 bits are sorted without comparing.
    by_person = np.argsort(who.astype(np.min_scalar_type(max(len(order) - 1, 0))), kind="stable")
    clock = np.repeat(np.array([move.clock for move in made], np.int16), [len(move.who) for move in made])
    person, timing = who[by_person], clock[by_person]
    date = np.concatenate([move.day for move in made])[by_person]
    target = np.concatenate([move.target for move in made])[by_person]
    at = np.concatenate([move.row for move in made])[by_person]
    row = at.copy()
    row[np.flatnonzero(timing != NO_ROW)] = NO_ROW
    other = np.flatnonzero((timing != NO_ROW) | (at == NO_ROW))
    those = person[other]
    behind = np.where(at[other] == NO_ROW, observed.end_row[those], at[other])
    at[other] = first_row_from(lines.date, lines.offsets[those], behind, date[other])
    source = _before(person, target, initial)
    return Trail(lines, Moves(person, date, source, target, row, timing), at, initial)


def _before(person: Indices, target: NDArray[np.uint8], initial: int) -> NDArray[np.uint8]:
    """Give the state before each move: where the person's last one led, the initial one before the first."""
    before = np.empty_like(target)
    before[:1], before[1:] = initial, target[:-1]
    before[np.flatnonzero(person[1:] != person[:-1]) + 1] = initial
    return before


def spells_of(trail: Trail, observed: Observed, until: int) -> tuple[SpellColumns, Indices]:
    """Make the spells, and give the row at which each begins.

    One begins where the state at the end of a day is not that of the day before.
    """
    moves = trail.moves
    ends_day = np.ones(len(moves.person), np.bool_)
    ends_day[:-1] = (moves.person[1:] != moves.person[:-1]) | (moves.date[1:] != moves.date[:-1])
    last = np.flatnonzero(ends_day)
    person, target = moves.person[last], moves.target[last]
    opening = last[target != _before(person, target, trail.initial)]
    return _tiled(trail, opening, observed, until)


def _tiled(trail: Trail, opening: Indices, observed: Observed, until: int) -> tuple[SpellColumns, Indices]:
    """Put a spell in the initial state before the moves that open spells, unless one opens on the first day."""
    moves, people = trail.moves, len(observed.start)
    person, date = moves.person[opening], moves.date[opening]
    per_person = np.bincount(person, minlength=people)
    has_any = np.flatnonzero(per_person != 0)
    first = (np.cumsum(per_person) - per_person)[has_any]
    begins = observed.any.copy()
    begins[has_any] &= date[first] != observed.start[has_any]
    beginners = np.flatnonzero(begins)
    counts = per_person + begins
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    starts = offsets[beginners]
    is_move = np.ones(int(offsets[-1]), np.bool_)
    is_move[starts] = False
    places = np.flatnonzero(is_move)

    def filled(kind: type[np.generic], initially: Any, of_move: NDArray[Any]) -> NDArray[Any]:
        column = np.empty(len(is_move), kind)
        column[starts], column[places] = initially, of_move
        return column

    entered = filled(np.int32, observed.start[beginners], date)
    left = np.empty_like(entered)
    left[:-1] = entered[1:]
    left[offsets[1:][counts > 0] - 1] = until + 1
    spells = SpellColumns(
        offsets,
        filled(np.uint8, trail.initial, moves.target[opening]),
        entered,
        left,
        filled(np.int64, NO_ROW, moves.row[opening]),
        filled(np.int16, NO_ROW, moves.timing[opening]),
    )
    return spells, filled(np.intp, trail.lines.offsets[beginners], trail.at[opening])


def states_on_rows(
    lines: Timelines, spells: SpellColumns, begins: Indices, observed: Observed, until: int
) -> NDArray[np.uint8]:
    """Give the state at the end of each row's day, ``NO_STATE`` where it was not observed.

    ``begins`` has the row at which each spell begins; it holds from the first row of that day on.
    """
    # A spell holds up to the row at which the next begins, be that one of another course; before the first none does.
    first = np.append(_day_begins(lines, begins), len(lines.date))
    length = np.diff(first, prepend=0)
    state = np.repeat(np.append(np.uint8(NO_STATE), spells.state), length)
    state[lines.date > until] = NO_STATE
    unobserved = np.flatnonzero(~observed.any)
    state[stretches(lines.offsets[unobserved], lines.offsets[unobserved + 1])] = NO_STATE
    return state


def _day_begins(lines: Timelines, row: Indices) -> Indices:
    """Give the first row of the same person and day as each row."""
    first = row.copy()
    late = np.flatnonzero(~lines.begins_day[first])
    while late.size:
        first[late] -= 1
        late = late[np.flatnonzero(~lines.begins_day[first[late]])]
    return first
