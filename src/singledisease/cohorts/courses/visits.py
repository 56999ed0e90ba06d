"""Courses as visits: for estimators that know people on some days only, such as ``fit_generator``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.names import DIED, LEFT
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.pathway_courses import Courses


def visits_of(
    courses: Courses, meaning: NDArray[np.uint8], ids: NDArray[np.object_], steps: CohortSteps, *, any_order: bool
) -> dict[str, Any]:
    """Return where everybody was at the end of each step, and each death on its day.

    Parameters
    ----------
    courses, meaning, ids, steps
        See ``Cohort``.
    any_order
        Whether the states may follow each other in any order, as groups of an attribute do.

    Returns
    -------
    dict
        ``id``, ``time`` (dates), ``state``; ``states`` that occur, ``allowed`` moves of the pathway between them,
        ``death``, which is exact, and ``unit``, months: the arguments of ``fit_generator``.
    """
    k, codes = len(steps.states), steps.codes
    ever = np.logical_or.accumulate(codes < k, axis=0)
    step, person = np.nonzero(ever & (codes <= k))
    death = np.array(_deaths(courses, meaning, k), dtype=np.int64)
    names = np.array([*steps.states, LEFT, DIED], dtype=object)
    died = np.flatnonzero(ever.any(axis=0) & (codes[-1] == k + 1) & (death > steps.days[0]))
    state = np.concatenate((codes[step, person], np.full(len(died), k + 1)))
    seen = np.unique(state)
    moves = [(i, j) for i in range(k + 1) for j in range(k + 2) if i != j] if any_order else _moves(courses, meaning, k)
    return {
        "id": ids[np.concatenate((person, died))].astype(str),
        "time": np.concatenate((steps.days[step], death[died])).astype("datetime64[D]"),
        "state": names[state].astype(str),
        "states": [str(names[code]) for code in seen],
        "allowed": [(str(names[i]), str(names[j])) for i, j in moves if i in seen and j in seen],
        "death": "exact",
        "unit": "month",
    }


def _deaths(courses: Courses, meaning: NDArray[np.uint8], k: int) -> NDArray[np.int64]:
    """Return the day on which each person's course ends in death; a day before all where it does not."""
    spells = courses.spells
    days = np.full(courses.people, -(2**31), dtype=np.int64)
    owner = np.repeat(np.arange(courses.people), np.diff(spells.offsets))
    dead = meaning[spells.state] == k + 1
    days[owner[dead]] = spells.entered[dead]
    return days


def _moves(courses: Courses, meaning: NDArray[np.uint8], k: int) -> list[tuple[int, int]]:
    """Return the single moves that the pathway knows, between the cohort's states, having left, and death."""
    pathway = courses.disease.pathway
    code = {state.id: int(meaning[i]) for i, state in enumerate(pathway.states)}
    moves = {(code[a], code[transition.target]) for transition in pathway.transitions for a in transition.sources}
    moves |= {
        (code[a], code[timing.leads_to])
        for timing in courses.disease.timings
        if timing.leads_to is not None
        for a in timing.states
    }
    moves |= {(i, k + 1) for i in range(k + 1)}
    return sorted((i, j) for i, j in moves if i not in (j, k + 1))
