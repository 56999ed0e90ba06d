"""Expressions as text: the language of ``language``, read with ``ast`` and never evaluated.

Besides ``&``, ``|``, ``~`` and ``.is_in(…)`` a text may say ``and``, ``or``, ``not``, ``130 <= sbp <= 139``
and ``mode in ("clinic", "home")``.  A bare name is a column of the row, ``sex`` the person's.
"""

from __future__ import annotations

import ast
import inspect
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, wraps
from typing import Any

from attrs import evolve, frozen

from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import build as language
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.operations import FUNCTIONS
from singledisease.language.row_sources import COLUMNS, Source, source_of
from singledisease.language.row_wrappers import Row, Rows
from singledisease.language.traversal import field_names, kinds_inside, made_anew, rewrite, values_of
from singledisease.language.typecheck import checked
from singledisease.language.wrappers import (
    Expression,
    InStatus,
    NamedCodes,
    PeriodSpan,
    Wrapper,
    applied,
    expression_methods,
    made,
    node_of,
    word,
    words,
)
from singledisease.vocabulary import Quantity

__all__ = ["parse", "write"]

Meaning = Any
"""What a piece of text stands for: something written in the language, a plain value, or a tuple of them."""

_OPERATORS: dict[type, Any] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_WORDS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        language.events,
        language.breaches,
        language.spells,
        language.services,
        language.sequences,
        language.institutions,
        language.activities,
        language.months,
        language.quarters,
        language.years,
        language.between,
        language.until,
        language.on,
        language.concerns,
        language.attribute,
        language.institution,
        language.age,
        language.managed,
        language.in_state,
        language.in_stage,
        language.days_in,
        language.in_tier,
        language.day,
        language.quantity,
        language.choice,
        language.case,
    )
} | {name: language.operator_function(name) for name in FUNCTIONS}
_OF_COLUMNS = ("count_distinct", "minimum", "maximum", "sum", "mean", "median")
_IN_ROW = ("where", "value")
_METHODS: Mapping[type, tuple[str, ...]] = {
    Row: ("column", "value"),
    Rows: (
        "where",
        "within",
        "overlapping",
        "same",
        "earliest",
        "latest",
        "first",
        "last",
        "count",
        "count_days",
        "exists",
        "covered",
        "gap",
        *_OF_COLUMNS,
    ),
    Expression: expression_methods(),
}


def parse(text: str, disease: str = "", quantities: Iterable[Quantity] = ()) -> Any:
    """Read an expression, selection, window or status from text.

    Parameters
    ----------
    text
        What to read; it may run over several lines.
    disease
        The disease at hand, whose parameters ``p("name")`` means.
    quantities
        Further quantities that may stand by their bare name.

    Raises
    ------
    DefinitionError
        With the text, the position in it and the way out.

    >>> write(parse('130 <= sbp <= 139 and mode in ("clinic", "home")'))
    '(130 <= sbp and sbp <= 139) and mode in ("clinic", "home")'
    """
    line = " ".join(str(text).split("\n")).rstrip()
    declared = tuple(quantities)
    if not disease:
        return _parsed(line, "", declared)
    try:
        # Of the quantities only those that the text may name: what diseases have in common is then read once.
        found = _parsed(line, _AT_HAND, tuple(each for each in declared if each.name in line))
    except DefinitionError:
        # What is wrong is said with the disease's own name.
        return _parsed(line, disease, declared)
    naming = [kind for kind in kinds_inside(found) if "disease" in (field_names(kind) or ())]
    if not naming:
        return found
    return rewrite(found, lambda node: _of(disease, node) if node.disease == _AT_HAND else node, *naming)


def _of(disease: str, node: Any) -> Any:
    """Give a node of the disease at hand with the disease's id."""
    names, values = field_names(node.__class__) or (), values_of(node) or ()
    return made_anew(node, [disease if name == "disease" else value for name, value in zip(names, values, strict=True)])


_AT_HAND = "\0"
"""Stands for the disease at hand while a text is read: diseases share most of their conditions word by word."""


@lru_cache(maxsize=4096)
def _parsed(line: str, disease: str, quantities: tuple[Quantity, ...]) -> Any:
    try:
        tree = _tree(line)
        return checked(_node(_Reader(line, disease, {q.name: q for q in quantities}).read(tree)))
    except DefinitionError as error:
        placed = error if isinstance(error, _PlacedError) else _placed(line, 0, *error.faults)
        raise DefinitionError(placed.summary, placed.faults) from None
    except RecursionError:
        raise DefinitionError(
            "cannot read an expression", [Fault("syntax", line[:60], "is nested too deeply")]
        ) from None


def _node(meaning: Meaning) -> Any:
    if isinstance(meaning, InStatus):
        return meaning.status
    return meaning.node if isinstance(meaning, Wrapper) else node_of(meaning)


def _tree(line: str) -> ast.expr:
    indent = len(line) - len(line.lstrip())
    try:
        with warnings.catch_warnings():
            # An unknown escape is a warning to Python and a slip of the pen here.
            warnings.simplefilter("error")
            return ast.parse(line[indent:], mode="eval").body
    except SyntaxError as error:
        place = indent + (error.offset or 1) - 1
        raise _placed(line, place, Fault("syntax", "", error.msg, _narrow(line, place) or _SYNTAX)) from None
    except (ValueError, MemoryError) as error:
        raise _placed(line, 0, Fault("syntax", "", f"cannot be read: {error}", _SYNTAX)) from None


def _narrow(line: str, place: int) -> str:
    """Say what a wide sign such as ＆ or （ should be; blank where none stands."""
    sign = line[place : place + 1]
    plain = unicodedata.normalize("NFKC", sign)
    return f"did you mean {plain}?" if plain != sign and plain.isascii() else ""


_SYNTAX = 'write an expression: sbp >= 140, events("follow_up").count() >= 4'


class _PlacedError(DefinitionError):
    """A fault that has been given its position."""


def _placed(line: str, at: int, *faults: Fault) -> _PlacedError:
    summary = f"cannot read an expression\n    {line}\n    {' ' * at}^"
    place = f"character {at + 1}"
    return _PlacedError(
        summary, [Fault(f.check, f"{place}, {f.where}" if f.where else place, f.message, f.hint) for f in faults]
    )


def _wrong(check: str, message: str, hint: str = "") -> DefinitionError:
    return DefinitionError("", [Fault(check, "", message, hint)])


@frozen
class _Reader:
    """Reads one text; ``source`` says whose columns bare names are."""

    line: str
    disease: str
    quantities: Mapping[str, Quantity]
    source: Source = "events"

    def read(self, tree: ast.AST) -> Meaning:
        try:
            form = _FORMS.get(type(tree))
            if form is None:
                raise _wrong("not_allowed", f"{type(tree).__name__} has no meaning in an expression", _SYNTAX)
            return form(self, tree)
        except _PlacedError:
            raise
        except DefinitionError as error:
            raise _placed(self.line, self._position(tree), *error.faults) from None

    def _position(self, tree: ast.AST) -> int:
        """Turn the offset, which Python counts in bytes of the text without its indent, into characters."""
        stripped = self.line.lstrip()
        before = stripped.encode("utf-8", "surrogatepass")[: getattr(tree, "col_offset", 0)]
        return len(self.line) - len(stripped) + len(before.decode("utf-8", "surrogatepass"))

    def value(self, tree: ast.AST) -> n.Value:
        return node_of(self.read(tree))

    # NAMES

    def constant(self, tree: ast.Constant) -> Meaning:
        if tree.value is None or isinstance(tree.value, bool | int | float | str):
            return tree.value
        raise _wrong("not_allowed", f"{tree.value!r} is no number, text or condition", _SYNTAX)

    def name(self, tree: ast.Name) -> Meaning:
        if tree.id == "PERIOD":
            return language.PERIOD
        if tree.id == "sex":
            return language.sex
        known = self.columns(self.source)
        if tree.id in known:
            return self.column(tree.id)
        hint = did_you_mean(tree.id, [*known, *_WORDS, *_OWN_WORDS, "PERIOD", "sex"])
        raise _wrong("unknown_name", f"unknown name {tree.id!r}", f'{hint}; a further column is column("{tree.id}")')

    def columns(self, source: Source) -> list[str]:
        return [*COLUMNS[source], *(self.quantities if source == "events" else ())]

    def column(self, name: str, kind: Any = None, unit: str = "") -> Expression:
        """Name a column; a quantity that the disease declares has its unit."""
        declared = self.quantities.get(word(name))
        if declared is not None and kind is None:
            return language.column(name, "number", declared.unit)
        return language.column(name, kind, unit)

    def this(self, name: str, kind: Any = None, unit: str = "") -> Expression:
        """Name a column of the outer row."""
        declared = self.quantities.get(word(name))
        if declared is not None and kind is None:
            return language.this(name, "number", declared.unit)
        return language.this(name, kind, unit)

    def p(self, name: str, *, disease: str | None = None) -> Expression:
        """Name a parameter, of the disease at hand if none is said."""
        return language.p(name, disease=self.owner(name, disease))

    def codes(
        self,
        name: str,
        *codes: str,
        disease: str | None = None,
        system: str = "",
        prefixes: bool = False,
        zh: str = "",
        en: str = "",
    ) -> NamedCodes:
        """Name a code set, of the disease at hand if none is said, or give one with its codes."""
        owner = self.owner(name, disease)
        return language.codes(name, *codes, disease=owner, system=system, prefixes=prefixes, zh=zh, en=en)

    def tier(self, name: str, *, disease: str | None = None, on: Any = None) -> Expression:
        """Give the level of a tier, of the disease at hand if none is said, at the end of a day."""
        return language.tier(name, disease=self.owner(name, disease), on=on)

    def owner(self, name: str, disease: str | None) -> str:
        if disease is None and "." not in word(name):
            return self.disease
        return disease or ""

    def attribute(self, tree: ast.Attribute) -> Meaning:
        owner = self.read(tree.value)
        if isinstance(owner, PeriodSpan) and tree.attr in ("start", "end"):
            return getattr(owner, tree.attr)
        if isinstance(owner, Row):
            known = self.columns(source_of(owner.node.source))
            if tree.attr in known:
                return owner.column(self.column(tree.attr))
            hint = f'{did_you_mean(tree.attr, known)}; a further column is .column("{tree.attr}")'
            raise _wrong("unknown_column", f"a row has no column {tree.attr!r}", hint)
        raise _wrong("unknown_name", f"{ast.unparse(tree.value)} has no {tree.attr!r}", _way_on(owner, tree.attr))

    # CALLS

    def call(self, tree: ast.Call) -> Meaning:
        if isinstance(tree.func, ast.Attribute):
            return self.method(tree, tree.func)
        name = tree.func.id if isinstance(tree.func, ast.Name) else ast.unparse(tree.func)
        function = getattr(self, name) if name in _OWN_WORDS else _WORDS.get(name)
        if function is None:
            raise _wrong("unknown_name", f"unknown word {name!r}", did_you_mean(name, [*_WORDS, *_OWN_WORDS]))
        return self.apply(name, function, tree)

    def method(self, tree: ast.Call, func: ast.Attribute) -> Meaning:
        owner = self.read(func.value)
        if isinstance(owner, bool | int | float | str):
            owner = Expression(node_of(owner))
        name = func.attr
        if name not in _methods(owner):
            raise _wrong("unknown_name", f"{ast.unparse(func.value)} has no .{name}()", _way_on(owner, name))
        function = getattr(owner, name)
        if isinstance(owner, Row) and name == "column":
            return self.apply(name, lambda *args: owner.column(self.column(*args)), tree)
        if name in _OF_COLUMNS and isinstance(owner, Rows):
            return self.apply(name, self.of_columns(function), tree)
        if name in _IN_ROW and isinstance(owner, Row | Rows):
            rows = owner.node.source if isinstance(owner, Row) else owner.node
            return evolve(self, source=source_of(rows)).apply(name, function, tree)
        return self.apply(name, function, tree)

    def of_columns(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Let columns that a reduction names by their names be those that the disease declares."""

        @wraps(function)
        def named(*names: Any) -> Any:
            return function(*(self.column(each) if isinstance(each, str) else each for each in names))

        return named

    def apply(self, name: str, function: Callable[..., Any], tree: ast.Call) -> Meaning:
        args = [self.read(arg) for arg in tree.args]
        if any(keyword.arg is None for keyword in tree.keywords):
            raise _wrong("not_allowed", "** has no meaning in an expression")
        named = {str(keyword.arg): self.read(keyword.value) for keyword in tree.keywords}
        try:
            _bind(function, args, named)
        except TypeError as error:
            raise _wrong("arguments", f"{name}(…): {error}", _usage(function)) from None
        return function(*args, **named)

    # OPERATORS

    def bool_op(self, tree: ast.BoolOp) -> Expression:
        args = tuple(self.value(value) for value in tree.values)
        return made(n.Apply("and" if isinstance(tree.op, ast.And) else "or", args))

    def unary(self, tree: ast.UnaryOp) -> Meaning:
        operand = self.read(tree.operand)
        if isinstance(tree.op, ast.Not | ast.Invert):
            return applied("not", operand)
        if isinstance(operand, int | float) and not isinstance(operand, bool):
            return -operand if isinstance(tree.op, ast.USub) else operand
        if isinstance(tree.op, ast.USub):
            return applied("-", 0, operand)
        return Expression(node_of(operand))

    def binary(self, tree: ast.BinOp) -> Expression:
        left, right = Expression(self.value(tree.left)), Expression(self.value(tree.right))
        if isinstance(tree.op, ast.BitAnd):
            return left & right
        if isinstance(tree.op, ast.BitOr):
            return left | right
        op = _OPERATORS.get(type(tree.op))
        if op is None:
            raise _wrong("not_allowed", f"{type(tree.op).__name__} has no meaning in an expression", "use + - * / //")
        return applied(op, left, right)

    def compare(self, tree: ast.Compare) -> Expression:
        sides = [tree.left, *tree.comparators]
        found = [self.relation(*triple) for triple in zip(sides, tree.ops, sides[1:], strict=False)]
        return found[0] if len(found) == 1 else made(n.Apply("and", tuple(each.node for each in found)))

    def relation(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Expression:
        if isinstance(op, ast.In | ast.NotIn):
            is_in = made(n.Apply("is_in", (self.value(left),), words([self.read(right)])))
            return is_in if isinstance(op, ast.In) else ~is_in
        if type(op) not in _OPERATORS:
            raise _wrong("not_allowed", f"{type(op).__name__} has no meaning in an expression", "use == or !=")
        return applied(_OPERATORS[type(op)], self.value(left), self.value(right))

    def several(self, tree: ast.Tuple | ast.List) -> tuple[Meaning, ...]:
        return tuple(self.read(part) for part in tree.elts)


def _bind(function: Callable[..., Any], args: list[Any], named: Mapping[str, Any]) -> None:
    """Check that a word takes what it is given; of a method the signature is that of its class."""
    inner = getattr(function, "__func__", None)
    if inner is None:
        _takes(function, len(args), tuple(named))
    else:
        _takes(inner, 1 + len(args), tuple(named))


@lru_cache(maxsize=1024)
def _takes(function: Callable[..., Any], number: int, names: tuple[str, ...]) -> None:
    """Check that a function takes so many arguments and these keywords: what they are does not matter.

    Raises
    ------
    TypeError
        If it does not, which is found out again each time.
    """
    inspect.signature(function).bind(*range(number), **dict.fromkeys(names))


_OWN_WORDS = ("column", "this", "p", "codes", "tier")
"""Words that mean something of the disease at hand."""


def _methods(owner: Meaning) -> tuple[str, ...]:
    return next((names for kind, names in _METHODS.items() if isinstance(owner, kind)), ())


def _way_on(owner: Meaning, name: str) -> str:
    return did_you_mean(name, _methods(owner)) if _methods(owner) else ""


def _usage(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").split("\n", maxsplit=1)[0]


_FORMS: dict[type, Callable[[_Reader, Any], Meaning]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.Attribute: _Reader.attribute,
    ast.Call: _Reader.call,
    ast.BoolOp: _Reader.bool_op,
    ast.UnaryOp: _Reader.unary,
    ast.BinOp: _Reader.binary,
    ast.Compare: _Reader.compare,
    ast.Tuple: _Reader.several,
    ast.List: _Reader.several,
}
