"""Every run of every timing, made from the moves: what was due, and what became of it."""

from __future__ import annotations

import numpy as np
from attrs import astuple, evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, birthday_array
from singledisease.engines.columnar.context import EvaluationContext
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.clock_starts import due_days, starts_of
from singledisease.engines.columnar.walking.concatenate import joined
from singledisease.engines.columnar.walking.observation_windows import Observed
from singledisease.engines.columnar.walking.pathway_tables import NEVER, Clock, Machine
from singledisease.engines.columnar.walking.signals import SignalReader, rows_that_meet
from singledisease.engines.columnar.walking.spells import Trail
from singledisease.engines.columnar.walking.timelines import Timelines
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Obligations

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
    """Where everyone was, by course and in order: the start, then every move, and the end of all clocks by death.

    Attributes
    ----------
    person, day, state
        Who, from when, where; the state of a death is never looked at.
    clock
        Index of the timing that led here, ``NO_ROW`` if none did.
    row
        The first row of the course that comes after the arrival.
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


def visits_of(trail: Trail, observed: Observed, initial: int) -> Visits:
    """Line up starts, moves and deaths of everyone."""
    moves, lines = trail.moves, trail.lines
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
    row = np.concatenate([lines.offsets[born], after, observed.end_row[dead]])
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
class ClockStays:
    """Stays in the set of a clock, by person and in order.

    Attributes
    ----------
    person, entered
        Whose, and from which day on.
    cause, is_first
        The event that led into the set, ``NO_ROW`` if none did; whether observed time begins there.
    row, until_row
        The rows ``row:until_row`` are the events in between.
    left, left_by
        Day on which the set is left, ``MISSING`` if it is not, and the timing that caused it.
    """

    person: Indices
    entered: NDArray[np.int32]
    cause: Indices
    is_first: Mask
    row: Indices
    until_row: Indices
    left: NDArray[np.int32]
    left_by: NDArray[np.int16]


def _stays_in(visits: Visits, clock: Clock, end_row: Indices) -> ClockStays:
    """Find the stays in a clock's set; ``end_row`` is behind the rows of each person that count."""
    inside = clock.in_set[visits.state] & ~visits.is_death
    was_inside = np.zeros(len(inside), np.bool_)
    was_inside[1:] = inside[:-1] & ~visits.is_first[1:]
    enters, leaves = np.flatnonzero(inside & ~was_inside), np.flatnonzero(was_inside & ~inside)
    person, is_first = visits.person[enters], visits.is_first[enters]
    # Behind the last departure stands one that is nobody's.
    leave = np.append(leaves, -1)[np.searchsorted(leaves, enters)]
    does_leave = (leave >= 0) & (visits.person[leave] == person)
    return ClockStays(
        person=person,
        entered=visits.day[enters],
        # An event that led somewhere stands right before the rows that come after.
        cause=np.where(is_first | (visits.clock[enters] != NO_ROW), NO_ROW, visits.row[enters] - 1),
        is_first=is_first,
        row=visits.row[enters],
        until_row=np.where(does_leave, visits.row[leave], end_row[person]),
        left=np.where(does_leave, visits.day[leave], np.int32(MISSING)),
        left_by=np.where(does_leave, visits.clock[leave], np.int16(NO_ROW)),
    )


def _first_days(log: EventLog, lines: Timelines, years: int) -> NDArray[np.int32]:
    """Give the day on which the person of each course has completed so many years; before every day if unknown."""
    return birthday_array(log.people.birth, years)[lines.people(np.arange(len(lines)))]


def _since(first: NDArray[np.int32], stays: ClockStays, until: int) -> ClockStays:
    """Give the stays from a day of each course on; those that were left before it, or that it lies behind, are none."""
    entered = np.maximum(stays.entered, first[stays.person])
    last = np.where(stays.left == MISSING, np.int32(until), stays.left)
    kept = np.flatnonzero(entered <= last)
    return ClockStays(*[column[kept] for column in astuple(evolve(stays, entered=entered), recurse=False)])


@frozen(eq=False)
class Runs:
    """Runs of one clock.

    Attributes
    ----------
    stay, started
        In which stay, and from which day on.
    cause
        The event that starts it, ``NO_ROW`` if none does.
    row
        The event that satisfies it, ``NO_ROW`` if none does.
    due
        The day on which it is due.
    """

    stay: Indices
    started: NDArray[np.int32]
    cause: Indices
    row: Indices
    due: NDArray[np.int32]


def _runs_of(stays: ClockStays, clock: Clock, meets: Indices, days: NDArray[np.int32]) -> Runs:
    """Cut stays into runs: a clock that repeats starts anew with each event that satisfies it.

    ``meets`` has those events as rows of the courses, ``days`` the day of each row.
    """
    first, behind = np.searchsorted(meets, stays.row), np.searchsorted(meets, stays.until_row)
    met = behind - first if clock.timing.repeats else np.minimum(behind - first, 1)
    count = met + 1 if clock.timing.repeats else np.ones_like(met)
    stay = np.repeat(np.arange(len(met)), count)
    before = np.cumsum(count) - count
    nth = np.arange(len(stay)) - before[stay]
    place, padded = first[stay] + nth, np.append(meets, NO_ROW)
    row = np.where(nth < met[stay], padded[np.minimum(place, len(meets))], NO_ROW)
    cause = np.where(nth > 0, padded[place - 1], stays.cause[stay])
    started = np.where(nth > 0, days[cause], stays.entered[stay])
    return Runs(stay, started, cause, row, clock.due(started) if clock.is_same_for_all else np.zeros_like(started))


def _with_lengths(runs: Runs, stays: ClockStays, clock: Clock, context: EvaluationContext, lines: Timelines) -> Runs:
    """Give the runs that start, and when each is due: its length is worked out, or counts from a date in the event."""
    begins = np.ones(len(runs.stay), np.bool_)
    begins[1:] = runs.stay[1:] != runs.stay[:-1]
    is_first = begins & stays.is_first[runs.stay]
    person, cause = lines.people(stays.person[runs.stay]), lines.in_log(runs.cause)
    due = due_days(context, clock, starts_of(context.log, person, runs.started, cause, is_first))
    # Where one run does not start, none comes after it in the same stay.
    stopped = np.cumsum(due == NEVER)
    before = (stopped - (due == NEVER))[np.flatnonzero(begins)]
    starting = np.flatnonzero(stopped == before[np.cumsum(begins) - 1])
    kept = evolve(runs, due=due)
    return Runs(*[column[starting] for column in astuple(kept, recurse=False)])


def _settled(runs: Runs, stays: ClockStays, clock: Clock, days: NDArray[np.int32], until: int) -> Obligations:
    """Say what became of runs."""
    due, left = runs.due, stays.left[runs.stay]
    has_row, leaves = runs.row != NO_ROW, left != MISSING
    on = days[runs.row]
    if clock.target >= 0:
        # One that leads somewhere was missed if it is what the person left by: that comes before any event.
        breached = ~has_row & (stays.left_by[runs.stay] == clock.index)
    else:
        breached = np.where(has_row, due < on, due < np.where(leaves, left, np.int32(until)))
    outcome = np.where(breached, _BREACHED, np.where(has_row, _MET, np.where(leaves, _CANCELLED, _OPEN)))
    settled = np.where(has_row, on, left)
    return Obligations(
        person=stays.person[runs.stay],
        timing=np.full(len(due), clock.index, np.int16),
        started=runs.started,
        due=due,
        outcome=outcome.astype(np.uint8),
        ended=np.where(breached, due + np.int32(1), settled),
        row=runs.row,
        resolved=np.where(breached, settled, np.int32(MISSING)),
    )


def _reader(reader: SignalReader, clock: Clock, machine: Machine) -> SignalReader:
    """Give whose events are read for a clock: one that runs in the initial state is satisfied by anybody's."""
    return reader.whole if clock.in_set[machine.initial] else reader


def obligations_of(trail: Trail, observed: Observed, machine: Machine, reader: SignalReader, until: int) -> Obligations:
    """Give every run of every timing, by course, start and timing."""
    lines, visits = trail.lines, visits_of(trail, observed, machine.initial)
    parts = [_NOTHING]
    for clock in machine.clocks:
        stays = _stays_in(visits, clock, observed.end_row)
        meets = lines.own_rows(rows_that_meet(_reader(reader, clock, machine), clock))
        if clock.from_age is not None:
            first = _first_days(reader.whole.context.log, lines, clock.from_age)
            stays, meets = _since(first, stays, until), meets[lines.days[meets] >= first[lines.course_of(meets)]]
        runs = _runs_of(stays, clock, meets, lines.days)
        if not clock.is_same_for_all:
            runs = _with_lengths(runs, stays, clock, reader.whole.context, lines)
        parts.append(_settled(runs, stays, clock, lines.days, until))
    every = joined(parts, [0] * len(parts), [0] * len(parts))
    # Runs of one clock stand in the order in which they were made, and keep it where all else is equal.
    first = every.started.min(initial=until)
    key = (every.person * np.int64(until - first + 1) + (every.started - first)) * len(parts) + every.timing
    order = np.argsort(key, kind="stable")
    return Obligations(*[column[order] for column in astuple(every, recurse=False)])
