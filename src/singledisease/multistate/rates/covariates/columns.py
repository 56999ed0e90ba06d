"""Columns of covariates as they are handed over: numbers, or levels of a text or of a category."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, DefinitionError, UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.labels import read_labels
from singledisease.multistate.inputs.missing import missing

MOST_LEVELS = 100
"""A column of more different texts is taken for something else: each would have an effect on each transition."""


@frozen(eq=False)
class CovariateColumn:
    """One covariate.

    Attributes
    ----------
    values
        float64 (rows): numbers, or codes of ``levels``; NaN where it is missing.
    levels
        The levels, a category's in its own order and texts sorted; ``None`` for a number.
    """

    values: Floats
    levels: tuple[Any, ...] | None = None


def named_columns(given: Any, what: str) -> dict[str, Any]:
    """Return columns by name, from a mapping or a dataframe.

    Raises
    ------
    UsageError
        If it is neither.

    >>> named_columns({"sex": ["f", "m"]}, "covariates")
    {'sex': ['f', 'm']}
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(name): values for name, values in given.items()}
    names = getattr(given, "column_names", getattr(given, "columns", None))
    if names is None:
        raise UsageError(f"{what}: name → one value per visit, or a dataframe, not {type(given).__name__}")
    return {str(name): given[name] for name in names}


def read_column(name: str, given: Any, rows: int) -> CovariateColumn:
    """Read one covariate.

    Raises
    ------
    DataError
        If it is not one value per visit.
    DefinitionError
        If it holds dates, or too many different texts.

    >>> read_column("bmi", [22, None, 25.5], 3).values.tolist()
    [22.0, nan, 25.5]
    >>> read_column("sex", ["m", None, "f"], 3)
    CovariateColumn(values=array([ 1., nan,  0.]), levels=('f', 'm'))
    """
    array = np.asarray(given)
    if array.shape != (rows,):
        raise DataError(f"covariate {name}: one value per visit, not an array of shape {array.shape}")
    kind, numbers = array.dtype.kind, _numbers(array) if array.dtype.kind == "O" else None
    categorical = hasattr(getattr(given, "cat", given), "categories")
    if kind in "biuf" and not categorical:
        return CovariateColumn(array.astype(np.float64))
    if numbers is not None and not categorical:
        return CovariateColumn(numbers)
    if kind in "mM" or (kind == "O" and any(hasattr(value, "toordinal") for value in array)):
        raise DefinitionError(f"covariate {name} holds dates; say what acts, a number such as an age or years since")
    labels = read_labels(given)
    if len(labels.names) > MOST_LEVELS:
        raise DefinitionError(
            f"covariate {name} has {len(labels.names)} different values such as {labels.names[0]!r}, each of which "
            "would have effects of its own; make it a number, or join levels"
        )
    return CovariateColumn(np.where(labels.codes < 0, np.nan, labels.codes), labels.names)


def _numbers(array: NDArray[Any]) -> Floats | None:
    """Return objects that are all numbers, or missing, as numbers."""
    gap = missing(array)
    if gap.all() or not all(isinstance(value, Real) for value in array[~gap]):
        return None
    numbers = np.full(len(array), np.nan)
    numbers[~gap] = array[~gap].astype(np.float64)
    return numbers
