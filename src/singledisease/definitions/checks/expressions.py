"""Checks of expressions: of the right level and kind, in one unit, and never looking forward."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from singledisease.definitions.checks.expression_sites import OF_ROW, ExpressionSite, places, with_values
from singledisease.definitions.checks.looking_ahead import hears_of_later
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.row_sources import Source
from singledisease.language.traversal import inside, kinds_inside
from singledisease.language.typecheck import ValueType, faults_of, sort_of

_SELECTING: frozenset[type] = frozenset({n.Reduce, n.Pick, n.Covered, n.Gap, n.TierOn, n.TierDuring})
_FORWARD: frozenset[type] = frozenset({n.PeriodStart, n.PeriodEnd, n.PeriodWindow, n.CalendarWindow})
_STATES: frozenset[type] = frozenset({n.StatusOn, n.StatusDuring, n.DaysIn})
_COURSES: frozenset[type] = frozenset({n.Spells, n.Services, n.Breaches, n.Sequences})


def wrong_expressions(disease: Disease) -> Iterator[Fault]:
    """Find expressions that are not well made once their parameters have values and units."""
    for place in places(disease):
        node = with_values(disease, place.node)
        source: Source | None = "events" if place.role in OF_ROW else None
        faults = faults_of(node, source)
        for fault in faults:
            yield Fault(fault.check, f"{place.where}, {fault.where}", fault.message, fault.hint)
        if not faults:
            yield from _wrong_sort(place, sort_of(node, source))


def _wrong_sort(place: ExpressionSite, sort: ValueType) -> Iterator[Fault]:
    wanted = "number" if place.role == "length" else "bool"
    if sort.kind != wanted:
        hint = "name a parameter" if wanted == "number" else "compare it: … >= …"
        yield Fault("wrong_kind", place.where, f"has to be a {wanted}, is a {sort.kind}", hint)
    if sort.level == "row" and place.role not in OF_ROW:
        hint = "use age(on=PERIOD.end), attribute(…)"
        yield Fault("row_not_person", place.where, "names a column of an event, but is asked about a person", hint)


def signals_that_look_forward(disease: Disease) -> Iterator[Fault]:
    """Find signals, fulfilments and goals that need more than the event, the person, and what was before."""
    for place in (place for place in places(disease) if place.role in OF_ROW):
        found = kinds_inside(place.node)
        if found & _FORWARD:
            hint = "use the event's own day: age(on=date)"
            yield Fault("looks_forward", place.where, "looks at the period, which is not over on the event's day", hint)
        if place.role != "goal" and found & _STATES:
            message = "asks for a state at the end of the day, which the event itself may change"
            yield Fault("looks_forward", place.where, message, "say from which states the transition starts")
        if found & _SELECTING:
            yield from hears_of_later(evolve(place, node=with_values(disease, place.node)))


def lengths_of_states(disease: Disease) -> Iterator[Fault]:
    """Find lengths, signals and tiers that ask for what a pathway makes of events: it is not known while one walks."""
    for place in places(disease):
        found = kinds_inside(place.node)
        # A state that an event asks for looks forward, and is told so already.
        asks_for_state = place.role == "length" and found & _STATES
        if asks_for_state or (place.role not in ("goal", "applies") and found & _COURSES):
            message = "asks for states or services, which are not known while the pathway is walked"
            yield Fault("asks_for_states", place.where, message, "ask for events, a tier or an attribute")


def policies_in_a_pathway(disease: Disease) -> Iterator[Fault]:
    """Find choices in a disease: they belong to measures; a number that may be set is a parameter with a policy."""
    for place in places(disease):
        for part in inside(place.node, n.Choice):
            hint = "make it a parameter with a policy, or leave the choice to the measure"
            yield Fault("policy_in_disease", place.where, f"the policy {part.name!r} stands in a disease", hint)
