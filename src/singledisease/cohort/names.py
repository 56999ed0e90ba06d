"""What the states of a cohort are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.cohort.course_stays import DIED, LEFT
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.tables import Heading

Called = Mapping[Any, Heading]
"""Ids of states to their names; an id without one is shown as it is."""

NAMELESS: Called = MappingProxyType({})
ENTERED = "entered"
WAYS: Called = MappingProxyType({ENTERED: ("进入队列", "entered"), LEFT: ("离开队列", "left"), DIED: ("死亡", "died")})
"""The ways into a cohort and out of it."""


def called(names: Mapping[str, Names]) -> Called:
    """Give names with those of the ways into a cohort and out of it."""
    return MappingProxyType({**WAYS, **{name: (both.zh, both.en) for name, both in names.items()}})


def names_of(disease: Disease, meaning: NDArray[np.uint8], states: Sequence[str]) -> Called:
    """Name the states of a cohort that are states of the pathway under their own id.

    Several states joined are more than any of them, even if they bear the id of one: they keep the name that they
    were given.
    """
    alone = {
        states[code]: state.names
        for state, code in zip(disease.pathway.states, meaning.tolist(), strict=True)
        if code < len(states) and states[code] == state.id and (meaning == code).sum() == 1
    }
    return called(alone)
