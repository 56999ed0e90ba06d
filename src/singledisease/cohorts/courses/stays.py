"""Courses as stays in a cohort's states: what its histories are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.names import DIED, LEFT
from singledisease.multistate.histories.histories import Histories
from singledisease.pathway_courses import Courses


def stays_of(
    courses: Courses, meaning: NDArray[np.uint8], names: tuple[str, ...], first: int, last: int
) -> tuple[Histories, NDArray[np.int64]]:
    """Cut the spells to the days after ``first`` up to ``last``, as stays in days since ``first``.

    The state on a day is that at its end: a spell entered on day d is at risk from d on (not included), and the
    transition out of it happens on the day it is left.  Who has left is at risk of coming back.

    Returns
    -------
    tuple
        The stays, and which person of the courses each of their people is.
    """
    k = len(names)
    spells = courses.spells
    owner = np.repeat(np.arange(courses.people), np.diff(spells.offsets))
    code = meaning[spells.state].astype(np.int64)
    target = np.where(spells.left <= last, np.append(code[1:], k), -1)
    start = np.maximum(spells.entered, first).astype(np.float64)
    stop = np.minimum(spells.left, last).astype(np.float64)
    inside = (code < k) & (spells.left > first)
    keep = (code <= k) & (stop > start) & _has_entered(inside, spells.offsets)
    people, person = np.unique(owner[keep], return_inverse=True)
    stays = Histories(
        person=person.astype(np.int64),
        start=start[keep] - first,
        stop=stop[keep] - first,
        source=code[keep],
        target=target[keep],
        states=(*names, LEFT, DIED),
    )
    return stays, people


def _has_entered(inside: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each spell whether its person is in the cohort or has been before: only they can have left it."""
    ever = np.concatenate(([0], np.cumsum(inside)))
    return np.asarray(ever[1:] > np.repeat(ever[offsets[:-1]], np.diff(offsets)))


def reachable(courses: Courses, meaning: NDArray[np.uint8], k: int) -> NDArray[np.bool_]:
    """Say which cells the pathway allows in one step, (states + 1, states + 2): many moves may fit in it."""
    pathway = courses.disease.pathway
    place = {state.id: i for i, state in enumerate(pathway.states)}
    reach = np.eye(len(place), dtype=bool)
    for transition in pathway.transitions:
        for source in transition.sources:
            reach[place[source], place[transition.target]] = True
    for timing in courses.disease.timings:
        for source in timing.states if timing.leads_to is not None else ():
            reach[place[source], place[str(timing.leads_to)]] = True
    reach[:, place[pathway.died]] = True
    reach[place[pathway.died]] = np.arange(len(place)) == place[pathway.died]
    for _ in range(len(place).bit_length()):
        reach = reach @ reach
    table = np.zeros((k + 1, k + 2), dtype=bool)
    rows, columns = np.nonzero(reach)
    alive = meaning[rows] <= k
    np.logical_or.at(table, (meaning[rows][alive], meaning[columns][alive]), True)
    return table
