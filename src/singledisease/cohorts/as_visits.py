"""A cohort as visits: for estimators that know people on some days only, such as ``fit_generator``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.cohort import Cohort
from singledisease.cohorts.course_stays import DIED, LEFT


def visits_of(cohort: Cohort) -> dict[str, Any]:
    """Give where everybody was at the end of each step, and each death on its day.

    Returns
    -------
    dict
        ``id``, ``time`` (dates), ``state``; ``states`` that occur, ``allowed`` moves of the pathway between them, and
        ``death``, which is exact: the arguments of ``fit_generator``.
    """
    k = len(cohort.states)
    codes = cohort.steps.codes
    ever = np.logical_or.accumulate(codes < k, axis=0)
    step, person = np.nonzero(ever & (codes <= k))
    death = np.array(_deaths(cohort), dtype=np.int64)
    names = np.array([*cohort.states, LEFT, DIED], dtype=object)
    died = np.flatnonzero(ever.any(axis=0) & (codes[-1] == k + 1) & (death > cohort.steps.days[0]))
    state = np.concatenate((codes[step, person], np.full(len(died), k + 1)))
    seen = np.unique(state)
    return {
        "id": cohort.ids[np.concatenate((person, died))].astype(str),
        "time": np.concatenate((cohort.steps.days[step], death[died])).astype("datetime64[D]"),
        "state": names[state].astype(str),
        "states": [str(names[code]) for code in seen],
        "allowed": [(str(names[i]), str(names[j])) for i, j in _moves(cohort) if i in seen and j in seen],
        "death": "exact",
    }


def _deaths(cohort: Cohort) -> NDArray[np.int64]:
    """Give the day on which each person's course ends in death; a day before all where it does not."""
    spells = cohort.courses.spells
    days = np.full(cohort.courses.people, -(2**31), dtype=np.int64)
    owner = np.repeat(np.arange(cohort.courses.people), np.diff(spells.offsets))
    dead = cohort.meaning[spells.state] == len(cohort.states) + 1
    days[owner[dead]] = spells.entered[dead]
    return days


def _moves(cohort: Cohort) -> list[tuple[int, int]]:
    """Give the single moves that the pathway knows, between the cohort's states, having left, and death.

    Groups of an attribute may follow each other in any order.
    """
    pathway, k = cohort.courses.disease.pathway, len(cohort.states)
    if cohort.attribute:
        return [(i, j) for i in range(k + 1) for j in range(k + 2) if i != j]
    code = {state.id: int(cohort.meaning[i]) for i, state in enumerate(pathway.states)}
    moves = {(code[a], code[transition.target]) for transition in pathway.transitions for a in transition.sources}
    moves |= {
        (code[a], code[timing.leads_to])
        for timing in cohort.courses.disease.timings
        if timing.leads_to is not None
        for a in timing.states
    }
    moves |= {(i, k + 1) for i in range(k + 1)}
    return sorted((i, j) for i, j in moves if i not in (j, k + 1))
