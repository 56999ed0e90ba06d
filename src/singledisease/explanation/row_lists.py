"""The rows in a group of a measure that counts rows: which, whose, on which day, in which file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from singledisease import dates
from singledisease.dates import Period
from singledisease.domains import RowDomain
from singledisease.explanation.evidence import first_event
from singledisease.language.row_sources import base_of
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.part import Part
from singledisease.scorecard.row_groups import RowGroups
from singledisease.tables import Heading, Table

COLUMNS: tuple[str, ...] = (
    "patient_id",
    "group",
    "period_start",
    "period_end",
    "date",
    "kind",
    "institution",
    "file",
    "line",
)
HEADINGS: Mapping[str, Heading] = MappingProxyType(
    {
        "patient_id": ("患者编号", "Patient"),
        "group": ("分组", "Group"),
        "period_start": ("起始日", "From"),
        "period_end": ("截止日", "To"),
        "date": ("日期", "Date"),
        "kind": ("类型", "Kind"),
        "institution": ("机构", "Institution"),
        "file": ("文件", "File"),
        "line": ("行", "Line"),
    }
)


def rows_of_group(
    score: Scorecard, m: int, periods: Sequence[Period], parts: Sequence[Part], chosen: Sequence[int]
) -> Table:
    """Give a row for each row of the m-th measure that is in one of the chosen groups, by period and part."""
    found = [row for period in periods for part in parts for row in _listed(score, part, m, period, chosen)]
    return Table.of_rows(COLUMNS, found, headings=HEADINGS)


def _listed(score: Scorecard, part: Part, m: int, period: Period, chosen: Sequence[int]) -> Iterator[list[Any]]:
    found, groups = part.assigned[m], groups_of(score.measures[m].measure)
    assert isinstance(found, RowGroups)
    domain = found.domain
    span = dates.date_of(period.start), dates.date_of(period.end)
    for i in np.flatnonzero((domain.period == score.periods.index(period)) & np.isin(found.codes, chosen)):
        day = int(domain.date[i])
        date = None if day == dates.MISSING else dates.date_of(day)
        place = _place(part, score.measures[m].measure.of, domain, int(i))
        yield [_owner(part, domain, int(i)), groups[found.codes[i]], *span, date, *place]


def _owner(part: Part, domain: RowDomain, i: int) -> str | None:
    if domain.source in ("institutions", "activities"):
        return None
    return str(part.log.people.ids[int(domain.owner[i])])


def _place(part: Part, of: Any, domain: RowDomain, i: int) -> tuple[Any, ...]:
    """Give the kind of a row, the institution it names, and the file and line of an event, or of a sequence's first."""
    log, row = part.log, int(domain.row[i])
    if domain.source in ("institutions", "activities"):
        # What an institution did that is not in the table of institutions is of none of them.
        named = log.activities.institution.text(row) if domain.source == "activities" else log.institutions.ids[row]
        return domain.source, named, None, None
    if domain.source == "sequences":
        row = first_event(part.courses[base_of(of).disease], log, row, int(domain.date[i]))
    elif domain.source != "events":
        return domain.source, None, None, None
    event = log.event(row)
    kind = event.kind if domain.source == "events" else domain.source
    return kind, event.get("institution"), log.source.files[log.source.file[row]], int(log.source.line[row])
