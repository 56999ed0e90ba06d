"""Person-time of courses in each step and stratum of a cohort."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.multistate.histories.person_time import PersonTime
from singledisease.pathway_courses import Courses
from singledisease.strata import Strata


def person_time_of(
    courses: Courses,
    meaning: NDArray[np.uint8],
    names: tuple[str, ...],
    periods: Sequence[Period],
    strata: Strata,
) -> PersonTime:
    """Sum person-days of courses in each step and stratum: (steps, strata, states), and with ``left``, ``died``.

    A person is at risk from the end of the day before the step, or of the day on which the state was entered, to
    the day on which it was left.
    """
    k, number = len(names), len(strata.keys)
    spells = courses.spells
    owner = np.repeat(np.arange(courses.people), np.diff(spells.offsets))
    code = meaning[spells.state].astype(np.int64)
    after = np.append(code[1:], k)
    time = np.zeros((len(periods), number, k))
    events = np.zeros((len(periods), number, k, k + 2), dtype=np.int64)
    for p, period in enumerate(periods):
        first, last = period.start - 1, period.end
        here = np.flatnonzero((code < k) & (spells.left > first) & (spells.entered < last))
        group = strata.codes[min(p, len(strata.codes) - 1)][owner[here]] * k + code[here]
        days = np.minimum(spells.left[here], last) - np.maximum(spells.entered[here], first)
        time[p] = np.bincount(group, weights=days, minlength=number * k).reshape(number, k)
        moved = (spells.left[here] <= last) & (after[here] != code[here])
        cell = group[moved] * (k + 2) + after[here[moved]]
        events[p] = np.bincount(cell, minlength=number * k * (k + 2)).reshape(number, k, k + 2)
    return PersonTime(sources=names, targets=(*names, "left", "died"), time=time, events=events)
