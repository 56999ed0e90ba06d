"""Writing an expression as text: the notation that ``text.parse`` reads back to the same node."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from attrs import evolve, frozen

from singledisease.dates import iso
from singledisease.language import nodes as n
from singledisease.language.operations import (
    ATOM,
    COMPARE,
    OPERATIONS,
    SIGN,
    Function,
    Infix,
    Membership,
    Method,
    Prefix,
)
from singledisease.language.row_sources import COLUMNS, Shape, Source, shape_of, source_of, system_beside
from singledisease.vocabulary import PERSON_COLUMNS, Quantity


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
    """Writes one text; ``source`` says whose columns bare names are."""

    disease: str
    quantities: tuple[Quantity, ...]
    source: Source = "events"

    def piece(self, node: Any) -> _Piece:
        return _FORMS[type(node)](self, node)

    def plain(self, node: Any) -> str:
        return self.piece(node).text

    def call(self, name: str, *args: Any) -> _Piece:
        return _Piece(f"{name}({', '.join(self.plain(arg) for arg in args)})")

    def is_bare(self, column: n.Column) -> bool:
        if self.source == "events":
            for quantity in self.quantities:
                if (quantity.name, "number", quantity.unit) == (column.name, column.kind, column.unit):
                    return True
        return COLUMNS[self.source].get(column.name) == Shape(column.kind, column.unit)

    def in_row(self, selection: n.Selection, node: Any) -> str:
        """Write what is asked about the rows of a selection."""
        return evolve(self, source=source_of(selection)).plain(node)

    # ROWS

    def method(self, source: Any, name: str, inner: str = "") -> _Piece:
        return _Piece(f"{self.piece(source).within(ATOM)}.{name}({inner})")

    def reduce(self, node: n.Reduce) -> _Piece:
        columns = [_quoted(each.name) if _is_known(each) else _shaped("column", each).text for each in node.columns]
        return self.method(node.source, node.how, ", ".join(columns))

    def picked(self, node: n.Picked) -> _Piece:
        row, column, rows = self.plain(node.row), node.value, node.row.source
        if not isinstance(column, n.Column):
            return _Piece(f"{row}.value({self.in_row(rows, column)})")
        shape = Shape(column.kind, column.unit)
        known = COLUMNS[source_of(rows)].get(column.name) == shape and column.name not in _ROW_METHODS
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
        word = "managed" if node.of == "managed" else f"in_{node.of}"
        return _names(word, (node.disease, *node.values), asked)

    def spread(self, node: n.Covered | n.Gap) -> _Piece:
        open_ended = ", open_ended=True" if node.open_ended else ""
        name = "covered" if isinstance(node, n.Covered) else "gap"
        return self.method(node.source, name, self.plain(node.window) + open_ended)

    def tier(self, node: n.TierOn) -> _Piece:
        return _Piece(f"tier({self.owned(node.tier, node.disease)}, on={self.plain(node.on)})")

    def owned(self, name: str, disease: str) -> str:
        """Name what a disease declares: ``hypertension.risk``; the disease at hand is left out."""
        if disease == self.disease:
            return _quoted(name)
        plain = disease and "." not in disease
        return _quoted(f"{disease}.{name}") if plain else f"{_quoted(name)}, disease={_quoted(disease)}"

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

    def codes_of(self, node: n.CodesOf) -> _Piece:
        return _Piece(f"codes({self.owned(node.name, node.disease)})")

    def codes(self, node: n.Codes) -> _Piece:
        said = [("system", node.system, ""), ("zh", node.zh, node.name), ("en", node.en, node.name)]
        named = "".join(f", {name}={_quoted(value)}" for name, value, usual in said if value != usual)
        return _names("codes", (node.name, *node.codes), named + ", prefixes=True" * node.prefixes)

    def has_code(self, node: n.HasCode) -> _Piece:
        beside = system_beside(node.code)
        system = (
            "" if node.system == beside else f", system={'None' if node.system is None else self.plain(node.system)}"
        )
        return self.method(node.code, "is_in", self.plain(node.codes) + system)

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
            case Membership() if isinstance(tier := node.args[0], n.TierOn):
                return _names("in_tier", (tier.disease, tier.tier, *node.texts), f", on={self.plain(tier.on)}")
            case Membership():
                texts = ", ".join(map(_quoted, node.texts)) + ("," if len(node.texts) == 1 else "")
                return _Piece(f"{self.piece(node.args[0]).within(COMPARE + 1)} in ({texts})", COMPARE)
            case Method(name, keyword):
                inner = [f"{keyword}=" * bool(keyword) + self.plain(arg) for arg in node.args[1:]]
                return self.method(node.args[0], name, ", ".join([*inner, *map(_quoted, node.texts)]))
            case Function(keyword) if keyword:
                texts = ", ".join(map(_quoted, node.texts)) + ("," if len(node.texts) == 1 else "")
                return _Piece(f"{node.operation}({', '.join(map(self.plain, node.args))}, {keyword}=({texts}))")
            case _:
                return _Piece(
                    f"{node.operation}({', '.join([*map(self.plain, node.args), *map(_quoted, node.texts)])})"
                )


# What a row can be asked for by these names is no column of theirs.
_ROW_METHODS = {"column", "value"}


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
    return _typed("attribute", node, PERSON_COLUMNS.get(node.name, "text"))


def _typed(word: str, node: n.Attribute | n.Institution, usual: str) -> _Piece:
    """Write a column with kind and unit, as far as they are not the usual ones."""
    kind = [] if node.kind == usual and not node.unit else [node.kind]
    return _names(word, [node.name, *kind, *([node.unit] if node.unit else [])])


def _names(word: str, names: Iterable[str], more: str = "") -> _Piece:
    return _Piece(f"{word}({', '.join(_quoted(name) for name in names)}{more})")


_FORMS: dict[type, Callable[[_Writer, Any], _Piece]] = {
    n.PeriodWindow: lambda _, x: _Piece("PERIOD"),
    n.CalendarWindow: lambda _, x: _Piece(f"{x.unit}({x.first}, {x.last})"),
    n.Between: _Writer.between,
    n.Events: lambda _, x: _names("events", x.kinds),
    n.Breaches: lambda _, x: _names("breaches", (x.disease,)),
    n.Spells: lambda _, x: _names("spells", (x.disease,)),
    n.Services: lambda _, x: _names("services", (x.disease,)),
    n.Sequences: lambda _, x: _names("sequences", (x.disease,)),
    n.Institutions: lambda *_: _names("institutions", ()),
    n.Activities: lambda _, x: _names("activities", x.kinds),
    n.Where: lambda w, x: w.method(x.source, "where", w.in_row(x.source, x.condition)),
    n.Within: lambda w, x: w.method(x.source, "within", w.plain(x.window)),
    n.Same: lambda w, x: w.method(x.source, "same", ", ".join(_quoted(name) for name in x.columns)),
    n.Overlapping: lambda w, x: w.method(x.source, "overlapping", w.plain(x.window)),
    n.Outermost: lambda w, x: w.method(x.source, x.which, str(x.number)),
    n.Pick: lambda w, x: w.method(x.source, x.which),
    n.Column: _Writer.column,
    n.This: lambda _, x: _shaped("this", x),
    n.Concerns: lambda _, x: _names("concerns", (x.disease,)),
    n.Picked: _Writer.picked,
    n.Reduce: _Writer.reduce,
    n.Covered: _Writer.spread,
    n.Gap: _Writer.spread,
    n.Attribute: _attribute,
    n.Institution: lambda _, x: _typed("institution", x, "text"),
    n.Age: lambda w, x: _Piece(f"age(on={w.plain(x.on)})"),
    n.PeriodStart: lambda _, x: _Piece("PERIOD.start"),
    n.PeriodEnd: lambda _, x: _Piece("PERIOD.end"),
    n.Status: _Writer.status,
    n.StatusOn: lambda w, x: w.status(x.status, f", on={w.plain(x.on)}"),
    n.StatusDuring: lambda w, x: w.status(x.status, f", during={w.plain(x.window)}"),
    n.TierOn: _Writer.tier,
    n.TierDuring: lambda w, x: _names("in_tier", (x.disease, x.tier, *x.levels), f", during={w.plain(x.window)}"),
    n.DaysIn: lambda w, x: w.call("days_in", x.status, x.window),
    n.Literal: _Writer.literal,
    n.ParameterOf: _Writer.parameter,
    n.CodesOf: _Writer.codes_of,
    n.Codes: _Writer.codes,
    n.HasCode: _Writer.has_code,
    n.Choice: _Writer.choice,
    n.Apply: _Writer.applied,
    n.Case: _Writer.case,
}
