"""One visit for several measures: gaps of one person that the same event would close, joined where that was tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from singledisease.care_gaps.clauses import Standing
from singledisease.care_gaps.futures import Future, Plan, Planned
from singledisease.care_gaps.gap import POSSIBLE, CareGap
from singledisease.care_gaps.offers import Offer
from singledisease.conformance.valued import Definition


def jointly(
    future: Future, definitions: Sequence[Definition], found: Mapping[int, list[CareGap]]
) -> dict[int, list[CareGap]]:
    """Join what one event would serve; kept only where it was tried and brings the person into every numerator."""
    joined = {person: _joined(gaps) for person, gaps in found.items()}
    tried = {person: gaps for person, gaps in joined.items() if len(gaps) < len(found[person])}
    for definition in definitions:
        asked = {person for person, gaps in tried.items() if _serves(gaps, definition.measure.id)}
        for moment in (as_tried, at_the_latest):
            plans = {person: tuple(one for gap in tried[person] for one in moment(gap)) for person in asked}
            reached = future.reached(definition, plans)
            tried = {person: gaps for person, gaps in tried.items() if person not in asked or person in reached}
            asked &= tried.keys()
    return {person: tried.get(person, gaps) for person, gaps in found.items()}


def _serves(gaps: Iterable[CareGap], measure: str) -> bool:
    return any(measure in gap.measures and gap.status == POSSIBLE for gap in gaps)


def as_tried(gap: CareGap) -> Plan:
    """Give the events on the days on which they were tried."""
    return gap.plan


def at_the_latest(gap: CareGap) -> Plan:
    """Give the events as late as they may be: the last of them on the last day."""
    if gap.offer is None or gap.until is None:
        return ()
    count = len(gap.days)
    return tuple(Planned(gap.offer, gap.until - count + 1 + i) for i in range(count))


def _joined(gaps: Sequence[CareGap]) -> list[CareGap]:
    """Join gaps of one kind of event that contradict each other in nothing."""
    made: list[CareGap] = []
    for gap in gaps:
        place = next((i for i, other in enumerate(made) if _agree(gap, other)), None)
        if place is None:
            made.append(gap)
        else:
            made[place] = _merged(made[place], gap)
    return made


def _agree(one: CareGap, other: CareGap) -> bool:
    first, second = one.offer, other.offer
    if first is None or second is None or first.kind != second.kind or set(one.measures) & set(other.measures):
        return False
    return all(second.cells.get(name, text) == text or name == "disease" for name, text in first.cells.items())


def _merged(one: CareGap, other: CareGap) -> CareGap:
    assert one.offer is not None
    assert other.offer is not None
    assert one.until is not None
    assert other.until is not None
    cells = {**one.offer.cells, **other.offer.cells}
    tags = [gap.offer.cells["disease"] for gap in (one, other) if gap.offer and "disease" in gap.offer.cells]
    if tags:
        cells["disease"] = "|".join(dict.fromkeys(tag for text in tags for tag in text.split("|")))
    return evolve(
        one,
        measures=(*one.measures, *other.measures),
        groups=(*one.groups, *other.groups),
        standing=Standing(
            clauses=(*one.standing.clauses, *other.standing.clauses),
            done=one.standing.done if one.standing.needed is not None else other.standing.done,
            needed=one.standing.needed if one.standing.needed is not None else other.standing.needed,
        ),
        offer=Offer(one.offer.kind, cells),
        days=max(one.days, other.days, key=len),
        until=min(one.until, other.until),
        served=(*one.served, *other.served),
    )
