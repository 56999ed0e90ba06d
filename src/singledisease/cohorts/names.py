"""What the states of a cohort are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.errors import did_you_mean
from singledisease.frozen_mapping import FrozenMapping
from singledisease.multistate.names import Called

ENTERED = "entered"
LEFT = "left"
DIED = "died"
WAYS: Called = FrozenMapping({ENTERED: ("进入队列", "entered"), LEFT: ("离开队列", "left"), DIED: ("死亡", "died")})
"""The ways into a cohort and out of it."""


def called(names: Mapping[str, Names]) -> Called:
    """Return names with those of the ways into a cohort and out of it."""
    return FrozenMapping({**WAYS, **{name: (both.zh, both.en) for name, both in names.items()}})


def suggested(word: str, known: Iterable[str], names: Called) -> str:
    """Say which id is meant: that of a state which is called like ``word``, or one which is written alike.

    >>> suggested("失访", ["lost", "left"], {"lost": ("失访", "lost to follow-up")})
    "'失访' is called 'lost' here"
    >>> suggested("lots", ["lost", "left"], {})
    'did you mean lost?'
    """
    listed = [str(name) for name in known]
    alike = [name for name in listed if word in names.get(name, ())]
    return f"{word!r} is called {alike[0]!r} here" if alike else did_you_mean(word, listed)


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
