"""The reference engine: one person at a time, in plain Python, to be read beside the specification."""

from singledisease.engines.reference.batch import values, walk
from singledisease.engines.reference.rows import Breach, Row, concerns
from singledisease.engines.reference.scene import Scene, Stay, Way
from singledisease.engines.reference.scenes import row_of, rows_of, scene, scene_of, value_of

__all__ = [
    "Breach",
    "Row",
    "Scene",
    "Stay",
    "Way",
    "concerns",
    "row_of",
    "rows_of",
    "scene",
    "scene_of",
    "value_of",
    "values",
    "walk",
]
