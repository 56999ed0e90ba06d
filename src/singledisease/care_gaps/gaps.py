"""What is missing for whom: one row for each person, measure and kind of event, or for a visit that serves several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from singledisease.care_gaps.clauses import Standing, standings
from singledisease.care_gaps.futures import Future, Plan, Planned, group_of, rule_of
from singledisease.care_gaps.offers import Offer
from singledisease.care_gaps.plans import ways
from singledisease.care_gaps.services import Served, services_of
from singledisease.conformance.decisions import Definition
from singledisease.dates import Period, date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.measure import NOT_NUMERATOR, UNKNOWN
from singledisease.definitions.wording.terms import KIND_NAMES
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping
from singledisease.strata import labels_of
from singledisease.tables import Heading, Table
from singledisease.worklists.joint import joined_cells

POSSIBLE, IMPOSSIBLE, NOT_WORKED_OUT = "possible", "no longer possible", "not worked out"
STATUS_NAMES: Mapping[str, Heading] = frozen_mapping(
    {
        POSSIBLE: ("可以", "possible"),
        IMPOSSIBLE: ("已不可能", "no longer possible"),
        NOT_WORKED_OUT: ("未能得出", "not worked out"),
    }
)
HEADINGS: Mapping[str, Heading] = frozen_mapping(
    {
        "patient_id": ("患者", "Patient"),
        "measure": ("指标", "Measure"),
        "group": ("现分组", "Group"),
        "status": ("能否补上", "Can it be met"),
        "names": ("所缺", "What is missing"),
        "times": ("次数", "Times"),
        "until": ("最迟", "Until"),
        "role": ("责任人", "Who"),
        "institution": ("机构", "Institution"),
        "team": ("团队", "Team"),
        "done": ("已有", "Done"),
        "needed": ("应有", "Needed"),
        "clauses": ("未满足", "Not met"),
        "kind": ("事件类型", "Kind"),
        "levels": ("机构级别", "Level"),
        "event": ("如", "Such as"),
        "days": ("试算日期", "Tried on"),
    }
)


@frozen(kw_only=True)
class Gap:
    """What one person lacks in one measure, or in several: an event that would do, or none.

    Attributes
    ----------
    measures
        Ids; several if one event serves them.
    status
        ``possible``, ``no longer possible`` or ``not worked out``.
    offer, days, until
        Of a possible one the event, the days on which it was tried, and the last day for all of them.
    """

    person: int
    measures: tuple[str, ...]
    groups: tuple[str, ...]
    status: str
    standing: Standing
    offer: Offer | None = None
    days: tuple[int, ...] = ()
    until: int | None = None
    served: tuple[Served, ...] = field(default=(), eq=False)

    @property
    def plan(self) -> Plan:
        """The events with the days on which they were tried."""
        return () if self.offer is None else tuple(Planned(self.offer, day) for day in self.days)


def find_gaps(
    known: EventLog, definitions: Sequence[Definition], on: int, period: Period, *, joint: bool = True
) -> list[Gap]:
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
    found: dict[int, list[Gap]] = {}
    for definition, answers in zip(definitions, future.decided(definitions), strict=True):
        people = range(len(future.log.people))
        missing = {p: group_of(answers, p) for p in people if group_of(answers, p) in (NOT_NUMERATOR, UNKNOWN)}
        deciding = {person: rule_of(answers, person) for person in missing}
        for gap in _of_measure(future, definition, missing, deciding, on):
            found.setdefault(gap.person, []).append(gap)
    if joint and len(definitions) > 1:
        found = _jointly(future, definitions, found)
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
) -> Iterator[Gap]:
    if not missing:
        return
    first, last = on + 1, future.period.end
    solved = ways(future, definition, missing, first) if first <= last else {}
    stands = standings(future, definition, deciding, first, solved)
    plans = {person: way.plan(first, last) for person, way in solved.items()}
    services = services_of(future, definition, plans, first)
    for person, group in missing.items():
        shared: dict[str, Any] = {"person": person, "measures": (definition.measure.id,), "groups": (group,)}
        shared["standing"] = stands[person]
        if person not in solved:
            status = IMPOSSIBLE if first > last or stands[person].blocking else NOT_WORKED_OUT
            yield Gap(status=status, **shared)
            continue
        for offer, until in solved[person].until.items():
            served = services[person, offer]
            yield Gap(
                status=POSSIBLE,
                offer=offer,
                days=tuple(one.day for one in plans[person] if one.offer == offer),
                until=until,
                served=() if served is None else (served,),
                **shared,
            )


# ONE VISIT FOR SEVERAL MEASURES


def _jointly(future: Future, definitions: Sequence[Definition], found: Mapping[int, list[Gap]]) -> dict[int, list[Gap]]:
    """Join what one event would serve; kept only where it was tried and brings the person into every numerator."""
    joined = {person: _joined(gaps) for person, gaps in found.items()}
    tried = {person: gaps for person, gaps in joined.items() if len(gaps) < len(found[person])}
    for definition in definitions:
        asked = {
            person: [definition.measure.id] for person, gaps in tried.items() if _serves(gaps, definition.measure.id)
        }
        for moment in (_as_tried, _at_the_latest):
            plans = {person: tuple(one for gap in tried[person] for one in moment(gap)) for person in asked}
            reached = future.reached(definition, plans)
            tried = {person: gaps for person, gaps in tried.items() if person not in asked or person in reached}
            asked = {person: ids for person, ids in asked.items() if person in tried}
    return {person: tried.get(person, gaps) for person, gaps in found.items()}


def _serves(gaps: Iterable[Gap], measure: str) -> bool:
    return any(measure in gap.measures and gap.status == POSSIBLE for gap in gaps)


def _as_tried(gap: Gap) -> Plan:
    return gap.plan


def _at_the_latest(gap: Gap) -> Plan:
    """Give the events as late as they may be: the last of them on the last day."""
    if gap.offer is None or gap.until is None:
        return ()
    count = len(gap.days)
    return tuple(Planned(gap.offer, gap.until - count + 1 + i) for i in range(count))


def _joined(gaps: Sequence[Gap]) -> list[Gap]:
    """Join gaps of one kind of event that contradict each other in nothing."""
    made: list[Gap] = []
    for gap in gaps:
        place = next((i for i, other in enumerate(made) if _agree(gap, other)), None)
        if place is None:
            made.append(gap)
        else:
            made[place] = _merged(made[place], gap)
    return made


def _agree(one: Gap, other: Gap) -> bool:
    first, second = one.offer, other.offer
    if first is None or second is None or first.kind != second.kind or set(one.measures) & set(other.measures):
        return False
    return all(second.cells.get(name, text) == text or name == "disease" for name, text in first.cells.items())


def _merged(one: Gap, other: Gap) -> Gap:
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


# AS A TABLE


def table_of(found: Sequence[Gap], log: EventLog, on: int, language: str) -> Table:
    """Give a row for each gap: what can still be met first, the earliest last day first."""
    columns = {name: _labels(name, log, on) for name in ("institution", "team")}
    order = (POSSIBLE, NOT_WORKED_OUT, IMPOSSIBLE)
    listed = sorted(found, key=lambda gap: (order.index(gap.status), gap.until or 0, gap.person, gap.measures))
    rows = [_row(gap, log, columns, language) for gap in listed]
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS, called={"status": STATUS_NAMES})


def _labels(name: str, log: EventLog, on: int) -> list[str | None]:
    labels = labels_of(name, log, [on])
    return [labels.texts[code] or None for code in labels.codes[0].tolist()]


def _row(gap: Gap, log: EventLog, columns: Mapping[str, Sequence[str | None]], language: str) -> list[Any]:
    clauses = gap.standing.blocking if gap.status == IMPOSSIBLE and gap.standing.blocking else gap.standing.clauses
    served = [_served(disease, service, language) for disease, service in gap.served]
    cells = joined_cells(served, ("names", "role", "levels")) if served else {}
    kind = None if gap.offer is None else gap.offer.kind
    return [
        log.people.ids[gap.person],
        "|".join(gap.measures),
        "|".join(dict.fromkeys(gap.groups)),
        gap.status,
        None if kind is None else cells.get("names") or _said(_kind_names(kind), language),
        len(gap.days) or None,
        None if gap.until is None else date_of(gap.until),
        cells.get("role"),
        columns["institution"][gap.person],
        columns["team"][gap.person],
        gap.standing.done,
        gap.standing.needed,
        "；".join(dict.fromkeys(_said(one, language) for one in clauses)),
        kind,
        cells.get("levels"),
        {} if gap.offer is None else dict(gap.offer.cells),
        "|".join(map(iso, gap.days)) or None,
    ]


def _served(disease: Disease, service: Service, language: str) -> dict[str, str]:
    roles = {role.id: role.names for role in disease.roles}
    role = roles.get(service.role, Names(service.role, service.role))
    return {
        "names": _said(service.names, language),
        "role": _said(role, language),
        "levels": "|".join(service.levels),
    }


def _kind_names(kind: str) -> Names:
    return KIND_NAMES.get(kind, Names(kind, kind))


def _said(names: Names, language: str) -> str:
    if language == "both":
        return names.zh if names.zh == names.en else f"{names.zh} / {names.en}"
    return names.in_language(language)
