"""Courses of the few who walk, put among those of everybody else, who leaves the initial state by death alone."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from attrs import evolve, fields, frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.observation_windows import observed_people, stretches
from singledisease.engines.columnar.walking.pathway_tables import Machine
from singledisease.engines.columnar.walking.spells import spells_of, states_on_rows, trail_of
from singledisease.engines.columnar.walking.timelines import of_people
from singledisease.engines.columnar.walking.walk_state import deaths_of
from singledisease.eventlog.log import EventLog
from singledisease.language.read_when_asked import Fields
from singledisease.pathway_courses import NO_ROW, NO_STATE, Courses, Moves, Obligations, SpellColumns, when_asked
from singledisease.read_only import read_only

_STANDS, _DEAD = 0, 1
"""States of those who do not walk, before a disease says which states these are."""

R = TypeVar("R", Moves, Obligations)


@frozen(eq=False)
class CoursesAtRest:
    """The courses of everybody as if nobody walked: the same in all diseases, so that they are made once.

    Attributes
    ----------
    spells, moves
        Their states are ``_STANDS`` and ``_DEAD``.
    elsewhere
        The rows at whose end of day the state is not the initial one.
    at_elsewhere
        The state there, ``NO_STATE`` where none was observed.
    """

    spells: SpellColumns
    moves: Moves
    elsewhere: NDArray[np.int32]
    at_elsewhere: NDArray[np.uint8]


def standing(log: EventLog, until: int) -> CoursesAtRest:
    """Give everybody's course as if nobody walked; it is kept on the log."""
    found: CoursesAtRest = log.kept.of(("standing", until), lambda: _standing(log, until))
    return found


def _standing(log: EventLog, until: int) -> CoursesAtRest:
    lines, observed = of_people(log), observed_people(log, until)
    order = np.arange(len(lines))
    deaths = deaths_of(np.full(len(lines), np.uint8(_STANDS)), _DEAD, order, observed)
    trail = trail_of([deaths], order, lines, observed, _STANDS)
    spells, begins = spells_of(trail, observed, until)
    at_row = states_on_rows(lines, spells, begins, observed, until)
    elsewhere = np.flatnonzero(at_row != _STANDS)
    return CoursesAtRest(spells, trail.moves, elsewhere.astype(np.int32), at_row[elsewhere])


def among_everyone(some: Courses, who: Indices, log: EventLog, machine: Machine) -> Courses:
    """Give everybody's courses, put together when they are asked for.

    Parameters
    ----------
    some
        The courses of those who walk; rows are those of their log.
    who
        Their places among the people of the log, ascending.
    log
        The log of everybody.
    machine
        The pathway as tables; no timing that leads somewhere runs in its initial state.
    """
    still, offsets = standing(log, some.until), log.offsets
    return when_asked(
        some.disease, some.until, lambda: _together(some, who, still, offsets, machine), owner=None, link=None
    )


def _together(some: Courses, who: Indices, still: CoursesAtRest, offsets: Indices, machine: Machine) -> Fields:
    code = np.full(NO_STATE + 1, np.uint8(NO_STATE))
    code[_STANDS], code[_DEAD] = machine.initial, machine.died
    rows = stretches(offsets[who], offsets[who + 1])
    at_row = np.full(int(offsets[-1]), np.uint8(machine.initial))
    at_row[still.elsewhere] = code[still.at_elsewhere]
    at_row[rows] = some.at_row
    # Behind the last row stands that of what has none.
    in_log = np.append(rows, NO_ROW)
    stands = np.ones(len(offsets) - 1, np.bool_)
    stands[who] = False
    moves = evolve(still.moves, source=code[still.moves.source], target=code[still.moves.target])
    return {
        "spells": _spells(evolve(still.spells, state=code[still.spells.state]), some.spells, who, stands, in_log),
        "moves": _by_person(_of(moves, stands[moves.person]), _placed(some.moves, who, in_log)),
        "at_row": read_only(at_row),
        "obligations": None if some.obligations is None else _placed(some.obligations, who, in_log),
    }


def _spells(still: SpellColumns, some: SpellColumns, who: Indices, stands: Mask, in_log: Indices) -> SpellColumns:
    number = np.diff(still.offsets)
    stay = np.flatnonzero(np.repeat(stands, number))
    number[who] = np.diff(some.offsets)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(number)])
    walks = stretches(offsets[who], offsets[who + 1])
    is_still = np.ones(int(offsets[-1]), np.bool_)
    is_still[walks] = False
    rest = np.flatnonzero(is_still)

    def column(theirs: NDArray[Any], ours: NDArray[Any]) -> NDArray[Any]:
        found = np.empty(len(is_still), theirs.dtype)
        found[rest], found[walks] = theirs.take(stay), ours
        return found

    return SpellColumns(
        offsets,
        column(still.state, some.state),
        column(still.entered, some.entered),
        column(still.left, some.left),
        column(still.row, in_log[some.row]),
        column(still.timing, some.timing),
    )


def _of(rows: Moves, wanted: Mask) -> Moves:
    return Moves(**{one.name: getattr(rows, one.name)[wanted] for one in fields(Moves)})


def _placed(rows: R, who: Indices, in_log: Indices) -> R:
    return evolve(rows, person=who[rows.person], row=in_log[rows.row])


def _by_person(some: Moves, others: Moves) -> Moves:
    """Put the moves of some people among those of others, by person; those of one stay in their order."""
    columns = {one.name: (getattr(some, one.name), getattr(others, one.name)) for one in fields(Moves)}
    order = np.argsort(np.concatenate(columns["person"]), kind="stable")
    return Moves(**{name: np.concatenate(column).take(order) for name, column in columns.items()})
