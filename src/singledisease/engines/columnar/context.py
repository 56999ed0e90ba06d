"""Evaluating nodes on domains, each only once, and on the coarsest domain that tells its values apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.domain import Domain, Everyone, Moments, Root, SelectedRows, kept_on, shape_of
from singledisease.engines.columnar.null_strict_pick import null_strict_pick
from singledisease.engines.columnar.operands import Array, Mask, Operand
from singledisease.engines.columnar.row_runs import RowRuns
from singledisease.engines.columnar.scopes import asks_linked, is_timeless, names_moment, names_row
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Apply, Pick
from singledisease.pathway_courses import Courses

Function = Callable[["EvaluationContext", Any, Any], Operand]
"""Gives the value of a node on a domain."""


@frozen(eq=False)
class OperationTable:
    """What each kind of node means.

    Attributes
    ----------
    functions
        By operator, or by kind of node.
    picked
        Gives the rows that a pick finds for the elements of a domain.
    """

    functions: Mapping[Any, Function]
    picked: Callable[[EvaluationContext, Pick, Domain], SelectedRows | RowRuns]


@frozen(eq=False, kw_only=True)
class EvaluationContext:
    """What expressions are asked of: a log, the diseases they may name, courses, periods.

    Attributes
    ----------
    everyone
        The people in the periods that are asked about.
    table
        What each kind of node means.
    kept
        The tables of rows made so far, and what is known of the log itself.
    """

    log: EventLog
    diseases: Mapping[str, Disease]
    courses: Mapping[str, Courses]
    everyone: Everyone
    common: CommonSubexpressions
    table: OperationTable
    kept: dict[Any, Any] = field(factory=dict)

    def courses_of(self, disease: str) -> Courses:
        """Give the courses of a disease; raises ``UsageError`` if none were given."""
        if disease not in self.courses:
            raise UsageError(f"an expression asks about {disease!r}, but no courses of it were given")
        return self.courses[disease]

    def disease(self, name: str) -> Disease:
        """Give a disease by id; raises ``UsageError`` if it is not among those at hand."""
        if name not in self.diseases:
            raise UsageError(f"an expression asks about {name!r}, but that disease is not at hand")
        return self.diseases[name]

    def institutions(self) -> Everyone:
        """Give the institutions in the same periods, and behind them one for what is not in their table."""
        size = len(self.log.institutions.ids) + 1
        found: Everyone = kept_on(
            self, ("institutions",), lambda: evolve(self.everyone, owners="institutions", size=size, kept={})
        )
        return found


def evaluate(context: EvaluationContext, node: Any, domain: Domain) -> Operand:
    """Give the value of a node for each element of a domain.

    What does not name a column of the row is worked out on the root of the rows and spread over them; what is
    missing without a picked row is worked out on the picked rows and scattered.
    """
    key = "value", context.common.of(node)
    found: Operand = kept_on(domain, key, lambda: _evaluate(context, node, domain))
    return found


def _evaluate(context: EvaluationContext, node: Any, domain: Domain) -> Operand:
    coarser = _coarser(context, node, domain)
    if coarser is not None:
        return o.on_arrays(evaluate(context, node, coarser), domain.spread)  # type: ignore[union-attr]
    pick = None if isinstance(domain, SelectedRows) else null_strict_pick(context.common, node)
    if pick is not None:
        found = context.table.picked(context, pick, domain)
        rows = found if isinstance(found, SelectedRows) else None
        if isinstance(found, RowRuns):
            if is_of_runs(context, node, found):
                return found.spread(evaluate(context, node, found.rows))
            if _SPARSE * found.pairs < math.prod(domain.shape):
                rows = kept_on(found, ("written out",), found.written_out)
        if rows is not None:
            return o.scattered(evaluate(context, node, rows), rows.cell, shape_of(domain, rows))
    return context.table.functions[_key(node)](context, node, domain)


_SPARSE = 4
"""Where so many elements come on each row, rows are written out; else it is faster to work on all elements."""


def is_of_runs(context: EvaluationContext, node: Any, runs: RowRuns) -> bool:
    """Say whether a value is the same in all periods of the run of a picked row."""
    common, as_seen = context.common, frozenset(runs.rows.table.as_seen)
    return not asks_linked(common, node) and is_timeless(common, node, as_seen, runs.rows.pick)


def _coarser(context: EvaluationContext, node: Any, domain: Domain) -> Root | None:
    """Give the coarser domain on which a node has the same values."""
    if isinstance(domain, SelectedRows) and not names_row(context.common, node, domain.pick):
        return domain.root
    if isinstance(domain, Moments) and not names_moment(context.common, node):
        return domain.people
    return None


def _key(node: Any) -> Any:
    """Give by what the meaning of a node is found: the operator, else the kind of node."""
    return node.operation if isinstance(node, Apply) else type(node)


def evaluate_mask(context: EvaluationContext, node: Any, domain: Domain, wanted: bool = True) -> Mask:
    """Say where a condition is known to be as ``wanted``."""
    truth = evaluate(context, node, domain)
    assert isinstance(truth, o.Truth)
    return truth.where(wanted)


def day_of(context: EvaluationContext, node: Any, domain: Domain) -> NDArray[np.int32]:
    """Give the value of a date."""
    found = evaluate(context, node, domain)
    assert isinstance(found, o.Day)
    return found.values


def asked_on(domain: Domain) -> NDArray[np.int32]:
    """Give the day on which the question of each element is asked."""
    return domain.spread(domain.root.asked) if isinstance(domain, SelectedRows) else domain.asked


def seen_until(domain: Domain) -> NDArray[np.int32]:
    """Give the last day seen of each element."""
    return domain.spread(domain.root.seen) if isinstance(domain, SelectedRows) else domain.seen


def births_of(context: EvaluationContext, domain: Domain) -> Array:
    """Give the day of birth of the person of each element."""
    births = context.log.people.birth
    if isinstance(domain, Everyone):
        return births[np.newaxis]
    return np.asarray(kept_on(domain, ("births",), lambda: births.take(domain.owner)))
