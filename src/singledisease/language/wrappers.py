"""Expressions as people hold them: thin wrappers around nodes, with ordinary Python operators.

Every operator makes a new node and checks it at once: kinds, units and levels (see ``levels``).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, ClassVar, Literal, NoReturn, cast, get_args

from attrs import frozen

from singledisease.dates import day_of
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.operations import METHODS, OPERATIONS, Function, Method, Operation
from singledisease.language.row_sources import named_column, system_beside
from singledisease.language.typecheck import checked, sort_of

_VALUES: tuple[type, ...] = get_args(n.Value)
SAME_ROW = object()
"""Stands for the system beside a code in its row."""
_NO_TRUTH = (
    "{} is a question, not yet an answer, so Python's and, or, not, in and chained comparisons cannot read it; "
    "write &, |, ~ with brackets around each part, and .is_in(…)"
)


@frozen(eq=False, repr=False)
class Wrapper:
    """Anything that stands for a node: shows it as text, and has no truth value of its own."""

    node: Any
    way_out: ClassVar[str] = "an expression, a number, text, a date, True or False"
    """What to write where a value is asked for."""

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

    def is_in(self, *values: Any, system: Any = SAME_ROW) -> Expression:
        """Ask whether the text is one of the given, or a code in a code set; unknown if it is missing.

        Parameters
        ----------
        values
            Texts, or one code set: ``codes("pregnancy")``, a ``CodeSet``.
        system
            Of a code set: the code's system.  By default the column ``system`` of the row that the column ``code``
            is of; any other value has a code of whatever system, which is ``None``.
        """
        code_set = code_set_node(values)
        if code_set is None:
            return made(n.Apply("is_in", (self.node,), words(values)))
        beside = system_beside(self.node) if system is SAME_ROW else None if system is None else node_of(system)
        return made(n.HasCode(self.node, beside, code_set))

    def __getattr__(self, name: str) -> Callable[..., Expression]:
        """Give an operator that is written as a method: its row in the table of operators is all there is of it."""
        if name not in METHODS:
            raise AttributeError(f"an expression has no .{name}(); {did_you_mean(name, expression_methods())}")
        return partial(apply_method, self, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *METHODS})


@frozen(eq=False, repr=False)
class InStatus(Expression):
    """A condition on the state of a person; without a day it is asked at the end of the period."""

    status: n.Status

    def __repr__(self) -> str:
        return f"<{write(self.status)}>"


@frozen(eq=False, repr=False)
class NamedCodes(Wrapper):
    """A code set, by name or with its codes: ``column("code").is_in(codes("pregnancy"))``."""

    way_out: ClassVar[str] = 'ask for a code in it: column("code").is_in(…)'


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


# BETWEEN PYTHON AND NODES


def made(node: n.Value) -> Expression:
    """Wrap a value after checking that it is well made."""
    return Expression(checked(node))


def _as_float(value: float) -> float:
    """Give a number as float; one that is too large becomes infinite, and is refused as such."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


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
            return n.Literal(_as_float(value), "number")
        case str():
            return n.Literal(value, "text")
        case dt.date():
            return n.Literal(day_of(value), "date")
        case _ if isinstance(value, _VALUES):
            return cast(n.Value, value)
    shown = repr(value) if isinstance(value, Wrapper) else f"{value!r} ({type(value).__name__})"
    hint = getattr(type(value), "way_out", Wrapper.way_out)
    raise DefinitionError("no value", [Fault("no_value", shown, "is no value", hint)])


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


def code_set_node(values: tuple[Any, ...]) -> n.Codes | n.CodesOf | None:
    """Give the node of a code set, if it is what was passed; ``None`` for texts."""
    nodes = [getattr(value, "node", value) for value in values]
    found = [node for node in nodes if isinstance(node, n.Codes | n.CodesOf)]
    if found and len(nodes) > 1:
        hint = "ask of each by itself: code.is_in(…) | code.is_in(…)"
        raise DefinitionError("one code set", [Fault("one_code_set", repr(values[1]), "stands beside another", hint)])
    return found[0] if found else None


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


def apply_function(name: str, *args: Any, **texts: Any) -> Expression:
    """Apply an operator that is written as a function; the constant texts stand last, or are named by its keyword."""
    operation = OPERATIONS[name]
    keyword = operation.notation.keyword if isinstance(operation.notation, Function) else ""
    if set(texts) != ({keyword} if keyword else set()):
        raise TypeError(f"{name}() takes {keyword or 'no keyword'}, got {', '.join(texts) or 'none'}")
    if keyword:
        return made(n.Apply(name, tuple(map(node_of, args)), words((texts[keyword],))))
    return made(_application(operation, args))


def expression_methods() -> tuple[str, ...]:
    """Give the names of the operators that are written as methods of an expression."""
    return ("is_in", *METHODS)


def apply_method(owner: Expression, name: str, /, *args: Any, **keywords: Any) -> Expression:
    """Apply an operator that is written as a method; of several keywords the coarsest unit moves first.

    >>> apply_method(Expression(n.PeriodEnd()), "plus", months=1, days=-1)
    <PERIOD.end.plus(months=1).plus(days=-1)>
    """
    by_keyword = {op.notation.keyword: op for op in METHODS[name] if isinstance(op.notation, Method)}
    if "" in by_keyword:
        if keywords:
            raise TypeError(f"{name}() takes no keyword argument")
        return made(_application(by_keyword[""], (owner, *args)))
    if args or not keywords or not set(keywords) <= set(by_keyword):
        raise TypeError(f"{name}() takes {', '.join(by_keyword)} by keyword: {name}({next(iter(by_keyword))}=1)")
    found = owner
    for keyword in sorted(keywords, key=list(by_keyword).index, reverse=True):
        found = applied(by_keyword[keyword].name, found, keywords[keyword])
    return found


def _application(operation: Operation, args: tuple[Any, ...]) -> n.Apply:
    values = len(operation.signatures[0].operands) if operation.texts else len(args)
    return n.Apply(operation.name, tuple(map(node_of, args[:values])), words(args[values:]))


class Connected(Expression):
    """Conditions joined one after another: ``a & b & c`` is one conjunction of three.

    Its node is made when it is asked for: to make one at each ``&`` would copy, each time, all that stands before it.
    """

    __slots__ = ("_connective", "_node", "_sides")
    _connective: Literal["and", "or"]
    _sides: tuple[Any, Any]
    _node: n.Apply | None

    def __init__(self, connective: Literal["and", "or"], left: Any, right: Any) -> None:
        object.__setattr__(self, "_connective", connective)
        object.__setattr__(self, "_sides", (left, right))
        object.__setattr__(self, "_node", None)

    @property
    def node(self) -> n.Apply:
        """One node of all that was joined, in order."""
        found = self._node or n.Apply(self._connective, tuple(self._all()))
        object.__setattr__(self, "_node", found)
        return found

    def _all(self) -> Iterator[n.Value]:
        waiting = [*reversed(self._sides)]
        while waiting:
            side = waiting.pop()
            if isinstance(side, Connected) and side._connective == self._connective:
                waiting += reversed(side._sides)
                continue
            node = node_of(side)
            if isinstance(node, n.Apply) and node.operation == self._connective:
                yield from node.args
            else:
                yield node

    def __reduce__(self) -> tuple[Any, ...]:
        return Expression, (self.node,)


def _connect(connective: Literal["and", "or"], left: Any, right: Any) -> Expression:
    """Join two conditions; what is none is refused with all that it was joined to."""
    joined = Connected(connective, left, right)
    return joined if _is_condition(left) and _is_condition(right) else made(joined.node)


def _is_condition(side: Any) -> bool:
    return isinstance(side, Connected) or sort_of(node_of(side)).kind == "bool"
