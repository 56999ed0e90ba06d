"""Counting: people chunk by chunk, each rule valued once, and counts, sums and values added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import Maturity, Period
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.measure import COUNTED
from singledisease.definitions.resolve import Resolved
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import FrozenMapping
from singledisease.language.nodes import Activities, Institutions, Selection
from singledisease.language.row_sources import base_of
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values
from singledisease.scorecard.amounts import AmountPlaces, Sums, Tallies, sum_amounts, tally_values
from singledisease.scorecard.assign import assign, counted_of, groups_of
from singledisease.scorecard.counts import Counts, merge
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.scorecard.eventless import Apart, apart
from singledisease.scorecard.row_groups import RowGroups, first_row, joined, stratify_rows
from singledisease.scorecard.standing_threads import mapped
from singledisease.scorecard.tally import tally, tally_rows
from singledisease.strata import Labels, Strata, stratify

CHUNK = 2**17
"""People who are valued at once: bounds the memory, and is what a thread takes at a time."""

Progress = Callable[[int, int], object]
"""Told after each chunk how many people are done, and of how many."""

Groups = NDArray[np.uint8] | RowGroups
"""Of a measure of people (periods, people) the group of each; of a measure of rows the rows with theirs."""


@frozen(eq=False)
class Job:
    """What is counted, of whom, and by which engine."""

    measures: tuple[Resolved, ...]
    log: EventLog
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    courses: Mapping[str, Courses]
    engine: EngineName
    labels: Mapping[str, Labels] = FrozenMapping({})

    def slice(self, first: int, last: int) -> Job:
        """Give the same job for some consecutive people."""
        rows = int(self.log.offsets[first]), int(self.log.offsets[last])
        courses = {name: course.part(first, last, *rows) for name, course in self.courses.items()}
        labels = {name: each.slice(first, last) for name, each in self.labels.items()}
        return evolve(self, log=self.log.part(first, last), courses=courses, labels=labels)

    def only(self, chosen: Sequence[int]) -> Job:
        """Give the same job for some of the measures."""
        return evolve(self, measures=tuple(self.measures[m] for m in chosen))


def count_all(job: Job, threads: int, chunk: int, progress: Progress | None) -> tuple[Counts, tuple[Groups, ...]]:
    """Count every measure: the counts, and the group of each person or row."""
    whole = [m for m, one in enumerate(job.measures) if _is_of_institutions(one.measure.of)]
    by_person = [m for m in range(len(job.measures)) if m not in whole]
    counts, groups = _count_people(job.only(by_person), threads, chunk, progress)
    # Rows of institutions look at everybody's events: they cannot be counted person by person.
    further, found = count(job.only(whole)) if whole else (Counts(), ())
    placed = dict(zip([*by_person, *whole], [*groups, *found], strict=True))
    return merge((counts, further)), tuple(placed[m] for m in range(len(job.measures)))


def _is_of_institutions(of: Selection | None) -> bool:
    return of is not None and isinstance(base_of(of), Institutions | Activities)


def _count_people(job: Job, threads: int, chunk: int, progress: Progress | None) -> tuple[Counts, tuple[Groups, ...]]:
    people = len(job.log.people)
    spans = _spans(people, chunk, threads)
    # The C library keeps as much of what is given back as the largest block that it has seen: what it hands back at
    # once has to be fetched, and filled with zeros, page by page for the next array, which takes as long as the work.
    np.empty(_LARGE_BLOCK, np.uint8)
    everybody = [
        np.empty((len(job.periods), people), np.uint8) if one.measure.of is None else None for one in job.measures
    ]

    def work(span: tuple[int, int]) -> tuple[Counts, tuple[Groups, ...]]:
        counts, groups = count(job.slice(*span) if span != (0, people) else job)
        return counts, tuple(_put(codes, whole, span) for codes, whole in zip(groups, everybody, strict=True))

    parts: list[Counts] = []
    found: list[tuple[Groups, ...]] = []
    for (_, done), (counts, groups) in zip(spans, mapped(work, spans, threads), strict=True):
        parts.append(counts)
        found.append(groups)
        if progress is not None:
            progress(done, people)
    return merge(parts), tuple(_whole(job, m, [groups[m] for groups in found], spans) for m in range(len(job.measures)))


def _put(codes: Groups, whole: NDArray[np.uint8] | None, span: tuple[int, int]) -> Groups:
    """Write groups of people among those of everybody, by the thread that has them at hand; rows wait to be joined."""
    if whole is None or isinstance(codes, RowGroups):
        return codes
    whole[:, slice(*span)] = codes
    return whole


def _spans(people: int, chunk: int, threads: int) -> list[tuple[int, int]]:
    """Cut people into parts of at most so many, all alike, and as many as leave no thread without work."""
    parts = -(-people // chunk)
    if parts > 1:
        parts = -(-parts // threads) * threads
    size = -(-people // max(parts, 1)) or 1
    # An empty registry is one empty part: its measures have counts too, all 0.
    return [(first, min(first + size, people)) for first in range(0, people, size)] or [(0, 0)]


_LARGE_BLOCK = 31 * 2**20
"""Bytes; of blocks from 32 MiB on nothing is learnt."""


def _whole(job: Job, m: int, parts: Sequence[Any], spans: Sequence[tuple[int, int]]) -> Groups:
    of = job.measures[m].measure.of
    if of is None:
        everybody: Groups = parts[0]
        return everybody
    base = base_of(of)
    courses = job.courses.get(getattr(base, "disease", ""))
    starts = [first for first, _ in spans]
    rows = [first_row(parts[0].domain.source, job.log, courses, first) for first in starts]
    return joined(parts, starts, rows)


# ONE CHUNK

Asked = tuple[Selection | None, Maturity]
"""What measures have to share to be valued in one pass: the rows that they count, and until when they look."""


def count(job: Job) -> tuple[Counts, tuple[Groups, ...]]:
    """Count every measure of some people at once."""
    together: dict[Asked, list[int]] = {}
    for m, one in enumerate(job.measures):
        together.setdefault((one.measure.of, one.measure.matures), []).append(m)
    counts: list[Counts] = []
    groups: dict[int, Groups] = {}
    for asked, chosen in together.items():
        some = job.only(chosen)
        made, found = _count_of_people(some, asked[1]) if asked[0] is None else _count_rows(some, asked[0], asked[1])
        counts.append(made)
        groups.update(zip(chosen, found, strict=True))
    return merge(counts), tuple(groups[m] for m in range(len(job.measures)))


def _expressions(job: Job) -> list[Any]:
    """Give the conditions of the rules of each measure, then the amounts that it adds up."""
    return [
        node for one in job.measures for node in (*(rule.when for rule in one.measure.rules), *_amounts(one.measure))
    ]


def _places(job: Job) -> Iterator[tuple[range, range]]:
    """Give where the conditions of each measure, and its amounts, stand among those expressions."""
    first = 0
    for one in job.measures:
        then = first + len(one.measure.rules)
        last = then + len(_amounts(one.measure))
        yield range(first, then), range(then, last)
        first = last


def _amounts(measure: Any) -> tuple[Any, ...]:
    return measure.amounts if isinstance(measure, Ratio | Distribution) else ()


def _count_of_people(job: Job, matures: Maturity) -> tuple[Counts, list[NDArray[np.uint8]]]:
    # In a single period there is little to be gained.
    parted = apart(job.log) if job.engine == "columnar" and len(job.periods) > 1 else None
    if parted is None:
        return _count_together(job, matures)
    counted, found = zip(*(_count_together(each, matures) for each in _jobs(job, parted)), strict=True)
    return merge(counted), [parted.together(both) for both in zip(*found, strict=True)]


def _jobs(job: Job, parted: Apart) -> list[Job]:
    """Give the same job for people with events, and for those without."""
    courses = {name: parted.courses(course) for name, course in job.courses.items()}
    return [
        evolve(
            job,
            log=log,
            courses={name: both[half] for name, both in courses.items()},
            labels={name: Labels(each.texts, each.codes[:, places]) for name, each in job.labels.items()},
        )
        for half, (log, places) in enumerate(zip(parted.logs, parted.places, strict=True))
    ]


def _count_together(job: Job, matures: Maturity) -> tuple[Counts, list[NDArray[np.uint8]]]:
    engine = engine_named(job.engine)
    found = engine.values(_expressions(job), job.log, job.periods, job.courses, matures=matures)
    shape = len(job.periods), len(job.log.people)
    places = list(_places(job))
    groups = [
        assign(one.measure, (found[i] for i in conditions), shape)
        for one, (conditions, _) in zip(job.measures, places, strict=True)
    ]
    counts: list[Counts] = []
    for disease in dict.fromkeys(one.measure.disease for one in job.measures):
        # Measures of one disease have their people in the same strata, and are counted in one pass.
        alike = [m for m, one in enumerate(job.measures) if one.measure.disease == disease]
        where = stratify(job.by, job.log, job.periods, disease, job.labels)
        counted = [counted_of(job.measures[m], job.by) for m in alike]
        codes = [groups[m] for m in alike]
        blocks = tally(job.periods, where.keys, where.codes, codes, [len(each.groups) for each in counted])
        for m, each, block in zip(alike, counted, blocks, strict=True):
            added = _added_by_people(job, where, m, groups[m], [found[i] for i in places[m][1]])
            counts.append(Counts({each: block}, {} if added is None else {each: added.only(block.strata)}))
    return merge(counts), groups


def _added_by_people(
    job: Job, where: Strata, m: int, codes: NDArray[np.uint8], amounts: list[Values]
) -> Sums | Tallies | None:
    if not amounts:
        return None
    cell = np.arange(len(job.periods))[:, None] * len(where.keys) + where.codes
    places = AmountPlaces(periods=job.periods, strata=where.keys)
    return _added(job.measures[m].measure, codes, cell, amounts, places)


def _count_rows(job: Job, of: Selection, matures: Maturity) -> tuple[Counts, list[Groups]]:
    engine = engine_named(job.engine)
    domain, found = engine.row_values(of, _expressions(job), job.log, job.periods, job.courses, matures=matures)
    strata: dict[str, Strata] = {}
    counts: list[Counts] = []
    groups: list[Groups] = []
    for resolved, (conditions, added) in zip(job.measures, _places(job), strict=True):
        measure = resolved.measure
        codes = assign(measure, (found[i] for i in conditions), (len(domain),))
        if measure.disease not in strata:
            strata[measure.disease] = stratify_rows(
                job.by, job.log, job.periods, measure.disease, domain, given=job.labels
            )
        where, counted = strata[measure.disease], counted_of(resolved, job.by)
        block = tally_rows(
            job.periods,
            where.keys,
            period_of=domain.period,
            stratum_of=where.codes,
            group_of=codes,
            groups=len(counted.groups),
        )
        amounts = [found[i] for i in added]
        cell = domain.period.astype(np.int64) * len(where.keys) + where.codes
        sums = _added(measure, codes, cell, amounts, AmountPlaces(periods=job.periods, strata=where.keys))
        counts.append(Counts({counted: block}, {} if sums is None else {counted: sums.only(block.strata)}))
        groups.append(RowGroups(domain, codes))
    return merge(counts), groups


def _added(
    measure: Any, codes: NDArray[np.uint8], cell: NDArray[np.int64], amounts: list[Values], places: AmountPlaces
) -> Sums | Tallies | None:
    """Add up the amounts of those that count; ``None`` if the measure has none."""
    if not amounts:
        return None
    chosen = codes == groups_of(measure).index(COUNTED)
    cells = np.broadcast_to(cell, codes.shape)[chosen]
    numbers = [np.broadcast_to(each.value, codes.shape)[chosen].astype(np.float64) for each in amounts]
    return tally_values(places, cells, numbers[0]) if len(numbers) == 1 else sum_amounts(places, cells, numbers)
