"""Changes of days and windows: a day or a calendar month more or less at either end, whole windows left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from singledisease.conformance.mutations.change import Mutation, replaced
from singledisease.language import nodes as n

_ONE = n.Literal(1.0, "number", "days")
_WINDOWED = (n.Within, n.Overlapping, n.StatusDuring, n.DaysIn, n.Covered, n.Gap)


def changes_of_days(node: Any) -> Iterator[Mutation]:
    """Give every change of the days that one part of a definition looks at."""
    if isinstance(node, _WINDOWED):
        yield from _of_window(node)
    match node:
        case n.Within():
            yield Mutation("window", node, node.source, node.window, None)
        case n.StatusDuring(window=n.PeriodWindow()):
            yield replaced("window", node, n.StatusOn(node.status, n.PeriodEnd()))
            yield replaced("window", node, n.StatusOn(node.status, n.PeriodStart()))
        case n.StatusDuring():
            yield replaced("window", node, n.StatusOn(node.status, n.PeriodEnd()))
        case n.StatusOn(on=n.PeriodEnd()):
            yield replaced("window", node, n.StatusDuring(node.status, n.PeriodWindow()))
            yield replaced("day", node, evolve(node, on=_shifted(node.on, -1)))
        case n.StatusOn():
            yield replaced("day", node, evolve(node, on=_shifted(node.on, -1)))
            # Whoever was so before, and whoever will be: an end, or a beginning, that is not looked at.
            yield replaced("window", node, n.StatusDuring(node.status, n.Between(None, node.on)))
            yield replaced("window", node, n.StatusDuring(node.status, n.Between(node.on, n.PeriodEnd())))
        case n.Age():
            # A birthday that counts from the next day, or from the day before.
            yield replaced("day", node, n.Age(_shifted(node.on, -1)))
            yield replaced("day", node, n.Age(_shifted(node.on, 1)))
            for day in (n.PeriodStart(), n.PeriodEnd()):
                if node.on != day:
                    yield replaced("day", node, n.Age(day))
        case n.Covered() | n.Gap():
            yield replaced("window", node, evolve(node, open_ended=not node.open_ended))


def _of_window(node: Any) -> Iterator[Mutation]:
    for window, further in _other_windows(node.window):
        looks_on = further if isinstance(node, n.Within | n.Overlapping) else 0
        if further and not looks_on:
            continue
        yield Mutation("window", node, evolve(node, window=window), node.window, window, looks_on)


def _other_windows(window: n.Window) -> Iterator[tuple[n.Window, int]]:
    """Give windows that are nearly the same, each with how many days further it sees than the period."""
    match window:
        case n.PeriodWindow():
            start, end = n.PeriodStart(), n.PeriodEnd()
            yield n.Between(_shifted(start, 1), end), 0
            yield n.Between(_shifted(start, -1), end), 0
            yield n.Between(start, _shifted(end, -1)), 0
            yield n.Between(start, _shifted(end, 1)), 1
        case n.CalendarWindow():
            for by in (-1, 1):
                if window.first + by <= window.last:
                    yield evolve(window, first=window.first + by), 0
                if window.first <= window.last + by <= 0:
                    yield evolve(window, last=window.last + by), 0
        case n.Between():
            for by in (-1, 1):
                if window.start is not None and not _has_number(window.start):
                    yield evolve(window, start=_shifted(window.start, by)), 0
                if window.end is not None and not _has_number(window.end):
                    yield evolve(window, end=_shifted(window.end, by)), int(by > 0)


def _has_number(day: n.Value) -> bool:
    """Say whether a day is counted by a number of its own, which is moved as a bound."""
    return isinstance(day, n.Apply) and any(isinstance(arg, n.Literal) for arg in day.args)


def _shifted(day: n.Value, by: int) -> n.Value:
    return n.Apply("+" if by > 0 else "-", (day, _ONE))
