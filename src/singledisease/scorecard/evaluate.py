"""Measures of a log: resolve them, walk the courses once, value every rule, group, count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import Period, day_of
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import Resolved, check_policy, resolve
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Breaches
from singledisease.language.traversal import inside
from singledisease.pathway_courses import Courses
from singledisease.scorecard.assign import assign, counted_of, groups_of
from singledisease.scorecard.card import Part, Scorecard
from singledisease.scorecard.counts import Counted, Counts, merge, tally
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.strata import Strata, check_by, stratify

CHUNK = 2**16
"""People who are valued at once: bounds the memory, and is what a thread takes at a time."""

Progress = Callable[[int, int], object]
"""Told after each chunk how many people are done, and of how many."""


def evaluate(
    measures: Measure | Iterable[Measure],
    log: EventLog,
    periods: Period | Iterable[Period],
    *,
    diseases: Mapping[str, Disease],
    by: Sequence[str] = (),
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
        Names of strata: institution, team, sex, age_band, region, a further column of patients, or
        ``institution.<column>``.
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
    resolved = resolve_all(measures, diseases, policy or {})
    span = _distinct(periods)
    known = log.as_of(_day(as_of))
    names = check_by(by, known)
    until = until_of(known, span)
    ways = _checked(courses, resolved, known, until) if courses else walk_all(resolved, known, until, engine)
    job = _Job(resolved, known, span, names, ways, engine)
    counts, assigned = _run(job, (threads or 2) if engine == "columnar" else 1, chunk, progress)
    return Scorecard(
        measures=resolved,
        periods=span,
        by=names,
        known_until=known.known_until,
        counts=counts,
        parts=(Part(log=known, courses=ways, assigned=assigned),),
    )


# WHAT IS ASKED


def resolve_all(
    measures: Measure | Iterable[Measure], diseases: Mapping[str, Disease], policy: Mapping[str, str]
) -> tuple[Resolved, ...]:
    """Resolve measures under one policy; raises ``UsageError`` if it names what none of them has."""
    listed = (measures,) if isinstance(measures, Measure) else tuple(measures)
    if not listed:
        raise UsageError("no measure was given")
    ids = [measure.id for measure in listed]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise UsageError(f"measures that share an id cannot be told apart in one scorecard: {', '.join(twice)}")
    check_policy(listed, diseases, policy)
    return tuple(resolve(measure, diseases, policy) for measure in listed)


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


def until_of(log: EventLog, periods: Iterable[Period]) -> int:
    """Give the last observed day: the earlier of the last period's end and the day of ``as_of``."""
    last = max(period.end for period in periods)
    return last if log.known_until is None else min(last, log.known_until)


# COURSES


def walk_all(resolved: Sequence[Resolved], log: EventLog, until: int, engine: EngineName) -> dict[str, Courses]:
    """Walk once through every disease that a measure names; with obligations where breaches are asked for."""
    diseases, with_obligations = _needed(resolved)
    walk = engine_named(engine).walk
    return {name: walk(disease, log, until, obligations=name in with_obligations) for name, disease in diseases.items()}


def _needed(resolved: Sequence[Resolved]) -> tuple[dict[str, Disease], set[str]]:
    diseases = {name: disease for one in resolved for name, disease in one.diseases.items()}
    rules = [one.measure for one in resolved]
    return diseases, {node.disease for rule in rules for node in inside(rule) if isinstance(node, Breaches)}


def _checked(
    courses: Mapping[str, Courses], resolved: Sequence[Resolved], log: EventLog, until: int
) -> dict[str, Courses]:
    diseases, with_obligations = _needed(resolved)
    for name, disease in diseases.items():
        given = courses.get(name)
        if given is None:
            raise UsageError(f"courses through {name} are needed and were not given")
        if given.disease != disease:
            raise UsageError(f"the courses given for {name} were walked under another definition or policy")
        if given.people != len(log.people) or len(given.at_row) != len(log) or given.until < until:
            raise UsageError(f"the courses given for {name} are of another log, or end before the last period")
        if name in with_obligations and given.obligations is None:
            raise UsageError(f"the courses given for {name} were walked without obligations, and breaches are counted")
    return {name: courses[name] for name in diseases}


# CHUNKS OF PEOPLE


@frozen(eq=False)
class _Job:
    measures: tuple[Resolved, ...]
    log: EventLog
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    courses: Mapping[str, Courses]
    engine: EngineName

    def slice(self, first: int, last: int) -> _Job:
        rows = int(self.log.offsets[first]), int(self.log.offsets[last])
        courses = {name: course.slice(first, last, *rows, causes=False) for name, course in self.courses.items()}
        return _Job(self.measures, self.log.slice(first, last), self.periods, self.by, courses, self.engine)


Assigned = tuple[NDArray[np.uint8], ...]


def _run(job: _Job, threads: int, chunk: int, progress: Progress | None) -> tuple[Counts, Assigned]:
    people = len(job.log.people)
    assigned = tuple(np.empty((len(job.periods), people), np.uint8) for _ in job.measures)
    # An empty registry is one empty chunk: its measures have counts too, all 0.
    spans = [(first, min(first + chunk, people)) for first in range(0, people, chunk)] or [(0, 0)]

    def work(span: tuple[int, int]) -> Counts:
        counts, groups = _count(job.slice(*span))
        for whole, part in zip(assigned, groups, strict=True):
            whole[:, slice(*span)] = part
        return counts

    parts = []
    for (_, done), counts in zip(spans, _mapped(work, spans, threads), strict=True):
        parts.append(counts)
        if progress is not None:
            progress(done, people)
    return merge(parts), assigned


def _mapped(work: Callable[[tuple[int, int]], Counts], spans: list[tuple[int, int]], threads: int) -> Iterator[Counts]:
    if threads == 1 or len(spans) == 1:
        yield from map(work, spans)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, spans)


def _count(job: _Job) -> tuple[Counts, Assigned]:
    conditions = [rule.when for resolved in job.measures for rule in resolved.measure.rules]
    values = iter(engine_named(job.engine).values(conditions, job.log, job.periods, job.courses))
    shape = len(job.periods), len(job.log.people)
    strata: dict[str, Strata] = {}
    blocks = {}
    assigned = []
    for resolved in job.measures:
        measure = resolved.measure
        assigned.append(assign(measure, [next(values) for _ in measure.rules], shape))
        if measure.disease not in strata:
            strata[measure.disease] = stratify(job.by, job.log, job.periods, measure.disease)
        counted: Counted = counted_of(resolved, job.by)
        where = strata[measure.disease]
        blocks[counted] = tally(job.periods, where.keys, where.codes, assigned[-1], len(groups_of(measure)))
    return Counts(blocks), tuple(assigned)
