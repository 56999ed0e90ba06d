"""Writing an expression as text: the notation that ``text.parse`` reads back to the same node."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen

from singledisease.dates import iso
from singledisease.language import nodes as n
from singledisease.language.operations import ATOM, COMPARE, OPERATIONS, SIGN, Infix, Membership, Method, Prefix
from singledisease.language.row_sources import shape_of
from singledisease.vocabulary import EVENT_COLUMNS, PERSON_COLUMNS, Quantity


@frozen
class _Piece:
    text: str
    tight: int = ATOM

    def within(self, tight: int) -> str:
        return self.text if self.tight >= tight else f"({self.text})"


def number_text(value: float) -> str:
    """Write a number with no more digits than it needs.

    >>> number_text(140.0), number_text(7.05)
    ('140', '7.05')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def write(node: Any, disease: str = "", quantities: Iterable[Quantity] = ()) -> str:
    """Write a node as text.

    Parameters
    ----------
    node
        Any expression, selection, row, window or status.
    disease
        The disease at hand: its parameters are written ``p("name")``.
    quantities
        Further quantities, written by their bare name.

    >>> write(n.Apply("<", (n.Column("sbp", "number", "mmHg"), n.Literal(140.0, "number"))))
    'sbp < 140'
    """
    return _Writer(disease, tuple(quantities)).piece(node).text


@frozen
class _Writer:
    disease: str
    quantities: tuple[Quantity, ...]

    def piece(self, node: Any) -> _Piece:
        return _FORMS[type(node)](self, node)

    def plain(self, node: Any) -> str:
        return self.piece(node).text

    def call(self, name: str, *args: Any) -> _Piece:
        return _Piece(f"{name}({', '.join(self.plain(arg) for arg in args)})")

    def is_bare(self, column: n.Column) -> bool:
        if any((q.name, "number", q.unit) == (column.name, column.kind, column.unit) for q in self.quantities):
            return True
        shape = shape_of(column.name)
        return column.name in EVENT_COLUMNS and (shape.kind, shape.unit) == (column.kind, column.unit)

    # ROWS

    def method(self, source: Any, name: str, inner: str = "") -> _Piece:
        return _Piece(f"{self.piece(source).within(ATOM)}.{name}({inner})")

    def reduce(self, node: n.Reduce) -> _Piece:
        columns = [_quoted(each.name) if _is_known(each) else _shaped("column", each).text for each in node.columns]
        return self.method(node.source, node.how, ", ".join(columns))

    def picked(self, node: n.Picked) -> _Piece:
        row, column = self.plain(node.row), node.value
        if not isinstance(column, n.Column):
            return _Piece(f"{row}.value({self.plain(column)})")
        known = _is_known(column) and column.name.isidentifier() and column.name in _ROW_NAMES
        return _Piece(f"{row}.{column.name}" if known else f"{row}.{_shaped('column', column).text}")

    def column(self, node: n.Column) -> _Piece:
        return _Piece(node.name) if self.is_bare(node) else _shaped("column", node)

    # WINDOWS AND STATES

    def between(self, node: n.Between) -> _Piece:
        if node.start is not None and node.start == node.end:
            return self.call("on", node.start)
        if node.start is None and node.end is not None:
            return self.call("until", node.end)
        ends = ("None" if end is None else self.plain(end) for end in (node.start, node.end))
        return _Piece(f"between({', '.join(ends)})")

    def status(self, node: n.Status, asked: str = "") -> _Piece:
        names = ", ".join(_quoted(value) for value in (node.disease, *node.values))
        word = "managed" if node.of == "managed" else f"in_{node.of}"
        return _Piece(f"{word}({names}{asked})")

    # VALUES

    def literal(self, node: n.Literal) -> _Piece:
        if node.kind == "date":
            return _Piece(f"day({_quoted(iso(int(node.value)))})")
        if node.kind != "number":
            return _Piece(_quoted(node.value) if node.kind == "text" else str(node.value))
        text = number_text(float(node.value))
        if node.unit:
            return _Piece(f"quantity({text}, {_quoted(node.unit)})")
        # A number takes no method without brackets: 140.known() is no Python.
        return _Piece(text, SIGN)

    def parameter(self, node: n.ParameterOf) -> _Piece:
        at_hand = "" if node.disease == self.disease else f", disease={_quoted(node.disease)}"
        return _Piece(f"p({_quoted(node.name)}{at_hand})")

    def choice(self, node: n.Choice) -> _Piece:
        options = "".join(f", {option.name}={self.plain(option.value)}" for option in node.options)
        return _Piece(f"choice({_quoted(node.name)}, default={_quoted(node.default)}{options})")

    def case(self, node: n.Case) -> _Piece:
        whens = [f"({self.plain(when)}, {self.plain(value)})" for when, value in node.whens]
        if node.otherwise is not None:
            whens.append(self.plain(node.otherwise))
        return _Piece(f"case({', '.join(whens)})")

    def applied(self, node: n.Apply) -> _Piece:
        match OPERATIONS[node.operation].notation:
            case Infix(sign, tight, chained):
                # a - b - c means (a - b) - c: only on the right does the same sign need brackets.
                left_binds = not chained and tight > COMPARE
                binds = [tight + (not left_binds or place > 0) for place in range(len(node.args))]
                written = [self.piece(arg).within(each) for arg, each in zip(node.args, binds, strict=True)]
                return _Piece(f" {sign} ".join(written), tight)
            case Prefix(sign, tight):
                return _Piece(f"{sign} {self.piece(node.args[0]).within(tight)}", tight)
            case Membership():
                texts = ", ".join(map(_quoted, node.texts)) + ("," if len(node.texts) == 1 else "")
                return _Piece(f"{self.piece(node.args[0]).within(COMPARE + 1)} in ({texts})", COMPARE)
            case Method(name, keyword):
                inner = [f"{keyword}=" * bool(keyword) + self.plain(arg) for arg in node.args[1:]]
                return self.method(node.args[0], name, ", ".join([*inner, *map(_quoted, node.texts)]))
            case _:
                return self.call(node.operation, *node.args)


# A column of these names is reached by its name on a row; any other through ``column``.
_ROW_NAMES = {*EVENT_COLUMNS, "timing", "due", "state", "left"}


def _quoted(text: Any) -> str:
    # A lone surrogate can stand in a str but not in source code: it has to be escaped.
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def _is_known(column: n.Column | n.This) -> bool:
    shape = shape_of(column.name)
    return (shape.kind, shape.unit) == (column.kind, column.unit)


def _shaped(word: str, column: n.Column | n.This) -> _Piece:
    if _is_known(column):
        return _Piece(f"{word}({_quoted(column.name)})")
    unit = f", {_quoted(column.unit)}" if column.unit else ""
    return _Piece(f"{word}({_quoted(column.name)}, {_quoted(column.kind)}{unit})")


def _attribute(_: _Writer, node: n.Attribute) -> _Piece:
    if node.name == "sex" and node.kind == "text":
        return _Piece("sex")
    kind = "" if PERSON_COLUMNS.get(node.name, "text") == node.kind else f", {_quoted(node.kind)}"
    return _Piece(f"attribute({_quoted(node.name)}{kind})")


def _names(word: str, names: Iterable[str]) -> _Piece:
    return _Piece(f"{word}({', '.join(_quoted(name) for name in names)})")


_FORMS: dict[type, Callable[[_Writer, Any], _Piece]] = {
    n.PeriodWindow: lambda _, x: _Piece("PERIOD"),
    n.CalendarWindow: lambda _, x: _Piece(f"{x.unit}({x.first}, {x.last})"),
    n.Between: _Writer.between,
    n.Events: lambda _, x: _names("events", x.kinds),
    n.Breaches: lambda _, x: _names("breaches", (x.disease,)),
    n.Spells: lambda _, x: _names("spells", (x.disease,)),
    n.Where: lambda w, x: w.method(x.source, "where", w.plain(x.condition)),
    n.Within: lambda w, x: w.method(x.source, "within", w.plain(x.window)),
    n.Same: lambda w, x: w.method(x.source, "same", ", ".join(_quoted(name) for name in x.columns)),
    n.Pick: lambda w, x: w.method(x.source, x.which),
    n.Column: _Writer.column,
    n.This: lambda _, x: _shaped("this", x),
    n.Concerns: lambda _, x: _names("concerns", (x.disease,)),
    n.Picked: _Writer.picked,
    n.Reduce: _Writer.reduce,
    n.Attribute: _attribute,
    n.Age: lambda w, x: _Piece(f"age(on={w.plain(x.on)})"),
    n.PeriodStart: lambda _, x: _Piece("PERIOD.start"),
    n.PeriodEnd: lambda _, x: _Piece("PERIOD.end"),
    n.Status: _Writer.status,
    n.StatusOn: lambda w, x: w.status(x.status, f", on={w.plain(x.on)}"),
    n.StatusDuring: lambda w, x: w.status(x.status, f", during={w.plain(x.window)}"),
    n.DaysIn: lambda w, x: w.call("days_in", x.status, x.window),
    n.Literal: _Writer.literal,
    n.ParameterOf: _Writer.parameter,
    n.Choice: _Writer.choice,
    n.Apply: _Writer.applied,
    n.Case: _Writer.case,
}
