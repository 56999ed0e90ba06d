"""Along which rows courses run: all of a person's as they stand, or those of each linked sequence by themselves."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.concerns import exits_by_death
from singledisease.engines.columnar.linked import first_rows, links_of, people_of, sequences_of
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.table import Indices
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, NO_STATE

Days = NDArray[np.int32]


@frozen(eq=False)
class Links:
    """What the courses of linked sequences are of, and where their rows stand in the log.

    Attributes
    ----------
    person, name
        Of each course: whose it is, and what links its events.
    row, is_own
        Of each row of the courses: the row of the log, and whether it is of the sequence.  The exit by which a person
        died stands in every sequence, but is heard only in its own.
    """

    person: Indices
    name: NDArray[np.object_]
    row: Indices
    is_own: Mask


@frozen(eq=False)
class Timelines:
    """The rows of every course, one course after the other, each in canonical order.

    Attributes
    ----------
    offsets
        (courses + 1): the rows of course i are ``offsets[i]:offsets[i + 1]``.
    date
        The day of each row.
    start
        The first day of each course, ``MISSING`` if it has none.
    death, death_row
        The day of each death, and the row that says so; ``MISSING`` and ``NO_ROW`` if there is none.
    links
        ``None``: each person has a course, and its rows stand where they stand in the log.
    """

    offsets: Indices
    date: Days
    start: Days
    death: Days
    death_row: Indices
    links: Links | None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def begins_day(self) -> Mask:
        """Whether a day of a course begins at each row; behind the last row one does."""
        found = np.ones(len(self.date) + 1, np.bool_)
        found[1:-1] = self.date[1:] != self.date[:-1]
        found[self.offsets] = True
        return found

    @cached_property
    def days(self) -> Days:
        """The day of each row; the row before the first is no row, and has none."""
        return np.append(self.date, np.int32(MISSING))

    def people(self, courses: Indices) -> Indices:
        """Give the person of each of some courses."""
        return courses if self.links is None else self.links.person[courses]

    def course_of(self, rows: Indices) -> Indices:
        """Give the course of each of some rows."""
        found: Indices = np.searchsorted(self.offsets, rows, "right") - 1
        return found

    def in_log(self, rows: Indices) -> Indices:
        """Give the rows of the log for some rows; ``NO_ROW`` stays."""
        return rows if self.links is None else np.append(self.links.row, NO_ROW)[rows]

    def heard(self, values: Array) -> Array:
        """Give what is heard in each row, out of what is heard in each row of the log."""
        if self.links is None:
            return values
        return np.where(self.links.is_own, values[self.links.row], values.dtype.type(0))

    def states_in_log(self, states: NDArray[np.uint8], rows: int) -> NDArray[np.uint8]:
        """Give the states of the rows of the log, so many, out of those of the rows of the courses."""
        if self.links is None:
            return states
        found = np.full(rows, np.uint8(NO_STATE))
        found[self.links.row[self.links.is_own]] = states[self.links.is_own]
        return found

    def own_rows(self, rows: Indices) -> Indices:
        """Give the rows, ascending, that some rows of the log have in the courses that they are of."""
        if self.links is None:
            return rows
        return np.flatnonzero(self.links.is_own & np.isin(self.links.row, rows))


def of_people(log: EventLog) -> Timelines:
    """Give the course of each person: from birth, or if that is not known from the first event on."""
    found: Timelines = log.kept.of("courses of people", lambda: _of_people(log))
    return found


def _of_people(log: EventLog) -> Timelines:
    first_row, behind = log.offsets[:-1], log.offsets[1:]
    start = log.people.birth.copy()
    blank = np.flatnonzero((behind > first_row) & (start == MISSING))
    start[blank] = log.date[first_row[blank]]
    return Timelines(log.offsets, log.date, start, *_deaths(log), None)


def of_sequences(log: EventLog, disease: Disease, until: int) -> Timelines:
    """Give the course of each linked sequence that has begun: from its first event that concerns the disease on.

    Who died on an earlier day goes through none of it.
    """
    first = first_rows(log, disease, until)
    person, start = people_of(log, first), log.date[first]
    death_of, exit_of = _deaths(log)
    death, exit_row = death_of[person], exit_of[person]
    dies_within = (exit_row != NO_ROW) & (death >= start)
    sequence, row = sequences_of(log, first)
    others = np.flatnonzero(dies_within)
    course = np.concatenate([sequence, others])
    row, is_own = np.concatenate([row, exit_row[others]]), np.arange(len(course)) < len(sequence)
    # Where the exit is of the sequence itself it stands there twice now: its own row comes first, and is kept.
    key, kept = np.unique(course * np.int64(len(log)) + row, return_index=True)
    course, row, is_own = course[kept], row[kept], is_own[kept]
    death_row = np.where(
        dies_within, np.searchsorted(key, np.arange(len(first)) * np.int64(len(log)) + exit_row), NO_ROW
    )
    links = links_of(log)
    return Timelines(
        offsets=np.searchsorted(course, np.arange(len(first) + 1)),
        date=log.date[row],
        start=np.where((death != MISSING) & (death < start), np.int32(MISSING), start),
        death=death,
        death_row=death_row,
        links=Links(person, np.array(links.categories, object)[links.codes[first]], row, is_own),
    )


def _deaths(log: EventLog) -> tuple[Days, Indices]:
    """Give the day of each death, and the row that says so unless it is known to be earlier."""
    exits = exits_by_death(log)[::-1]
    row = np.full(len(log.people), NO_ROW)
    # The first exit of a person is assigned last, and stays.
    row[people_of(log, exits)] = exits
    death = log.people.death.copy()
    said = np.flatnonzero(row != NO_ROW)
    day = log.date[row[said]]
    earlier = (death[said] == MISSING) | (day <= death[said])
    death[said[earlier]] = day[earlier]
    row[said[~earlier]] = NO_ROW
    return death, row
