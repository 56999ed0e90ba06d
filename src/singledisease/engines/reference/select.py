"""Windows, selections of rows, and what is made of them: a picked row, a count, a minimum."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from singledisease import dates
from singledisease.engines.reference.meaning import Meaning, meaning
from singledisease.engines.reference.rows import Row
from singledisease.engines.reference.scene import Scene
from singledisease.errors import DefinitionError, Fault, UsageError
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes

Days = Callable[[Scene], tuple[int, int] | None]
"""First and last day of a window, both included; ``None`` if a bound is unknown."""

Rows = Callable[[Scene], tuple[Row, ...]]

ALWAYS = -(2**31)
"""Before every day."""


# WINDOWS


@singledispatch
def days(node: Any) -> Days:
    """Turn a window into a function from a scene to its first and last day; none is later than the day asked on."""
    raise _unsupported(node)


@days.register
def _(node: nodes.PeriodWindow) -> Days:
    return lambda scene: (scene.start, scene.asked)


@days.register
def _(node: nodes.CalendarWindow) -> Days:
    months = {"months": 1, "quarters": 3, "years": 12}[node.unit]

    def value(scene: Scene) -> tuple[int, int]:
        held = dates.month_number(scene.asked) // months
        end = dates.month_start((held + node.last + 1) * months) - 1
        return dates.month_start((held + node.first) * months), min(end, scene.asked)

    return value


@days.register
def _(node: nodes.Between) -> Days:
    start = None if node.start is None else meaning(node.start)
    end = None if node.end is None else meaning(node.end)

    def value(scene: Scene) -> tuple[int, int] | None:
        first = ALWAYS if start is None else start(scene)
        last = scene.asked if end is None else end(scene)
        return None if first is None or last is None else (int(first), min(int(last), scene.asked))

    return value


# SELECTIONS


@singledispatch
def rows(node: Any) -> Rows:
    """Turn a selection into a function from a scene to its rows, in order; none is later than the day asked on."""
    raise _unsupported(node)


@rows.register
def _(node: nodes.Events) -> Rows:
    def value(scene: Scene) -> tuple[Row, ...]:
        return tuple(
            event
            for event in scene.events
            if event.date <= scene.asked and (not node.kinds or event.kind in node.kinds)
        )

    return value


@rows.register
def _(node: nodes.Breaches) -> Rows:
    def value(scene: Scene) -> tuple[Row, ...]:
        breaches = scene.way(node.disease).breaches
        if breaches is None:
            raise UsageError(f"breaches of {node.disease} are asked for, but its courses were made without obligations")
        return tuple(breach for breach in breaches if breach.date <= scene.asked)

    return value


@rows.register
def _(node: nodes.Where) -> Rows:
    source, condition = rows(node.source), meaning(node.condition)
    return lambda scene: tuple(row for row in source(scene) if condition(scene.at(row)))


@rows.register
def _(node: nodes.Within) -> Rows:
    source, window = rows(node.source), days(node.window)

    def value(scene: Scene) -> tuple[Row, ...]:
        bounds = window(scene)
        if bounds is None:
            return ()
        return tuple(row for row in source(scene) if bounds[0] <= row.date <= bounds[1])

    return value


# WHAT IS MADE OF THEM


def row(node: nodes.Pick) -> Callable[[Scene], Row | None]:
    """Turn a pick into a function from a scene to the first or last row of its selection, ``None`` if there is none."""
    source, place = rows(node.source), 0 if node.which == "first" else -1

    def value(scene: Scene) -> Row | None:
        found = source(scene)
        return found[place] if found else None

    return value


@meaning.register
def _(node: nodes.Picked) -> Meaning:
    picked, of_row = row(node.row), meaning(node.value)

    def value(scene: Scene) -> PlainValue | None:
        found = picked(scene)
        return None if found is None else of_row(scene.at(found))

    return value


@meaning.register
def _(node: nodes.Reduce) -> Meaning:
    source = rows(node.source)
    match node.how:
        case "count":
            return lambda scene: float(len(source(scene)))
        case "count_days":
            return lambda scene: float(len({row.date for row in source(scene)}))
        case "exists":
            return lambda scene: bool(source(scene))
        case "minimum" | "maximum" if node.columns:
            name, extreme = node.columns[0].name, min if node.how == "minimum" else max
            return lambda scene: extreme(_known(source(scene), name), default=None)
    raise _unsupported(node)


def _known(found: tuple[Row, ...], column: str) -> list[Any]:
    return [value for row in found if (value := row.get(column)) is not None]


def _unsupported(node: Any) -> DefinitionError:
    what = f"{type(node).__name__} {node.how}" if isinstance(node, nodes.Reduce) else type(node).__name__
    fault = Fault("unsupported_node", what, f"{what} is not supported", "see definitions.checks.unsupported")
    return DefinitionError("this expression cannot be evaluated", [fault])
