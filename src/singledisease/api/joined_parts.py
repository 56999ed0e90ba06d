"""The figures of all parts, from what was counted in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from attrs import define, evolve, field

from singledisease.api.counted_part import CountedPart, CountRequest
from singledisease.dates import day_of
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.errors import UsageError
from singledisease.eventlog.log import InstitutionColumns
from singledisease.eventlog.report import LoadReport, Slip, TableReport
from singledisease.io.partition import part_of
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Counts, merge
from singledisease.scorecard.evaluate import AnyMeasure, resolve_all
from singledisease.scorecard.log_contents import together
from singledisease.scorecard.part import Part
from singledisease.scorecard.parts_on_demand import PartsOnDemand


def whole_score(
    asked: CountRequest, counted: Iterable[CountedPart], make: Callable[[int], Part], institutions: InstitutionColumns
) -> Scorecard:
    """Give the scorecard of all parts; its people are made, part by part, when they are asked for.

    Parameters
    ----------
    asked
        What was counted.
    counted
        Every part, in any order.
    make
        Makes the people of a part again.
    institutions
        The registry's.
    """
    gathered = GatheredParts()
    for one in counted:
        gathered.take(one)
    return gathered.score(asked, make, institutions)


_AT_ONCE = 16
"""So many parts are added up at once: what is added up costs time with every addition, what waits costs memory."""


@define
class GatheredParts:
    """Counted parts, added up as they come: by many institutions the counts of each may be large."""

    parts: list[CountedPart] = field(factory=list)
    waiting: list[Counts] = field(factory=list)

    def take(self, one: CountedPart) -> None:
        """Add a part."""
        self.parts.append(evolve(one, counts=Counts()))
        self.waiting.append(one.counts)
        if len(self.waiting) == _AT_ONCE:
            self.waiting = [merge(self.waiting)]

    def score(self, asked: CountRequest, make: Callable[[int], Part], institutions: InstitutionColumns) -> Scorecard:
        """Give the scorecard of all; see ``whole_score``."""
        listed = [one for one in asked.measures if not isinstance(one, Derived)]
        parts = sorted(self.parts, key=lambda one: one.number)
        on_demand = PartsOnDemand(
            number=len(parts),
            make=make,
            whose=partial(part_of, parts=len(parts)),
            contents=together([one.contents for one in parts]),
            report=joined_reports([one.report for one in parts]),
            institutions=institutions,
        )
        return Scorecard(
            measures=resolve_all(listed, asked.diseases, asked.policy),
            periods=asked.periods,
            by=parts[0].by,
            known_until=None if asked.as_of is None else day_of(asked.as_of),
            counts=merge(self.waiting),
            parts=on_demand,
            derived=tuple(one for one in asked.measures if isinstance(one, Derived)),
        )


def refuse_places(measures: Iterable[AnyMeasure]) -> None:
    """Refuse measures of institutions: an institution's people are in several parts."""
    of_places = [one.id for one in measures if not isinstance(one, Derived) and _counts_places(one)]
    if of_places:
        names = ", ".join(of_places)
        raise UsageError(
            f"{names}: 以机构为统计对象，不能按分片统计 / count institutions, whose people are in several parts; "
            "evaluate them once, over the whole registry"
        )


def _counts_places(measure: Countable) -> bool:
    return measure.of is not None and any(inside(measure.of, n.Institutions, n.Activities))


def joined_reports(reports: Sequence[LoadReport]) -> LoadReport:
    """Give the report of all parts; tables about no person stand in every part, and are told of once."""
    names = dict.fromkeys(table.table for report in reports for table in report.tables)
    return LoadReport(
        tables=tuple(_joined_table(name, reports) for name in names),
        refusals=tuple(_told_once(reports, lambda report: report.refusals)),
        readings=tuple(one for report in reports for one in report.readings),
        not_done=tuple(one for report in reports for one in report.not_done),
        slips=tuple(_joined_slips(reports)),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
    )


_OF_PERSONS = ("patients", "events")


def _joined_table(name: str, reports: Sequence[LoadReport]) -> TableReport:
    tables = [report.table(name) for report in reports]
    if name not in _OF_PERSONS:
        return tables[0]
    counted = ("read", "accepted", "duplicates", "refused", "skipped", "not_done", "readings")
    return TableReport(name, **{what: sum(getattr(table, what) for table in tables) for what in counted})


def _told_once(reports: Sequence[LoadReport], of: Callable[[LoadReport], Iterable[Any]]) -> Iterator[Any]:
    for i, report in enumerate(reports):
        yield from (one for one in of(report) if one.table in _OF_PERSONS or i == 0)


def _joined_slips(reports: Sequence[LoadReport]) -> Iterator[Slip]:
    found: dict[tuple[str, str, str, str], list[Slip]] = {}
    for one in _told_once(reports, lambda report: report.slips):
        found.setdefault((one.table, one.column, one.value, one.check), []).append(one)
    for same in found.values():
        yield evolve(same[0], count=sum(one.count for one in same))
