"""Conditions on one event of one person, asked by the reference engine: what rules of contracts and points say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from singledisease.definitions.resolve import diseases_in
from singledisease.engines.reference import PersonContext, value_of
from singledisease.errors import Fault
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person
from singledisease.language.format import write
from singledisease.language.nodes import Value
from singledisease.language.typecheck import faults_of, kind_of, level_of


@frozen
class EventMatch:
    """Which events are meant: of one of these kinds (none: any), and for which a condition on the row holds.

    The condition may look back at the person's earlier events.
    """

    kinds: tuple[str, ...] = ()
    when: Value | None = None

    def matching(self, person: Person, events: Sequence[Event]) -> Iterator[Event]:
        """Give the events that match, each seen with what stands before it; an unknown condition does not hold."""
        for place, event in enumerate(events):
            if holds_for(self, person, events[: place + 1], event):
                yield event


def holds_for(match: EventMatch, person: Person, seen: Sequence[Event], event: Event) -> bool:
    """Say whether an event matches, seen with some events of the person, itself among them."""
    if match.kinds and event.kind not in match.kinds:
        return False
    return match.when is None or value_for(match.when, person, seen, event) is True


def value_for(node: Value, person: Person, seen: Sequence[Event], event: Event) -> PlainValue | None:
    """Give the value of an expression in the row of an event; ``None`` where it is unknown."""
    context = PersonContext(person, tuple(seen), event.date, event.date, event.date, {}, row=event)
    found: PlainValue | None = value_of(node, context)
    return found


def condition_faults(where: str, node: Any) -> Iterator[Fault]:
    """Find what a condition on an event cannot be: no truth value, none of a row, or one that asks for a course."""
    if node is None:
        return
    found = faults_of(node)
    yield from found
    if found:
        return
    if kind_of(node) != "bool":
        yield Fault("not_a_condition", where, f"{write(node)} is no condition", "it has to be true or false")
    if level_of(node) == "person":
        yield Fault("not_of_row", where, f"{write(node)} is not about one event", "name columns of the event")
    if diseases_in(node):
        hint = 'rules are replayed from the events alone; say it by them: events("enrolment")…'
        yield Fault("asks_of_disease", where, f"{write(node)} asks for the course or a number of a disease", hint)
