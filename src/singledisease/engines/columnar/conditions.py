"""What conditions mean: where they are known to hold, and where known not to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from singledisease.dates import MISSING
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar import standing
from singledisease.engines.columnar.computing import OPPOSITE, holds, is_aged, texts_where
from singledisease.engines.columnar.concern import concerning
from singledisease.engines.columnar.dependence import is_own_date
from singledisease.engines.columnar.held import held_during, held_within, owner_of
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.question import Place, Question, births_of, day_of, mask, operand
from singledisease.engines.columnar.rows import Rows
from singledisease.engines.columnar.selecting import Bounds
from singledisease.language import nodes as n


def _connected(q: Question, node: n.And | n.Or, place: Place, wanted: bool) -> Mask:
    # "and" is true if all are true and false if one is false; "or" the other way round.
    join = np.logical_and if isinstance(node, n.And) == wanted else np.logical_or
    found: Any = mask(q, node.args[0], place, wanted)
    for arg in node.args[1:]:
        found = join(found, mask(q, arg, place, wanted))
    return np.asarray(found)


def _compare(q: Question, node: n.Compare, place: Place, wanted: bool) -> Mask:
    if isinstance(node.left, n.Age) and isinstance(node.right, n.Literal) and node.op not in ("==", "!="):
        return _aged(q, node, place, wanted)
    op = node.op if wanted else OPPOSITE[node.op]
    return holds(op, operand(q, node.left, place), operand(q, node.right, place))


def _aged(q: Question, node: Any, place: Place, wanted: bool) -> Mask:
    """Compare an age with a constant, as "has had that birthday": far cheaper than everyone's age."""
    limit = float(node.right.value)
    years = math.ceil(limit) if node.op in (">=", "<") else math.floor(limit) + 1
    on = day_of(q, node.left.on, place)
    key = ("aged", q.numbering.of(node.left), place and place.number, years)
    aged: tuple[Mask, Mask] = q.once(key, lambda: is_aged(births_of(q, place), on, years))
    is_older_wanted = (node.op in (">=", ">")) == wanted
    return aged[0] if is_older_wanted else aged[1]


def _is_in(q: Question, node: n.IsIn, place: Place, wanted: bool) -> Mask:
    return _texts(q, node.arg, place, wanted, node.values.__contains__)


def _starts_with(q: Question, node: n.StartsWith, place: Place, wanted: bool) -> Mask:
    return _texts(q, node.arg, place, wanted, lambda text: text.startswith(node.prefixes))


def _texts(q: Question, arg: n.Value, place: Place, wanted: bool, test: Callable[[str], bool]) -> Mask:
    text = operand(q, arg, place)
    assert isinstance(text, o.Text)
    return texts_where(text, test, wanted)


def _status_on(q: Question, node: n.StatusOn, place: Place, wanted: bool) -> Mask:
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


def _held_on(q: Question, node: n.StatusOn, place: Place) -> Mask:
    if place is None:
        day = day_of(q, node.on, None)
        return held_within(q, node.status, Bounds(day, day))
    courses = q.courses_of(node.status.disease)
    holds = standing.codes_of(courses.disease, node.status)
    if place.table.log is not None and is_own_date(node.on):
        return holds[courses.at_row[place.index]]
    day = np.broadcast_to(day_of(q, node.on, place), place.index.shape)
    return holds[standing.state_on_rows(courses, owner_of(q, node.status.disease), place, day)]


# CONDITIONS THAT ARE NEVER UNKNOWN


def _known(q: Question, node: n.Known, place: Place) -> Mask:
    return o.known(operand(q, node.arg, place))


def _concerns(q: Question, node: n.Concerns, place: Rows) -> Mask:
    # Breaches are of one disease: that they concern one is refused where expressions are made.
    assert place.table.log is not None
    return concerning(place.table.log, q.disease(node.disease), place.index)


MASKS: Mapping[type, Callable[[Question, Any, Any, bool], Mask]] = {
    n.And: _connected,
    n.Or: _connected,
    n.Not: lambda q, node, place, wanted: mask(q, node.arg, place, not wanted),
    n.Compare: _compare,
    n.IsIn: _is_in,
    n.StartsWith: _starts_with,
    n.StatusOn: _status_on,
}

CERTAIN: Mapping[type, Callable[[Question, Any, Any], Mask]] = {
    n.Known: _known,
    n.Concerns: _concerns,
    n.StatusDuring: held_during,
}
