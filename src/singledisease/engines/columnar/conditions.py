"""What conditions mean: where they are known to hold, and where known not to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from singledisease.dates import MISSING
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar import stays
from singledisease.engines.columnar.arithmetic import OPPOSITE, holds, is_aged, texts_where
from singledisease.engines.columnar.concerns import concerning
from singledisease.engines.columnar.context import EvaluationContext, Place, births_of, day_of, evaluate, evaluate_mask
from singledisease.engines.columnar.domain import Rows
from singledisease.engines.columnar.filters import Bounds
from singledisease.engines.columnar.null_strict_pick import is_own_date
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.state_queries import held_during, held_within, owner_of
from singledisease.language import nodes as n


def _connected(q: EvaluationContext, node: n.Apply, place: Place, wanted: bool) -> Mask:
    # "and" is true if all are true and false if one is false; "or" the other way round.
    join = np.logical_and if (node.operation == "and") == wanted else np.logical_or
    found: Any = evaluate_mask(q, node.args[0], place, wanted)
    for arg in node.args[1:]:
        found = join(found, evaluate_mask(q, arg, place, wanted))
    return np.asarray(found)


def _compare(q: EvaluationContext, node: n.Apply, place: Place, wanted: bool) -> Mask:
    left, right = node.args
    if isinstance(left, n.Age) and isinstance(right, n.Literal) and node.operation not in ("==", "!="):
        return _aged(q, node, place, wanted)
    sign = node.operation if wanted else OPPOSITE[node.operation]
    return holds(sign, evaluate(q, left, place), evaluate(q, right, place))


def _aged(q: EvaluationContext, node: n.Apply, place: Place, wanted: bool) -> Mask:
    """Compare an age with a constant, as "has had that birthday": far cheaper than everyone's age."""
    age, bound = node.args
    assert isinstance(age, n.Age)
    assert isinstance(bound, n.Literal)
    limit = float(bound.value)
    years = math.ceil(limit) if node.operation in (">=", "<") else math.floor(limit) + 1
    on = day_of(q, age.on, place)
    key = ("aged", q.numbering.of(age), place and place.number, years)
    aged: tuple[Mask, Mask] = q.once(key, lambda: is_aged(births_of(q, place), on, years))
    is_older_wanted = (node.operation in (">=", ">")) == wanted
    return aged[0] if is_older_wanted else aged[1]


def _texts(test: Callable[[str, tuple[str, ...]], bool]) -> Callable[[EvaluationContext, n.Apply, Place, bool], Mask]:
    """Make a condition on a text of a test of the text and the constant texts."""

    def masked(q: EvaluationContext, node: n.Apply, place: Place, wanted: bool) -> Mask:
        text = evaluate(q, node.args[0], place)
        assert isinstance(text, o.Text)
        return texts_where(text, lambda name: test(name, node.texts), wanted)

    return masked


def _status_on(q: EvaluationContext, node: n.StatusOn, place: Place, wanted: bool) -> Mask:
    """Say where a status held; it is unknown on an unknown day and on a day after the one asked on."""
    if place is not None and place.table.log is not None and is_own_date(node.on):
        held_here = _held_on(q, node, place)
        return held_here if wanted else ~held_here
    day, asked = day_of(q, node.on, place), q.asked
    if place is not None:
        # Rows that are not told apart by period are only asked about their own date.
        asked = day if is_own_date(node.on) else place.spread(asked)
    askable = (day != MISSING) & (day <= asked)
    held: Mask = q.once(("held", q.numbering.of(node), place and place.number), lambda: _held_on(q, node, place))
    right = held if wanted else ~held
    return right if bool(askable.all()) else np.asarray(right & askable)


def _held_on(q: EvaluationContext, node: n.StatusOn, place: Place) -> Mask:
    if place is None:
        day = day_of(q, node.on, None)
        return held_within(q, node.status, Bounds(day, day))
    courses = q.courses_of(node.status.disease)
    holds = stays.codes_of(courses.disease, node.status)
    if place.table.log is not None and is_own_date(node.on):
        return holds[courses.at_row[place.index]]
    day = np.broadcast_to(day_of(q, node.on, place), place.index.shape)
    return holds[stays.state_on_rows(courses, owner_of(q, node.status.disease), place, day)]


# CONDITIONS THAT ARE NEVER UNKNOWN


def _known(q: EvaluationContext, node: n.Apply, place: Place) -> Mask:
    return o.known(evaluate(q, node.args[0], place))


def _concerns(q: EvaluationContext, node: n.Concerns, place: Rows) -> Mask:
    # Breaches are of one disease: that they concern one is refused where expressions are made.
    assert place.table.log is not None
    return concerning(place.table.log, q.disease(node.disease), place.index)


MASKS: Mapping[Any, Callable[[EvaluationContext, Any, Any, bool], Mask]] = {
    "and": _connected,
    "or": _connected,
    "not": lambda q, node, place, wanted: evaluate_mask(q, node.args[0], place, not wanted),
    **dict.fromkeys(OPPOSITE, _compare),
    "is_in": _texts(lambda text, texts: text in texts),
    "starts_with": _texts(lambda text, texts: text.startswith(texts)),
    n.StatusOn: _status_on,
}
"""Conditions, by operator or kind of node."""

CERTAIN: Mapping[Any, Callable[[EvaluationContext, Any, Any], Mask]] = {
    "known": _known,
    n.Concerns: _concerns,
    n.StatusDuring: held_during,
}
"""Conditions that are never unknown, by operator or kind of node."""
