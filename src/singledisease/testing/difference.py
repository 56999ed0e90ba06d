"""The smallest registry on which two definitions differ: what a changed word means, shown on one person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import HealthCheck, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import values, walk
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Value
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing.agreement import equal, story
from singledisease.testing.logs import log_of
from singledisease.testing.registries import registries
from singledisease.testing.rows import RegistryRows

Definition = Value | Measure | Disease


def smallest_difference(
    one: Definition,
    other: Definition,
    period: Period,
    *,
    diseases: Mapping[str, Disease] | None = None,
    rows: SearchStrategy[RegistryRows] | None = None,
    tries: int = 2000,
) -> EventLog | None:
    """Find a smallest log on which two definitions differ, or ``None`` if none was found.

    Parameters
    ----------
    one, other
        Two measures, two diseases, or two resolved expressions of a person.
    period
        The period asked about; diseases are compared until its end.
    diseases
        By id, those that measures or expressions name.
    rows
        Registries to search; by default ``registries(max_people=1)``, which are about diseases ``alpha`` and ``beta``.
    tries
        After so many registries without a difference the search ends.

    >>> from singledisease.dates import period
    >>> from singledisease.language.parse import parse
    >>> year = period("2024")
    >>> fewer, more = (parse(f'events("checkup").within(PERIOD).count() {sign} 1') for sign in (">=", ">"))
    >>> log = smallest_difference(fewer, more, year, rows=registries(max_people=1, max_events=2), tries=300)
    >>> [event.kind for event in log.as_of(None).events_of(0)]
    ['checkup']
    """
    known = dict(diseases or {})

    def differ(drawn: RegistryRows) -> bool:
        return _differ(one, other, log_of(drawn), period, known)

    search = settings(
        max_examples=tries,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    try:
        return log_of(find(registries(max_people=1) if rows is None else rows, differ, settings=search))
    except NoSuchExample:
        return None


def _differ(one: Definition, other: Definition, log: EventLog, period: Period, diseases: Mapping[str, Disease]) -> bool:
    if isinstance(one, Disease) and isinstance(other, Disease):
        return _ways(one, log, period) != _ways(other, log, period)
    if isinstance(one, Measure) and isinstance(other, Measure):
        return _groups(one, log, period, diseases) != _groups(other, log, period, diseases)
    known = log.as_of(None)
    courses = {id: walk(resolve_disease(it, {}), known, period.end, obligations=True) for id, it in diseases.items()}
    first, second = values([one, other], known, [period], courses)  # type: ignore[list-item]
    return not bool(np.all(equal(first, second)))


def _ways(disease: Disease, log: EventLog, period: Period) -> list[list[str]]:
    known = log.as_of(None)
    courses = walk(resolve_disease(disease, {}), known, period.end, obligations=True)
    return [story(courses, known, person) for person in range(len(known.people))]


def _groups(measure: Measure, log: EventLog, period: Period, diseases: Mapping[str, Disease]) -> list[tuple[str, int]]:
    score = evaluate(measure, log, period, diseases=diseases)
    (counted, block), *_ = score.counts.blocks.items()
    return sorted((group, int(count)) for group, count in zip(counted.groups, block.whole[0], strict=True) if count)
