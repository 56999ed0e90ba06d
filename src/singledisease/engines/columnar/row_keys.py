"""By what rows and the elements for which they are selected belong together: owner, institution, shared columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.context import EvaluationContext, seen_until
from singledisease.engines.columnar.domain import Moments, SelectedRows
from singledisease.engines.columnar.linked import sequence_of
from singledisease.engines.columnar.operands import Operand
from singledisease.engines.columnar.row_ranges import Keys
from singledisease.eventlog.columns import Coded

Numbers = NDArray[np.int64]
_MOST = 2**31


def keys_of(
    context: EvaluationContext, rows: SelectedRows, target: Moments | SelectedRows, columns: tuple[str, ...]
) -> Keys:
    """Give the key of each row and of each element: what has the same key belongs together.

    Rows of people that are asked for of an institution name one: what else is asked of it is refused where expressions
    are made.
    """
    is_sorted = rows.table.owners == (target.table.owners if isinstance(target, SelectedRows) else "people")
    sequence = None
    if rows.table.course is not None and rows.table.courses is not None:
        sequence = sequence_of(rows.table.courses, target)
    if rows.table.course is not None and sequence is not None:
        is_sorted = False
        candidates, elements = rows.table.course.take(rows.index).astype(np.int64), sequence.astype(np.int64)
    else:
        candidates = rows.owner.astype(np.int64) if is_sorted else _institutions(context, rows)
        elements = target.owner.astype(np.int64)
    for name in columns:
        assert isinstance(target, SelectedRows)
        theirs = target.table.column(name, target.index, lambda: seen_until(target))
        own = rows.table.column(name, rows.index, lambda: seen_until(rows))
        if theirs is None or own is None:
            return Keys(np.full_like(candidates, -1), np.full_like(elements, -1), True)
        candidates, elements = _refined(candidates, elements, *_codes(own, theirs))
    return Keys(candidates, elements, is_sorted and not columns)


def _institutions(context: EvaluationContext, rows: SelectedRows) -> Numbers:
    """Give the institution that each event of a person names, -1 for none that is known."""
    column = rows.table.columns.get("institution")
    if not isinstance(column, Coded):
        return np.full(len(rows.index), -1, np.int64)
    number = {name: i for i, name in enumerate(context.log.institutions.ids)}
    known = np.array([number.get(name, -1) for name in column.categories], np.int64)
    return np.asarray(known[column.codes.take(rows.index)])


def _codes(own: Operand, theirs: Operand) -> tuple[Numbers, Numbers]:
    """Give equal values equal numbers from 0 on, missing ones -1."""
    if isinstance(own, o.Text) and isinstance(theirs, o.Text):
        _, one, other = o.same_codes((o.Text(np.zeros(1, np.uint8), ("",)), own, theirs))[0]
        return one.astype(np.int64) - 1, other.astype(np.int64) - 1
    both = [np.where(o.known(values), _plain(values), 0) for values in (own, theirs)]
    _, numbers = np.unique(np.concatenate(both), return_inverse=True)
    one, other = numbers[: len(both[0])], numbers[len(both[0]) :]
    return np.where(o.known(own), one, -1), np.where(o.known(theirs), other, -1)


def _plain(values: Operand) -> NDArray[np.float64]:
    if isinstance(values, o.Truth):
        return values.yes.astype(np.float64)
    assert isinstance(values, o.Number | o.Day)
    return values.values.astype(np.float64)


def _refined(candidates: Numbers, elements: Numbers, own: Numbers, theirs: Numbers) -> tuple[Numbers, Numbers]:
    """Give keys that differ where the old keys or the codes do."""
    width = int(max(own.max(initial=0), theirs.max(initial=0))) + 1
    most = int(max(candidates.max(initial=0), elements.max(initial=0))) + 1
    both = [
        np.where((key >= 0) & (code >= 0), key * width + code, -1)
        for key, code in ((candidates, own), (elements, theirs))
    ]
    if most * width >= _MOST:
        names, numbers = np.unique(np.concatenate(both), return_inverse=True)
        # Where something is missing, that is the lowest of all.
        numbers = numbers - int(bool(len(names)) and names[0] < 0)
        both = [numbers[: len(candidates)], numbers[len(candidates) :]]
    return both[0], both[1]
