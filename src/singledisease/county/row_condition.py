"""Conditions on one event of one person, asked by the reference engine: what rules of contracts and points say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from singledisease.definitions.resolve import diseases_in
from singledisease.engines.reference import PersonContext, value_of
from singledisease.errors import Fault
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
            if self.kinds and event.kind not in self.kinds:
                continue
            if self.when is None or value_of(self.when, _seen_from(person, events[: place + 1], event)) is True:
                yield event


def _seen_from(person: Person, events: Sequence[Event], event: Event) -> PersonContext:
    return PersonContext(person, tuple(events), event.date, event.date, event.date, {}, row=event)


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
