"""Recognitions that save nothing: of results that nobody has, or of one examination entered twice.

The number of days is a proposal of this project: it only decides what somebody is asked to look at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from singledisease.county.log_rows import IrregularRows, LogRows
from singledisease.definitions.citation import Names

KEPT = 366
"""For how many days at most a result is looked for that was recognised."""
_RESULTS = ("test", "checkup", "encounter", "remote", "admission", "discharge")


def recognised_nothing(rows: LogRows) -> Iterator[IrregularRows]:
    """Find recognitions of people of whom the registry has no examination within a year before."""
    examined: dict[int, list[int]] = {}
    for row in rows.of(*_RESULTS):
        examined.setdefault(int(rows.person[row]), []).append(int(rows.log.date[row]))
    for row in rows.of("recognition"):
        day, known = int(rows.log.date[row]), examined.get(int(rows.person[row]), [])
        place = bisect_left(known, day - KEPT)
        if place == len(known) or known[place] > day:
            why = Names("此前一年没有任何检查结果", "there is no examination within a year before")
            yield IrregularRows(what="recognised_nothing", row=row, reason=why)


def recognised_twice(rows: LogRows) -> Iterator[IrregularRows]:
    """Find recognitions of one item by one institution on one day: each is counted, and its price saved, again."""
    item, place, found = rows.texts("item"), rows.texts("institution"), dict[tuple[int, int, str, str], list[int]]()
    for row in rows.of("recognition"):
        found.setdefault((int(rows.person[row]), int(rows.log.date[row]), item[row], place[row]), []).append(row)
    for (_, _, name, _), (first, *others) in found.items():
        if others:
            count = len(others) + 1
            why = Names(f"同日同机构 {name} 互认 {count} 次", f"{name} recognised {count} times on one day")
            yield IrregularRows(what="recognised_twice", row=first, others=tuple(others), reason=why)


RECOGNITIONS: tuple[Callable[[LogRows], Iterator[IrregularRows]], ...] = (recognised_nothing, recognised_twice)
