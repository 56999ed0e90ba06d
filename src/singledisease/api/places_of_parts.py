"""Measures of institutions over a registry in parts: their people are in several, and what is asked is not much."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import numpy as np
from attrs import evolve

from singledisease.api.parts import Parts, Progress
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.resolve import diseases_in
from singledisease.errors import UsageError
from singledisease.eventlog.institutions import ActivityColumns
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.scorecard.row_groups import counts_places


def counts_places_alone(measures: Iterable[AnyMeasure]) -> bool:
    """Say whether there are measures, and all of them count institutions or what these did."""
    listed = tuple(measures)
    return bool(listed) and all(isinstance(one, Countable) and counts_places(one) for one in listed)


def log_of_places(measures: Iterable[AnyMeasure], registry: Parts, progress: Progress | None = None) -> EventLog:
    """Give one log with all that measures of institutions ask for: of the events, those of the kinds that they name.

    The parts are read one after the other, unless no event is asked for; only the rows that are kept stay.

    Raises
    ------
    UsageError
        If a measure asks for states of people, or for events of any kind.
    """
    kinds = kinds_of_places(measures)
    first = registry.log(0)
    if not kinds:
        return without_events(first)
    found = of_kinds(first, kinds)
    for number in range(1, len(registry)):
        if progress is not None:
            progress(number, len(registry))
        # What is of no person stands in every part, and counts once.
        found += evolve(of_kinds(registry.log(number), kinds), activities=ActivityColumns())
    return found


def kinds_of_places(measures: Iterable[AnyMeasure]) -> frozenset[str]:
    """Give the kinds of events that measures of institutions name; raises ``UsageError`` as ``log_of_places`` does."""
    return frozenset(kind for one in measures if isinstance(one, Countable) for kind in _kinds_asked(one))


def without_events(log: EventLog) -> EventLog:
    """Give the tables of a log that are about no person."""
    return log.only(np.empty(0, np.int64))


def _kinds_asked(measure: Countable) -> Iterator[str]:
    if named := diseases_in(measure):
        raise UsageError(
            f"{measure.id}: 按机构统计而问及病种 / counts institutions and asks for {', '.join(named)}; "
            "evaluate it over the whole registry, not in parts"
        )
    for events in inside(measure, n.Events):
        if not events.kinds:
            raise UsageError(f"{measure.id}: 未指明事件类型 / asks for events of any kind; name the kinds")
        yield from events.kinds


def of_kinds(log: EventLog, kinds: Collection[str]) -> EventLog:
    """Give the events of some kinds, with the people that they are of."""
    codes = [code for code, kind in enumerate(log.kind.categories) if kind in kinds]
    kept = log.take(np.flatnonzero(np.isin(log.kind.codes, codes)))
    return kept.only(np.unique(kept.person))
