"""How values are checked that an author gives: a constant, a parameter, a code set, a choice, a case."""

from __future__ import annotations

import math
from keyword import iskeyword

from attrs import evolve

from singledisease.code_slips import wrong_codes
from singledisease.errors import Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.typecheck.place import Place
from singledisease.language.typecheck.value_type import KIND_WORDS, ValueType, highest
from singledisease.language.units import plain_unit


def literal(place: Place, node: n.Literal) -> ValueType:
    """Check a constant: it is of the kind that it says, and finite."""
    types = {"bool": bool, "number": int | float, "date": int, "text": str}[node.kind]
    is_bool = isinstance(node.value, bool)
    if not isinstance(node.value, types) or is_bool != (node.kind == "bool"):
        place.faults.append(Fault("kind_differs", repr(node.value), f"is not {KIND_WORDS[node.kind]}"))
    elif node.kind == "number" and not math.isfinite(float(node.value)):
        place.faults.append(Fault("not_finite", repr(node.value), "a number has to be finite"))
    return ValueType("constant", node.kind, plain_unit(node.unit))


def parameter(place: Place, node: n.ParameterOf) -> ValueType:
    """Check a parameter: its disease is named; which it has is known once it is resolved."""
    place.named(node.disease, node)
    return ValueType("constant", "number")


def code_set(place: Place, node: n.Codes | n.CodesOf) -> None:
    """Check a code set: it has codes, none of them blank, or names the disease whose it is."""
    if isinstance(node, n.CodesOf):
        place.named(node.disease, node)
    elif not node.codes or not all(code.strip() for code in node.codes):
        place.wrong("empty_code_set", node, "has no codes, or a blank one", 'codes("pregnancy", "O14", …)')
    else:
        for code, hint in wrong_codes(node.codes, node.system):
            place.wrong("wrong_code", node, f"{code!r} cannot be an ICD-10 code", hint)


def has_code(place: Place, node: n.HasCode) -> ValueType:
    """Check whether a code is in a code set: code and system are text."""
    code_set(place, node.codes)
    sort = place.expect(node.code, "text", node, "what is looked up in a code set")
    system = [] if node.system is None else [place.expect(node.system, "text", node, "the system of a code")]
    return ValueType(highest(each.level for each in (sort, *system)), "bool")


def choice(place: Place, node: n.Choice) -> ValueType:
    """Check a policy: options named once each, one of them the default, which can stand for one another."""
    names = [option.name for option in node.options]
    if node.default not in names:
        hint = did_you_mean(node.default, names)
        place.wrong("unknown_option", node, f"the default {node.default!r} is none of the options", hint)
    for name in names:
        if not name.isidentifier() or iskeyword(name) or name == "default" or names.count(name) > 1:
            place.wrong("option_name", node, f"{name!r} cannot name an option", "a plain word, once: any_time")
    return place.same([option.value for option in node.options] or [n.Literal(False, "bool")], node)


def case(place: Place, node: n.Case) -> ValueType:
    """Check a case: its conditions are conditions, and its results can stand for one another."""
    place.at_least(1, node.whens, node)
    level = place.conditions([when for when, _ in node.whens], node)
    values = [value for _, value in node.whens] + ([] if node.otherwise is None else [node.otherwise])
    sort = place.same(values or [n.Literal(False, "bool")], node)
    return evolve(sort, level=highest((level, sort.level)))
