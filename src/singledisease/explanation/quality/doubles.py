"""Several rows about one thing: the same person, day, kind and disease, in one file or in two."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from singledisease.eventlog.columns import Coded, Numbers
from singledisease.eventlog.log import EventLog
from singledisease.tables import Heading, Table
from singledisease.vocabulary import QUANTITIES

HEADINGS: dict[str, Heading] = {
    "kind": ("事件类型", "kind"),
    "file": ("文件", "file"),
    "other_file": ("另一文件", "other file"),
    "same": ("读数相同", "same readings"),
    "different": ("读数不同", "different readings"),
}


def doubles(log: EventLog) -> Table:
    """Count neighbouring rows of one person, day, kind and disease by the files they stand in.

    Exact copies were dropped when the log was read; these differ somewhere: in a reading, or in the rest.
    """
    order = _order(log)
    one, other = order[:-1], order[1:]
    same_thing = np.ones(len(one), np.bool_)
    for values in (log.person, log.date, log.kind.codes, _disease(log)):
        same_thing &= values[one] == values[other]
    one, other = one[same_thing], other[same_thing]
    agree = _same_readings(log, one, other)
    found: Counter[tuple[str, str, str, bool]] = Counter()
    files, file = log.source.files, log.source.file
    keys = zip(log.kind.codes[one].tolist(), file[one].tolist(), file[other].tolist(), agree.tolist(), strict=True)
    for kind, first, second, equal in keys:
        pair = sorted((files[first], files[second]))
        found[log.kind.categories[kind], pair[0], pair[1], equal] += 1
    names = sorted({key[:3] for key in found}, key=lambda key: (key[1] == key[2], key))
    rows = [(*name, found[*name, True], found[*name, False]) for name in names]
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS)


def _order(log: EventLog) -> NDArray[np.int64]:
    """Give the rows by person, day, kind and disease: within a day ``sequence`` may stand before the kind."""
    return np.lexsort((_disease(log), log.kind.codes, log.date, log.person))


def _disease(log: EventLog) -> NDArray[np.int64]:
    column = log.columns.get("disease")
    return column.codes.astype(np.int64) if isinstance(column, Coded) else np.zeros(len(log), np.int64)


def _same_readings(log: EventLog, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    same = np.ones(len(one), np.bool_)
    for name in QUANTITIES:
        column = log.columns.get(name)
        if isinstance(column, Numbers):
            first, second = column.values[one], column.values[other]
            same &= (first == second) | (np.isnan(first) & np.isnan(second))
    return same
