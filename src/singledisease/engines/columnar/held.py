"""The stays of a question's people in the states of a status."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.definitions import nodes as n
from singledisease.engines.columnar import standing
from singledisease.engines.columnar.question import Place, Question
from singledisease.engines.columnar.selecting import Bounds
from singledisease.engines.columnar.selections import NO_START, bounds_of


def days_held(q: Question, node: n.StatusDuring | n.DaysIn, place: Place) -> NDArray[Any]:
    """Count the days of a window on which a status held, for everyone or for each of some rows."""
    window = bounds_of(q, node.window, place)
    if place is None:
        return days_within(q, node.status, window & Bounds(NO_START, q.asked))
    window &= Bounds(NO_START, place.spread(q.asked))
    return standing.days_on_rows(stays_of(q, node.status), place, window)


def days_within(q: Question, status: n.Status, window: Bounds) -> NDArray[np.int32]:
    """Count everyone's days in a window on which a status held, as (periods or 1, people)."""
    if q.periods == 1 and window.is_same_for_all:
        courses, owner = q.courses_of(status.disease), owner_of(q, status.disease)
        return standing.days_in_one(courses, owner, status, int(window.first[0, 0]), int(window.last[0, 0]))
    return standing.days_in(layers_of(q, status), window, q.people)


def stays_of(q: Question, status: n.Status) -> standing.Stays:
    """Give everyone's stays."""

    def work() -> standing.Stays:
        return standing.stays_of(q.courses_of(status.disease), owner_of(q, status.disease), status)

    stays: standing.Stays = q.once(("stays", q.numbering.of(status)), work)
    return stays


def layers_of(q: Question, status: n.Status) -> tuple[standing.Layer, ...]:
    """Give everyone's first, second … stays."""
    key = ("layers", q.numbering.of(status))
    layers: tuple[standing.Layer, ...] = q.once(key, lambda: standing.layers_of(stays_of(q, status), q.people))
    return layers


def owner_of(q: Question, disease: str) -> NDArray[np.int32]:
    """Give the person of each spell."""
    owner: NDArray[np.int32] = q.once(("owner", disease), lambda: standing.owner_of(q.courses_of(disease)))
    return owner
