"""Results of recognised items, and which item a result fulfils a service by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from singledisease.clinic.record import PersonRecord
from singledisease.county.recognition_rules import RecognisedItem, RecognitionRules
from singledisease.county.row_condition import EventMatch, holds_for
from singledisease.definitions.disease import Service
from singledisease.eventlog.event import Event
from singledisease.eventlog.order import sort_key


def results_of(record: PersonRecord, events: Sequence[Event], item: RecognisedItem) -> list[Event]:
    """Give the events of a person that hold a result of an item."""
    return [one for one in item.results.matching(record.person, events) if _holds(one, item.columns)]


def _holds(event: Event, columns: tuple[str, ...]) -> bool:
    return not columns or any(event.get(column) is not None for column in columns)


def fulfilling(
    record: PersonRecord, events: Sequence[Event], rules: RecognitionRules, service: Service
) -> tuple[RecognisedItem | None, list[Event]]:
    """Give the item of which the latest result fulfils a service, and its results that do; ``None`` if there is none.

    One row may hold results of several items: that of kidney function is not taken for HbA1c because both were
    measured of one sample.
    """
    found = [(item, list(_by_item(record, events, rules, service, item))) for item in rules.items]
    return max((one for one in found if one[1]), key=lambda one: sort_key(one[1][-1]), default=(None, []))


def _by_item(
    record: PersonRecord, events: Sequence[Event], rules: RecognitionRules, service: Service, item: RecognisedItem
) -> Iterator[Event]:
    """Give the results of an item that fulfil a service by what the item consists of."""
    match = EventMatch(service.timing.kinds, service.timing.met_by)
    others = {column for one in rules.items for column in one.columns} - {*item.columns}

    def met(place: int, event: Event) -> bool:
        return holds_for(match, record.person, [*events[:place], event], event)

    results = results_of(record, events, item)
    for place, event in enumerate(events):
        if event not in results or not met(place, event):
            continue
        if (
            not item.columns
            or not met(place, _without(event, item.columns))
            or (met(place, _without(event, others)) and not met(place, _without(event, {*others, *item.columns})))
        ):
            yield event


def _without(event: Event, columns: Sequence[str] | set[str]) -> Event:
    """Give an event as if some columns said nothing."""
    values = {name: value for name, value in event.values.items() if name not in columns}
    return Event(event.kind, event.date, row=event.row, values=values)
