"""When clocks are due that do not run equally long for all: the length is worked out, or counts from a date."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, add_months_array
from singledisease.engines.columnar.context import EvaluationContext, evaluate
from singledisease.engines.columnar.domain import Moments
from singledisease.engines.columnar.linked import people_of
from singledisease.engines.columnar.operands import FIRST_DAY, LAST_DAY, Array, Mask, Number
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.observation_windows import first_row_from
from singledisease.engines.columnar.walking.pathway_tables import NEVER, Clock, Machine
from singledisease.engines.columnar.walking.timelines import Timelines
from singledisease.eventlog.columns import Dates
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW

Days = NDArray[np.int32]


@frozen(eq=False)
class Starts:
    """Starts of one clock.

    Attributes
    ----------
    person, day
        Whose, and from which day on.
    row
        The event that starts it, as row of the log; ``NO_ROW`` if none does.
    behind
        The row of the log behind the last one that the length sees.
    """

    person: Indices
    day: Days
    row: Indices
    behind: Indices


def starts_of(log: EventLog, person: Indices, day: Days, row: Indices, is_first: Mask) -> Starts:
    """Say what the length sees of each start: up to the event, else what was before the day, at first nothing."""
    behind = np.where(is_first, log.offsets[person], row + 1)
    passed = np.flatnonzero(~is_first & (row == NO_ROW))
    those = person[passed]
    behind[passed] = first_row_from(log.date, log.offsets[those], log.offsets[those + 1], day[passed])
    return Starts(person, day, row, behind)


def due_days(context: EvaluationContext, clock: Clock, starts: Starts) -> Days:
    """Give the day on which each run is due, ``NEVER`` where none starts."""
    origin, amount = _origins(context.log, clock, starts), _amounts(context, clock, starts)
    starting = np.flatnonzero((origin != MISSING) & ~np.isnan(amount))
    origin, amount = origin[starting], amount[starting]
    if clock.timing.length.unit == "months":
        # Further than all the months there are nobody need go to be beyond the last day.
        steps = np.clip(amount, -_MOST_MONTHS, _MOST_MONTHS).astype(np.int64)
        moved = add_months_array(origin, steps)
    else:
        moved = origin + np.clip(amount, -_MOST_DAYS, _MOST_DAYS).astype(np.int32)
    due: Days = np.full(len(starts.day), NEVER)
    due[starting] = np.where(moved > LAST_DAY, NEVER, np.maximum(moved, starts.day[starting]))
    return due


_MOST_MONTHS, _MOST_DAYS = 12 * 10_000, LAST_DAY - FIRST_DAY + 1  # from the first year to the last, and a day


def _amounts(context: EvaluationContext, clock: Clock, starts: Starts) -> NDArray[np.float64]:
    """Give how many days or months each run takes; a fraction is cut off, NaN is unknown."""
    moments = Moments(owner=starts.person, asked=starts.day, behind=starts.behind, people=context.everyone)
    found = evaluate(context, clock.timing.length.amount, moments)
    assert isinstance(found, Number)
    whole = np.floor(np.broadcast_to(found.values, moments.shape))
    return whole * 7 if clock.timing.length.unit == "weeks" else whole


def _origins(log: EventLog, clock: Clock, starts: Starts) -> Days:
    """Give the day from which each length counts, ``MISSING`` where there is none."""
    name = clock.timing.starts_from
    if not name:
        return starts.day
    column = Dates(log.date) if name == "date" else log.columns.get(name)
    if not isinstance(column, Dates):
        return np.full(len(starts.day), np.int32(MISSING))
    # The row before the first is no row, and has no day.
    return np.append(column.values, np.int32(MISSING))[starts.row]


@frozen(eq=False)
class Lengths:
    """How long a clock runs that does not run equally long for all, asked while everyone walks.

    Attributes
    ----------
    person
        Whose course stands at each place of the walk.
    by_row
        The day on which it is due if an event starts it, for each row of the courses; ``NEVER`` if none can.
    """

    context: EvaluationContext
    clock: Clock
    person: Indices
    by_row: Days

    def since_time_passed(self, who: Indices, day: Days, *, is_first: bool = False) -> Days:
        """Give when it is due where no event starts it, but observed time or a timing that fell."""
        row = np.full(len(who), NO_ROW)
        starts = starts_of(self.context.log, self.person[who], day, row, np.full(len(who), is_first))
        return due_days(self.context, self.clock, starts)


def may_start(machine: Machine, clock: Clock, signals: Array, is_met: Mask) -> Mask:
    """Say which rows may start a clock, by the bits of the signals that they give and whether they satisfy it."""
    leads_in: Mask = (signals & machine.bits(_entering(machine, clock))) != 0
    return leads_in | is_met if clock.timing.repeats else leads_in


def lengths_of(context: EvaluationContext, lines: Timelines, clock: Clock, order: Indices, starting: Mask) -> Lengths:
    """Work out how long a clock runs from each row that may start it; ``order`` has the course at each place."""
    row = np.flatnonzero(starting)
    in_log = lines.in_log(row)
    by_row = np.full(len(lines.date), NEVER)
    starts = starts_of(
        context.log, people_of(context.log, in_log), lines.date[row], in_log, np.zeros(len(row), np.bool_)
    )
    by_row[row] = due_days(context, clock, starts)
    return Lengths(context, clock, lines.people(order), by_row)


def _entering(machine: Machine, clock: Clock) -> int:
    """Give the bits of the signals that lead into the states of a clock from outside."""
    pathway, inside = machine.disease.pathway, set(clock.timing.states)
    bits = {signal.id: 1 << i for i, signal in enumerate(pathway.signals)}
    found = 0
    for transition in pathway.transitions:
        if transition.target in inside and not inside.issuperset(transition.sources):
            found |= bits[transition.signal]
    return found
