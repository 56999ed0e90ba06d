"""Tests of a registry that were done again although a result from elsewhere could have been taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from singledisease.clinic.record import PersonRecord
from singledisease.county.item_results import results_of
from singledisease.county.recognition import conflicts_of
from singledisease.county.recognition_rules import RecognisedItem, RecognitionRules
from singledisease.county.repeats_at_once import RepeatedTest, repeats_at_once
from singledisease.dates import Period, date_of
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.tables import Heading, Table

HEADINGS: Mapping[str, Heading] = {
    "patient_id": ("患者", "patient"),
    "item": ("项目", "item"),
    "date": ("日期", "date"),
    "institution": ("机构", "institution"),
    "result_date": ("已有结果日期", "result of"),
    "result_institution": ("已有结果机构", "result from"),
    "age_days": ("结果天数", "days old"),
    "price": ("价格（元）", "price (yuan)"),
    "conflict": ("结果矛盾", "contradiction"),
}


def list_repeats(log: EventLog, periods: Sequence[Period], rules: RecognitionRules, *, at_once: bool = True) -> Table:
    """List the repeats within some periods, person by person, in canonical order.

    Parameters
    ----------
    log, periods, rules
        As it was known; the days of the repeats; what is recognised.
    at_once
        Whether everybody is asked at once, by the columnar engine, or one person after the other.
    """
    repeats = repeats_at_once if at_once else _one_by_one
    rows = [
        (
            one.patient,
            one.item.id,
            date_of(one.event.date),
            one.event.get("institution"),
            date_of(one.earlier.date),
            one.earlier.get("institution"),
            one.event.date - one.earlier.date,
            one.item.price,
            one.conflict,
        )
        for one in repeats(log, periods, rules)
    ]
    called = {"item": {item.id: (item.names.zh, item.names.en) for item in rules.items}}
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS, called=called)


def _one_by_one(log: EventLog, periods: Sequence[Period], rules: RecognitionRules) -> Iterator[RepeatedTest]:
    kinds = {kind for item in rules.items for kind in item.results.kinds}
    codes = [code for code, kind in enumerate(log.kind.categories) if not kinds or kind in kinds]
    rows = np.flatnonzero(np.isin(log.kind.codes, codes))
    people = sorted({int(place) for place in np.searchsorted(log.offsets, rows, "right") - 1})
    return (one for place in people for one in _repeats(PersonRecord.at(log, place), periods, rules))


def _repeats(record: PersonRecord, periods: Sequence[Period], rules: RecognitionRules) -> Iterator[RepeatedTest]:
    events = record.counted()
    excused = {reason.id for reason in rules.reasons}
    changed = [] if rules.changed is None else list(rules.changed.matching(record.person, events))
    for item in rules.items:
        results = results_of(record, events, item)
        contradicted = [event for one in conflicts_of(item, results) for event in (one.one, one.other)]
        for place, event in enumerate(results):
            if event.get("reason") in excused or not any(one.start <= event.date <= one.end for one in periods):
                continue
            earlier = _taken(item, results[:place], event, changed)
            if earlier is not None:
                yield RepeatedTest(
                    patient=record.person.id, item=item, event=event, earlier=earlier, conflict=earlier in contradicted
                )


def _taken(item: RecognisedItem, earlier: Sequence[Event], event: Event, changed: Sequence[Event]) -> Event | None:
    """Give the latest result of another, known institution that could have been taken in the place of a test."""
    here = event.get("institution")
    for one in reversed(earlier):
        there = one.get("institution")
        stands = not any(one.date < change.date <= event.date for change in changed)
        if here and there and here != there and event.date - one.date <= item.valid_days and stands:
            return one
    return None
