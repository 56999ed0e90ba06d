"""A cohort by an attribute: people are in groups that are known on some days only, such as the group of a measure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.cohorts.cohort import Cohort
from singledisease.cohorts.names import DIED, ENTERED, LEFT, called
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.definitions.citation import Names
from singledisease.errors import UsageError


@frozen(eq=False, kw_only=True)
class AttributeOnGrid:
    """In which group everybody was on each day of a grid.

    Attributes
    ----------
    name
        What it is.
    groups
        Names of the groups, in order.
    codes
        Integers (days, people): index into ``groups``; -1 where the attribute does not concern the person.
    names
        What groups are called in Chinese and English, as far as they are.
    """

    name: str
    groups: tuple[str, ...]
    codes: NDArray[np.int64]
    names: Mapping[str, Names] = field(factory=dict)


def by_attribute(whole: Cohort, attribute: AttributeOnGrid) -> Cohort:
    """Put an attribute in the place of the states: who is in the cohort is in a group of it, on each day of the grid.

    Whom it does not concern is out of the cohort, as is who has left it; the dead are dead.  Groups in which nobody
    ever was are left out.

    Raises
    ------
    UsageError
        If a group has the name of a way out of the cohort.
    """
    for name in attribute.groups:
        if name in (LEFT, DIED, ENTERED):
            raise UsageError(f"{attribute.name} has a group called {name!r}, as a way into or out of the cohort is")
    codes, number = whole.steps.codes, len(whole.states)
    inside = (codes < number) & (attribute.codes >= 0)
    used = np.unique(attribute.codes[inside])
    k = len(used)
    outside = np.where(codes == number + 1, k + 1, k)
    place = np.full(len(attribute.groups) + 1, k, dtype=np.int64)
    place[used] = np.arange(k)
    here = np.where(inside, place[attribute.codes], outside).astype(np.uint8)
    steps = CohortSteps(
        days=whole.steps.days,
        states=tuple(attribute.groups[group] for group in used),
        codes=here,
        passed=whole.steps.passed,
    )
    died = whole.meaning == number + 1
    meaning = np.where(died, k + 1, k).astype(np.uint8)
    return evolve(whole, steps=steps, meaning=meaning, attribute=attribute.name, names=called(attribute.names))
