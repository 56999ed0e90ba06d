"""Walking a pathway for everyone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease, services_lead
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.context import EvaluationContext
from singledisease.engines.columnar.event_rows import person_of
from singledisease.engines.columnar.make_context import make_context
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.prepare import prepared_pathway
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.among_everyone import among_everyone
from singledisease.engines.columnar.walking.clock_starts import Lengths, lengths_of, may_start
from singledisease.engines.columnar.walking.concatenate import joined, joined_spells
from singledisease.engines.columnar.walking.obligations import obligations_of
from singledisease.engines.columnar.walking.observation_windows import Observed, observed_of, observed_people
from singledisease.engines.columnar.walking.pathway_tables import Clock, Machine, machine_of, smallest
from singledisease.engines.columnar.walking.signals import SignalReader, clocks_met, signals_given, who_may_move
from singledisease.engines.columnar.walking.spells import spells_of, states_on_rows, trail_of
from singledisease.engines.columnar.walking.timelines import Timelines, of_people, of_sequences
from singledisease.engines.columnar.walking.walk_state import Steps, deaths_of, fall_until, set_up, walk_all
from singledisease.engines.columnar.walking.walkers import log_of_walkers
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses, Moves, Obligations, SpellColumns

T = TypeVar("T")

CHUNK = 2**16
"""People walked together: what is known of them stays in the processor's cache, and fits 16 bits."""
_MOST = 0.5
"""If more than this share of the people may move, everybody's events are read."""
_THREADS = 2
"""NumPy lets go of Python while it works, so that a second thread nearly halves the time."""


@frozen(eq=False)
class _Part:
    lines: Timelines
    spells: SpellColumns
    moves: Moves
    at_row: NDArray[np.uint8]
    obligations: Obligations | None


def walk(disease: Disease, log: EventLog, until: int, *, obligations: bool = False) -> Courses:
    """Walk everyone of a log, or every linked sequence, through the pathway of a resolved disease.

    Parameters
    ----------
    disease
        Resolved: its parameters have their values.
    log
        The events; ``log.as_of`` has been asked already.
    until
        Last observed day.  A linked sequence that begins later is not there.
    obligations
        Whether to give every run of every timing too.

    Raises
    ------
    DefinitionError
        If the pathway has more than 63 signals.
    """
    with_services = obligations or services_lead(disease)
    ready, common = prepared_pathway(disease, with_services)
    timings = ready.timings if with_services else ready.pathway.timings
    task = _Task(machine_of(ready, timings, log, until), until, common, obligations)
    who = _who_walks(task, log)
    if who is None:
        return _walked(disease, task, log)
    walkers = log_of_walkers(log, who, task.machine, common)
    return among_everyone(_walked(disease, task, walkers), who, log, task.machine)


@frozen(eq=False)
class _Task:
    """What is asked of every part of a log."""

    machine: Machine
    until: int
    common: CommonSubexpressions
    obligations: bool

    @property
    def of_all(self) -> bool:
        """Whether there is something to tell of everybody, even of who never leaves the initial state."""
        machine = self.machine
        return self.obligations and any(clock.in_set[machine.initial] for clock in machine.clocks)


def _who_walks(task: _Task, log: EventLog) -> Indices | None:
    """Give who may ever leave the initial state; ``None``: so many that everybody may as well walk, or all must."""
    machine = task.machine
    if task.of_all or machine.disease.pathway.sequence == "link" or machine.initial == machine.died:
        return None

    def found(part: EventLog) -> Mask | None:
        return who_may_move(SignalReader(_context(task, part), machine.disease), machine)

    firsts = _firsts(log)
    # Of hypertension the first part says already that it is most people.
    first = found(_part(log, 0))
    if first is None or np.count_nonzero(first) > _MOST * len(first):
        return None
    masks = [first, *_in_threads(lambda place: found(_part(log, place)), firsts[1:])]
    who = np.flatnonzero(np.concatenate([mask for mask in masks if mask is not None]))
    return who if len(who) <= _MOST * len(log.people) else None


def _firsts(log: EventLog) -> range:
    """Give the person with whom each part of a log begins."""
    return range(0, max(len(log.people), 1), CHUNK)


def _part(log: EventLog, first: int) -> EventLog:
    return log if len(log.people) <= CHUNK else log.part(first, min(first + CHUNK, len(log.people)))


def _in_threads(work: Callable[[int], T], firsts: Sequence[int]) -> list[T]:
    if len(firsts) < 2:
        return list(map(work, firsts))
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(work, firsts))


def _walked(disease: Disease, task: _Task, log: EventLog) -> Courses:
    """Walk everyone of a log, part by part."""
    firsts = _firsts(log)
    parts = _in_threads(lambda first: _walk_part(task, _part(log, first)), firsts)
    rows = [int(log.offsets[first]) for first in firsts]
    number = [len(part.lines) for part in parts]
    first_courses = [sum(number[:i]) for i in range(len(parts))]
    runs = [part.obligations for part in parts if part.obligations is not None]
    linked = [
        (first, part.lines.links) for first, part in zip(firsts, parts, strict=True) if part.lines.links is not None
    ]
    return Courses(
        disease=disease,
        until=task.until,
        spells=joined_spells([part.spells for part in parts], rows),
        moves=joined([part.moves for part in parts], first_courses, rows),
        at_row=np.concatenate([part.at_row for part in parts]),
        obligations=joined(runs, first_courses, rows) if runs else None,
        owner=np.concatenate([links.person + first for first, links in linked]) if linked else None,
        link=np.concatenate([links.name for _, links in linked]) if linked else None,
    )


def _context(task: _Task, log: EventLog) -> EvaluationContext:
    return make_context(log, {task.machine.disease.id: task.machine.disease}, {}, (), task.common)


def _walk_part(task: _Task, log: EventLog) -> _Part:
    machine, until, context = task.machine, task.until, _context(task, log)
    is_linked = machine.disease.pathway.sequence == "link"
    lines = of_sequences(log, machine.disease, until) if is_linked else of_people(log)
    observed = observed_of(lines, until) if is_linked else observed_people(log, until)
    reader = SignalReader(context, machine.disease)
    if task.of_all and not is_linked:
        reader = _of_those_who_may_move(reader, machine)
    met = lines.heard(clocks_met(reader, machine.movers, smallest(len(machine.movers))))
    signals = lines.heard(signals_given(reader, machine))
    course = person_of(log) if lines.links is None else np.repeat(np.arange(len(lines)), np.diff(lines.offsets))
    steps, order = _steps(lines, observed, _mattering(signals, met, reader.in_log), course, (signals, met))

    def length(i: int, clock: Clock) -> Lengths:
        is_met = (met >> met.dtype.type(i)) & 1 == 1
        return lengths_of(context, lines, clock, order, may_start(machine, clock, signals, is_met))

    lengths = tuple(None if clock.is_same_for_all else length(i, clock) for i, clock in enumerate(machine.movers))
    board = set_up(machine, observed.start[order], observed.any[order], lengths)
    walk_all(board, steps)
    fall_until(board, observed.last[order], observed.end_row[order])
    made = [*board.moves, deaths_of(board.state, machine.died, order, observed)]
    trail = trail_of(made, order, lines, observed, machine.initial)
    spells, begins = spells_of(trail, observed, until)
    runs = obligations_of(trail, observed, machine, reader, until) if task.obligations else None
    at_row = states_on_rows(lines, spells, begins, observed, until)
    return _Part(
        lines,
        evolve(spells, row=lines.in_log(spells.row)),
        evolve(trail.moves, row=lines.in_log(trail.moves.row)),
        lines.states_in_log(at_row, len(log)),
        None if runs is None else evolve(runs, row=lines.in_log(runs.row)),
    )


def _of_those_who_may_move(reader: SignalReader, machine: Machine) -> SignalReader:
    found = who_may_move(reader, machine)
    if found is None:
        return reader
    who = np.flatnonzero(found)
    # To read the events of half of the people once more would take longer than to read those of the others.
    return reader if len(who) > _MOST * len(found) else reader.only(who)


def _mattering(signals: Array, met: Array, among: Indices | None) -> Indices:
    """Give the rows that say anything, ascending; ``among``: no others do."""
    if among is None:
        return np.flatnonzero((signals != 0) | (met != 0))
    return among[np.flatnonzero((signals.take(among) != 0) | (met.take(among) != 0))]


def _steps(
    lines: Timelines, observed: Observed, row: Indices, course: Array, said: tuple[Array, Array]
) -> tuple[Steps, Indices]:
    """Leave those rows that are observed, and order people by how many they have; ``course`` has that of each row."""
    those = course.take(row)
    kept = np.flatnonzero(row < observed.end_row.take(those))
    row = row.take(kept)
    count = np.bincount(those.take(kept), minlength=len(lines))
    first, most = np.cumsum(count) - count, count.max(initial=0)
    # Small numbers of few bits are sorted without comparing.
    order = np.argsort((most - count).astype(np.min_scalar_type(most)), kind="stable")
    signals, met = said
    return Steps(first[order], count[order], row, lines.date[row], signals[row], met[row]), order
