"""The stays of a question's people in the states of a status."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.engines.columnar import stays
from singledisease.engines.columnar.context import EvaluationContext, Place
from singledisease.engines.columnar.domain import Indices
from singledisease.engines.columnar.filters import Bounds
from singledisease.engines.columnar.operands import Mask
from singledisease.engines.columnar.select_rows import NO_START, bounds_of
from singledisease.language import nodes as n


def days_held(q: EvaluationContext, node: n.DaysIn, place: Place) -> NDArray[Any]:
    """Count the days of a window on which a status held, for everyone or for each of some rows."""
    window = _window(q, node.window, place)
    if place is not None:
        return stays.days_on_rows(_stays(q, node.status, window), place, window)
    return stays.days_in(_layers(q, node.status, window), window, q.people)


def held_during(q: EvaluationContext, node: n.StatusDuring, place: Place) -> Mask:
    """Say whether a status held on a day of a window, for everyone or for each of some rows."""
    window = _window(q, node.window, place)
    if place is not None:
        return stays.days_on_rows(_stays(q, node.status, window), place, window) > 0
    return held_within(q, node.status, window)


def _window(q: EvaluationContext, window: n.Window, place: Place) -> Bounds:
    asked = q.asked if place is None else place.spread(q.asked)[np.newaxis]
    return bounds_of(q, window, place) & Bounds(NO_START, asked)


def held_within(q: EvaluationContext, status: n.Status, window: Bounds) -> Mask:
    """Say for everyone whether a status held on a day of a window, as (periods or 1, people)."""
    if q.periods == 1 and window.is_same_for_all:
        # The spells inside a single window say it all: they need not be joined into stays.
        return stays.whose(_spells(q, status, window), owner_of(q, status.disease), q.people)
    return stays.was_in(_layers(q, status, window), window, q.people)


def owner_of(q: EvaluationContext, disease: str) -> NDArray[np.int32]:
    """Give the person of each spell."""
    owner: NDArray[np.int32] = q.once(("owner", disease), lambda: stays.owner_of(q.courses_of(disease)))
    return owner


# KEPT FOR ALL WINDOWS WITHIN THE SAME DAYS


def _spells(q: EvaluationContext, status: n.Status, window: Bounds) -> Indices:
    first, last = window.hull
    key = ("spells held", q.numbering.of(status), first, last)
    courses = q.courses_of(status.disease)
    held: Indices = q.once(key, lambda: stays.held_spells(courses, status, first, last))
    return held


def _stays(q: EvaluationContext, status: n.Status, window: Bounds) -> stays.Stays:
    def work() -> stays.Stays:
        courses, owner = q.courses_of(status.disease), owner_of(q, status.disease)
        return stays.stays_of(courses, owner, _spells(q, status, window))

    found: stays.Stays = q.once(("stays", q.numbering.of(status), *window.hull), work)
    return found


def _layers(q: EvaluationContext, status: n.Status, window: Bounds) -> tuple[stays.Layer, ...]:
    key = ("layers", q.numbering.of(status), *window.hull)
    layers: tuple[stays.Layer, ...] = q.once(key, lambda: stays.layers_of(_stays(q, status, window), q.people))
    return layers
