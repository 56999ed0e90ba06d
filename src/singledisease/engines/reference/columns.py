"""Values of a row and values of a person."""

from __future__ import annotations

from functools import lru_cache

from singledisease import dates
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.rows import concerns
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.person import Person
from singledisease.language import nodes

# A ROW AND A PERSON


@compile_value.register
def _(node: nodes.Literal) -> CompiledValue:
    value = None if node.value == "" else node.value
    return lambda context: value


@compile_value.register
def _(node: nodes.Column) -> CompiledValue:
    name = node.name
    if name in ("date", "kind"):
        return lambda context: None if context.row is None else context.row.get(name)
    return lambda context: None if context.row is None else context.row.values.get(name)


@compile_value.register
def _(node: nodes.Concerns) -> CompiledValue:
    def value(context: PersonContext) -> bool | None:
        return None if context.row is None else concerns(context.row, context.course(node.disease).disease)

    return value


@compile_value.register
def _(node: nodes.Attribute) -> CompiledValue:
    return lambda context: attribute(context.person, node.name)


def attribute(person: Person, name: str) -> PlainValue | None:
    """Give a column of the person, ``None`` if missing.

    >>> attribute(Person("P1", sex="female", attributes={"village": "Dongguan"}), "village")
    'Dongguan'
    """
    match name:
        case "patient_id":
            return person.id
        case "birth_date":
            return person.birth
        case "sex":
            return person.sex
        case "death_date":
            return person.death
        case "death_recorded":
            return person.death_recorded
    return person.attributes.get(name) or None


@compile_value.register
def _(node: nodes.Age) -> CompiledValue:
    on = compile_value(node.on)

    def value(context: PersonContext) -> float | None:
        day, birth = on(context), context.person.birth
        return None if day is None or birth is None else float(_age(birth, int(day)))

    return value


# Several signals ask for the age at one and the same event.
_age = lru_cache(maxsize=1024)(dates.age)


@compile_value.register
def _(node: nodes.PeriodStart) -> CompiledValue:
    return lambda context: context.start


@compile_value.register
def _(node: nodes.PeriodEnd) -> CompiledValue:
    return lambda context: context.asked
