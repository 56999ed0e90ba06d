"""The reference engine: one person at a time, in plain Python, to be read beside the specification."""

from singledisease.engines.reference.batch import values, walk
from singledisease.engines.reference.context import PersonContext, PersonCourse, Spell
from singledisease.engines.reference.person_contexts import context_of_walker, person_context, row_of, rows_of, value_of
from singledisease.engines.reference.rows import Breach, Row, concerns

__all__ = [
    "Breach",
    "PersonContext",
    "PersonCourse",
    "Row",
    "Spell",
    "concerns",
    "context_of_walker",
    "person_context",
    "row_of",
    "rows_of",
    "value_of",
    "values",
    "walk",
]
