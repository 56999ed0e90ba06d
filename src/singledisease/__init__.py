"""Single-disease population management: one event log, one definition, every number explained.

>>> import singledisease as sd
>>> [measure.id for measure in sd.measures("cn-bphs-2017", diseases="hypertension")]
['hypertension.managed', 'hypertension.standardized_management', 'hypertension.control']

A public name is loaded from its room when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from singledisease.api.cohorts import cohort as cohort
    from singledisease.api.cohorts import prevalence as prevalence
    from singledisease.api.cohorts import workload as workload
    from singledisease.api.data import inspect as inspect
    from singledisease.api.data import read as read
    from singledisease.api.data import read_frames as read_frames
    from singledisease.api.data import simulate as simulate
    from singledisease.api.data import to_frame as to_frame
    from singledisease.api.data import write as write
    from singledisease.api.definitions import disease as disease
    from singledisease.api.definitions import diseases as diseases
    from singledisease.api.definitions import draw as draw
    from singledisease.api.definitions import measures as measures
    from singledisease.api.figures import courses as courses
    from singledisease.api.figures import evaluate as evaluate
    from singledisease.api.figures import values as values
    from singledisease.api.figures import worklist as worklist
    from singledisease.api.progress import aalen_johansen as aalen_johansen
    from singledisease.api.progress import bootstrap as bootstrap
    from singledisease.api.progress import landmark_test as landmark_test
    from singledisease.api.progress import profile_interval as profile_interval
    from singledisease.clinic import Course as Course
    from singledisease.clinic import start as start
    from singledisease.cohorts.ahead import period_of_step as period_of_step
    from singledisease.cohorts.ahead import step_on as step_on
    from singledisease.cohorts.assumptions import homogeneity as homogeneity
    from singledisease.cohorts.assumptions import order_test as order_test
    from singledisease.cohorts.changes import Change as Change
    from singledisease.cohorts.changes import factor_of_coverage as factor_of_coverage
    from singledisease.cohorts.changes import factor_of_interval as factor_of_interval
    from singledisease.cohorts.clocks import sojourns as sojourns
    from singledisease.cohorts.clocks import waiting_times as waiting_times
    from singledisease.cohorts.cohort import Cohort as Cohort
    from singledisease.cohorts.comparing import likelihood_ratio as likelihood_ratio
    from singledisease.cohorts.counting import transition_counts as transition_counts
    from singledisease.cohorts.embedding import embeddability as embeddability
    from singledisease.cohorts.first_entry import cumulative_incidence as cumulative_incidence
    from singledisease.cohorts.fit import fit_generator as fit_generator
    from singledisease.cohorts.forecast import forecast as forecast
    from singledisease.cohorts.grid import state_on_grid as state_on_grid
    from singledisease.cohorts.hidden import most_likely_states as most_likely_states
    from singledisease.cohorts.histories import histories as histories
    from singledisease.cohorts.log_rank import log_rank as log_rank
    from singledisease.cohorts.matrices import change_step as change_step
    from singledisease.cohorts.matrices import generator_of as generator_of
    from singledisease.cohorts.person_time import person_time as person_time
    from singledisease.cohorts.projection import Projection as Projection
    from singledisease.cohorts.restricted import time_in_states as time_in_states
    from singledisease.cohorts.scenario import Scenario as Scenario
    from singledisease.cohorts.scenario import scenario as scenario
    from singledisease.cohorts.sequences import sequences as sequences
    from singledisease.cohorts.survival import kaplan_meier as kaplan_meier
    from singledisease.cohorts.two_steps import chapman_kolmogorov as chapman_kolmogorov
    from singledisease.cohorts.two_steps import chapman_kolmogorov_test as chapman_kolmogorov_test
    from singledisease.dates import Period as Period
    from singledisease.dates import period as period
    from singledisease.dates import periods as periods
    from singledisease.definitions.citation import Names as Names
    from singledisease.definitions.code_set import CodeSet as CodeSet
    from singledisease.definitions.disease import Disease as Disease
    from singledisease.definitions.measure import Measure as Measure
    from singledisease.definitions.measure import Rule as Rule
    from singledisease.errors import DataError as DataError
    from singledisease.errors import DefinitionError as DefinitionError
    from singledisease.errors import MissingExtraError as MissingExtraError
    from singledisease.errors import SingleDiseaseError as SingleDiseaseError
    from singledisease.errors import UsageError as UsageError
    from singledisease.eventlog.event import Event as Event
    from singledisease.eventlog.log import EventLog as EventLog
    from singledisease.explanation.explain import explain as explain
    from singledisease.explanation.people import people as people
    from singledisease.explanation.quality import Quality as Quality
    from singledisease.explanation.quality import quality as quality
    from singledisease.language.build import PERIOD as PERIOD
    from singledisease.language.build import age as age
    from singledisease.language.build import attribute as attribute
    from singledisease.language.build import between as between
    from singledisease.language.build import breaches as breaches
    from singledisease.language.build import case as case
    from singledisease.language.build import choice as choice
    from singledisease.language.build import coalesce as coalesce
    from singledisease.language.build import column as column
    from singledisease.language.build import concerns as concerns
    from singledisease.language.build import day as day
    from singledisease.language.build import days_between as days_between
    from singledisease.language.build import days_in as days_in
    from singledisease.language.build import events as events
    from singledisease.language.build import how_many as how_many
    from singledisease.language.build import in_stage as in_stage
    from singledisease.language.build import in_state as in_state
    from singledisease.language.build import managed as managed
    from singledisease.language.build import months as months
    from singledisease.language.build import months_between as months_between
    from singledisease.language.build import on as on
    from singledisease.language.build import p as p
    from singledisease.language.build import quantity as quantity
    from singledisease.language.build import spells as spells
    from singledisease.language.build import this as this
    from singledisease.language.build import until as until
    from singledisease.language.build import years_between as years_between
    from singledisease.scorecard.card import Scorecard as Scorecard
    from singledisease.scorecard.card import roll_up as roll_up
    from singledisease.simulation.presets import Preset as Preset
    from singledisease.simulation.rates import Rates as Rates
    from singledisease.tables import Table as Table

_HOMES = {
    "api.cohorts": "cohort prevalence workload",
    "api.data": "inspect read read_frames simulate to_frame write",
    "api.definitions": "disease diseases draw measures",
    "api.figures": "courses evaluate values worklist",
    "clinic": "Course start",
    "api.progress": "aalen_johansen bootstrap landmark_test profile_interval",
    "cohorts.ahead": "period_of_step step_on",
    "cohorts.assumptions": "homogeneity order_test",
    "cohorts.changes": "Change factor_of_coverage factor_of_interval",
    "cohorts.clocks": "sojourns waiting_times",
    "cohorts.cohort": "Cohort",
    "cohorts.counting": "transition_counts",
    "cohorts.first_entry": "cumulative_incidence",
    "cohorts.comparing": "likelihood_ratio",
    "cohorts.fit": "fit_generator",
    "cohorts.forecast": "forecast",
    "cohorts.grid": "state_on_grid",
    "cohorts.histories": "histories",
    "cohorts.log_rank": "log_rank",
    "cohorts.embedding": "embeddability",
    "cohorts.matrices": "change_step generator_of",
    "cohorts.hidden": "most_likely_states",
    "cohorts.person_time": "person_time",
    "cohorts.projection": "Projection",
    "cohorts.restricted": "time_in_states",
    "cohorts.scenario": "Scenario scenario",
    "cohorts.sequences": "sequences",
    "cohorts.survival": "kaplan_meier",
    "cohorts.two_steps": "chapman_kolmogorov chapman_kolmogorov_test",
    "dates": "Period period periods",
    "definitions.citation": "Names",
    "definitions.code_set": "CodeSet",
    "definitions.disease": "Disease",
    "language.build": (
        "PERIOD age attribute between breaches case choice coalesce column concerns day days_between days_in events "
        "how_many in_stage in_state managed months months_between on p quantity spells this until years_between"
    ),
    "definitions.measure": "Measure Rule",
    "errors": "DataError DefinitionError MissingExtraError SingleDiseaseError UsageError",
    "eventlog.event": "Event",
    "eventlog.log": "EventLog",
    "explanation.explain": "explain",
    "explanation.people": "people",
    "explanation.quality": "Quality quality",
    "scorecard.card": "Scorecard roll_up",
    "simulation.presets": "Preset",
    "simulation.rates": "Rates",
    "tables": "Table",
}
_HOME_OF = {name: f"singledisease.{home}" for home, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - a list, which the linter cannot see


def __getattr__(name: str) -> Any:
    """Give a public name, loaded from its room on first use."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
