"""Checks of days to come: no measure asks what is not looked at, no event of a pathway hears of what comes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.checks.expression_sites import ExpressionSite as Site
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.row_sources import source_of
from singledisease.language.upper_bounds import (
    ANYWHERE,
    AT_END,
    AT_ROW,
    Bounds,
    RowBounds,
    latest_row,
    parts_in_place,
    upper_bounds,
)

_WINDOWS: frozenset[type] = frozenset({n.Between, n.TierOn})

# MEASURES


class LateWindow(NamedTuple):
    """A window that may end after the end of some period: where it stands, how it is written, its end at the latest."""

    where: str
    written: str
    end: Bounds


def late_windows(measure: Countable, sites: Iterable[tuple[str, Any]]) -> Iterator[LateWindow]:
    """Find windows that may end after the end of some period; which, depends on the periods that are asked about.

    Parameters
    ----------
    measure
        One that matures is looked at as long as it says, and has none.
    sites
        Its expressions, numbers put in, each with where it stands.
    """
    if measure.matures:
        return
    for where, node in sites:
        for window, place in _windows(node, _place_of(measure, where)):
            end = AT_END if window.end is None else upper_bounds(window.end, place)
            if end.get("end", 1) > 0:
                yield LateWindow(where, write(window), end)


def looks_ahead(windows: Iterable[LateWindow], periods: Iterable[Period] = ()) -> Iterator[Fault]:
    """Find windows that may end after the end of one of the periods asked about.

    A constant day, and a day counted from the period's start, is held against these periods only.
    """
    spans = tuple(periods)
    for window in windows:
        if not _is_seen(window.end, spans):
            message = "may end after the period's end, and nothing is looked at after that"
            hint = "say how long the figure matures: matures=15; or end it: between(…, earliest(…, PERIOD.end))"
            yield Fault("looks_ahead", f"{window.where}, {window.written}", message, hint)


def _place_of(measure: Countable, where: str) -> RowBounds:
    if measure.of is None or where == "of":
        return ANYWHERE
    return RowBounds(source_of(measure.of), latest_row(measure.of, ANYWHERE))


def _windows(node: Any, place: RowBounds) -> Iterator[tuple[n.Between, RowBounds]]:
    for part, where in parts_in_place(node, place, _WINDOWS):
        if isinstance(part, n.Between):
            yield part, where
        elif isinstance(part, n.TierOn):
            yield n.Between(None, part.on), where


def _is_seen(bounds: Bounds, periods: tuple[Period, ...]) -> bool:
    day, start = bounds.get("day"), bounds.get("start")
    return (day is not None and all(day <= period.end for period in periods)) or (
        start is not None and all(period.start + start <= period.end for period in periods)
    )


# PATHWAYS


def hears_of_later(site: Site) -> Iterator[Fault]:
    """Find selections, and days on which a tier is asked, that may reach the event's own day or a later one."""
    for part, place in parts_in_place(site.node, AT_ROW):
        match part:
            case n.Reduce(_, source) | n.Picked(n.Pick(source)) | n.Covered(source) | n.Gap(source):
                if not _is_before(latest_row(source, place)):
                    message = f"{write(source)} may hold what comes on the event's day or later"
                    hint = 'look back from the event: .within(until(this("date") - 1))'
                    yield Fault("looks_forward", site.where, message, hint)
            case n.TierOn(on=day) | n.TierDuring(window=n.Between(end=day)):
                if day is None or not _is_before(upper_bounds(day, place)):
                    message = "asks for a level on the event's day or later, which the event itself may change"
                    yield Fault("looks_forward", site.where, message, "ask for the day before: on=date - 1")


def _is_before(bounds: Bounds) -> bool:
    return bounds.get("row", 0) <= -1
