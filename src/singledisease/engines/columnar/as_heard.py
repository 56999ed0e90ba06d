"""Expressions in the rows of events, each of which sees what has happened to its person up to itself."""

from __future__ import annotations

from collections.abc import Sequence

from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.context import EvaluationContext, evaluate
from singledisease.engines.columnar.domain import Moments, SelectedRows
from singledisease.engines.columnar.make_context import make_context
from singledisease.engines.columnar.row_tables import table_of
from singledisease.engines.columnar.scopes import with_own_columns
from singledisease.engines.columnar.table import Indices, RowTable
from singledisease.engines.columnar.values import as_values
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Events, Value
from singledisease.person_values import Values


def rows_as_heard(context: EvaluationContext, events: RowTable, index: Indices) -> SelectedRows:
    """Give events of which each sees what has happened to its person up to itself."""
    moments = Moments(
        owner=events.owner.take(index).astype("intp"),
        asked=events.date.take(index),
        behind=index + 1,
        people=context.everyone,
    )
    return SelectedRows(table=events, index=index, root=moments, outer=moments)


def values_as_heard(expressions: Sequence[Value], log: EventLog, index: Indices) -> list[Values]:
    """Give the values of expressions in some rows of a log, ascending, each seen with what stands before it.

    Nothing that depends on a pathway or a period may be asked.
    """
    context = make_context(log, {}, {}, (), CommonSubexpressions())
    rows = rows_as_heard(context, table_of(context, Events()), index)
    return [as_values(evaluate(context, with_own_columns(node), rows), rows.shape) for node in expressions]
