"""Making selections, windows and what is asked of rows; see ``making``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from singledisease.language import nodes as n
from singledisease.language.row_sources import LASTING, Source, source_of
from singledisease.language.typecheck.place import OF_NO_PERSON
from singledisease.testing.places import COLUMNS_OF, PartContext
from singledisease.testing.world import ACTIVITIES, KINDS
from singledisease.vocabulary import STAGES, ValueKind

T = TypeVar("T")
Make = Callable[[], Any]


class ValueMaker(Protocol):
    """What makes the values inside; see ``making.Maker``."""

    @property
    def place(self) -> PartContext:
        """Where it makes them."""
        ...

    @property
    def diseases(self) -> tuple[str, ...]:
        """Which diseases may be named."""
        ...

    @property
    def states(self) -> tuple[str, ...]:
        """Which states may be named."""
        ...

    @property
    def draw(self) -> st.DrawFn:
        """Where choices come from."""
        ...

    def one(self, values: Sequence[T]) -> T:
        """Choose one."""
        ...

    def some(self, values: Sequence[T], most: int = 2) -> tuple[T, ...]:
        """Choose a few."""
        ...

    def at(self, place: PartContext) -> ValueMaker:
        """Make values for another place."""
        ...

    def value(self, kind: ValueKind, unit: str | None = None) -> n.Value:
        """Make a value."""
        ...


# VALUES


def values_of_rows(maker: ValueMaker, kind: ValueKind, unit: str) -> list[Make]:
    """Give the ways to make a value of a kind and unit out of the rows of a selection."""
    columns = _columns_of(maker, kind, unit)
    found: list[Make] = [lambda: _picked(maker, kind, unit)]
    if columns:
        found.insert(0, lambda: _picked_column(maker, columns))
    if kind == "bool":
        found.append(lambda: n.Reduce("exists", selection(maker)))
    if kind in ("number", "date") and columns:
        hows: tuple[n.Reduction, ...] = ("minimum", "maximum")
        hows = (*hows, "sum", "mean", "median") if kind == "number" else hows
        found.append(lambda: _reduced(maker, maker.one(hows), columns))
    if kind == "number" and unit == "":
        found.append(lambda: n.Reduce(maker.one(("count", "count_days")), selection(maker)))
        found.append(lambda: _distinct(maker))
    if kind == "number" and unit == "days":
        found.append(lambda: _spread(maker))
    return found


def _columns_of(maker: ValueMaker, kind: ValueKind, unit: str) -> list[tuple[Source, n.Column]]:
    return [(s, each) for s in _sources(maker) for each in COLUMNS_OF[s] if (each.kind, each.unit) == (kind, unit)]


def _picked_column(maker: ValueMaker, columns: Sequence[tuple[Source, n.Column]]) -> n.Value:
    source, column = maker.one(columns)
    return n.Picked(n.Pick(_rows_of(maker, source), maker.one(("last", "first"))), column)


def _picked(maker: ValueMaker, kind: ValueKind, unit: str) -> n.Value:
    rows = selection(maker)
    value = maker.at(maker.place.in_row(source_of(rows))).value(kind, unit)
    return n.Picked(n.Pick(rows, maker.one(("last", "first"))), value)


def _reduced(maker: ValueMaker, how: n.Reduction, columns: Sequence[tuple[Source, n.Column]]) -> n.Value:
    source, column = maker.one(columns)
    return n.Reduce(how, _rows_of(maker, source), (column,))


def _distinct(maker: ValueMaker) -> n.Value:
    rows = selection(maker)
    return n.Reduce("count_distinct", rows, maker.some(COLUMNS_OF[source_of(rows)]))


def _spread(maker: ValueMaker) -> n.Value:
    lasting = maker.one([source for source in LASTING if source in _sources(maker)])
    rows, days = _rows_of(maker, lasting), window(maker, maker.place.at_window(lasting))
    open_ended = maker.draw(st.booleans())
    return n.Gap(rows, days, open_ended) if maker.one((False, True)) else n.Covered(rows, days, open_ended)


# SELECTIONS


def selection(maker: ValueMaker) -> n.Selection:
    """Make a selection to be asked about: of events, or less often of another source."""
    sources = _sources(maker)
    return _rows_of(maker, maker.one((*sources[:1] * 2, *sources)))


def counted(maker: ValueMaker) -> n.Selection:
    """Make a selection to be counted: the rows that are of no person stand by themselves there."""
    of_nobody = tuple(source for source in OF_NO_PERSON if source is not None)
    source = maker.one((*_sources(maker), *of_nobody))
    return _narrowed(maker, _source(maker, source))


def _sources(maker: ValueMaker) -> tuple[Source, ...]:
    """Give the sources whose rows can be asked about; the plainest first."""
    if maker.place.is_of_no_person:
        return ("events", "activities")
    return ("events", "breaches", "spells", "services") if maker.diseases else ("events",)


def _rows_of(maker: ValueMaker, source: Source) -> n.Selection:
    """Make a selection of a source; where there is nobody about whom to ask, of the same institution."""
    rows = _source(maker, source)
    return _narrowed(maker, n.Same(rows, ("institution",)) if maker.place.is_of_no_person else rows)


def _narrowed(maker: ValueMaker, rows: n.Selection) -> n.Selection:
    """Narrow a selection by up to two conditions, windows and other limits."""
    for _ in range(maker.draw(st.integers(0, 2))):
        rows = maker.one(_narrower(maker, rows))()
    return rows


def _source(maker: ValueMaker, source: Source) -> n.Selection:
    match source:
        case "breaches":
            return n.Breaches(maker.one(maker.diseases))
        case "spells":
            return n.Spells(maker.one(maker.diseases))
        case "services":
            return n.Services(maker.one(maker.diseases))
        case "institutions":
            return n.Institutions()
        case "activities":
            return n.Activities(maker.one(((), ACTIVITIES[:1], ACTIVITIES)))
    kinds = (), ("follow_up",), ("follow_up", "checkup"), ("exit", "lost"), maker.some(KINDS)
    return n.Events(maker.one(kinds))


def _narrower(maker: ValueMaker, rows: n.Selection) -> list[Callable[[], n.Selection]]:
    source, place = source_of(rows), maker.place
    found: list[Callable[[], n.Selection]] = [
        lambda: n.Where(rows, maker.at(place.in_row(source)).value("bool")),
        lambda: n.Outermost(rows, maker.one(("latest", "earliest")), maker.one((1, 2, 3))),
    ]
    if source != "institutions":
        found.insert(0, lambda: n.Within(rows, window(maker, place.at_window(source))))
    if source in LASTING:
        found.append(lambda: n.Overlapping(rows, window(maker, place.at_window(source))))
    if place.shared(source):
        found.append(lambda: n.Same(rows, maker.some(place.shared(source))))
    return found


# WINDOWS, STATES


def window(maker: ValueMaker, place: PartContext) -> n.Window:
    """Make a window that stands in a place: the period, calendar months, or between two days."""
    kind = maker.one(("period", "calendar", "between"))
    if kind == "period":
        return n.PeriodWindow()
    if kind == "calendar":
        ends = sorted(maker.draw(st.tuples(st.integers(-13, 1), st.integers(-13, 1))))
        return n.CalendarWindow(maker.one(("months", "quarters", "years")), *ends)
    bounds = maker.at(place)

    def end() -> n.Value:
        if place.of_nobody:
            return n.PeriodEnd() if maker.one((False, True)) else n.PeriodStart()
        return bounds.value("date")

    ends_of = [None if maker.one((False, False, True)) else end() for _ in range(2)]
    return n.Between(*ends_of)


def status(maker: ValueMaker) -> n.Status:
    """Make a condition on the state: managed, some states, or some stages."""
    disease, of = maker.one(maker.diseases), maker.one(("managed", "state", "stage"))
    if of == "managed":
        return n.Status(disease, "managed")
    return n.Status(disease, of, maker.some(maker.states if of == "state" else STAGES))  # type: ignore[arg-type]
