"""Changes of values: bounds, signs, logic, arithmetic, listed words, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve

from singledisease.conformance.mutations.change import Mutation, replaced
from singledisease.conformance.mutations.smallest_steps import moved, step_of
from singledisease.language import nodes as n
from singledisease.language.operations import COMPARISONS
from singledisease.language.traversal import inside
from singledisease.vocabulary import CODE_LISTS

_OTHER_SIGN: Mapping[str, str] = MappingProxyType({"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="})
_OTHER_OPERATION: Mapping[str, str] = MappingProxyType(
    {
        "//": "/",
        "earliest": "latest",
        "latest": "earliest",
        "smallest": "largest",
        "largest": "smallest",
        "and": "or",
        "or": "and",
    }
)
_FEW_CODES = 6


def changes_of_value(node: Any) -> Iterator[Mutation]:
    """Give every change of one value, not of what is inside it."""
    match node:
        case n.Apply(operation=operation) if operation in COMPARISONS:
            yield from _comparison(node)
        case n.Apply(operation="and" | "or" | "how_many" | "coalesce"):
            yield from _listed(node)
        case n.Apply(operation="not"):
            yield replaced("negated", node, node.args[0])
        case n.Apply(operation="is_in" | "starts_with"):
            yield from _words(node)
        case n.Apply():
            yield from _arithmetic(node)
        case n.Case():
            yield from _branches(node)
        case n.HasCode(codes=n.Codes()):
            yield from _codes(node)


# COMPARISONS


def _comparison(node: n.Apply) -> Iterator[Mutation]:
    yield replaced("sign", node, evolve(node, operation=_OTHER_SIGN[node.operation]))
    yield from _bounds(node)
    if any(True for _ in inside(node, n.Age)):
        for taken in (True, False):
            becomes = n.Apply("coalesce", (node, n.Literal(taken, "bool")))
            yield replaced("missing", node, becomes)


def _bounds(node: n.Apply) -> Iterator[Mutation]:
    for place, arg in enumerate(node.args):
        if isinstance(arg, n.Literal) and arg.kind in ("number", "date"):
            others = node.args[:place] + node.args[place + 1 :]
            for by in (-1, 1):
                args = (*node.args[:place], _moved(arg, others[0] if others else None, by), *node.args[place + 1 :])
                yield replaced("bound", node, evolve(node, args=args))


def _moved(literal: n.Literal, beside: Any, by: int) -> n.Literal:
    if literal.kind == "date":
        return evolve(literal, value=int(literal.value) + by)
    return evolve(literal, value=moved(float(literal.value), step_of(literal, beside), by))


# LOGIC, AND OPERATORS OF MANY OPERANDS


def _listed(node: n.Apply) -> Iterator[Mutation]:
    if node.operation in _OTHER_OPERATION:
        yield replaced("logic", node, evolve(node, operation=_OTHER_OPERATION[node.operation]))
    if node.operation == "coalesce" and len(node.args) > 1:
        yield replaced("arithmetic", node, evolve(node, args=node.args[::-1]))
    for place, arg in enumerate(node.args):
        rest = node.args[:place] + node.args[place + 1 :]
        if rest:
            becomes = rest[0] if len(rest) == 1 and node.operation != "how_many" else evolve(node, args=rest)
            yield Mutation("dropped", node, becomes, arg, None)
            match arg:
                case n.Apply(operation="known", args=(n.Column() as column,)):
                    yield Mutation("dropped", node, becomes, arg, None, null_column=column.name)


def _words(node: n.Apply) -> Iterator[Mutation]:
    for text in node.texts if len(node.texts) > 1 else ():
        rest = tuple(each for each in node.texts if each != text)
        yield replaced("words", node, evolve(node, texts=rest))
    column = node.args[0]
    name = column.value.name if isinstance(column, n.Picked) and isinstance(column.value, n.Column) else ""
    name = column.name if isinstance(column, n.Column) else name
    for text in CODE_LISTS.get(name, ()):
        if text not in node.texts:
            yield replaced("words", node, evolve(node, texts=(*node.texts, text)))


def _arithmetic(node: n.Apply) -> Iterator[Mutation]:
    yield from _bounds(node)
    other = _OTHER_OPERATION.get(node.operation)
    if other is not None and len(node.args) > 1:
        yield replaced("arithmetic", node, evolve(node, operation=other))


def _branches(node: n.Case) -> Iterator[Mutation]:
    for place, (when, value) in enumerate(node.whens):
        rest = node.whens[:place] + node.whens[place + 1 :]
        if rest or node.otherwise is not None:
            becomes = evolve(node, whens=rest) if rest else node.otherwise
            yield Mutation("dropped", node, becomes, when, None)
        if isinstance(value, n.Literal) and value.kind == "number":
            for by in (-1, 1):
                pair = (when, _moved(value, None, by))
                whens = (*node.whens[:place], pair, *node.whens[place + 1 :])
                yield Mutation("bound", node, evolve(node, whens=whens), value, pair[1])
    if isinstance(node.otherwise, n.Literal) and node.otherwise.kind == "number":
        for by in (-1, 1):
            otherwise = _moved(node.otherwise, None, by)
            yield Mutation("bound", node, evolve(node, otherwise=otherwise), node.otherwise, otherwise)


def _codes(node: n.HasCode) -> Iterator[Mutation]:
    codes = node.codes
    assert isinstance(codes, n.Codes)
    whole = evolve(node, codes=evolve(codes, prefixes=not codes.prefixes))
    before, after = (n.Literal(_how(prefixes), "text") for prefixes in (codes.prefixes, not codes.prefixes))
    yield Mutation("words", node, whole, before, after)
    for code in codes.codes if 1 < len(codes.codes) <= _FEW_CODES else ():
        rest = tuple(each for each in codes.codes if each != code)
        yield Mutation("dropped", node, evolve(node, codes=evolve(codes, codes=rest)), n.Literal(code, "text"), None)


def _how(prefixes: bool) -> str:
    return "codes that begin so / 以此开头的编码" if prefixes else "exactly these codes / 仅这些编码"
