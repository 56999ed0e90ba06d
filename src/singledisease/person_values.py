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

    Where a value is the same for all periods, or all people, the arrays may show one element over and over.

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


def without_repeats(array: NDArray[Any]) -> NDArray[Any]:
    """Give an array with length 1 along each axis on which it shows the same memory over and over.

    >>> without_repeats(np.broadcast_to(np.array([[1], [2]]), (2, 1000))).shape
    (2, 1)
    """
    return array[tuple(slice(0, 1 if stride == 0 else None) for stride in array.strides)]
