"""The columnar engine: everyone at once, in NumPy."""

from singledisease.engines.columnar.values import values
from singledisease.engines.columnar.walking.walk_everyone import walk

__all__ = ["values", "walk"]
