"""What is missing for whom: one gap for each person, measure and kind of event, or for a visit that serves several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from singledisease.care_gaps.clauses import standings
from singledisease.care_gaps.futures import Future, group_of, rule_of
from singledisease.care_gaps.gap import IMPOSSIBLE, NOT_WORKED_OUT, POSSIBLE, CareGap
from singledisease.care_gaps.one_visit import jointly
from singledisease.care_gaps.plans import Planner, ways
from singledisease.care_gaps.services import services_of
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.definitions.measure import NOT_NUMERATOR, UNKNOWN
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.log import EventLog


def find_gaps(
    known: EventLog, definitions: Sequence[Definition], on: int, period: Period, *, joint: bool = True
) -> list[CareGap]:
    """Find the gaps of everybody who will be in a denominator and not in its numerator if nothing more happens.

    Parameters
    ----------
    known
        The log as it was known on the day.
    definitions
        Resolved measures of people.
    on
        The day; what could happen happens later.
    period
        By the end of which it has to happen.
    joint
        Join what one event would serve.

    Raises
    ------
    UsageError
        For a measure of rows: a row is nobody's to bring into a numerator.
    """
    _check_people(definitions)
    future = Future.of(known, period, definitions)
    found: dict[int, list[CareGap]] = {}
    for definition, answers in zip(definitions, future.decided(definitions), strict=True):
        people = range(len(future.log.people))
        missing = {p: group_of(answers, p) for p in people if group_of(answers, p) in (NOT_NUMERATOR, UNKNOWN)}
        deciding = {person: rule_of(answers, person) for person in missing}
        for gap in _of_measure(future, definition, missing, deciding, on):
            found.setdefault(gap.person, []).append(gap)
    if joint and len(definitions) > 1:
        found = jointly(future, definitions, found)
    return [gap for person in sorted(found) for gap in found[person]]


def _check_people(definitions: Iterable[Definition]) -> None:
    faults = [
        Fault("measure_of_rows", one.measure.id, "counts rows, not people", "ask about a measure of people")
        for one in definitions
        if one.measure.of is not None
    ]
    if faults:
        raise UsageError("缺口只对以人为统计对象的指标而言 / only people have gaps:", faults)


def _of_measure(
    future: Future, definition: Definition, missing: Mapping[int, str], deciding: Mapping[int, str], on: int
) -> Iterator[CareGap]:
    if not missing:
        return
    first, last = on + 1, future.period.end
    solved = ways(future, definition, missing, first) if first <= last else {}
    stands = standings(future, definition, deciding, first, solved)
    planner = Planner(first, last)
    plans = {person: planner.of(way) for person, way in solved.items()}
    services = services_of(future, definition, plans, first)
    for person, group in missing.items():
        shared: dict[str, Any] = {"person": person, "measures": (definition.measure.id,), "groups": (group,)}
        shared["standing"] = stands[person]
        if person not in solved:
            status = IMPOSSIBLE if first > last or stands[person].blocking else NOT_WORKED_OUT
            yield CareGap(status=status, **shared)
            continue
        for offer, until in solved[person].until.items():
            served = services[person, offer]
            yield CareGap(
                status=POSSIBLE,
                offer=offer,
                days=tuple(one.day for one in plans[person] if one.offer == offer),
                until=until,
                served=() if served is None else (served,),
                **shared,
            )
