"""Tests of everybody that were done again although a result could have been taken, by the columnar engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.county.recognition import conflicts_of
from singledisease.county.recognition_rules import RecognisedItem, RecognitionRules
from singledisease.county.rows_at_once import Rows, matching_rows
from singledisease.dates import Period
from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog


@frozen(kw_only=True)
class RepeatedTest:
    """A test that was done again, the result that could have been taken, and whether another contradicts that one."""

    patient: str
    item: RecognisedItem
    event: Event
    earlier: Event
    conflict: bool


def repeats_at_once(log: EventLog, periods: Sequence[Period], rules: RecognitionRules) -> Iterator[RepeatedTest]:
    """Give the repeats of everybody, person by person, item by item, in canonical order."""
    everything = np.arange(len(log), dtype=np.int64)
    changes = everything[:0] if rules.changed is None else matching_rows(log, rules.changed, everything)
    registry = _Registry(log, log.person, changes, frozenset(reason.id for reason in rules.reasons))
    found = [(number, one) for number, item in enumerate(rules.items) for one in registry.repeats(item, periods)]
    found.sort(key=lambda one: (log.person[one[1].event.row], one[0], one[1].event.row))
    return (one for _, one in found)


@frozen(eq=False)
class _Registry:
    """A log, the person of each row, the rows with which a condition changed, and the reasons that excuse."""

    log: EventLog
    person: NDArray[np.int64]
    changes: Rows
    reasons: frozenset[str]

    def repeats(self, item: RecognisedItem, periods: Sequence[Period]) -> list[RepeatedTest]:
        """Give the repeats of one item."""
        results = self._results(item)
        asked = np.flatnonzero(self._may_be_avoidable(results, periods))
        taken = self._taken(item, results, asked)
        asked, taken = asked[taken >= 0], taken[taken >= 0]
        contradicted = self._contradicted(item, results, np.unique(self.person[results[taken]]))
        events, earlier = self.log.events_at(results[asked]), self.log.events_at(results[taken])
        return [
            RepeatedTest(
                patient=str(self.log.people.ids[self.person[event.row]]),
                item=item,
                event=event,
                earlier=there,
                conflict=there.row in contradicted,
            )
            for event, there in zip(events, earlier, strict=True)
        ]

    def _results(self, item: RecognisedItem) -> Rows:
        """Give the rows that hold a result of an item."""
        rows = matching_rows(self.log, item.results, np.arange(len(self.log), dtype=np.int64))
        if not item.columns:
            return rows
        columns = (self.log.column(name) for name in item.columns)
        known = [column[rows].known for column in columns if column is not None]
        return rows[np.logical_or.reduce(known)] if known else rows[:0]

    def _may_be_avoidable(self, rows: Rows, periods: Sequence[Period]) -> NDArray[np.bool_]:
        """Say which results are of the periods, and say no reason for which a test may be done again."""
        day, reason = self.log.date[rows], self.log.column("reason")
        within = np.zeros(len(rows), np.bool_)
        for one in periods:
            within |= (one.start <= day) & (day <= one.end)
        if not isinstance(reason, Coded):
            return within
        excused = [code for code, word in enumerate(reason.categories) if word in self.reasons]
        within &= ~np.isin(reason.codes[rows], excused)
        return within

    def _taken(self, item: RecognisedItem, results: Rows, asked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give of some results the place of the latest earlier one that could have been taken; -1: none."""
        found = np.full(len(asked), -1, np.int64)
        person, day, institution = self.person[results], self.log.date[results], self._institution(results)
        before = self._changes_until(results)
        # One result further back at a time: what is too old, or before a change, ends the search.
        waiting, back = np.arange(len(asked)), 0
        while len(waiting):
            back += 1
            waiting = waiting[asked[waiting] >= back]
            here = asked[waiting]
            there = here - back
            stands = (person[there] == person[here]) & (day[here] - day[there] <= item.valid_days)
            stands &= before[there] == before[here]
            waiting, here, there = waiting[stands], here[stands], there[stands]
            known = (institution[here] != 0) & (institution[there] != 0)
            taken = known & (institution[here] != institution[there])
            found[waiting[taken]] = there[taken]
            waiting = waiting[~taken]
        return found

    def _institution(self, rows: Rows) -> NDArray[np.int64]:
        column: AnyColumn | None = self.log.column("institution")
        return column.codes[rows].astype(np.int64) if isinstance(column, Coded) else np.zeros(len(rows), np.int64)

    def _changes_until(self, rows: Rows) -> NDArray[np.int64]:
        """Give how often the condition of anybody before, or of the person up to the day of a row, changed."""
        return np.searchsorted(self._moments(self.changes), self._moments(rows), "right")

    def _moments(self, rows: Rows) -> NDArray[np.int64]:
        """Give a number for the person and the day of each row: it grows with the rows."""
        first, span = int(self.log.date.min(initial=0)), int(np.ptp(self.log.date)) if len(self.log) else 0
        return self.person[rows] * (span + 1) + (self.log.date[rows].astype(np.int64) - first)

    def _contradicted(self, item: RecognisedItem, results: Rows, people: NDArray[np.int64]) -> set[int]:
        """Give the rows of some people that another result of the same examination contradicts."""
        rows = results[np.isin(self.person[results], people)]
        of_person: dict[int, list[Event]] = {}
        for place, event in zip(self.person[rows].tolist(), self.log.events_at(rows), strict=True):
            of_person.setdefault(place, []).append(event)
        pairs = (one for events in of_person.values() for one in conflicts_of(item, events))
        return {event.row for one in pairs for event in (one.one, one.other)}
