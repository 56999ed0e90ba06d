"""The ways of people through one pathway: values only, made by an engine.

A course is a chain of *moves* (every change of state, also those undone on the same day), the *spells* that
tile the observed time by the state at the end of each day, and the *obligations* that the timings made.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import numpy as np
from attrs import evolve, field, fields, frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.read_only import holds_arrays, read_only

Outcome = Literal["met", "breached", "cancelled", "open"]
OUTCOMES: tuple[Outcome, ...] = ("met", "breached", "cancelled", "open")

NO_STATE = 255
"""State code where no time was observed."""

NO_ROW = -1
"""Row, timing or person where there is none."""


@holds_arrays
@frozen(eq=False)
class Spells:
    """Stays in states, one row each, by person and in time; they tile the observed time of each person.

    Attributes
    ----------
    offsets
        int64 (people + 1): the spells of person i are ``offsets[i]:offsets[i + 1]``.
    state
        uint8 index into ``disease.pathway.states``.
    entered, left
        int32 days: the first day, and the first day no longer in it (``until + 1`` for the last spell).
    row
        int64: the event that led here, as row of the log; ``NO_ROW`` if it was none.
    timing
        int16: index into ``disease.timings`` of the timing that led here; ``NO_ROW`` if it was none.
        Where row and timing are both ``NO_ROW`` the cause is the start of observed time or a death date.
    """

    offsets: NDArray[np.int64] = field(converter=read_only)
    state: NDArray[np.uint8] = field(converter=read_only)
    entered: NDArray[np.int32] = field(converter=read_only)
    left: NDArray[np.int32] = field(converter=read_only)
    row: NDArray[np.int64] = field(converter=read_only)
    timing: NDArray[np.int16] = field(converter=read_only)


@holds_arrays
@frozen(eq=False)
class Moves:
    """Every change of state, by person and in the order in which they happened.

    ``person`` int64, ``date`` int32, ``source`` and ``target`` uint8 states, ``row`` and ``timing`` as in
    ``Spells``.
    """

    person: NDArray[np.int64] = field(converter=read_only)
    date: NDArray[np.int32] = field(converter=read_only)
    source: NDArray[np.uint8] = field(converter=read_only)
    target: NDArray[np.uint8] = field(converter=read_only)
    row: NDArray[np.int64] = field(converter=read_only)
    timing: NDArray[np.int16] = field(converter=read_only)


@holds_arrays
@frozen(eq=False)
class Obligations:
    """Every run of every timing, by person, then start, then timing.

    Attributes
    ----------
    person, timing
        int64 person, int16 index into ``disease.timings``.
    started, due
        int32 days.
    outcome
        uint8 index into ``OUTCOMES``: exactly one each.
    ended
        int32: the day it was met, fell (due + 1) or was cancelled; ``dates.MISSING`` while open.
    row
        int64: the event that met it, or that made good a missed one late; ``NO_ROW`` if there is none.
    resolved
        int32: of a missed one, the day on which it was made good late, or its states were left;
        ``dates.MISSING`` while it is still overdue, and for the other outcomes.
    """

    person: NDArray[np.int64] = field(converter=read_only)
    timing: NDArray[np.int16] = field(converter=read_only)
    started: NDArray[np.int32] = field(converter=read_only)
    due: NDArray[np.int32] = field(converter=read_only)
    outcome: NDArray[np.uint8] = field(converter=read_only)
    ended: NDArray[np.int32] = field(converter=read_only)
    row: NDArray[np.int64] = field(converter=read_only)
    resolved: NDArray[np.int32] = field(converter=read_only)


R = TypeVar("R", Moves, Obligations)


@holds_arrays
@frozen(eq=False, kw_only=True)
class Courses:
    """The courses of all people of a log through the pathway of one resolved disease, until a day.

    Attributes
    ----------
    until
        Last observed day.
    at_row
        uint8 per row of the log: the state at the end of the row's day; ``NO_STATE`` where not observed
        (after ``until``).
    obligations
        ``None`` if the engine was not asked for them.
    """

    disease: Disease
    until: int
    spells: Spells
    moves: Moves
    at_row: NDArray[np.uint8] = field(converter=read_only)
    obligations: Obligations | None = field(default=None)

    @property
    def people(self) -> int:
        """How many people."""
        return len(self.spells.offsets) - 1

    def slice(self, first: int, last: int, first_row: int, last_row: int, *, causes: bool = True) -> Courses:
        """Give the courses of people ``first:last``, whose rows are ``first_row:last_row``.

        Nothing is copied but the columns that name a person or a row.  Without ``causes`` there are no moves,
        and no event or timing is named that led to a spell: expressions do not ask for them.
        """
        s, m, o = self.spells, self.moves, self.obligations
        lo, hi = s.offsets[first], s.offsets[last]
        mlo, mhi = np.searchsorted(m.person, (first, last)) if causes else (0, 0)
        nothing = np.full(1, NO_ROW)
        spells = Spells(
            s.offsets[first : last + 1] - lo,
            s.state[lo:hi],
            s.entered[lo:hi],
            s.left[lo:hi],
            _rebase(s.row[lo:hi], first_row) if causes else np.broadcast_to(nothing, hi - lo),
            s.timing[lo:hi] if causes else np.broadcast_to(nothing.astype(np.int16), hi - lo),
        )
        moves = Moves(
            m.person[mlo:mhi] - first,
            m.date[mlo:mhi],
            m.source[mlo:mhi],
            m.target[mlo:mhi],
            _rebase(m.row[mlo:mhi], first_row),
            m.timing[mlo:mhi],
        )
        obligations = None
        if o is not None:
            olo, ohi = np.searchsorted(o.person, (first, last))
            obligations = Obligations(
                o.person[olo:ohi] - first,
                o.timing[olo:ohi],
                o.started[olo:ohi],
                o.due[olo:ohi],
                o.outcome[olo:ohi],
                o.ended[olo:ohi],
                _rebase(o.row[olo:ohi], first_row),
                o.resolved[olo:ohi],
            )
        return Courses(
            disease=self.disease,
            until=self.until,
            spells=spells,
            moves=moves,
            at_row=self.at_row[first_row:last_row],
            obligations=obligations,
        )

    def only(self, people: NDArray[np.int64]) -> Courses:
        """Give the courses of some people, in ascending order; rows are still those of the whole log."""
        s, m, o = self.spells, self.moves, self.obligations
        place = np.full(self.people, NO_ROW)
        place[people] = np.arange(len(people))
        number = np.diff(s.offsets)
        offsets = np.concatenate(([0], np.cumsum(number[people])))
        kept = np.repeat(place >= 0, number)
        spells = Spells(offsets, s.state[kept], s.entered[kept], s.left[kept], s.row[kept], s.timing[kept])
        return evolve(
            self,
            spells=spells,
            moves=_theirs(m, place),
            obligations=None if o is None else _theirs(o, place),
        )


def _theirs(rows: R, place: NDArray[np.int64]) -> R:
    """Keep what is of people who have a place, and number them by it."""
    kept = place[rows.person] >= 0
    columns = {column.name: getattr(rows, column.name)[kept] for column in fields(type(rows))}
    return evolve(rows, **{**columns, "person": place[columns["person"]]})


def _rebase(rows: NDArray[np.int64], first_row: int) -> NDArray[np.int64]:
    # A row of these people lands at 0 or above, NO_ROW at or below itself.
    return np.maximum(rows - first_row, NO_ROW)
