"""Allowed transitions, however they are given: pairs of states, targets by state, a table, or a pathway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import DefinitionError


@runtime_checkable
class HasMoves(Protocol):
    """What knows by itself which states may follow each other, such as a pathway."""

    def moves(self) -> Iterable[tuple[Any, Any]]:
        """Return pairs of different states."""


Allowed = HasMoves | Mapping[Any, Iterable[Any]] | Iterable[tuple[Any, Any]] | NDArray[Any]


def pairs_of(allowed: Any, states: Sequence[Any], name: str = "allowed") -> list[tuple[Any, Any]]:
    """Return allowed transitions as pairs of states.

    Parameters
    ----------
    allowed
        Pairs; a mapping from a state to those it may lead to; a table of numbers, true where a transition is allowed;
        or a pathway.
    states
        What the rows and columns of a table are.
    name
        What the argument is called.

    Raises
    ------
    DefinitionError
        If it is none of these, or a table is not one of these states.

    >>> pairs_of({"well": ["ill", "dead"], "ill": "dead"}, [])
    [('well', 'ill'), ('well', 'dead'), ('ill', 'dead')]
    """
    if isinstance(allowed, HasMoves):
        return list(allowed.moves())
    if hasattr(allowed, "to_numpy") and hasattr(allowed, "columns"):
        allowed, states = allowed.to_numpy(), list(allowed.columns)
    if isinstance(allowed, Mapping):
        return [(source, target) for source, targets in allowed.items() for target in several(targets)]
    table = _as_table(allowed)
    if table is not None:
        if len(states) != len(table):
            raise DefinitionError(
                f"`{name}` is a matrix for {len(table)} states, but there are {len(states)}: {states}"
            )
        return [(states[i], states[j]) for i, j in np.argwhere(table > 0) if i != j]
    try:
        return [(source, target) for source, target in allowed]
    except (TypeError, ValueError):
        raise DefinitionError(
            f"`{name}`: pairs (from, to), a mapping from → states, or a square table of {len(states)} states, "
            f"not {allowed!r}"
        ) from None


def several(targets: Any) -> Iterable[Any]:
    """Take one state for a list of one; a text is no list of letters."""
    return [targets] if isinstance(targets, str) or not isinstance(targets, Iterable) else targets


def _as_table(allowed: Any) -> NDArray[np.float64] | None:
    """Take a square table of numbers; two pairs of labels look like one too unless they come as an array."""
    if not isinstance(allowed, np.ndarray | list | tuple) or (not isinstance(allowed, np.ndarray) and len(allowed) < 3):
        return None
    try:
        table = np.asarray(allowed, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return table if table.ndim == 2 and table.shape[0] == table.shape[1] else None
