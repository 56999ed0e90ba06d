"""The columnar engine: everyone at once, in NumPy."""

from singledisease.engines.columnar.values import values
from singledisease.engines.columnar.walk import walk

__all__ = ["values", "walk"]
