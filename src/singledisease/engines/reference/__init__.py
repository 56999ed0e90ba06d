"""The reference engine: one person at a time, in plain Python, to be read beside the specification."""

from singledisease.engines.reference.context import DiseaseCourses, PersonContext, PersonCourse
from singledisease.engines.reference.course_records import Spell
from singledisease.engines.reference.evaluate_log import row_values, values
from singledisease.engines.reference.make_context import (
    context_of_walker,
    person_context,
    row_of,
    rows_of,
    value_of,
)
from singledisease.engines.reference.rows import Row, TableRow, concerns
from singledisease.engines.reference.walk_log import walk

__all__ = [
    "DiseaseCourses",
    "PersonContext",
    "PersonCourse",
    "Row",
    "Spell",
    "TableRow",
    "concerns",
    "context_of_walker",
    "person_context",
    "row_of",
    "row_values",
    "rows_of",
    "value_of",
    "values",
    "walk",
]
