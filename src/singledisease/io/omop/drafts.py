"""Events in the making, and what became of every row of the tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.eventlog.report import Refusal
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.omop.tables import SourceTable

NOTHING, SKIPPED, DUPLICATE, REFUSED, ACCEPTED = range(5)
"""What may become of a row, in the order in which one overrules another."""

CONTRADICTING = ValidationIssue(
    "different_rows", "同一编号的行内容不同，全部拒绝 / rows of one id that differ; all are refused"
)
Place = tuple[str, int]
"""A table and a row of it."""


@frozen(eq=False)
class OmopDraft:
    """An event in the making: its columns as text, and the rows that say it, first the one it is said to come from.

    ``visit`` tells that it is an outpatient's visit, which may be a follow-up.
    """

    columns: dict[str, str]
    rows: list[Place]
    visit: bool = False


@frozen(eq=False)
class OmopDrafts:
    """The events of a database, and what became of every row."""

    tables: Mapping[str, SourceTable]
    events: list[OmopDraft] = field(factory=list)
    refused: list[Refusal] = field(factory=list)
    reasons: Counter[tuple[str, str, str]] = field(factory=Counter)
    """Of rows that were skipped: table, reason, code."""
    fate: dict[str, NDArray[np.uint8]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for name, table in self.tables.items():
            self.fate[name] = np.zeros(len(table), np.uint8)

    def skip(self, table: SourceTable, i: int, reason: str, detail: str = "") -> None:
        """Leave out a row for a reason that is counted."""
        self.fate[table.name][i] = SKIPPED
        self.reasons[table.name, reason, detail] += 1

    def refuse(self, table: SourceTable, i: int, column: str, issue: ValidationIssue) -> None:
        """Refuse a row for what stands in one of its columns."""
        self.fate[table.name][i] = REFUSED
        value, person, line = table.text(i, column), table.key(i, "person_id"), int(table.line[i])
        self.refused.append(
            Refusal(table.name, table.file, line, column, value[:80], issue.check, issue.reason, person)
        )

    def rows(self, name: str) -> Iterator[int]:
        """Give the rows of a table that stand: of copies the first, of rows that contradict each other none."""
        table = self.tables[name]
        self._settle_repeated(table, f"{name}_id")
        yield from np.flatnonzero(self.fate[name] == NOTHING).tolist()

    def _settle_repeated(self, table: SourceTable, key: str) -> None:
        if key not in table.columns:
            return
        places: dict[str, list[int]] = defaultdict(list)
        for i in _repeated(table, key):
            places[table.text(i, key)].append(i)
        for group in places.values():
            cells = {tuple(table.text(i, column) for column in table.columns) for i in group}
            if len(cells) == 1:
                self.fate[table.name][group[1:]] = DUPLICATE
            else:
                for i in group:
                    self.refuse(table, i, key, CONTRADICTING)


def _repeated(table: SourceTable, key: str) -> Iterator[int]:
    """Give the rows whose id stands more than once; a blank id is compared with none."""
    column = table.columns[key]
    values = np.asarray(getattr(column, "codes", getattr(column, "values", None)))
    _, inverse, times = np.unique(values, return_inverse=True, return_counts=True)
    yield from np.flatnonzero((times[inverse] > 1) & column.known).tolist()


def when(table: SourceTable, i: int, name: str) -> tuple[str, str]:
    """Give the date of a row, and the second of the day, blank where only midnight or nothing is stated.

    A time of midnight is what is written where the time is not known.
    """
    moment = table.text(i, f"{name}_datetime")
    date = table.text(i, f"{name}_date") or moment[:10]
    date = date[:10] if date[10:].strip() in ("00:00:00", "00:00:00.0") else date
    clock = moment[11:19].split(":")
    if moment[:10] != date or len(clock) != 3 or not all(part.isdecimal() for part in clock):
        return date, ""
    second = int(clock[0]) * 3600 + int(clock[1]) * 60 + int(clock[2])
    return date, f"{second}" if 0 < second < 86400 else ""
