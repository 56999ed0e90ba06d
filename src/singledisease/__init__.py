"""Single-disease population management: one event log, one definition, every number explained.

>>> import singledisease as sd
>>> [measure.id for measure in sd.measures("cn-bphs-2017", diseases="hypertension")]
['hypertension.managed', 'hypertension.standardized_management', 'hypertension.control']

A public name is loaded from its room when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
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
    from singledisease.cohort.ahead import period_of_step as period_of_step
    from singledisease.cohort.ahead import step_on as step_on
    from singledisease.cohort.assumptions import homogeneity as homogeneity
    from singledisease.cohort.assumptions import order_test as order_test
    from singledisease.cohort.changes import Change as Change
    from singledisease.cohort.changes import factor_of_coverage as factor_of_coverage
    from singledisease.cohort.changes import factor_of_interval as factor_of_interval
    from singledisease.cohort.clocks import sojourns as sojourns
    from singledisease.cohort.clocks import waiting_times as waiting_times
    from singledisease.cohort.cohort import Cohort as Cohort
    from singledisease.cohort.comparing import likelihood_ratio as likelihood_ratio
    from singledisease.cohort.counting import transition_counts as transition_counts
    from singledisease.cohort.embedding import embeddability as embeddability
    from singledisease.cohort.first_entry import cumulative_incidence as cumulative_incidence
    from singledisease.cohort.fit import fit_generator as fit_generator
    from singledisease.cohort.forecast import forecast as forecast
    from singledisease.cohort.grid import state_on_grid as state_on_grid
    from singledisease.cohort.hidden import most_likely_states as most_likely_states
    from singledisease.cohort.histories import histories as histories
    from singledisease.cohort.log_rank import log_rank as log_rank
    from singledisease.cohort.matrices import change_step as change_step
    from singledisease.cohort.matrices import generator_of as generator_of
    from singledisease.cohort.person_time import person_time as person_time
    from singledisease.cohort.projection import Projection as Projection
    from singledisease.cohort.restricted import time_in_states as time_in_states
    from singledisease.cohort.scenario import Scenario as Scenario
    from singledisease.cohort.scenario import scenario as scenario
    from singledisease.cohort.sequences import sequences as sequences
    from singledisease.cohort.survival import kaplan_meier as kaplan_meier
    from singledisease.cohort.two_steps import chapman_kolmogorov as chapman_kolmogorov
    from singledisease.cohort.two_steps import chapman_kolmogorov_test as chapman_kolmogorov_test
    from singledisease.dates import Period as Period
    from singledisease.dates import period as period
    from singledisease.dates import periods as periods
    from singledisease.definitions.citation import Names as Names
    from singledisease.definitions.disease import Disease as Disease
    from singledisease.definitions.language import PERIOD as PERIOD
    from singledisease.definitions.language import age as age
    from singledisease.definitions.language import attribute as attribute
    from singledisease.definitions.language import between as between
    from singledisease.definitions.language import breaches as breaches
    from singledisease.definitions.language import case as case
    from singledisease.definitions.language import choice as choice
    from singledisease.definitions.language import coalesce as coalesce
    from singledisease.definitions.language import column as column
    from singledisease.definitions.language import concerns as concerns
    from singledisease.definitions.language import day as day
    from singledisease.definitions.language import days_between as days_between
    from singledisease.definitions.language import days_in as days_in
    from singledisease.definitions.language import events as events
    from singledisease.definitions.language import how_many as how_many
    from singledisease.definitions.language import in_stage as in_stage
    from singledisease.definitions.language import in_state as in_state
    from singledisease.definitions.language import managed as managed
    from singledisease.definitions.language import months as months
    from singledisease.definitions.language import months_between as months_between
    from singledisease.definitions.language import on as on
    from singledisease.definitions.language import p as p
    from singledisease.definitions.language import quantity as quantity
    from singledisease.definitions.language import spells as spells
    from singledisease.definitions.language import this as this
    from singledisease.definitions.language import until as until
    from singledisease.definitions.language import years_between as years_between
    from singledisease.definitions.measure import Measure as Measure
    from singledisease.definitions.measure import Rule as Rule
    from singledisease.errors import DataError as DataError
    from singledisease.errors import DefinitionError as DefinitionError
    from singledisease.errors import MissingExtraError as MissingExtraError
    from singledisease.errors import SingleDiseaseError as SingleDiseaseError
    from singledisease.errors import UsageError as UsageError
    from singledisease.events.event import Event as Event
    from singledisease.events.log import EventLog as EventLog
    from singledisease.questions.explain import explain as explain
    from singledisease.questions.people import people as people
    from singledisease.questions.quality import Quality as Quality
    from singledisease.questions.quality import quality as quality
    from singledisease.scorecard.card import Scorecard as Scorecard
    from singledisease.scorecard.card import roll_up as roll_up
    from singledisease.simulate.presets import Preset as Preset
    from singledisease.simulate.rates import Rates as Rates
    from singledisease.tables import Table as Table

_HOMES = {
    "api.cohorts": "cohort prevalence workload",
    "api.data": "inspect read read_frames simulate to_frame write",
    "api.definitions": "disease diseases draw measures",
    "api.figures": "courses evaluate values worklist",
    "clinic": "Course start",
    "api.progress": "aalen_johansen bootstrap landmark_test profile_interval",
    "cohort.ahead": "period_of_step step_on",
    "cohort.assumptions": "homogeneity order_test",
    "cohort.changes": "Change factor_of_coverage factor_of_interval",
    "cohort.clocks": "sojourns waiting_times",
    "cohort.cohort": "Cohort",
    "cohort.counting": "transition_counts",
    "cohort.first_entry": "cumulative_incidence",
    "cohort.comparing": "likelihood_ratio",
    "cohort.fit": "fit_generator",
    "cohort.forecast": "forecast",
    "cohort.grid": "state_on_grid",
    "cohort.histories": "histories",
    "cohort.log_rank": "log_rank",
    "cohort.embedding": "embeddability",
    "cohort.matrices": "change_step generator_of",
    "cohort.hidden": "most_likely_states",
    "cohort.person_time": "person_time",
    "cohort.projection": "Projection",
    "cohort.restricted": "time_in_states",
    "cohort.scenario": "Scenario scenario",
    "cohort.sequences": "sequences",
    "cohort.survival": "kaplan_meier",
    "cohort.two_steps": "chapman_kolmogorov chapman_kolmogorov_test",
    "dates": "Period period periods",
    "definitions.citation": "Names",
    "definitions.disease": "Disease",
    "definitions.language": (
        "PERIOD age attribute between breaches case choice coalesce column concerns day days_between days_in events "
        "how_many in_stage in_state managed months months_between on p quantity spells this until years_between"
    ),
    "definitions.measure": "Measure Rule",
    "errors": "DataError DefinitionError MissingExtraError SingleDiseaseError UsageError",
    "events.event": "Event",
    "events.log": "EventLog",
    "questions.explain": "explain",
    "questions.people": "people",
    "questions.quality": "Quality quality",
    "scorecard.card": "Scorecard roll_up",
    "simulate.presets": "Preset",
    "simulate.rates": "Rates",
    "tables": "Table",
}
_HOME_OF = {name: f"singledisease.{home}" for home, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - a list, which the linter cannot see


class _Package(ModuleType):
    """The package itself, with its public names loaded on first use."""

    def __getattr__(self, name: str) -> Any:
        if name not in _HOME_OF:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOME_OF[name]), name)
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        # After loading singledisease.events the import system binds that package here; sd.events is the function.
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *__all__})


sys.modules[__name__].__class__ = _Package
