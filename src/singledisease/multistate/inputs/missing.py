"""Which labels of a column are missing, and lists that NumPy would turn into texts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def plain_texts(array: NDArray[Any], values: Any) -> NDArray[Any]:
    """Take a list as objects where NumPy made texts of what was none: 1 is not "1", and Care.ILL not "Care.I"."""
    if array.dtype.kind not in "US" or not isinstance(values, list | tuple):
        return array
    if all(type(value) in (str, bytes, np.str_, np.bytes_) for value in values):
        return array
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def missing(labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which labels of an array are missing; no whole number is."""
    if labels.dtype.kind == "O":
        return np.fromiter(map(_absent, labels), dtype=bool, count=len(labels))
    if labels.dtype.kind == "f":
        return np.asarray(np.isnan(labels))
    empty = {"U": "", "S": b""}.get(labels.dtype.kind)
    return np.zeros(len(labels), dtype=bool) if empty is None else np.asarray(labels == empty)


def _absent(label: Any) -> bool:
    """Say whether one label is missing; pandas need not be loaded to know its NA and NaT."""
    if label is None or type(label).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(label, np.datetime64 | np.timedelta64):
        return bool(np.isnat(label))
    if isinstance(label, str | bytes):
        return not label.strip()
    return isinstance(label, float) and math.isnan(label)
