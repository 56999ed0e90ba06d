"""Ways through the states of a cohort from one day of its steps to the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.names import DIED, LEFT
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.multistate.histories.sequences import StateSequences, state_sequences


def sequences_on_grid(steps: CohortSteps, ids: NDArray[np.object_], depth: int | None) -> StateSequences:
    """Count the ways from one day to the next, from when each person was first in the cohort; see ``sequences``."""
    ever = np.logical_or.accumulate(steps.codes < len(steps.states), axis=0)
    step, person = np.nonzero(ever)
    names = (*steps.states, LEFT, DIED)
    where = np.array(names, dtype=object)[steps.codes[step, person]]
    return state_sequences(ids[person], steps.days[step], where, states=names, depth=depth)
