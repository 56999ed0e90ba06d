"""Expressions as people hold them: thin wrappers around nodes, with ordinary Python operators.

Every operator makes a new node and checks it at once: kinds, units and levels (see ``levels``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal, NoReturn, cast, get_args

from attrs import frozen

from singledisease.dates import day_of
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.operations import METHODS, Method
from singledisease.language.row_sources import named_column
from singledisease.language.typecheck import checked

_VALUES: tuple[type, ...] = get_args(n.Value)
_NO_TRUTH = (
    "{} is a question, not yet an answer, so Python's and, or, not, in and chained comparisons cannot read it; "
    "write &, |, ~ with brackets around each part, and .is_in(…)"
)


@frozen(eq=False, repr=False)
class Wrapper:
    """Anything that stands for a node: shows it as text, and has no truth value of its own."""

    node: Any

    def __repr__(self) -> str:
        return f"<{write(self.node)}>"

    def __bool__(self) -> NoReturn:
        raise TypeError(_NO_TRUTH.format(write(self.node)))

    def __iter__(self) -> NoReturn:
        raise TypeError(f"{write(self.node)} cannot be gone through; an engine values it for every person")


@frozen(eq=False, repr=False)
class Expression(Wrapper):
    """A value of a row or of a person, as it is written; ``node`` is what an engine gets."""

    def __lt__(self, other: Any) -> Expression:
        return applied("<", self, other)

    def __le__(self, other: Any) -> Expression:
        return applied("<=", self, other)

    def __gt__(self, other: Any) -> Expression:
        return applied(">", self, other)

    def __ge__(self, other: Any) -> Expression:
        return applied(">=", self, other)

    def __eq__(self, other: Any) -> Expression:  # type: ignore[override]
        return applied("==", self, other)

    def __ne__(self, other: Any) -> Expression:  # type: ignore[override]
        return applied("!=", self, other)

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Any) -> Expression:
        return applied("+", self, other)

    def __radd__(self, other: Any) -> Expression:
        return applied("+", other, self)

    def __sub__(self, other: Any) -> Expression:
        return applied("-", self, other)

    def __rsub__(self, other: Any) -> Expression:
        return applied("-", other, self)

    def __mul__(self, other: Any) -> Expression:
        return applied("*", self, other)

    def __rmul__(self, other: Any) -> Expression:
        return applied("*", other, self)

    def __truediv__(self, other: Any) -> Expression:
        return applied("/", self, other)

    def __rtruediv__(self, other: Any) -> Expression:
        return applied("/", other, self)

    def __floordiv__(self, other: Any) -> Expression:
        return applied("//", self, other)

    def __rfloordiv__(self, other: Any) -> Expression:
        return applied("//", other, self)

    def __neg__(self) -> Expression:
        return applied("-", 0, self)

    def __and__(self, other: Any) -> Expression:
        return _connect("and", self, other)

    def __rand__(self, other: Any) -> Expression:
        return _connect("and", other, self)

    def __or__(self, other: Any) -> Expression:
        return _connect("or", self, other)

    def __ror__(self, other: Any) -> Expression:
        return _connect("or", other, self)

    def __invert__(self) -> Expression:
        return applied("not", self)

    def is_in(self, *values: str | Iterable[str]) -> Expression:
        """Ask whether the text is one of the given; unknown if it is missing."""
        return made(n.Apply("is_in", (self.node,), words(values)))

    def starts_with(self, *prefixes: str | Iterable[str]) -> Expression:
        """Ask whether the text starts with one of the given; unknown if it is missing."""
        return made(n.Apply("starts_with", (self.node,), words(prefixes)))

    def known(self) -> Expression:
        """Ask whether there is a value; never unknown."""
        return applied("known", self)

    def __getattr__(self, name: str) -> Callable[..., Expression]:
        """Give an operator that is written as a method: its row in the table of operators is all there is of it."""
        if name not in METHODS:
            raise AttributeError(f"an expression has no .{name}(); {did_you_mean(name, expression_methods())}")
        return partial(apply_method, self, name)


@frozen(eq=False, repr=False)
class InStatus(Expression):
    """A condition on the state of a person; without a day it is asked at the end of the period."""

    status: n.Status

    def __repr__(self) -> str:
        return f"<{write(self.status)}>"


@frozen(eq=False, repr=False)
class Span(Wrapper):
    """A window: some days."""


@frozen(eq=False, repr=False)
class PeriodSpan(Span):
    """The days of the period; ``start`` is its first day, ``end`` the day on which its question is asked."""

    @property
    def start(self) -> Expression:
        """The period's first day."""
        return Expression(n.PeriodStart())

    @property
    def end(self) -> Expression:
        """The period's last day, or the day of ``as_of`` if that is earlier."""
        return Expression(n.PeriodEnd())


@frozen(eq=False, repr=False)
class Row(Wrapper):
    """The first or last row of a selection; its columns and its date can be named: ``row.sbp``, ``row.date``."""

    def column(self, name: str | Expression, kind: Any = None, unit: str = "") -> Expression:
        """Give a column of the row; missing if there is no row."""
        return made(n.Picked(self.node, column_node(name, kind, unit)))

    def __getattr__(self, name: str) -> Expression:
        # copy and pickle ask any object for such names; they are no columns.
        if name.startswith("_"):
            raise AttributeError(name)
        return self.column(name)


@frozen(eq=False, repr=False)
class Rows(Wrapper):
    """A selection: many rows per person, in canonical order."""

    def where(self, condition: Any) -> Rows:
        """Keep the rows for which a row-level condition is true (not unknown)."""
        return Rows(checked(n.Where(self.node, node_of(condition))))

    def within(self, window: Span) -> Rows:
        """Keep the rows dated in a window, both ends included; nested windows intersect."""
        return Rows(checked(n.Within(self.node, window_node(window))))

    def same(self, *columns: str) -> Rows:
        """Keep the rows of all events that share these columns with the outer row."""
        return Rows(checked(n.Same(self.node, columns)))

    def first(self) -> Row:
        """Give the first row."""
        return Row(checked(n.Pick(self.node, "first")))

    def last(self) -> Row:
        """Give the last row."""
        return Row(checked(n.Pick(self.node, "last")))

    def count(self) -> Expression:
        """Count the rows; never unknown."""
        return self._reduce("count")

    def count_days(self) -> Expression:
        """Count the different days on which there are rows; never unknown."""
        return self._reduce("count_days")

    def exists(self) -> Expression:
        """Ask whether there is a row; never unknown."""
        return self._reduce("exists")

    def minimum(self, column: str | Expression) -> Expression:
        """Give the lowest value of a column, missing values left out."""
        return self._reduce("minimum", column)

    def maximum(self, column: str | Expression) -> Expression:
        """Give the highest value of a column, missing values left out."""
        return self._reduce("maximum", column)

    def sum(self, column: str | Expression) -> Expression:
        """Add up a column, missing values left out."""
        return self._reduce("sum", column)

    def mean(self, column: str | Expression) -> Expression:
        """Average a column, missing values left out."""
        return self._reduce("mean", column)

    def _reduce(self, how: Any, *columns: str | Expression) -> Expression:
        return made(n.Reduce(how, self.node, tuple(map(column_node, columns))))


# BETWEEN PYTHON AND NODES


def made(node: n.Value) -> Expression:
    """Wrap a value after checking that it is well made."""
    return Expression(checked(node))


def node_of(value: Any) -> n.Value:
    """Give the node of anything that can stand for a value: an expression, a node, a number, text, a date.

    >>> node_of(140)
    Literal(value=140.0, kind='number', unit='')
    """
    match value:
        case Expression():
            return cast(n.Value, value.node)
        case n.Status():
            return n.StatusOn(value, n.PeriodEnd())
        case bool():
            return n.Literal(value, "bool")
        case int() | float():
            return n.Literal(float(value), "number")
        case str():
            return n.Literal(value, "text")
        case dt.date():
            return n.Literal(day_of(value), "date")
        case _ if isinstance(value, _VALUES):
            return cast(n.Value, value)
    shown = repr(value) if isinstance(value, Wrapper) else f"{value!r} ({type(value).__name__})"
    raise DefinitionError("no value", [Fault("no_value", shown, "is no value", _value_hint(value))])


def _value_hint(value: Any) -> str:
    if isinstance(value, Rows):
        return "reduce a selection to one value: .count(), .exists(), .last().sbp …"
    if isinstance(value, Row):
        return "name a column of the row: .date, .sbp …"
    return "an expression, a number, text, a date, True or False"


def window_node(window: Any) -> n.Window:
    """Give the node of a window."""
    node = window.node if isinstance(window, Span) else window
    if not isinstance(node, n.Window):
        hint = "PERIOD, months(-2, 0), between(a, b), until(day) or on(day)"
        raise DefinitionError("no window", [Fault("no_window", repr(window), "is no window", hint)])
    return node


def column_node(name: Any, kind: Any = None, unit: str = "") -> n.Column:
    """Give the node of a column, by its name or as an expression."""
    if isinstance(name, str):
        return named_column(name) if kind is None else n.Column(name, kind, word(unit))
    node = node_of(name)
    if not isinstance(node, n.Column):
        raise DefinitionError("no column", [Fault("no_column", write(node), "is no column", 'name one: "sbp"')])
    return node


def words(values: Iterable[Any]) -> tuple[str, ...]:
    """Give texts that were passed one by one, or as a list or tuple."""
    many = (value if isinstance(value, list | tuple | set | frozenset) else (value,) for value in values)
    return tuple(word(text) for texts in many for text in texts)


def word(text: Any) -> str:
    """Give a text that names something, refusing anything else."""
    if not isinstance(text, str):
        raise DefinitionError("no text", [Fault("no_text", repr(text), "is no text", 'a name is written "clinic"')])
    return text


def applied(name: str, *args: Any) -> Expression:
    """Apply an operator to values."""
    return made(n.Apply(name, tuple(node_of(arg) for arg in args)))


def expression_methods() -> tuple[str, ...]:
    """Give the names of the operators that are written as methods of an expression."""
    return ("is_in", *METHODS)


def apply_method(owner: Expression, name: str, /, *args: Any, **keywords: Any) -> Expression:
    """Apply an operator that is written as a method; of several keywords the coarsest unit moves first.

    >>> apply_method(Expression(n.PeriodEnd()), "plus", months=1, days=-1)
    <PERIOD.end.plus(months=1).plus(days=-1)>
    """
    operations = METHODS[name]
    if not any(operation.notation.keyword for operation in operations if isinstance(operation.notation, Method)):
        operation = operations[0]
        texts, values = (words(args), ()) if operation.texts else ((), args)
        if keywords:
            raise TypeError(f"{name}() takes no keyword argument")
        return made(n.Apply(operation.name, (owner.node, *map(node_of, values)), texts))
    by_keyword = {op.notation.keyword: op.name for op in operations if isinstance(op.notation, Method)}
    if args or not keywords or not set(keywords) <= set(by_keyword):
        raise TypeError(f"{name}() takes {', '.join(by_keyword)} by keyword: {name}({next(iter(by_keyword))}=1)")
    found = owner
    for keyword in sorted(keywords, key=list(by_keyword).index, reverse=True):
        found = applied(by_keyword[keyword], found, keywords[keyword])
    return found


def _connect(connective: Literal["and", "or"], left: Any, right: Any) -> Expression:
    """Join two conditions; a & b & c is one conjunction of three."""
    args: list[n.Value] = []
    for side in (node_of(left), node_of(right)):
        args.extend(side.args if isinstance(side, n.Apply) and side.operation == connective else (side,))
    return made(n.Apply(connective, tuple(args)))
