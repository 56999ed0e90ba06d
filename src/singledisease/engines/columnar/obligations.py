"""Every run of every timing, made from the moves: what was due, and what became of it."""

from __future__ import annotations

import numpy as np
from attrs import astuple, frozen
from numpy.typing import NDArray

from singledisease.courses import NO_ROW, OUTCOMES, Obligations
from singledisease.dates import MISSING
from singledisease.engines.columnar.joining import joined
from singledisease.engines.columnar.machine import Clock, Machine
from singledisease.engines.columnar.observed import Observed
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.rows import Indices
from singledisease.engines.columnar.signals import Reader, rows_that_meet
from singledisease.engines.columnar.trail import Trail
from singledisease.events.log import EventLog

_MET, _BREACHED, _CANCELLED, _OPEN = (
    np.uint8(OUTCOMES.index(outcome)) for outcome in ("met", "breached", "cancelled", "open")
)

_NO_DAYS = np.zeros(0, np.int32)
_NOTHING = Obligations(
    person=np.zeros(0, np.int64),
    timing=np.zeros(0, np.int16),
    started=_NO_DAYS,
    due=_NO_DAYS,
    outcome=np.zeros(0, np.uint8),
    ended=_NO_DAYS,
    row=np.zeros(0, np.int64),
    resolved=_NO_DAYS,
)


@frozen(eq=False)
class Visits:
    """Where everyone was, by person and in order: the start, then every move, and the end of all clocks by death.

    Attributes
    ----------
    person, day, state
        Who, from when, where; the state of a death is never looked at.
    clock
        Index of the timing that led here, ``NO_ROW`` if none did.
    row
        The first row of the log that comes after the arrival.
    is_first, is_death
        Whether it is the start of observed time, or a death.
    """

    person: Indices
    day: NDArray[np.int32]
    state: NDArray[np.uint8]
    clock: NDArray[np.int16]
    row: Indices
    is_first: Mask
    is_death: Mask


def visits_of(log: EventLog, trail: Trail, observed: Observed, initial: int) -> Visits:
    """Line up starts, moves and deaths of everyone."""
    moves = trail.moves
    born, dead = np.flatnonzero(observed.any), np.flatnonzero(observed.dead)
    # A death ends every clock, whether or not it moves the person: it stands here on its own.
    is_death = (moves.timing == NO_ROW) & (moves.row == observed.death_row[moves.person])
    kept = np.flatnonzero(~is_death)
    none = np.full(len(born) + len(dead), NO_ROW, np.int16)
    person = np.concatenate([born, moves.person[kept], dead])
    part = np.repeat([0, 1, 2], [len(born), len(kept), len(dead)])
    order = np.argsort(person, kind="stable")
    state = np.full(len(person), initial, np.uint8)
    state[part == 1] = moves.target[kept]
    # An event is over when it has led somewhere; a timing falls before the events of the day.
    after = trail.at[kept] + (moves.timing[kept] == NO_ROW)
    row = np.concatenate([log.offsets[born], after, observed.end_row[dead]])
    return Visits(
        person=person[order],
        day=np.concatenate([observed.start[born], moves.date[kept], observed.last[dead]])[order],
        state=state[order],
        clock=np.concatenate([none[: len(born)], moves.timing[kept], none[len(born) :]])[order],
        row=row[order],
        is_first=part[order] == 0,
        is_death=part[order] == 2,
    )


@frozen(eq=False)
class Runs:
    """Runs of one clock within stays in its set: the event that ends each, the departure that may.

    Attributes
    ----------
    person, started
        Whose, and from which day on.
    row
        The event that satisfies it, ``NO_ROW`` if none does before the set is left.
    left, left_by
        Day on which the set is left, ``MISSING`` if it is not, and the timing that caused it.
    """

    person: Indices
    started: NDArray[np.int32]
    row: Indices
    left: NDArray[np.int32]
    left_by: NDArray[np.int16]


def _runs_of(log: EventLog, visits: Visits, clock: Clock, meets: Indices, end_row: Indices) -> Runs:
    """Cut the stays in a clock's set into runs: a repeating one starts anew with each event that satisfies it."""
    inside = clock.in_set[visits.state] & ~visits.is_death
    was_inside = np.zeros(len(inside), np.bool_)
    was_inside[1:] = inside[:-1] & ~visits.is_first[1:]
    enters = np.flatnonzero(inside & ~was_inside)
    leaves = np.flatnonzero(was_inside & ~inside)
    person = visits.person[enters]
    # Behind the last departure stands one that is nobody's.
    next_leave = np.append(leaves, -1)[np.searchsorted(leaves, enters)]
    does_leave = (next_leave >= 0) & (visits.person[next_leave] == person)
    left = np.where(does_leave, visits.day[next_leave], np.int32(MISSING))
    left_by = np.where(does_leave, visits.clock[next_leave], np.int16(NO_ROW))
    until_row = np.where(does_leave, visits.row[next_leave], end_row[person])
    first, behind = np.searchsorted(meets, visits.row[enters]), np.searchsorted(meets, until_row)
    met = behind - first if clock.timing.repeats else np.minimum(behind - first, 1)
    runs = met + 1 if clock.timing.repeats else np.ones(len(met), np.intp)
    stay = np.repeat(np.arange(len(enters)), runs)
    nth = np.arange(len(stay)) - (np.cumsum(runs) - runs)[stay]
    padded = np.append(meets, NO_ROW)
    row = np.where(nth < met[stay], padded[np.minimum(first[stay] + nth, len(meets))], NO_ROW)
    previous = padded[np.where(nth > 0, first[stay] + nth - 1, len(meets))]
    days = np.append(log.date, np.int32(MISSING))
    started = np.where(nth > 0, days[previous], visits.day[enters][stay])
    return Runs(person[stay], started, row, left[stay], left_by[stay])


def _settled(log: EventLog, runs: Runs, clock: Clock, until: int) -> Obligations:
    """Say what became of runs."""
    due = clock.due(runs.started)
    has_row, leaves = runs.row != NO_ROW, runs.left != MISSING
    on = np.append(log.date, np.int32(MISSING))[runs.row]
    if clock.target >= 0:
        # One that leads somewhere was missed if it is what the person left by: that comes before any event.
        breached = ~has_row & (runs.left_by == clock.index)
    else:
        missed_without = np.where(leaves, due < runs.left, due < until)
        breached = np.where(has_row, due < on, missed_without)
    outcome = np.where(breached, _BREACHED, np.where(has_row, _MET, np.where(leaves, _CANCELLED, _OPEN)))
    settled = np.where(has_row, on, runs.left)
    return Obligations(
        person=runs.person,
        timing=np.full(len(due), clock.index, np.int16),
        started=runs.started,
        due=due,
        outcome=outcome.astype(np.uint8),
        ended=np.where(breached, due + np.int32(1), settled),
        row=runs.row,
        resolved=np.where(breached, settled, np.int32(MISSING)),
    )


def obligations_of(trail: Trail, observed: Observed, machine: Machine, reader: Reader, until: int) -> Obligations:
    """Give every run of every timing, by person, start and timing."""
    log = reader.question.log
    visits = visits_of(log, trail, observed, machine.initial)
    parts = [_NOTHING]
    for clock in machine.clocks:
        runs = _runs_of(log, visits, clock, rows_that_meet(reader, clock), observed.end_row)
        parts.append(_settled(log, runs, clock, until))
    every = joined(parts, [0] * len(parts), [0] * len(parts))
    # Runs of one clock stand in the order in which they were made, and keep it where all else is equal.
    order = np.lexsort((every.timing, every.started, every.person))
    return Obligations(*[column[order] for column in astuple(every, recurse=False)])
