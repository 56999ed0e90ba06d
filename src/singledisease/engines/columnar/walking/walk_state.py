"""Everyone's walk, one event of each person at a time.

People are ordered by how many events matter to them, so that those who have a k-th event are always the
first so many, and what is known of them is a view, not a copy.
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.engines.columnar.operands import Array
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.clock_starts import Lengths
from singledisease.engines.columnar.walking.observation_windows import Observed
from singledisease.engines.columnar.walking.pathway_tables import NEVER, START, STOP, Clock, Machine
from singledisease.pathway_courses import NO_ROW


@frozen(eq=False)
class Steps:
    """Rows that may matter, by person in the order of walking.

    Attributes
    ----------
    first, count
        Place of each person's first such row among them, and how many there are; counts descend.
    row, date, signals, met
        Of each: row of the log, day, bits of signals given, bits of movers satisfied.
    """

    first: Indices
    count: Indices
    row: Indices
    date: NDArray[np.int32]
    signals: Array
    met: Array


@frozen(eq=False)
class MoveAtOnce:
    """Moves that some people make at once, because of events or because a clock fell.

    ``clock`` is the index of the timing, ``NO_ROW`` if events led here.  ``row`` is the event, or the next one
    that matters after the clock fell.
    """

    who: Indices
    day: NDArray[np.int32]
    target: NDArray[np.uint8]
    row: Indices
    clock: int


@frozen(eq=False)
class WalkState:
    """Where everyone stands while walking; its arrays are written to.

    Attributes
    ----------
    state, entered
        Present state, and the day on which it was entered.
    due
        (movers, people): when each clock is due, ``NEVER`` if it does not run.
    earliest
        When the first of a person's clocks is due; the same array as ``due[0]`` if there is one mover.
    effects
        For each mover, by source and target state as one number: what a move does to it.
    disturbs
        By source and target: whether a move does anything to any of them.
    lengths
        For each mover how long it runs; ``None`` if the day on which it starts says when it is due.
    """

    machine: Machine
    movers: tuple[Clock, ...]
    state: NDArray[np.uint8]
    entered: NDArray[np.int32]
    due: NDArray[np.int32]
    earliest: NDArray[np.int32]
    effects: tuple[NDArray[np.uint8], ...]
    disturbs: NDArray[np.bool_]
    lengths: tuple[Lengths | None, ...]
    moves: list[MoveAtOnce] = field(factory=list)


def set_up(
    machine: Machine, start: NDArray[np.int32], observed: NDArray[np.bool_], lengths: tuple[Lengths | None, ...]
) -> WalkState:
    """Put everyone at the start of observed time into the initial state; no clock runs for who is not observed."""
    movers, people = machine.movers, len(start)
    due = np.full((len(movers), people), NEVER, np.int32)
    who = np.flatnonzero(observed)
    for i, (clock, length) in enumerate(zip(movers, lengths, strict=True)):
        if clock.in_set[machine.initial]:
            day = start[who]
            due[i, who] = clock.due(day) if length is None else length.since_time_passed(who, day, is_first=True)
    earliest = due[0] if len(movers) == 1 else due.min(axis=0, initial=NEVER)
    state = np.full(people, machine.initial, np.uint8)
    return WalkState(machine, movers, state, start.copy(), due, earliest, machine.effects, machine.disturbs, lengths)


def walk_all(board: WalkState, steps: Steps) -> None:
    """Take every event of everyone, the k-th of each person together."""
    active = np.searchsorted(-steps.count, -np.arange(int(steps.count.max(initial=0))), "left")
    for k, people in enumerate(active):
        at = steps.first[:people] + k
        day = steps.date[at]
        if board.movers:
            _fall_before(board, np.flatnonzero(board.earliest[:people] < day), day, steps.row, at)
            _meet(board, steps, at, day)
        _hear(board, steps, at, day)


def fall_until(board: WalkState, last: NDArray[np.int32], end_row: Indices) -> None:
    """Let every clock fall that falls on or before each person's last day; ``end_row`` is behind their rows."""
    if board.movers:
        _fall_before(board, np.flatnonzero(board.earliest < last), last, end_row, np.arange(len(last)))


def deaths_of(state: NDArray[np.uint8], died: int, order: Indices, observed: Observed) -> MoveAtOnce:
    """Give the moves of those who died into the state that death leads to, if they are not there; last of all."""
    who = np.flatnonzero(observed.dead[order] & (state != died))
    person = order[who]
    target = np.full(len(who), np.uint8(died))
    return MoveAtOnce(who, observed.last[person], target, observed.death_row[person], NO_ROW)


def _fall_before(board: WalkState, who: Indices, day: NDArray[np.int32], row: Indices, at: Indices) -> None:
    """Let the clocks of some people fall that were due before a day, one at a time.

    ``day`` and ``at`` are of everyone; ``row[at]`` is the next row that matters.
    """
    while len(who):
        others = who
        # Of several due on one day the first falls, and clocks stand as declared.
        for i, clock in enumerate(board.movers):
            is_first = board.due[i, others] == board.earliest[others]
            those, others = others[np.flatnonzero(is_first)], others[np.flatnonzero(~is_first)]
            target = np.full(len(those), clock.target, np.uint8)
            _move(board, MoveAtOnce(those, board.due[i, those] + np.int32(1), target, row[at[those]], clock.index))
        who = who[np.flatnonzero(board.earliest[who] < day[who])]


def _meet(board: WalkState, steps: Steps, at: Indices, day: NDArray[np.int32]) -> None:
    """Let events satisfy the clocks that run; one that repeats starts anew."""
    met, people = steps.met[at], len(day)
    for i, (clock, length) in enumerate(zip(board.movers, board.lengths, strict=True)):
        if clock.timing.can_be_met:
            due = board.due[i]
            who = np.flatnonzero((met & met.dtype.type(1 << i)) != 0)
            who = who[np.flatnonzero(due[who] != NEVER)]
            if not clock.timing.repeats:
                due[who] = NEVER
            else:
                due[who] = clock.due(day[who]) if length is None else length.by_row[steps.row[at[who]]]
    if len(board.movers) > 1:
        np.min(board.due[:, :people], axis=0, out=board.earliest[:people])


def _hear(board: WalkState, steps: Steps, at: Indices, day: NDArray[np.int32]) -> None:
    """Let the first signal speak that is given and that the present state hears."""
    machine, people = board.machine, len(day)
    hearing = board.state[:people]
    if machine.waits:
        spent = day - board.entered[:people]
        hearing = hearing * np.uint16(len(machine.waits) + 1)
        for days in machine.waits:
            hearing += spent >= days
    heard = machine.heard.take(hearing) & steps.signals[at]
    # Looking for what is not 0 among truths is several times faster than among numbers.
    who = np.flatnonzero(heard != 0)
    lowest = heard[who]
    # The zeros below the lowest bit that is set are as many as there are signals before it.
    signal = np.bitwise_count(~lowest & (lowest - 1))
    target = machine.target.take(board.state[who] * np.uint16(machine.signals) + signal)
    if machine.has_loops:
        moving = np.flatnonzero(target != board.state[who])
        who, target = who[moving], target[moving]
    _move(board, MoveAtOnce(who, day[who], target, steps.row[at[who]], NO_ROW))


def _move(board: WalkState, move: MoveAtOnce) -> None:
    board.moves.append(move)
    who, day = move.who, move.day
    pair = board.state[who] * np.uint16(256) + move.target
    board.state[who] = move.target
    board.entered[who] = day
    disturbed = np.flatnonzero(board.disturbs.take(pair))
    if not len(disturbed):
        return
    who, day, pair = who[disturbed], day[disturbed], pair[disturbed]
    for i, (mover, effects, length) in enumerate(zip(board.movers, board.effects, board.lengths, strict=True)):
        effect = effects.take(pair)
        starting = np.flatnonzero(effect == START)
        board.due[i, who[np.flatnonzero(effect == STOP)]] = NEVER
        if length is None:
            due = mover.due(day[starting])
        elif move.clock == NO_ROW:
            due = length.by_row[move.row[disturbed[starting]]]
        else:
            due = length.since_time_passed(who[starting], day[starting])
        board.due[i, who[starting]] = due
    if len(board.movers) > 1:
        board.earliest[who] = board.due[:, who].min(axis=0)
