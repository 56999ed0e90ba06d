"""Which rows of a log match, asked of everybody at once by the columnar engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.county.row_condition import EventMatch
from singledisease.engines.columnar import values_as_heard
from singledisease.eventlog.log import EventLog

Rows = NDArray[np.int64]


def matching_rows(log: EventLog, match: EventMatch, rows: Rows) -> Rows:
    """Give those of some rows, ascending, that match, each seen with what stands before it; unknown is no."""
    found = rows[of_kinds(log, match.kinds, rows)]
    if match.when is None or not len(found):
        return found
    (holds,) = values_as_heard([match.when], log, found)
    return found[holds.true]


def of_kinds(log: EventLog, kinds: tuple[str, ...], rows: Rows) -> NDArray[np.bool_]:
    """Say which of some rows are of some kinds; none are named: any."""
    codes = [code for code, kind in enumerate(log.kind.categories) if not kinds or kind in kinds]
    return np.isin(log.kind.codes[rows], codes)


def rows_until(log: EventLog, last: int) -> Rows:
    """Give the rows up to the end of a day."""
    return np.flatnonzero(log.date <= last).astype(np.int64)
