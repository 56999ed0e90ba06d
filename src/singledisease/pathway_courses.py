"""The ways of people through one pathway: values only, made by an engine.

A course is a chain of *moves* (every change of state, also those undone on the same day), the *spells* that
tile the observed time by the state at the end of each day, and the *obligations* that the timings made.

Mostly each person has one course.  In a pathway over linked sequences each sequence has one: then ``Courses.owner``
says whose it is, and ``person`` in moves and obligations is the number of the course.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import numpy as np
from attrs import evolve, field, fields, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.kept import Kept
from singledisease.language.node_memory import Memoized
from singledisease.language.read_when_asked import Fields, field_read, leave_unread, put
from singledisease.read_only import holds_arrays, read_only

Outcome = Literal["met", "breached", "cancelled", "open"]
OUTCOMES: tuple[Outcome, ...] = ("met", "breached", "cancelled", "open")

NO_STATE = 255
"""State code where no time was observed."""

NO_ROW = -1
"""Row, timing or person where there is none."""


@holds_arrays
@frozen(eq=False)
class SpellColumns:
    """Stays in states, one row each, by person and in time; they tile the observed time of each person.

    Attributes
    ----------
    offsets
        int64 (courses + 1): the spells of course i, mostly that of person i, are ``offsets[i]:offsets[i + 1]``.
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
    ``SpellColumns``.
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
class Courses(Memoized):
    """The courses of all people of a log through the pathway of one resolved disease, until a day.

    Attributes
    ----------
    until
        Last observed day.
    at_row
        uint8 per row of the log: the state at the end of the row's day; ``NO_STATE`` where not observed
        (after ``until``).  In a pathway over linked sequences: of the sequence that the row belongs to.
    obligations
        ``None`` if the engine was not asked for them.
    owner
        int64 (courses): in a pathway over linked sequences whose each course is, ascending; the sequences of one
        person stand in the order of their first events.  ``None``: one course for each person.
    link
        Object array (courses) of texts: what links the events of each sequence; ``None`` with ``owner``.
    kept
        What has been worked out of the courses so that asking again is faster: ``kept.nbytes`` says how much that
        is, ``kept.release()`` lets go of it.
    """

    disease: Disease
    until: int
    spells: SpellColumns
    moves: Moves
    at_row: NDArray[np.uint8] = field(converter=read_only)
    obligations: Obligations | None = field(default=None)
    owner: NDArray[np.int64] | None = field(default=None, converter=optional(read_only))
    link: NDArray[np.object_] | None = field(default=None, converter=optional(read_only))
    kept: Kept = field(factory=Kept, init=False, eq=False, repr=False)

    def __getattr__(self, name: str) -> Any:
        return field_read(self, name)

    @property
    def people(self) -> int:
        """How many courses: one for each person, or in a pathway over linked sequences for each sequence."""
        return len(self.spells.offsets) - 1

    @property
    def whose(self) -> NDArray[np.int64]:
        """The person of each course, as index into the log's people."""
        return np.arange(self.people) if self.owner is None else self.owner

    def of_person(self, person: int) -> range:
        """Give the numbers of the courses of one person: one, or one for each linked sequence."""
        if self.owner is None:
            return range(person, person + 1)
        first, last = np.searchsorted(self.owner, (person, person + 1)).tolist()
        return range(first, last)

    def part(self, first: int, last: int, first_row: int, last_row: int) -> Courses:
        """Give the courses of people ``first:last`` without causes, the same each time; see ``slice``."""

        def fields_of_part() -> Fields:
            made = self.slice(first, last, first_row, last_row, causes=False)
            return {name: getattr(made, name) for name in (*_WALKED, "owner", "link")}

        key = "part", first, last, first_row, last_row
        found: Courses = self.kept.of(key, lambda: when_asked(self.disease, self.until, fields_of_part))
        return found

    def slice(self, first: int, last: int, first_row: int, last_row: int, *, causes: bool = True) -> Courses:
        """Give the courses of people ``first:last``, whose rows are ``first_row:last_row``.

        Nothing is copied but the columns that name a person or a row.  Without ``causes`` there are no moves,
        and no event or timing is named that led to a spell: expressions do not ask for them.
        """
        s, m, o = self.spells, self.moves, self.obligations
        first_person = first
        if self.owner is not None:
            first, last = np.searchsorted(self.owner, (first, last)).tolist()
        lo, hi = s.offsets[first], s.offsets[last]
        mlo, mhi = np.searchsorted(m.person, (first, last)) if causes else (0, 0)
        nothing = np.full(1, NO_ROW)
        spells = SpellColumns(
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
            owner=None if self.owner is None else self.owner[first:last] - first_person,
            link=None if self.link is None else self.link[first:last],
        )

    def only(self, people: NDArray[np.int64]) -> Courses:
        """Give the courses of some people, in ascending order; rows are still those of the whole log."""
        s, m, o = self.spells, self.moves, self.obligations
        courses = people if self.owner is None else np.flatnonzero(np.isin(self.owner, people))
        place = np.full(self.people, NO_ROW)
        place[courses] = np.arange(len(courses))
        number = np.diff(s.offsets)
        offsets = np.concatenate(([0], np.cumsum(number[courses])))
        kept = np.repeat(place >= 0, number)
        spells = SpellColumns(offsets, s.state[kept], s.entered[kept], s.left[kept], s.row[kept], s.timing[kept])
        return evolve(
            self,
            spells=spells,
            moves=_theirs(m, place),
            obligations=None if o is None else _theirs(o, place),
            owner=None if self.owner is None else np.searchsorted(people, self.owner[courses]),
            link=None if self.link is None else self.link[courses],
        )


_WALKED = ("spells", "moves", "at_row", "obligations")


def when_asked(disease: Disease, until: int, made: Callable[[], Fields], **fields: Any) -> Courses:
    """Give courses of which the fields that are not given are made when one of them is first asked for.

    Of most diseases of a catalogue most people say nothing, and nobody asks.

    Parameters
    ----------
    disease, until
        Of the courses.
    made
        Gives every other field that is not given.
    fields
        Fields that are known already.
    """
    found = object.__new__(Courses)
    put(found, {"disease": disease, "until": until, "kept": Kept(), **fields})
    leave_unread(found, made)
    return found


def not_walked(disease: Disease, people: int, rows: int, until: int) -> Courses:
    """Give courses through a disease of which nothing is asked but which it is: nobody is observed in any state."""
    nothing = np.zeros(0, np.int64)
    days, codes, timings = nothing.astype(np.int32), nothing.astype(np.uint8), nothing.astype(np.int16)
    return Courses(
        disease=disease,
        until=until,
        spells=SpellColumns(np.zeros(people + 1, np.int64), codes, days, days, nothing, timings),
        moves=Moves(nothing, days, codes, codes, nothing, timings),
        at_row=np.broadcast_to(np.uint8(NO_STATE), rows),
    )


def _theirs(rows: R, place: NDArray[np.int64]) -> R:
    """Keep what is of courses that have a place, and number them by it."""
    kept = place[rows.person] >= 0
    columns = {column.name: getattr(rows, column.name)[kept] for column in fields(type(rows))}
    return evolve(rows, **{**columns, "person": place[columns["person"]]})


def _rebase(rows: NDArray[np.int64], first_row: int) -> NDArray[np.int64]:
    # A row of these people lands at 0 or above, NO_ROW at or below itself.
    return np.maximum(rows - first_row, NO_ROW)
