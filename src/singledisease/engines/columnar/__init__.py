"""The columnar engine: everyone at once, in NumPy."""

from singledisease.engines.columnar.as_heard import values_as_heard
from singledisease.engines.columnar.values import row_values, values
from singledisease.engines.columnar.walking.walk_everyone import walk

__all__ = ["row_values", "values", "values_as_heard", "walk"]
