"""Measures of a log: resolve them, walk the courses once, value every rule, group, count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from singledisease.dates import Maturity, Period, day_of
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved, check_policy, resolve
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Breaches, Services
from singledisease.language.traversal import inside
from singledisease.pathway_courses import Courses, not_walked
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.count import CHUNK, Job, Progress, count_all
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.scorecard.further_figures import check_derived
from singledisease.scorecard.part import Part
from singledisease.scorecard.pathway_codes import walked_diseases
from singledisease.scorecard.row_groups import check_row_strata
from singledisease.scorecard.tier_strata import By, tier_labels, tiers_among
from singledisease.scorecard.walked_when_asked import WalkedWhenAsked
from singledisease.strata import check_by

AnyMeasure = Countable | Derived
"""What can be asked for in a scorecard."""


def evaluate(
    measures: AnyMeasure | Iterable[AnyMeasure],
    log: EventLog,
    periods: Period | Iterable[Period],
    *,
    diseases: Mapping[str, Disease],
    by: Sequence[By] = (),
    policy: Mapping[str, str] | None = None,
    engine: EngineName = "columnar",
    as_of: dt.date | str | int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    courses: Mapping[str, Courses] | None = None,
    chunk: int = CHUNK,
) -> Scorecard:
    """Count every measure in every period and stratum.

    Parameters
    ----------
    measures
        One or several, with ids that differ.
    log
        The registry.
    periods
        One or several; each is counted once, in order of time.
    diseases
        By id; at least those the measures name.
    by
        Names of strata: institution, team, sex, age_band, region, a further column of patients,
        ``institution.<column>``, or a tier: ``<disease>.<tier>``; of rows also ``event.<column>``.  A ``JointTier``
        is a stratum by the worst level of several.
    policy
        Option or value by name of policy; what is not named is at its default.
    engine
        ``columnar`` or ``reference``: the figures are the same.
    as_of
        Evaluate what was known on that day; ``None``: everything counts whenever it was recorded.
    threads
        Two for the columnar engine if not said; the reference engine always works alone.
    progress
        Called after each chunk of people with how many are done, and of how many.
    courses
        Courses walked before, by disease id, to be taken instead of walking; they must be of the same log as it
        was known, of the same resolved diseases, and reach as far.
    chunk
        How many people are valued at once; the result does not depend on it.

    Raises
    ------
    UsageError
        For an unknown policy, option, stratum, disease or engine, or no measure or period.
    """
    listed = (measures,) if isinstance(measures, AnyMeasure) else tuple(measures)
    _refuse_shared_ids(listed)
    derived = tuple(one for one in listed if isinstance(one, Derived))
    counted = [one for one in listed if not isinstance(one, Derived)]
    if not counted:
        check_derived(derived, (), log.institutions)
    resolved = resolve_all(counted, diseases, policy or {})
    check_derived(derived, [one.measure.id for one in resolved], log.institutions)
    span = _distinct(periods)
    known = log.as_of(_day(as_of))
    of_rows = all(one.measure.of is not None for one in resolved)
    tiers = tiers_among(by, known, diseases)
    named = [name if isinstance(name, str) else name.id for name in by]
    names = check_by(named, known, of_rows=of_rows, further=[tier.name for tier in tiers])
    check_row_strata(names, known, [one.measure for one in resolved])
    until = until_of(known, span, [one.measure.matures for one in resolved])
    ways = _checked(courses, resolved, known, until) if courses else walk_all(resolved, known, until, engine)
    walked = ways if courses else _walked(resolved, ways)
    labels = tier_labels(tiers, known, span, policy=policy or {}, engine=engine_named(engine), courses=walked)
    job = Job(resolved, known, span, names, ways, engine, labels)
    told = ways if courses else _when_asked(resolved, known, until, engine, walked)
    counts, assigned = count_all(job, (threads or 2) if engine == "columnar" else 1, chunk, progress)
    return Scorecard(
        measures=resolved,
        periods=span,
        by=names,
        known_until=known.known_until,
        counts=counts,
        parts=(Part(log=known, courses=told, assigned=assigned, labels=labels),),
        derived=derived,
    )


# WHAT IS ASKED


def resolve_all(
    measures: Countable | Iterable[Countable], diseases: Mapping[str, Disease], policy: Mapping[str, str]
) -> tuple[Resolved, ...]:
    """Resolve measures under one policy; raises ``UsageError`` if it names what none of them has."""
    listed = (measures,) if isinstance(measures, Countable) else tuple(measures)
    if not listed:
        raise UsageError("no measure was given")
    _refuse_shared_ids(listed)
    check_policy(listed, diseases, policy)
    return tuple(resolve(measure, diseases, policy) for measure in listed)


def _refuse_shared_ids(listed: Sequence[AnyMeasure]) -> None:
    ids = [measure.id for measure in listed]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise UsageError(f"measures that share an id cannot be told apart in one scorecard: {', '.join(twice)}")


def _distinct(periods: Period | Iterable[Period]) -> tuple[Period, ...]:
    span = (periods,) if isinstance(periods, Period) else tuple(sorted(set(periods)))
    if not span:
        raise UsageError("no period was given")
    return span


def _day(as_of: dt.date | str | int | None) -> int | None:
    try:
        return None if as_of is None else day_of(as_of)
    except ValueError as error:
        raise UsageError(f"as_of={as_of!r}: {error}") from None


def until_of(log: EventLog, periods: Iterable[Period], matures: Iterable[Maturity] = ()) -> int:
    """Give the last observed day: the last period's end, or later if a measure matures; never after ``as_of``."""
    ends = [period.end for period in periods]
    last = max(each.day_after(end) for each in (Maturity(), *matures) for end in ends)
    return last if log.known_until is None else min(last, log.known_until)


# COURSES


def walk_all(resolved: Sequence[Resolved], log: EventLog, until: int, engine: EngineName) -> dict[str, Courses]:
    """Give what measures are counted with: by id every disease that they name, with its courses.

    Walked are those through diseases of which a state, a stay or a run is asked, with obligations where breaches are;
    all others are empty.
    """
    diseases, with_obligations, asked = _needed(resolved)
    walk = engine_named(engine).walk
    return {
        name: walk(disease, log, until, obligations=name in with_obligations)
        if name in asked
        else not_walked(disease, len(log.people), len(log), until)
        for name, disease in diseases.items()
    }


def _walked(resolved: Sequence[Resolved], ways: Mapping[str, Courses]) -> dict[str, Courses]:
    asked = _needed(resolved)[2]
    return {name: way for name, way in ways.items() if name in asked}


def _when_asked(
    resolved: Sequence[Resolved], log: EventLog, until: int, engine: EngineName, walked: Mapping[str, Courses]
) -> WalkedWhenAsked:
    """Give the courses that tell why somebody was counted: through every disease that a measure names."""
    diseases, with_obligations, _ = _needed(resolved)
    return WalkedWhenAsked(
        diseases=diseases,
        with_obligations=frozenset(with_obligations),
        log=log,
        until=until,
        engine=engine,
        walked=dict(walked),
    )


def _needed(resolved: Sequence[Resolved]) -> tuple[dict[str, Disease], set[str], set[str]]:
    """Give all diseases, those of which obligations are asked, and those of whose courses anything is."""
    diseases = {name: disease for one in resolved for name, disease in one.diseases.items()}
    rules = [one.measure for one in resolved]
    with_obligations = {node.disease for rule in rules for node in inside(rule, Breaches, Services)}
    return diseases, with_obligations, walked_diseases(rules)


def _checked(
    courses: Mapping[str, Courses], resolved: Sequence[Resolved], log: EventLog, until: int
) -> dict[str, Courses]:
    diseases, with_obligations, _ = _needed(resolved)
    for name, disease in diseases.items():
        given = courses.get(name)
        if given is None:
            raise UsageError(f"courses through {name} are needed and were not given")
        if given.disease != disease:
            raise UsageError(f"the courses given for {name} were walked under another definition or policy")
        is_other = given.people != len(log.people) if given.owner is None else given.people > len(log)
        if is_other or len(given.at_row) != len(log) or given.until < until:
            raise UsageError(f"the courses given for {name} are of another log, or end before the last period")
        if name in with_obligations and given.obligations is None:
            raise UsageError(f"the courses given for {name} were walked without obligations, and breaches are counted")
    return {name: courses[name] for name in diseases}
