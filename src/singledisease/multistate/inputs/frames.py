"""Square tables that come as dataframes: the names they carry, and results of the same kind.

Dataframes are known by what they have (``columns``, ``column_names``), so that no library has to be loaded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from singledisease.errors import DataError
from singledisease.multistate.arrays import Floats


def frame_names(matrix: Any) -> tuple[Any, ...] | None:
    """Return the names of the columns of a dataframe, or ``None`` if it is none.

    Raises
    ------
    DataError
        If its rows are named too, and not alike.
    """
    names = getattr(matrix, "column_names", getattr(matrix, "columns", None))
    if names is None:
        return None
    columns, index = tuple(names), getattr(matrix, "index", None)
    rows = columns if index is None or callable(index) else tuple(index)
    if rows not in (columns, tuple(range(len(rows)))):
        raise DataError(
            f"rows of the matrix are named {list(rows)} and columns {list(columns)}; give both the same names, in one "
            "order"
        )
    return columns


def frame_values(matrix: Any) -> Any:
    """Return the numbers of a dataframe; anything else as it is."""
    if hasattr(matrix, "column_names"):
        return np.column_stack([np.asarray(matrix[name]) for name in matrix.column_names])
    return matrix.to_numpy() if hasattr(matrix, "columns") and hasattr(matrix, "to_numpy") else matrix


def framed_like(matrix: Any, values: Floats) -> Any:
    """Return values as a dataframe of the kind and with the names of another; as an array if that is none."""
    if hasattr(matrix, "column_names"):
        return type(matrix).from_pydict({name: values[:, i] for i, name in enumerate(matrix.column_names)})
    if not hasattr(matrix, "columns"):
        return values
    if hasattr(matrix, "index") and not callable(matrix.index):
        return type(matrix)(values, index=matrix.index, columns=matrix.columns)
    return type(matrix)(values, schema=list(matrix.columns))
