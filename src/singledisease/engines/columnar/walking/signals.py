"""Which signals each event gives, and which clocks it satisfies: row by row, before anyone takes a step.

Rows are taken kind by kind: a signal need only be looked for among events of its kinds, and what several
signals ask of the same rows is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.engines.columnar.concerns import concerning, exits_by_death
from singledisease.engines.columnar.context import EvaluationContext, evaluate_mask
from singledisease.engines.columnar.domain import Moments, Rows
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.row_tables import table_of
from singledisease.engines.columnar.table import Indices, Table
from singledisease.engines.columnar.walking.pathway_tables import Clock, Machine
from singledisease.language.nodes import Events, Value


@frozen(eq=False)
class Reader:
    """Reads the events of a log that concern the disease.

    ``by_kind`` has their rows for each kind that is asked for and that there is.
    """

    context: EvaluationContext
    by_kind: dict[str, Rows]


Asked = tuple[tuple[str, ...], Value | None]
"""Kinds (none: any), and a condition that rows of these kinds have to meet."""


def reader_of(context: EvaluationContext, machine: Machine) -> Reader:
    """Make a reader for one disease."""
    log, events = context.log, table_of(context, Events())
    concerned = concerning(log, machine.disease)
    asked = [signal.kinds for signal in machine.disease.pathway.signals]
    asked += [clock.timing.kinds for clock in machine.clocks if clock.timing.can_be_met]
    by_kind = {}
    for code, kind in enumerate(log.kind.categories):
        # A kind that nothing asks for by name, and nothing takes as any, need not be looked for.
        if all(kinds and kind not in kinds for kinds in asked):
            continue
        index = np.flatnonzero(concerned & (log.kind.codes == code))
        if len(index):
            by_kind[kind] = rows_as_heard(context, events, index)
    return Reader(context, by_kind)


def rows_as_heard(context: EvaluationContext, events: Table, index: Indices) -> Rows:
    """Give events of which each sees what has happened to its person up to itself."""
    moments = Moments(
        owner=events.owner.take(index).astype(np.intp),
        asked=events.date.take(index),
        behind=index + 1,
        people=context.everyone,
    )
    return Rows(table=events, index=index, root=moments, outer=moments)


def signals_given(reader: Reader, machine: Machine) -> Array:
    """Give for each row of the log the bits of the signals that it gives."""
    given = _bits(reader, [(signal.kinds, signal.when) for signal in machine.disease.pathway.signals], machine.bits)
    given[exits_by_death(reader.context.log)] = 0
    return given


def clocks_met(reader: Reader, clocks: Sequence[Clock], bits: type[Any]) -> Array:
    """Give for each row of the log the bits of the clocks that it satisfies, numbered as they come."""
    return _bits(reader, [_asked(clock) for clock in clocks], bits)


def rows_that_meet(reader: Reader, clock: Clock) -> Indices:
    """Give the rows that satisfy a clock, ascending."""
    timing, found = clock.timing, [np.zeros(0, np.intp)]
    for kind, rows in reader.by_kind.items():
        if timing.can_be_met and (not timing.kinds or kind in timing.kinds):
            holds = np.broadcast_to(_holds(reader, rows, timing.met_by), rows.index.shape)
            found.append(rows.index[np.flatnonzero(holds)])
    # The rows of each kind are in order already, which only this way of sorting makes use of.
    return np.sort(np.concatenate(found), kind="stable")


def _asked(clock: Clock) -> Asked | None:
    return (clock.timing.kinds, clock.timing.met_by) if clock.timing.can_be_met else None


def _bits(reader: Reader, asked: Iterable[Asked | None], bits: type[Any]) -> Array:
    """Give for each row a bit for each of the questions whose answer is yes."""
    found = np.zeros(len(reader.context.log), bits)
    for kind, rows in reader.by_kind.items():
        of_kind = np.zeros(len(rows.index), bits)
        for i, question in enumerate(asked):
            if question is not None and (not question[0] or kind in question[0]):
                of_kind |= _holds(reader, rows, question[1]).astype(bits) << bits(i)
        found[rows.index] = of_kind
    return found


def _holds(reader: Reader, rows: Rows, condition: Value | None) -> Mask:
    return np.array([True]) if condition is None else evaluate_mask(reader.context, condition, rows)
