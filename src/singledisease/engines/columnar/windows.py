"""The days of windows, for each element of a domain."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, month_number_array, month_start_array
from singledisease.engines.columnar.context import EvaluationContext, asked_on, day_of, seen_until
from singledisease.engines.columnar.domain import Domain, SelectedRows
from singledisease.engines.columnar.operands import Mask
from singledisease.language import nodes as n

Days = NDArray[np.int32]
_MONTHS = {"months": 1, "quarters": 3, "years": 12}
_EARLIEST, _LATEST = np.int32(-(2**31) + 1), np.int32(2**31 - 1)
_NEVER = np.int32(2**30)
"""Later than any day, and small enough to be subtracted."""


@frozen(eq=False)
class Bounds:
    """First and last day of a window, both included, for each element of a domain; empty where turned round."""

    first: Days
    last: Days

    def __and__(self, other: Bounds) -> Bounds:
        return Bounds(np.maximum(self.first, other.first), np.minimum(self.last, other.last))

    @cached_property
    def hull(self) -> tuple[int, int]:
        """The days that hold the windows of all elements; (1, 0) if there are none."""
        first, last = np.broadcast_arrays(self.first, self.last)
        some = first <= last
        if not some.any():
            return 1, 0
        return int(first[some].min()), int(last[some].max())

    @property
    def is_same_for_all(self) -> bool:
        """Whether the window does not depend on the person, or on the row."""
        return bool(self.first.shape[-1] == 1 and self.last.shape[-1] == 1)


def everything(domain: Domain) -> Bounds:
    """Give the days of which anything is seen."""
    seen = seen_until(domain)
    return Bounds(np.full((1,) * seen.ndim, _EARLIEST), seen)


def bounds_of(context: EvaluationContext, window: n.Window, domain: Domain) -> Bounds:
    """Give the days of a window; one with an unknown end holds none."""
    match window:
        case n.PeriodWindow():
            start = domain.spread(domain.root.start) if isinstance(domain, SelectedRows) else domain.start
            return Bounds(start, asked_on(domain))
        case n.CalendarWindow(unit, first, last):
            asked = asked_on(domain)
            held = month_number_array(asked) // _MONTHS[unit]
            start = month_start_array((held + first) * _MONTHS[unit])
            return Bounds(start, np.minimum(month_start_array((held + last + 1) * _MONTHS[unit]) - np.int32(1), asked))
        case _:
            shape = (1,) * len(domain.shape)
            first_day = np.full(shape, _EARLIEST) if window.start is None else day_of(context, window.start, domain)
            last_day = np.full(shape, _LATEST) if window.end is None else day_of(context, window.end, domain)
            if last_day.shape[-1] == 1 < first_day.shape[-1] and (last_day != MISSING).all():
                # The last day stays the same for all, which is worth much.
                return Bounds(np.where(first_day == MISSING, _NEVER, first_day), np.minimum(last_day, _NEVER - 1))
            some = (first_day != MISSING) & (last_day != MISSING)
            # Last before first, and both small enough to be subtracted.
            return Bounds(np.where(some, first_day, np.int32(1)), np.where(some, last_day, np.int32(0)))


def seen_bounds(context: EvaluationContext, window: n.Window, domain: Domain) -> Bounds:
    """Give the days of a window of which anything is seen."""
    return bounds_of(context, window, domain) & everything(domain)


def are_ends_known(context: EvaluationContext, window: n.Window, domain: Domain) -> Mask:
    """Say where both ends of a window are known."""
    found: Mask = np.ones((1,) * len(domain.shape), np.bool_)
    if isinstance(window, n.Between):
        for end in (window.start, window.end):
            if end is not None:
                found = found & (day_of(context, end, domain) != MISSING)
    return found
