"""Which signals each event gives, and which clocks it satisfies: row by row, before anyone takes a step.

Rows are taken kind by kind: a signal need only be looked for among events of its kinds, and what several
signals ask of the same rows is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.as_heard import rows_as_heard
from singledisease.engines.columnar.concerns import exits_by_death, rows_concerning
from singledisease.engines.columnar.context import EvaluationContext, evaluate_mask
from singledisease.engines.columnar.domain import SelectedRows
from singledisease.engines.columnar.make_context import make_context
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.engines.columnar.row_tables import table_of
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.walking.observation_windows import stretches
from singledisease.engines.columnar.walking.pathway_tables import Clock, Machine
from singledisease.language.nodes import Events, Value


@frozen(eq=False)
class SignalReader:
    """Reads the events of a log that concern the disease, kind by kind as they are asked for.

    Attributes
    ----------
    everyone
        The reader of everybody's events; ``None``: this is it.
    in_log
        Where the rows of a reader of some people's events stand among everybody's.
    """

    context: EvaluationContext
    disease: Disease
    everyone: SignalReader | None = None
    in_log: Indices | None = None
    _by_kind: dict[str, SelectedRows] = field(factory=dict)

    def rows(self, kinds: tuple[str, ...]) -> Iterator[tuple[str, SelectedRows]]:
        """Give the rows of each of some kinds, of all if none is named; those of which there are none are left out."""
        for kind in self.context.log.kind.categories:
            if not kinds or kind in kinds:
                if kind not in self._by_kind:
                    index = rows_concerning(self.context.log, self.disease, kind)
                    self._by_kind[kind] = rows_as_heard(self.context, table_of(self.context, Events()), index)
                if len(self._by_kind[kind].index):
                    yield kind, self._by_kind[kind]

    @property
    def whole(self) -> SignalReader:
        """The reader of everybody's events."""
        return self.everyone or self

    def placed(self, rows: Indices) -> Indices:
        """Give where some rows stand among everybody's."""
        return rows if self.in_log is None else self.in_log.take(rows)

    def only(self, people: Indices) -> SignalReader:
        """Give a reader of the events of some people, who are all that there is to it: to look back is to few rows."""
        context = self.context
        few = context.log.only(people)
        some = make_context(few, context.diseases, context.courses, (), context.common)
        rows = stretches(context.log.offsets[people], context.log.offsets[people + 1])
        return SignalReader(some, self.disease, everyone=self, in_log=rows)


Asked = tuple[tuple[str, ...], Value | None]
"""Kinds (none: any), and a condition that rows of these kinds have to meet."""


def signals_given(reader: SignalReader, machine: Machine) -> Array:
    """Give for each row of the log the bits of the signals that it gives."""
    given = _bits(reader, [(signal.kinds, signal.when) for signal in machine.disease.pathway.signals], machine.bits)
    given[exits_by_death(reader.whole.context.log)] = 0
    return given


def clocks_met(reader: SignalReader, clocks: Sequence[Clock], bits: type[Any]) -> Array:
    """Give for each row of the log the bits of the clocks that it satisfies, numbered as they come."""
    return _bits(reader, [_asked(clock) for clock in clocks], bits)


def who_may_move(reader: SignalReader, machine: Machine) -> Mask | None:
    """Say who may ever leave the initial state; ``None``: everybody may, as time passes.

    Most people have nothing to do with most diseases: of them only what is heard in the initial state need be asked.
    """
    if any(clock.in_set[machine.initial] for clock in machine.movers):
        return None
    found = np.zeros(len(reader.context.log.people), np.bool_)
    for signal in machine.leaving_initial:
        for _, rows in reader.rows(signal.kinds):
            holds = np.broadcast_to(_holds(reader, rows, signal.when), rows.index.shape)
            found[rows.owner[np.flatnonzero(holds)]] = True
    return found


def rows_that_meet(reader: SignalReader, clock: Clock) -> Indices:
    """Give the rows that satisfy a clock, ascending."""
    timing, found = clock.timing, [np.zeros(0, np.intp)]
    for _, rows in reader.rows(timing.kinds) if timing.can_be_met else ():
        holds = np.broadcast_to(_holds(reader, rows, timing.met_by), rows.index.shape)
        found.append(reader.placed(rows.index[np.flatnonzero(holds)]))
    # The rows of each kind are in order already, which only this way of sorting makes use of.
    return np.sort(np.concatenate(found), kind="stable")


def _asked(clock: Clock) -> Asked | None:
    return (clock.timing.kinds, clock.timing.met_by) if clock.timing.can_be_met else None


def _bits(reader: SignalReader, asked: Iterable[Asked | None], bits: type[Any]) -> Array:
    """Give for each row a bit for each of the questions whose answer is yes."""
    found = np.zeros(len(reader.whole.context.log), bits)
    by_kind: dict[str, Array] = {}
    for i, question in enumerate(asked):
        if question is None:
            continue
        kinds, condition = question
        for kind, rows in reader.rows(kinds):
            of_kind = by_kind.setdefault(kind, np.zeros(len(rows.index), bits))
            of_kind |= _holds(reader, rows, condition).astype(bits) << bits(i)
    for kind, of_kind in by_kind.items():
        for _, rows in reader.rows((kind,)):
            found[reader.placed(rows.index)] = of_kind
    return found


def _holds(reader: SignalReader, rows: SelectedRows, condition: Value | None) -> Mask:
    return np.array([True]) if condition is None else evaluate_mask(reader.context, condition, rows)
