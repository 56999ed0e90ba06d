"""How late a date can be: found by reading the expression, without looking at any data.

A date is bounded from above by others, its *anchors*: the period's end, its start, the row's own date, a constant day.
``date - 5`` is at most five days before the row's date, and the row's date at most the period's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from attrs import evolve, frozen

from singledisease.language import nodes as n
from singledisease.language.row_sources import source_of
from singledisease.language.traversal import holds_none, parts

Anchor = Literal["end", "start", "row", "day"]
Bounds = Mapping[Anchor, float]
"""By anchor, how many days after it a date is at most; of ``day``, the latest day number itself."""

AT_END: Bounds = {"end": 0}
NOTHING: Bounds = {}

_SEEN = {
    "events": ("date",),
    "breaches": ("date", "due"),
    "spells": ("date", "left"),
    "services": ("date", "met"),
    "sequences": ("date",),
    "activities": ("date",),
    "institutions": (),
}
"""Columns that hold days of what has happened, so none after the last day that is looked at."""

_LONGEST = {"plus_days": 1, "plus_months": 31, "plus_years": 366}
_SHORTEST = {"plus_days": 1, "plus_months": 28, "plus_years": 365}


@frozen
class RowBounds:
    """What is known of the rows around a part: how late the row it stands in is, and how late the one outside that.

    Attributes
    ----------
    source, row
        Of the row in which the part stands: where it comes from, and how late its date is.
    outer_source, outer
        Of the row that ``This`` names.
    """

    source: str = "events"
    row: Bounds = AT_END
    outer_source: str = "events"
    outer: Bounds = AT_END

    def inside(self, selection: n.Selection) -> RowBounds:
        """Give the place of what is asked of a row of a selection that stands here."""
        return RowBounds(source_of(selection), latest_row(selection, self), self.source, self.row)

    def at_window(self) -> RowBounds:
        """Give the place of a window of a selection that stands here: there ``This`` is the row it stands in."""
        return evolve(self, outer_source=self.source, outer=self.row)


ANYWHERE = RowBounds()
"""Nothing is known of the row: its date is not after the last day looked at."""

AT_ROW = RowBounds(row={"row": 0}, outer={"row": 0})
"""In a row whose own date is the anchor ``row``."""


def latest_row(selection: Any, place: RowBounds) -> Bounds:
    """Say how late a row of a selection can be: none is later than the last day looked at, or than its windows."""
    found = AT_END
    while not isinstance(selection, n.Events | n.Activities | n.Institutions):
        if isinstance(selection, n.Within) and isinstance(selection.window, n.Between):
            end = selection.window.end
            found = _tightest(found, NOTHING if end is None else upper_bounds(end, place.at_window()))
        if not hasattr(selection, "source"):
            break
        selection = selection.source
    return found


def upper_bounds(node: Any, place: RowBounds = ANYWHERE) -> Bounds:
    """Say how late a date can be.

    Returns
    -------
    Bounds
        By anchor; empty if nothing is known.

    >>> from singledisease.language.parse import parse
    >>> upper_bounds(parse("PERIOD.end - 5")), upper_bounds(parse("earliest(until, PERIOD.end)"))
    ({'end': -5.0}, {'end': 0})
    """
    match node:
        case n.PeriodEnd():
            return AT_END
        case n.PeriodStart():
            return {"start": 0, "end": 0}
        case n.Literal(day, "date"):
            return {"day": float(day)}
        case n.Column(name) if name in _SEEN[place.source]:
            return place.row if name == "date" else AT_END
        case n.This(name) if name in _SEEN[place.outer_source]:
            return place.outer if name == "date" else AT_END
        case n.Attribute("birth_date"):
            return AT_END
        case n.Picked(row, value):
            return upper_bounds(value, place.inside(row.source))
        case n.Reduce("minimum" | "maximum", source, (column,)):
            return upper_bounds(column, place.inside(source))
        case n.Case(whens, otherwise):
            values = [value for _, value in whens] + ([] if otherwise is None else [otherwise])
            return _loosest(upper_bounds(value, place) for value in values)
        case n.Choice(_, options):
            return _loosest(upper_bounds(option.value, place) for option in options)
        case n.Apply():
            return _of_operator(node, place)
    return NOTHING


def _of_operator(node: n.Apply, place: RowBounds) -> Bounds:
    match node:
        case n.Apply("+" | "-" as sign, (day, moved)) if (days := _number(moved)) is not None:
            return _later(upper_bounds(day, place), days if sign == "+" else -days)
        case n.Apply("+", (moved, day)) if (days := _number(moved)) is not None:
            return _later(upper_bounds(day, place), days)
        case n.Apply("plus_days" | "plus_months" | "plus_years" as by, (day, moved)):
            number = _number(moved)
            if number is not None:
                return _later(upper_bounds(day, place), number * (_LONGEST if number > 0 else _SHORTEST)[by])
        case n.Apply("start_of_month" | "start_of_quarter" | "start_of_year", (day,)):
            return upper_bounds(day, place)
        case n.Apply("earliest", days):
            always = [upper_bounds(day, place) for day in days if _is_always_there(day)]
            # Where one day is missing the earliest is another: a bound has to hold without those that may be.
            return _tightest(*always, _loosest(upper_bounds(day, place) for day in days))
        case n.Apply("latest" | "coalesce", days):
            return _loosest(upper_bounds(day, place) for day in days)
    return NOTHING


def _number(node: Any) -> float | None:
    """Give a constant number, also one with a minus before it."""
    match node:
        case n.Literal(value, "number"):
            return float(value)
        case n.Apply("-", (n.Literal(0), n.Literal(value, "number"))):
            return -float(value)
    return None


def _is_always_there(day: Any) -> bool:
    match day:
        case n.PeriodStart() | n.PeriodEnd() | n.Literal() | n.Column("date") | n.This("date"):
            return True
        case n.Apply("+" | "-" | "plus_days" | "plus_months" | "plus_years", args):
            return all(isinstance(arg, n.Literal) or _is_always_there(arg) for arg in args)
        case n.Apply("start_of_month" | "start_of_quarter" | "start_of_year", (arg,)):
            return _is_always_there(arg)
    return False


def _later(bounds: Bounds, days: float) -> Bounds:
    return {anchor: bound + days for anchor, bound in bounds.items()}


def _tightest(*several: Bounds) -> Bounds:
    """Take what is known from any."""
    anchors = dict.fromkeys(anchor for bounds in several for anchor in bounds)
    return {anchor: min(bounds[anchor] for bounds in several if anchor in bounds) for anchor in anchors}


def _loosest(several: Iterable[Bounds]) -> Bounds:
    """Take what is known from all."""
    known = list(several)
    anchors = [anchor for anchor in (known[0] if known else ()) if all(anchor in bounds for bounds in known)]
    return {anchor: max(bounds[anchor] for bounds in known) for anchor in anchors}


# EVERY PART, WITH ITS PLACE


def parts_in_place(
    node: Any, place: RowBounds = ANYWHERE, kinds: frozenset[type] = frozenset()
) -> Iterator[tuple[Any, RowBounds]]:
    """Give a node and every node inside it, outermost first, each with the place in which it stands.

    If kinds are named, nodes that neither are nor hold any of these are left out.
    """
    if kinds and holds_none(node, kinds):
        return
    yield node, place
    for part, where in _parts_in_place(node, place):
        yield from parts_in_place(part, where, kinds)


def _parts_in_place(node: Any, place: RowBounds) -> Iterator[tuple[Any, RowBounds]]:
    match node:
        case n.Where(source, condition):
            yield from ((source, place), (condition, place.inside(source)))
        case n.Picked(row, value):
            yield from ((row, place), (value, place.inside(row.source)))
        case n.Within(source, window) | n.Overlapping(source, window):
            yield from ((source, place), (window, place.at_window()))
        case n.Covered(source, window) | n.Gap(source, window):
            yield from ((source, place), (window, place.at_window()))
        case _:
            yield from ((part, place) for part in parts(node))
