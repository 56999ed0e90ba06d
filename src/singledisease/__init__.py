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
    from singledisease.api.clinic import start as start
    from singledisease.api.clinic import start_joint as start_joint
    from singledisease.api.cohorts import cohort as cohort
    from singledisease.api.cohorts import count_transitions as count_transitions
    from singledisease.api.cohorts import prevalence as prevalence
    from singledisease.api.cohorts import workload as workload
    from singledisease.api.comparisons import reconcile as reconcile
    from singledisease.api.comparisons import sensitivity as sensitivity
    from singledisease.api.county import contract_rules as contract_rules
    from singledisease.api.county import contracts as contracts
    from singledisease.api.county import irregularities as irregularities
    from singledisease.api.county import join_records as join_records
    from singledisease.api.county import package_deliveries as package_deliveries
    from singledisease.api.county import point_rules as point_rules
    from singledisease.api.county import points_ledger as points_ledger
    from singledisease.api.county import recognition_rules as recognition_rules
    from singledisease.api.county import repeated_tests as repeated_tests
    from singledisease.api.county import unfinished as unfinished
    from singledisease.api.data import inspect as inspect
    from singledisease.api.data import log_of as log_of
    from singledisease.api.data import read as read
    from singledisease.api.data import read_frames as read_frames
    from singledisease.api.data import simulate as simulate
    from singledisease.api.data import simulate_in_folders as simulate_in_folders
    from singledisease.api.data import to_frame as to_frame
    from singledisease.api.data import write as write
    from singledisease.api.data_sets import write_data_set as write_data_set
    from singledisease.api.database import read_database as read_database
    from singledisease.api.database import write_database as write_database
    from singledisease.api.definitions import disease as disease
    from singledisease.api.definitions import diseases as diseases
    from singledisease.api.definitions import diseases_of as diseases_of
    from singledisease.api.definitions import draw as draw
    from singledisease.api.definitions import joint_tiers as joint_tiers
    from singledisease.api.definitions import measures as measures
    from singledisease.api.definitions import processes as processes
    from singledisease.api.definitions import write_disease as write_disease
    from singledisease.api.definitions import write_measures as write_measures
    from singledisease.api.fhir import read_measure_reports as read_measure_reports
    from singledisease.api.fhir import to_fhir as to_fhir
    from singledisease.api.fhir import write_fhir as write_fhir
    from singledisease.api.figures import courses as courses
    from singledisease.api.figures import evaluate as evaluate
    from singledisease.api.figures import scorecard_of as scorecard_of
    from singledisease.api.figures import values as values
    from singledisease.api.figures import worklist as worklist
    from singledisease.api.frozen import freeze as freeze
    from singledisease.api.frozen import moved_since as moved_since
    from singledisease.api.frozen import verify as verify
    from singledisease.api.gaps import gaps as gaps
    from singledisease.api.joint import joint_courses as joint_courses
    from singledisease.api.joint import joint_way as joint_way
    from singledisease.api.overlays import definition_difference as definition_difference
    from singledisease.api.overlays import review_catalogue as review_catalogue
    from singledisease.api.overlays import sign_definition as sign_definition
    from singledisease.api.parts import Parts as Parts
    from singledisease.api.parts import partition as partition
    from singledisease.api.parts import parts as parts
    from singledisease.api.progress import aalen_johansen as aalen_johansen
    from singledisease.api.progress import bootstrap as bootstrap
    from singledisease.api.progress import landmark_test as landmark_test
    from singledisease.api.progress import profile_interval as profile_interval
    from singledisease.api.test_cases import score_test_cases as score_test_cases
    from singledisease.api.workbooks import write_workbook as write_workbook
    from singledisease.clinic import Course as Course
    from singledisease.clinic import JointCourses as JointCourses
    from singledisease.clinic.record import PersonRecord as PersonRecord
    from singledisease.cohorts.cohort import Cohort as Cohort
    from singledisease.cohorts.projections.forecast import forecast as forecast
    from singledisease.cohorts.projections.future_periods import period_of_step as period_of_step
    from singledisease.cohorts.projections.future_periods import step_on as step_on
    from singledisease.comparison.reconcile import Reconciliation as Reconciliation
    from singledisease.comparison.sensitivity import Sensitivity as Sensitivity
    from singledisease.comparison.since_frozen import SinceFrozen as SinceFrozen
    from singledisease.comparison.verify import Verification as Verification
    from singledisease.conformance.comparing import counterexample as counterexample
    from singledisease.conformance.comparing import differing_people as differing_people
    from singledisease.conformance.deck import conformance_deck as conformance_deck
    from singledisease.conformance.deck_files import read_deck as read_deck
    from singledisease.conformance.deck_files import write_deck as write_deck
    from singledisease.conformance.scoring import score_answers as score_answers
    from singledisease.conformance.tested import mutants as mutants
    from singledisease.conformance.tested import mutants_told as mutants_told
    from singledisease.county.contracts import contract_state as contract_state
    from singledisease.county.contracts import deliveries as deliveries
    from singledisease.county.next_steps import next_steps as next_steps
    from singledisease.county.next_steps import out_of_turn as out_of_turn
    from singledisease.county.person_links import LinkDecision as LinkDecision
    from singledisease.county.recognition import recognition as recognition
    from singledisease.dates import Maturity as Maturity
    from singledisease.dates import Period as Period
    from singledisease.dates import period as period
    from singledisease.dates import periods as periods
    from singledisease.definitions.aggregate import Distribution as Distribution
    from singledisease.definitions.aggregate import Ratio as Ratio
    from singledisease.definitions.citation import Names as Names
    from singledisease.definitions.code_set import CodeSet as CodeSet
    from singledisease.definitions.derived import Derived as Derived
    from singledisease.definitions.disease import Disease as Disease
    from singledisease.definitions.joint_tier import JointTier as JointTier
    from singledisease.definitions.measure import Measure as Measure
    from singledisease.definitions.measure import Rule as Rule
    from singledisease.definitions.scores import target_score as target_score
    from singledisease.definitions.scores import total_score as total_score
    from singledisease.definitions.tier import Tier as Tier
    from singledisease.definitions.tier import TierLevel as TierLevel
    from singledisease.definitions.tier import TierRule as TierRule
    from singledisease.errors import DataError as DataError
    from singledisease.errors import DefinitionError as DefinitionError
    from singledisease.errors import MissingExtraError as MissingExtraError
    from singledisease.errors import OutputError as OutputError
    from singledisease.errors import SingleDiseaseError as SingleDiseaseError
    from singledisease.errors import UsageError as UsageError
    from singledisease.eventlog.event import Event as Event
    from singledisease.eventlog.log import EventLog as EventLog
    from singledisease.explanation.attrition import attrition as attrition
    from singledisease.explanation.explain import explain as explain
    from singledisease.explanation.joint_way import JointWay as JointWay
    from singledisease.explanation.people import people as people
    from singledisease.explanation.quality import Quality as Quality
    from singledisease.explanation.quality import quality as quality
    from singledisease.io.code_sets import read_code_sets as read_code_sets
    from singledisease.language.build import PERIOD as PERIOD
    from singledisease.language.build import activities as activities
    from singledisease.language.build import age as age
    from singledisease.language.build import attribute as attribute
    from singledisease.language.build import between as between
    from singledisease.language.build import breaches as breaches
    from singledisease.language.build import case as case
    from singledisease.language.build import choice as choice
    from singledisease.language.build import coalesce as coalesce
    from singledisease.language.build import codes as codes
    from singledisease.language.build import column as column
    from singledisease.language.build import concerns as concerns
    from singledisease.language.build import day as day
    from singledisease.language.build import days_between as days_between
    from singledisease.language.build import days_in as days_in
    from singledisease.language.build import earliest as earliest
    from singledisease.language.build import events as events
    from singledisease.language.build import how_many as how_many
    from singledisease.language.build import in_stage as in_stage
    from singledisease.language.build import in_state as in_state
    from singledisease.language.build import in_tier as in_tier
    from singledisease.language.build import institution as institution
    from singledisease.language.build import institutions as institutions
    from singledisease.language.build import largest as largest
    from singledisease.language.build import latest as latest
    from singledisease.language.build import managed as managed
    from singledisease.language.build import months as months
    from singledisease.language.build import months_between as months_between
    from singledisease.language.build import on as on
    from singledisease.language.build import p as p
    from singledisease.language.build import quantity as quantity
    from singledisease.language.build import quarters as quarters
    from singledisease.language.build import sequences as sequences
    from singledisease.language.build import services as services
    from singledisease.language.build import smallest as smallest
    from singledisease.language.build import spells as spells
    from singledisease.language.build import this as this
    from singledisease.language.build import tier as tier
    from singledisease.language.build import until as until
    from singledisease.language.build import worst as worst
    from singledisease.language.build import years as years
    from singledisease.language.build import years_between as years_between
    from singledisease.multistate.assumption_tests.chapman_kolmogorov import chapman_kolmogorov as chapman_kolmogorov
    from singledisease.multistate.assumption_tests.chapman_kolmogorov import (
        chapman_kolmogorov_test as chapman_kolmogorov_test,
    )
    from singledisease.multistate.assumption_tests.homogeneity import homogeneity as homogeneity
    from singledisease.multistate.assumption_tests.order import order_test as order_test
    from singledisease.multistate.histories.histories import histories as histories
    from singledisease.multistate.histories.person_time import person_time as person_time
    from singledisease.multistate.histories.sequences import state_sequences as state_sequences
    from singledisease.multistate.matrices.embeddability import embeddability as embeddability
    from singledisease.multistate.matrices.generators import change_step as change_step
    from singledisease.multistate.matrices.generators import generator_of as generator_of
    from singledisease.multistate.matrices.grid import state_on_grid as state_on_grid
    from singledisease.multistate.matrices.transition_counts import transition_counts as transition_counts
    from singledisease.multistate.occupation.cumulative_incidence import cumulative_incidence as cumulative_incidence
    from singledisease.multistate.occupation.restricted_mean import time_in_states as time_in_states
    from singledisease.multistate.rates.fit import fit_generator as fit_generator
    from singledisease.multistate.rates.results.compare import likelihood_ratio as likelihood_ratio
    from singledisease.multistate.rates.results.most_likely_states import most_likely_states as most_likely_states
    from singledisease.multistate.rates.results.state_probabilities import state_probabilities as state_probabilities
    from singledisease.multistate.scenarios.changes import Change as Change
    from singledisease.multistate.scenarios.changes import factor_of_coverage as factor_of_coverage
    from singledisease.multistate.scenarios.changes import factor_of_interval as factor_of_interval
    from singledisease.multistate.scenarios.projection import Projection as Projection
    from singledisease.multistate.scenarios.scenario import Scenario as Scenario
    from singledisease.multistate.scenarios.scenario import scenario as scenario
    from singledisease.multistate.survival.competing_risks import competing_risks as competing_risks
    from singledisease.multistate.survival.kaplan_meier import kaplan_meier as kaplan_meier
    from singledisease.multistate.survival.log_rank import log_rank as log_rank
    from singledisease.multistate.survival.sojourn_times import sojourns as sojourns
    from singledisease.multistate.survival.sojourn_times import waiting_times as waiting_times
    from singledisease.scorecard.card import Scorecard as Scorecard
    from singledisease.scorecard.card import roll_up as roll_up
    from singledisease.scorecard.counts import Counts as Counts
    from singledisease.scorecard.difference import ScoreDifference as ScoreDifference
    from singledisease.scorecard.difference import score_difference as score_difference
    from singledisease.scorecard.disclosed import Disclosed as Disclosed
    from singledisease.scorecard.disclosed import disclose as disclose
    from singledisease.scorecard.percentages import percentages as percentages
    from singledisease.scorecard.standardize import standardized as standardized
    from singledisease.simulation.presets import Preset as Preset
    from singledisease.simulation.rates import Rates as Rates
    from singledisease.tables import Table as Table

_HOMES = {
    "api.clinic": "start start_joint",
    "api.cohorts": "cohort count_transitions prevalence workload",
    "api.data": "inspect log_of read read_frames simulate simulate_in_folders to_frame write",
    "api.county": (
        "contract_rules contracts irregularities join_records package_deliveries point_rules points_ledger "
        "recognition_rules repeated_tests unfinished"
    ),
    "api.comparisons": "reconcile sensitivity",
    "api.data_sets": "write_data_set",
    "api.database": "read_database write_database",
    "api.definitions": (
        "disease diseases diseases_of draw joint_tiers measures processes write_disease write_measures"
    ),
    "api.fhir": "read_measure_reports to_fhir write_fhir",
    "api.frozen": "freeze moved_since verify",
    "api.gaps": "gaps",
    "api.figures": "courses evaluate scorecard_of values worklist",
    "api.joint": "joint_courses joint_way",
    "api.test_cases": "score_test_cases",
    "api.workbooks": "write_workbook",
    "clinic": "Course JointCourses",
    "clinic.record": "PersonRecord",
    "county.contracts": "contract_state deliveries",
    "county.next_steps": "next_steps out_of_turn",
    "county.person_links": "LinkDecision",
    "county.recognition": "recognition",
    "api.overlays": "definition_difference review_catalogue sign_definition",
    "api.parts": "Parts partition parts",
    "api.progress": "aalen_johansen bootstrap landmark_test profile_interval",
    "cohorts.projections.future_periods": "period_of_step step_on",
    "multistate.assumption_tests.homogeneity": "homogeneity",
    "multistate.assumption_tests.order": "order_test",
    "multistate.scenarios.changes": "Change factor_of_coverage factor_of_interval",
    "multistate.survival.sojourn_times": "sojourns waiting_times",
    "cohorts.cohort": "Cohort",
    "multistate.matrices.transition_counts": "transition_counts",
    "multistate.occupation.cumulative_incidence": "cumulative_incidence",
    "multistate.rates.results.compare": "likelihood_ratio",
    "multistate.rates.fit": "fit_generator",
    "cohorts.projections.forecast": "forecast",
    "multistate.matrices.grid": "state_on_grid",
    "multistate.histories.histories": "histories",
    "multistate.survival.log_rank": "log_rank",
    "multistate.matrices.embeddability": "embeddability",
    "multistate.matrices.generators": "change_step generator_of",
    "multistate.rates.results.most_likely_states": "most_likely_states",
    "multistate.rates.results.state_probabilities": "state_probabilities",
    "multistate.histories.person_time": "person_time",
    "multistate.scenarios.projection": "Projection",
    "multistate.occupation.restricted_mean": "time_in_states",
    "multistate.scenarios.scenario": "Scenario scenario",
    "multistate.histories.sequences": "state_sequences",
    "multistate.survival.competing_risks": "competing_risks",
    "multistate.survival.kaplan_meier": "kaplan_meier",
    "multistate.assumption_tests.chapman_kolmogorov": "chapman_kolmogorov chapman_kolmogorov_test",
    "conformance.comparing": "counterexample differing_people",
    "conformance.deck": "conformance_deck",
    "conformance.deck_files": "read_deck write_deck",
    "conformance.scoring": "score_answers",
    "conformance.tested": "mutants mutants_told",
    "comparison.verify": "Verification",
    "comparison.reconcile": "Reconciliation",
    "comparison.sensitivity": "Sensitivity",
    "comparison.since_frozen": "SinceFrozen",
    "dates": "Maturity Period period periods",
    "definitions.aggregate": "Distribution Ratio",
    "definitions.citation": "Names",
    "definitions.derived": "Derived",
    "definitions.scores": "target_score total_score",
    "definitions.code_set": "CodeSet",
    "definitions.disease": "Disease",
    "language.build": (
        "PERIOD activities age attribute between breaches case choice coalesce codes column concerns day "
        "days_between days_in earliest events how_many in_stage in_state in_tier institution institutions largest "
        "latest managed months months_between on p quantity quarters sequences services smallest spells this tier "
        "until worst years years_between"
    ),
    "definitions.joint_tier": "JointTier",
    "definitions.measure": "Measure Rule",
    "definitions.tier": "Tier TierLevel TierRule",
    "errors": "DataError DefinitionError MissingExtraError OutputError SingleDiseaseError UsageError",
    "eventlog.event": "Event",
    "eventlog.log": "EventLog",
    "explanation.attrition": "attrition",
    "explanation.explain": "explain",
    "explanation.joint_way": "JointWay",
    "explanation.people": "people",
    "explanation.quality": "Quality quality",
    "io.code_sets": "read_code_sets",
    "scorecard.card": "Scorecard roll_up",
    "scorecard.counts": "Counts",
    "scorecard.disclosed": "Disclosed disclose",
    "scorecard.difference": "ScoreDifference score_difference",
    "scorecard.percentages": "percentages",
    "scorecard.standardize": "standardized",
    "simulation.presets": "Preset",
    "simulation.rates": "Rates",
    "tables": "Table",
}
_HOME_OF = {name: f"singledisease.{home}" for home, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - a list, which the linter cannot see


def __getattr__(name: str) -> Any:
    """Give a public name, loaded from its room on first use."""
    if name == "testing":
        # A room with an extra of its own, loaded when it is asked for.
        value = import_module("singledisease.testing")
    elif name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    elif not name.startswith("_") and name in import_module("singledisease.language.operations").FUNCTIONS:
        # An operator without a function of its own: its row in the table is all there is of it.
        value = import_module("singledisease.language.operator_words").operator_function(name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
