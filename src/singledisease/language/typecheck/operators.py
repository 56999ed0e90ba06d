"""How an operator is checked, by its row in the table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from singledisease.aliases import CODE_ALIASES
from singledisease.errors import Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.operations import COMPARE, OPERATIONS, Infix, Operation, Signature, is_operation
from singledisease.language.typecheck.hints import bracket_hint, column_hint, date_hint
from singledisease.language.typecheck.place import Place
from singledisease.language.typecheck.value_type import KIND_WORDS, ValueType, highest
from singledisease.spelling import suggestion
from singledisease.vocabulary import CODE_LISTS, SEXES, ValueKind


def applied(place: Place, node: n.Apply) -> ValueType:
    """Check an operator by its row in the table."""
    operation = OPERATIONS.get(node.operation)
    if operation is None:
        hint = did_you_mean(node.operation, OPERATIONS)
        place.faults.append(Fault("unknown_operator", repr(node.operation), "is no operator", hint))
        return ValueType("constant", "bool")
    found = [place.sort(arg) for arg in node.args]
    if not _enough_operands(place, operation, node):
        return ValueType("constant", _result(operation.signatures[0], found))
    kinds = tuple(each.kind for each in found)
    signature = _signature(node.operation, kinds)
    if signature is None:
        return _misfit(place, operation, node, found)
    _known_texts(place, operation, node)
    level = highest(each.level for each in found)
    return ValueType(level, _result(signature, found), _unit_of_result(place, signature, node, found))


def _enough_operands(place: Place, operation: Operation, node: n.Apply) -> bool:
    least = operation.least or len(operation.signatures[0].operands)
    place.at_least(least, node.args, node)
    if not operation.least and len(node.args) > least:
        place.wrong("too_many", node, f"takes {least}, got {len(node.args)}")
    if operation.texts:
        place.at_least(1, node.texts, node)
    return len(node.args) >= least


def _misfit(place: Place, operation: Operation, node: n.Apply, found: list[ValueType]) -> ValueType:
    """Say which operand has another kind than the operator takes."""
    first = operation.signatures[0]
    single = len(operation.signatures) == 1 and first.operands[0] not in ("same", "any")
    if single:
        for i, (arg, each) in enumerate(zip(node.args, found, strict=True)):
            _is_kind(place, arg, each, _operand_kind(first, i), node)
    elif len({each.kind for each in found}) == 1:
        kind = KIND_WORDS[found[0].kind]
        message = f"{kind} has no order; only == and != compare it"
        if not _compares(operation):
            message = f"{node.operation} of {kind} is nothing that can be worked out"
        place.wrong("kind_differs", node, message, column_hint(node.args[0]))
    elif _compares(operation) or first.operands[0] == "same":
        place.agreeing(list(node.args), found, node)
    else:
        words = f" {node.operation} ".join(KIND_WORDS[each.kind] for each in found)
        hint = next(filter(None, map(column_hint, node.args)), "")
        place.wrong("kind_differs", node, f"{words} is nothing that can be worked out", hint)
    return ValueType(highest(each.level for each in found), _result(first, found))


def _is_kind(place: Place, arg: Any, found: ValueType, kind: Any, user: Any) -> None:
    if found.kind != kind:
        hint = column_hint(arg) or date_hint(arg, kind) or bracket_hint(user)
        message = f"each part has to be {KIND_WORDS[kind]}, but {write(arg)} is {KIND_WORDS[found.kind]}"
        place.wrong("kind_differs", user, message, hint)


def _unit_of_result(place: Place, signature: Signature, node: n.Apply, found: list[ValueType]) -> str:
    if 0 <= signature.shift < len(found):
        unit = found[signature.shift].unit
        if unit not in ("", signature.shift_unit):
            message = f"a date moves by {signature.shift_unit} here, not by {unit}"
            place.wrong("unit_differs", node, message, "use .plus(months=…) or .plus(years=…) for calendar time")
        return ""
    match signature.unit:
        case "none":
            return ""
        case "agree":
            unit = place.agreeing(list(node.args), found, node).unit
            return unit if signature.result not in ("bool", "text", "date") else ""
        case "composed":
            return _composed(node.operation, found[0].unit, found[1].unit)
    return signature.unit


def _known_texts(place: Place, operation: Operation, node: n.Apply) -> None:
    """Check constant texts against the list of codes of the column they are compared with."""
    if node.operation == "is_in":
        _known_codes(place, node.args[0], node.texts, node)
    elif node.operation == "worst" and len(set(node.texts)) < len(node.texts):
        place.wrong("repeated_text", node, "a text stands twice in the order", 'order=("low", "high")')
    elif _compares(operation):
        for coded, value in (node.args, node.args[::-1]):
            if isinstance(value, n.Literal) and value.kind == "text":
                _known_codes(place, coded, (str(value.value),), node)


def _known_codes(place: Place, coded: Any, values: Iterable[str], user: Any) -> None:
    column = coded.value if isinstance(coded, n.Picked) else coded
    name = getattr(column, "name", "")
    known = CODE_LISTS.get(name, ()) if isinstance(column, n.Column | n.This) else ()
    if isinstance(column, n.Attribute) and name == "sex":
        known = SEXES
    if is_operation(coded, "worst"):
        known, name = coded.texts, "worst(…)"
    for value in values if known else ():
        if value not in known:
            hint = suggestion(value, known, CODE_ALIASES.get(name))
            place.wrong("unknown_code", user, f"{value!r} is never in {name!r}", hint)


@lru_cache(maxsize=4096)
def _signature(operation: str, kinds: tuple[ValueKind, ...]) -> Signature | None:
    """Give the signature of an operator that fits operands of some kinds; ``None``: it takes no such."""
    return next((each for each in OPERATIONS[operation].signatures if _fits(each, kinds)), None)


def _operand_kind(signature: Signature, place: int) -> str:
    return signature.operands[min(place, len(signature.operands) - 1)]


def _fits(signature: Signature, kinds: tuple[ValueKind, ...]) -> bool:
    wanted = [_operand_kind(signature, place) for place in range(len(kinds))]
    same = {kind for kind, want in zip(kinds, wanted, strict=True) if want == "same"}
    return len(same) <= 1 and all(want in ("same", "any", kind) for kind, want in zip(kinds, wanted, strict=True))


def _result(signature: Signature, found: list[ValueType]) -> Any:
    return (found[0].kind if found else "bool") if signature.result == "same" else signature.result


def _compares(operation: Operation) -> bool:
    return isinstance(operation.notation, Infix) and operation.notation.tightness == COMPARE


def _composed(op: str, left: str, right: str) -> str:
    """Give the unit of a product or quotient; one that is made of two is not followed further."""
    if left and right:
        return ""
    return left if op != "*" else left or right
