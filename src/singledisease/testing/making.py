"""Making expressions node by node out of what hypothesis draws.

Not by nested strategies: a strategy of this depth has millions of branches, all of which hypothesis would build.
The plainest choice always stands first, because that is where examples shrink to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from attrs import evolve, frozen
from hypothesis import strategies as st

from singledisease.language import nodes as n
from singledisease.language.row_sources import source_of
from singledisease.testing.world import KINDS, MODES, NUMBERS, REASONS, UNITS, days
from singledisease.vocabulary import STAGES, ValueKind

T = TypeVar("T")

EVENT_COLUMNS: tuple[n.Column, ...] = (
    *(n.Column(name, "number", UNITS[name]) for name in NUMBERS),
    n.Column("date", "date"),
    n.Column("kind", "text"),
    n.Column("mode", "text"),
    n.Column("reason", "text"),
    n.Column("adverse_reaction", "bool"),
)
"""Columns of the rows of events that generated expressions name."""

BREACH_COLUMNS: tuple[n.Column, ...] = (n.Column("date", "date"), n.Column("due", "date"), n.Column("timing", "text"))

_KINDS: tuple[ValueKind, ...] = ("bool", "number", "date", "text")
_UNITS = ("", "days", "months", "years", *dict.fromkeys(UNITS.values()))
_LIMITS = (0.0, 1.0, 2.0, 65.0, 90.0, -1.0, *sorted({value for values in NUMBERS.values() for value in values}))
_TEXTS = (*MODES, *REASONS, "north", "follow_up", "t0")
_CODED: dict[str, Sequence[str]] = {"mode": MODES, "sex": ("female", "male")}

Make = Callable[[], Any]


@frozen(eq=False)
class Maker:
    """Makes nodes for one place: the columns of the row it stands in (none: a person), and how deep it may go."""

    draw: st.DrawFn
    columns: tuple[n.Column, ...]
    diseases: tuple[str, ...]
    states: tuple[str, ...]
    depth: int

    # CHOOSING

    @property
    def inner(self) -> Maker:
        """Make the parts of a node."""
        return evolve(self, depth=self.depth - 1)

    @property
    def of_person(self) -> Maker:
        """Make what does not look at the row: a window's bounds."""
        return evolve(self, columns=(), depth=min(self.depth, 1))

    def one(self, values: Sequence[T]) -> T:
        """Choose one."""
        return self.draw(st.sampled_from(values))

    def some(self, values: Sequence[T], most: int = 2) -> tuple[T, ...]:
        """Choose one or a few different ones."""
        return tuple(self.draw(st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)))

    def several(self, make: Callable[[], T], least: int, most: int) -> tuple[T, ...]:
        """Make several."""
        return tuple(make() for _ in range(self.draw(st.integers(least, most))))

    # VALUES

    def whole(self, kind: ValueKind) -> n.Value:
        """Make a value that is more than a constant, if it may go so deep."""
        if self.depth == 0:
            return self.value(kind)
        made: n.Value = self.one(self.branches(kind, self.one(_UNITS) if kind == "number" else ""))()
        return made

    def value(self, kind: ValueKind, unit: str | None = None) -> n.Value:
        """Make a value of a kind; a number of a unit, by default of any."""
        unit = self.one(_UNITS) if kind == "number" and unit is None else unit or ""
        makers: list[Make] = [lambda: self.literal(kind), *(lambda leaf=leaf: leaf for leaf in self.leaves(kind, unit))]
        if self.depth > 0:
            makers += self.branches(kind, unit)
        made: n.Value = self.one(makers)()
        return made

    def branches(self, kind: ValueKind, unit: str) -> list[Make]:
        """Give the ways to make a value of a kind out of others."""
        match kind:
            case "bool":
                return [*self.conditions(), *self.of_any_kind(kind, unit)]
            case "number":
                return [*self.numbers(unit), *self.of_any_kind(kind, unit)]
            case "date":
                return [*self.moved(), *self.of_any_kind(kind, unit)]
            case "text":
                return self.of_any_kind(kind, unit)

    def literal(self, kind: ValueKind) -> n.Literal:
        """Make a constant."""
        match kind:
            case "bool":
                return n.Literal(self.draw(st.booleans()), kind)
            case "number":
                return n.Literal(self.one(_LIMITS), kind)
            case "date":
                return n.Literal(self.draw(days()), kind)
            case "text":
                return n.Literal(self.one(_TEXTS), kind)

    def leaves(self, kind: ValueKind, unit: str) -> list[n.Value]:
        """Give the columns and other plain values of a kind that can be named here."""
        found: list[n.Value] = [column for column in self.columns if (column.kind, column.unit) == (kind, unit)]
        if kind == "bool" and self.columns == EVENT_COLUMNS:
            found += [n.Concerns(disease) for disease in self.diseases]
        if kind == "date":
            found += [n.PeriodStart(), n.PeriodEnd(), n.Attribute("birth_date", "date")]
        if kind == "text":
            found += [n.Attribute(name, "text") for name in ("sex", "institution", "region")]
        return found

    def of_any_kind(self, kind: ValueKind, unit: str) -> list[Make]:
        """Give the ways to make a value of any kind."""
        part = self.inner

        def case() -> n.Value:
            whens = part.several(lambda: (part.value("bool"), part.value(kind, unit)), 1, 2)
            return n.Case(whens, part.value(kind, unit) if self.draw(st.booleans()) else None)

        def coalesce() -> n.Value:
            return n.Apply("coalesce", part.several(lambda: part.value(kind, unit), 1, 2))

        def picked() -> n.Value:
            columns = [(c, False) for c in EVENT_COLUMNS] + [(c, True) for c in BREACH_COLUMNS if self.diseases]
            column, of_breach = self.one([pair for pair in columns if (pair[0].kind, pair[0].unit) == (kind, unit)])
            source = part.narrowed(part.breaches()) if of_breach else part.narrowed(part.events())
            return n.Picked(n.Pick(source, self.one(("last", "first"))), column)

        can_pick = any((column.kind, column.unit) == (kind, unit) for column in EVENT_COLUMNS)
        return [picked, case, coalesce] if can_pick else [case, coalesce]

    # CONDITIONS

    def conditions(self) -> list[Make]:
        """Give the ways to make a condition."""
        part = self.inner
        found: list[Make] = [
            self.compared,
            self.texts,
            lambda: n.Apply("known", (part.value(self.one(_KINDS)),)),
            lambda: n.Reduce("exists", part.selection()),
            lambda: n.Apply("not", (part.value("bool"),)),
            lambda: n.Apply("and", part.several(lambda: part.value("bool"), 2, 3)),
            lambda: n.Apply("or", part.several(lambda: part.value("bool"), 2, 3)),
        ]
        if self.diseases:
            found.append(lambda: n.StatusOn(self.status(), part.value("date")))
            found.append(lambda: n.StatusDuring(self.status(), part.window()))
        return found

    def compared(self) -> n.Value:
        """Make a comparison of two numbers of one unit, two dates, or two conditions."""
        kind, unit = self.one(("number", "date", "bool")), self.one(_UNITS)
        op = self.one(("==", "!=") if kind == "bool" else ("<", "<=", ">", ">=", "==", "!="))
        return n.Apply(op, (self.inner.value(kind, unit), self.inner.value(kind, unit)))  # type: ignore[arg-type]

    def texts(self) -> n.Value:
        """Make a condition on a text; a coded column is only asked for its codes."""
        arg = self.inner.value("text")
        column = arg.value if isinstance(arg, n.Picked) else arg
        known = _CODED.get(getattr(column, "name", ""), _TEXTS)
        match self.one(("compare", "is_in", "starts_with")):
            case "compare":
                return n.Apply(self.one(("==", "!=")), (arg, n.Literal(self.one(known), "text")))
            case "is_in":
                return n.Apply("is_in", (arg,), self.some(known))
            case _:
                return n.Apply("starts_with", (arg,), self.some(("c", "follow", "n", "f")))

    # NUMBERS AND DATES

    def numbers(self, unit: str) -> list[Make]:
        """Give the ways to make a number of a unit; a blank one fits any other."""
        part = self.inner
        columns = [column for column in EVENT_COLUMNS if column.kind == "number" and column.unit == unit]
        found: list[Make] = [
            lambda: n.Apply(self.one(("+", "-")), (part.value("number", unit), part.value("number", unit))),
            lambda: n.Apply(self.one(("*", "/", "//")), (part.value("number", unit), part.literal("number"))),
        ]
        if unit == "":
            found.append(lambda: n.Reduce(self.one(("count", "count_days")), part.selection()))
            found.append(lambda: n.Apply("how_many", part.several(lambda: part.value("bool"), 1, 3)))
        if unit in ("days", "months", "years"):
            found.append(lambda: n.Apply(f"{unit}_between", (part.value("date"), part.value("date"))))
        if unit == "years":
            found.append(lambda: n.Age(part.value("date")))
        if unit == "days":
            found.append(lambda: n.Apply("-", (part.value("date"), part.value("date"))))
        if unit == "days" and self.diseases:
            found.append(lambda: n.DaysIn(self.status(), part.window()))
        if columns:
            found.append(
                lambda: n.Reduce(self.one(("minimum", "maximum")), part.narrowed(part.events()), (self.one(columns),))
            )
        return found

    def moved(self) -> list[Make]:
        """Give the ways to make a date of another."""
        shift = self.one((1.0, -1.0, 28.0, -90.0))
        return [
            lambda: n.Apply(self.one(("+", "-")), (self.inner.value("date"), n.Literal(shift, "number"))),
            lambda: n.Reduce("maximum", self.inner.narrowed(self.inner.events()), (n.Column("date", "date"),)),
        ]

    # SELECTIONS, WINDOWS, STATES

    def selection(self) -> n.Selection:
        """Make a selection of events or, less often, of breaches."""
        of_breaches = bool(self.diseases) and self.one((False, False, True))
        return self.narrowed(self.breaches() if of_breaches else self.events())

    def events(self) -> n.Selection:
        """Make a selection of events of any or of some kinds."""
        return n.Events(self.one(((), ("follow_up",), ("follow_up", "checkup"), ("exit", "lost"), self.some(KINDS))))

    def breaches(self) -> n.Selection:
        """Make a selection of the breaches of a disease."""
        return n.Breaches(self.one(self.diseases))

    def narrowed(self, source: n.Selection) -> n.Selection:
        """Narrow a selection by up to two conditions and windows."""
        columns = BREACH_COLUMNS if source_of(source) == "breaches" else EVENT_COLUMNS
        in_row = evolve(self, columns=columns, depth=min(self.depth, 1))
        for _ in range(self.draw(st.integers(0, 2))):
            if self.draw(st.booleans()):
                source = n.Within(source, self.window())
            else:
                source = n.Where(source, in_row.value("bool"))
        return source

    def window(self) -> n.Window:
        """Make a window: the period, calendar months, or between two days of the person."""
        kind = self.one(("period", "months", "between"))
        if kind == "period":
            return n.PeriodWindow()
        if kind == "months":
            ends = sorted(self.draw(st.tuples(st.integers(-13, 1), st.integers(-13, 1))))
            return n.CalendarWindow(self.one(("months", "quarters", "years")), *ends)
        bounds = self.of_person
        ends_of = [None if self.one((False, False, True)) else bounds.value("date") for _ in range(2)]
        return n.Between(*ends_of)

    def status(self) -> n.Status:
        """Make a condition on the state: managed, some states, or some stages."""
        disease, of = self.one(self.diseases), self.one(("managed", "state", "stage"))
        if of == "managed":
            return n.Status(disease, "managed")
        return n.Status(disease, of, self.some(self.states if of == "state" else STAGES))  # type: ignore[arg-type]
