"""Asking for the value of a node: for everyone, or for each of some rows, and each thing only once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.domain import Rows, Table, events_table
from singledisease.engines.columnar.null_strict_pick import is_of_row, strict_in
from singledisease.engines.columnar.operands import Mask, Operand
from singledisease.engines.columnar.reductions import Cells
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Apply, Pick
from singledisease.pathway_courses import Courses

Place = Rows | None
"""Where a value is worked out: on rows, or for everyone as (periods or 1, people or 1)."""


@frozen(eq=False)
class OperationTable:
    """What each kind of node means.

    Attributes
    ----------
    operands
        Of values: the function that gives them.
    masks
        Of conditions: the function that says where they are known to be as wanted.
    certain
        Of conditions that are never unknown: the function that says where they hold.
    picked
        Gives the rows that a pick finds, and their cells.
    """

    operands: Mapping[Any, Callable[[EvaluationContext, Any, Any], Operand]]
    masks: Mapping[Any, Callable[[EvaluationContext, Any, Any, bool], Mask]]
    certain: Mapping[Any, Callable[[EvaluationContext, Any, Any], Mask]]
    picked: Callable[[EvaluationContext, Pick], Cells]


@frozen(eq=False, kw_only=True)
class EvaluationContext:
    """What expressions are asked of: a log, the diseases they may name, courses, periods; and what is known already.

    Attributes
    ----------
    start, asked
        (periods, 1): first day of each period, and the day on which its question is asked.
    meaning
        What each kind of node means.
    answers
        What is known already; written to.
    """

    log: EventLog
    diseases: Mapping[str, Disease]
    courses: Mapping[str, Courses]
    start: NDArray[np.int32]
    asked: NDArray[np.int32]
    numbering: CommonSubexpressions
    meaning: OperationTable
    answers: dict[tuple[Any, ...], Any] = field(factory=dict)

    @property
    def periods(self) -> int:
        """How many periods."""
        return len(self.start)

    @property
    def people(self) -> int:
        """How many people."""
        return len(self.log.people)

    def once(self, key: tuple[Any, ...], work: Callable[[], Any]) -> Any:
        """Give what ``work`` gives, worked out once for each key."""
        if key not in self.answers:
            self.answers[key] = work()
        return self.answers[key]

    @property
    def events(self) -> Table:
        """The events of the log."""
        table: Table = self.once(("events",), lambda: events_table(self.log))
        return table

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


def evaluate(q: EvaluationContext, node: Any, place: Place) -> Operand:
    """Give the value of a node for everyone (``place`` is ``None``) or for each of some rows.

    What does not name a column of the row is worked out for everyone and spread over the rows; what is missing
    without a picked row is worked out on the picked rows and scattered over everyone.
    """
    number = q.numbering.of(node)

    def work() -> Operand:
        if place is not None and not is_of_row(q.numbering, node, place.pick):
            return o.on_arrays(evaluate(q, node, None), place.spread)
        pick = strict_in(q.numbering, node) if place is None else None
        if pick is not None:
            cells = q.meaning.picked(q, pick)
            return o.scattered(evaluate(q, node, cells.rows), cells.cell, cells.shape)
        key = _key(node)
        if key in q.meaning.masks or key in q.meaning.certain:
            return o.Truth(evaluate_mask(q, node, place, True), evaluate_mask(q, node, place, False))
        return q.meaning.operands[key](q, node, place)

    result: Operand = q.once(("operand", number, place and place.number), work)
    return result


def evaluate_mask(q: EvaluationContext, node: Any, place: Place, wanted: bool) -> Mask:
    """Say where a condition is known to be as ``wanted``."""
    number = q.numbering.of(node)

    def work() -> Mask:
        if place is not None and not is_of_row(q.numbering, node, place.pick):
            return place.spread(evaluate_mask(q, node, None, wanted))
        key = _key(node)
        if key in q.meaning.certain:
            return q.meaning.certain[key](q, node, place) if wanted else ~evaluate_mask(q, node, place, True)
        if key in q.meaning.masks and not (place is None and strict_in(q.numbering, node)):
            return np.asarray(q.meaning.masks[key](q, node, place, wanted))
        truth = evaluate(q, node, place)
        assert isinstance(truth, o.Truth)
        return truth.yes if wanted else truth.no

    result: Mask = q.once(("mask", number, place and place.number, wanted), work)
    return result


def _key(node: Any) -> Any:
    """Give by what the meaning of a node is found: the operator, else the kind of node."""
    return node.operation if isinstance(node, Apply) else type(node)


def day_of(q: EvaluationContext, node: Any, place: Place) -> NDArray[np.int32]:
    """Give the value of a date."""
    found = evaluate(q, node, place)
    assert isinstance(found, o.Day)
    return found.values


def births_of(q: EvaluationContext, place: Place) -> NDArray[np.int32]:
    """Give the day of birth of everyone, or of the person of each row."""
    births = q.log.people.birth
    if place is None:
        return births[np.newaxis]
    of_rows: NDArray[np.int32] = q.once(("births", place.number), lambda: births[place.person])
    return of_rows
