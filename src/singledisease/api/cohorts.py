"""What happens to a population: cohorts and their transitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from attrs import evolve
from numpy.typing import ArrayLike

from singledisease import catalogue
from singledisease.api.attributes import STAGE, AnyAttribute, AttributeContext, attribute_on, named, stages
from singledisease.api.definitions import AnyDisease, AnyDiseases, given
from singledisease.api.definitions import disease as disease_of
from singledisease.api.parts import Parts
from singledisease.api.what_a_call_says import AnyDay, check_policies, known_on
from singledisease.cohorts.building.attribute import by_attribute
from singledisease.cohorts.building.build import cohort as follow
from singledisease.cohorts.building.build import cut
from singledisease.cohorts.cohort import Chosen, Cohort
from singledisease.cohorts.names import called
from singledisease.cohorts.projections import workload as working
from singledisease.cohorts.projections.workload import Workload
from singledisease.cohorts.steps.assumption_tests import prevalence as prevalence_of_steps
from singledisease.dates import asked_day, iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import resolve_disease
from singledisease.definitions.wording.terms import STAGE_NAMES
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.multistate.matrices.joined_counts import joined_counts
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.multistate.rates.results.compare import prevalence as prevalence_of_fit
from singledisease.multistate.rates.results.fitted import FittedGenerator
from singledisease.multistate.scenarios.projection import Projection
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.strata import check_by, stratify
from singledisease.tables import Table


def cohort(
    disease: AnyDisease,
    log: EventLog,
    start: AnyDay,
    end: AnyDay,
    *,
    every: str | int = "month",
    by: Sequence[str] | str = (),
    states: Chosen | None = None,
    attribute: AnyAttribute | None = None,
    carry_days: int | None = None,
    diseases: AnyDiseases | None = None,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Cohort:
    """Follow the managed people of a disease from one day to another, step by step.

    Parameters
    ----------
    disease
        Whose pathway.
    log
        The registry, as ``read`` gave it.
    start, end
        First and last day.  What is asked after the day of ``as_of`` is not known: the cohort ends there.
    every
        Length of a step: ``month``, ``quarter``, ``year`` (of the calendar), ``whole``, or a number of days.
    by
        Strata, as in ``evaluate``; everybody is in the stratum of the last day of each step.
    states
        Which states of the pathway count as being in the cohort; a mapping gives several one name.  Left out:
        those in which a person counts as managed.
    attribute
        Follow people from group to group of this, in the place of the pathway's states: a measure or its id (its
        group), a condition or text as an expression, a column such as ``institution``, ``stage``, or a ``JointTier``
        (the level in which they stand, such as a colour).  Only who is in the cohort, and whom it concerns, is in a
        group.
    carry_days
        For how many days a reading stands: a measure, or an expression, is asked at the end of each step about the
        period of so many days before.
    diseases
        Your own diseases that the attribute names; those of the catalogue are known.
    policy
        Values of the policies of the disease, and of the measure, such as ``{"lost_after": "6"}``.
    as_of
        Count what was known on that day; ``None``: every row that was not taken back.
    engine
        ``columnar`` or ``reference``.

    Raises
    ------
    UsageError
        For an unknown state, stratum, policy, attribute or step, or days the wrong way round.

    Examples
    --------
    >>> import singledisease as sd
    >>> county = sd.simulate(patients=300, seed=1).log()
    >>> control = sd.cohort(
    ...     "hypertension", county, "2024-01-01", "2024-12-31", every="quarter",
    ...     attribute="hypertension.control", carry_days=365,
    ... )
    >>> control.states
    ('not_numerator', 'unknown', 'numerator')
    """
    one = disease_of(disease)
    if carry_days is not None and (attribute is None or _is_stage(attribute)):
        raise UsageError("carry_days without an attribute that is read has no meaning; leave carry_days out")
    what = None if attribute is None else named(attribute, one, log)
    if what is None or isinstance(what, str):
        check_policies([one], policy)
    first, last, seen = asked_day("start", start), asked_day("end", end), known_on(log, as_of)
    if seen.known_until is not None:
        if seen.known_until < first:
            raise UsageError(f"nothing is known of a cohort from {iso(first)} on as of {iso(seen.known_until)}")
        last = min(last, seen.known_until)
    staged = _is_stage(what)
    if staged:
        if states is not None:
            raise UsageError("states and the attribute stage both say which states are alike; name one of the two")
        what, states = None, stages(one)
    periods = cut(first, last, every)
    names = check_by((by,) if isinstance(by, str) else by, seen)
    resolved = resolve_disease(one, policy or {})
    walked = engine_named(engine).walk(resolved, seen, last)
    strata = stratify(names, seen, periods, one.id)
    whole = follow(walked, seen.people.ids, periods, states=states, by=names, strata=strata)
    if staged:
        return evolve(whole, names=called(STAGE_NAMES))
    if what is None:
        return whole
    asked = AttributeContext(
        disease=one,
        log=log,
        seen=seen,
        carry_days=carry_days,
        policy=policy or {},
        as_of=as_of,
        engine=engine,
        diseases=tuple(given(diseases).values()),
    )
    return by_attribute(whole, attribute_on(what, whole.steps.days, asked))


def count_transitions(
    disease: AnyDisease, registry: EventLog | Parts, start: AnyDay, end: AnyDay, *, workers: int = 1, **more: Any
) -> TransitionCounts:
    """Count who moved from state to state, entered, left and died, step by step: of a registry in parts, their sum.

    Parameters
    ----------
    disease, start, end
        As ``cohort`` takes them.
    registry
        A log, or a registry in parts.
    workers
        Processes, of a registry in parts.
    more
        ``every``, ``states``, ``policy``, ``as_of``, ``engine``, ``attribute``, ``carry_days``: see ``cohort``.

    Raises
    ------
    UsageError
        As ``cohort`` does.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=60, seed=1).log()
    >>> year = dict(start="2024-01-01", end="2024-12-31", every="quarter")
    >>> in_parts = sd.count_transitions("hypertension", sd.partition(log, "cohort-in-parts", parts=3), **year)
    >>> bool((in_parts.counts == sd.count_transitions("hypertension", log, **year).counts).all())
    True
    """
    count = partial(_transitions_of, disease_of(disease), start, end, more)
    if not isinstance(registry, Parts):
        return count(registry)
    return joined_counts(list(registry.map(count, workers)), order_of(more.get("attribute")))


def order_of(attribute: AnyAttribute | None) -> tuple[str, ...]:
    """Give the order in which groups stand of which a part may have some only, where what is followed says it."""
    if isinstance(attribute, str) and attribute in catalogue.joint_tier_ids():
        attribute = catalogue.joint_tier(attribute)
    if isinstance(attribute, JointTier):
        return tuple(level.id for level in attribute.levels)
    return groups_of(attribute) if isinstance(attribute, Measure) else ()


def _transitions_of(
    disease: Disease, start: AnyDay, end: AnyDay, more: Mapping[str, Any], log: EventLog
) -> TransitionCounts:
    return cohort(disease, log, start, end, **more).transitions


def workload(
    projection: Projection,
    disease: AnyDisease,
    *,
    months: float = 1.0,
    intervals: Mapping[str, float] | None = None,
    policy: Mapping[str, str] | None = None,
) -> Workload:
    """Count the services that will be due if stocks go as projected, by step, role and service.

    A service that repeats comes up once per length of its clock for everybody in its states at the start of a step;
    one that does not comes up once for everybody who enters them.

    Parameters
    ----------
    projection
        Of states of the disease's pathway, by their ids.
    disease
        Its service list says what is due in which states, how often, and who does it.
    months
        Length of a step.
    intervals
        Another length of the clock for some services, in months: what if follow-up were every 2 months?
    policy
        Values of the disease's own policies.

    Returns
    -------
    Workload
        With ``due``, (steps, services), its ``table``, and ``by_role``.

    Raises
    ------
    UsageError
        If ``intervals`` names no service, a projected state is none of the pathway's, or no service is due in any;
            for an unknown policy.
    DefinitionError
        If the length of a clock depends on the person.

    Examples
    --------
    >>> import singledisease as sd
    >>> year = sd.scenario([90, 10], [[0.9, 0.1], [0.5, 0.5]], states=["satisfactory", "unsatisfactory"])
    >>> sd.workload(year.project(1), "hypertension", intervals={"follow_up": 3}).by_role().rows()[0]["due"]
    55.07440476190476
    """
    one = disease_of(disease)
    check_policies([one], policy)
    return working.workload(projection, one, months=months, intervals=intervals, policy=policy)


def _is_stage(attribute: AnyAttribute | None) -> bool:
    # Expressions answer == with another expression.
    return isinstance(attribute, str) and attribute == STAGE


def prevalence(of: FittedGenerator | Cohort, times: ArrayLike | None = None) -> Table:
    """Compare how many people are seen in each state with how many are expected there.

    Parameters
    ----------
    of
        A fit: what its rates expect of the people seen, by the covariates of their first visit.  Or a cohort: what
        the matrix of all its steps together expects of those present at the start, step by step.
    times
        Of a fit: when, since the first visit of each person, in its unit.

    Returns
    -------
    Table
        One row per time (or step) and state, with ``observed`` and ``expected`` people.

    Raises
    ------
    UsageError
        If a fit is given without times, or a cohort with some.

    Examples
    --------
    >>> from singledisease.multistate.rates.fit import fit_generator
    >>> fit = fit_generator(id=[1, 1, 2, 2], time=[0, 1, 0, 1], state=[1, 2, 1, 1], allowed=[(1, 2)])
    >>> prevalence(fit, [1])["observed"], [round(people, 6) for people in prevalence(fit, [1])["expected"]]
    ((1, 1), [1.0, 1.0])
    """
    if isinstance(of, Cohort):
        if times is not None:
            raise UsageError("a cohort is compared at the ends of its steps: prevalence(cohort), without times")
        return evolve(prevalence_of_steps(of.steps), called={"state": of.names})
    if times is None:
        raise UsageError("of a fit say when, in its unit, since each person's first visit: prevalence(fit, [0, 1, 2])")
    return evolve(prevalence_of_fit(of, times), called={"state": of.names})
