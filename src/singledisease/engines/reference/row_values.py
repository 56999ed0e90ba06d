"""Values of the row that an expression stands in, and constants."""

from __future__ import annotations

from singledisease.engines.reference.compile import CompiledValue, compile_value, unsupported
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.rows import concerns, icd_10_form
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes


@compile_value.register
def _(node: nodes.Literal) -> CompiledValue:
    value = None if node.value == "" else node.value
    return lambda context: value


@compile_value.register
def _(node: nodes.Column) -> CompiledValue:
    name = node.name
    if name in ("date", "kind"):
        return lambda context: None if context.row is None else context.row.get(name)

    def value(context: PersonContext) -> PlainValue | None:
        row = context.row
        return None if row is None else row.values.get(name)

    return value


@compile_value.register
def _(node: nodes.This) -> CompiledValue:
    name = node.name
    return lambda context: None if context.outer is None else context.outer.get(name)


@compile_value.register
def _(node: nodes.Concerns) -> CompiledValue:
    def value(context: PersonContext) -> bool | None:
        return None if context.row is None else concerns(context.row, context.of_disease(node.disease).disease)

    return value


# CODES

ICD_10 = "ICD-10"


@compile_value.register
def _(node: nodes.HasCode) -> CompiledValue:
    if not isinstance(node.codes, nodes.Codes):
        raise unsupported(node.codes)
    code, wanted = compile_value(node.code), node.codes
    system = None if node.system is None else compile_value(node.system)
    form = icd_10_form if _system(wanted.system) == ICD_10 else _normal
    known = tuple(map(form, wanted.codes))

    def value(context: PersonContext) -> bool | None:
        found = code(context)
        if found is None:
            return None
        if system is not None and _system(system(context)) != _system(wanted.system):
            return False
        text = form(str(found))
        return text.startswith(known) if wanted.prefixes else text in known

    return value


def _normal(code: object) -> str:
    return str(code).strip().upper()


def _system(name: object) -> str:
    """Write the name of a system of codes in one way; a blank one is ICD-10."""
    return _normal(name or "") or ICD_10
