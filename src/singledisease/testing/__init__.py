"""Strategies, agreement and laws for testing definitions, with hypothesis (``pip install singledisease[testing]``)."""

from singledisease.conformance.comparing import counterexample
from singledisease.testing.agreement import engines_agree_on_courses, engines_agree_on_rows, engines_agree_on_values
from singledisease.testing.difference import smallest_difference
from singledisease.testing.disagreement import Disagreement
from singledisease.testing.diseases import diseases, linked_diseases, pathways
from singledisease.testing.expressions import expressions, selections
from singledisease.testing.histories import generators, stays, transition_matrices
from singledisease.testing.logs import log_of
from singledisease.testing.measures import measures
from singledisease.testing.panels import Panel, misread, panels, simulate_panel
from singledisease.testing.registries import event_rows, events, logs, patients, registries
from singledisease.testing.rows import RegistryRows
from singledisease.testing.world import days, periods

__all__ = [
    "Disagreement",
    "Panel",
    "RegistryRows",
    "counterexample",
    "days",
    "diseases",
    "engines_agree_on_courses",
    "engines_agree_on_rows",
    "engines_agree_on_values",
    "event_rows",
    "events",
    "expressions",
    "generators",
    "linked_diseases",
    "log_of",
    "logs",
    "measures",
    "misread",
    "panels",
    "pathways",
    "patients",
    "periods",
    "registries",
    "selections",
    "simulate_panel",
    "smallest_difference",
    "stays",
    "transition_matrices",
]
