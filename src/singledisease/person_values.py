"""What an engine gives for an expression: one value per period and person, with known / unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.read_only import holds_arrays, read_only
from singledisease.vocabulary import ValueKind


@holds_arrays
@frozen(eq=False)
class Values:
    """Values of one expression.

    Attributes
    ----------
    kind
        ``bool``, ``number``, ``date`` or ``text``.
    value
        (periods, people): bool, float64, int32 days or objects; meaningless where not known.
    known
        (periods, people) bool: where there is a value.
    """

    kind: ValueKind
    value: NDArray[Any] = field(converter=read_only)
    known: NDArray[np.bool_] = field(converter=read_only)

    @property
    def true(self) -> NDArray[np.bool_]:
        """Where a condition is known to hold."""
        return np.asarray(self.known & self.value.astype(bool, copy=False))
