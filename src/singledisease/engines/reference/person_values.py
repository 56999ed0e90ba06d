"""Values of a person, of the institution that is responsible, and of the question's period."""

from __future__ import annotations

from functools import lru_cache

from singledisease import dates
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.rows import TableRow
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.log import InstitutionColumns
from singledisease.eventlog.parse_cell import read_date, read_flag, read_number
from singledisease.eventlog.person import Person
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.language import nodes
from singledisease.vocabulary import ValueKind

# COLUMNS OF A PERSON


@compile_value.register
def _(node: nodes.Attribute) -> CompiledValue:
    return lambda context: typed(attribute(context.person, node.name), node.kind)


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


def typed(value: PlainValue | None, kind: ValueKind) -> PlainValue | None:
    """Read a text as a value of a kind, missing if it is none; what is no text is as it is.

    >>> typed("140", "number"), typed("high", "number"), typed("yes", "bool"), typed(19_000, "date")
    (140.0, None, True, 19000)
    """
    if kind == "text" or not isinstance(value, str):
        return value
    read = {"number": read_number, "date": read_date, "bool": read_flag}[kind](value.strip())
    if isinstance(read, ValidationIssue):
        return None
    return bool(read) if kind == "bool" else read


# THE INSTITUTION THAT IS RESPONSIBLE


@compile_value.register
def _(node: nodes.Institution) -> CompiledValue:
    def value(context: PersonContext) -> PlainValue | None:
        here = responsible(context)
        return None if here is None else typed(institution_column(context.institutions, here, node.name), node.kind)

    return value


def responsible(context: PersonContext) -> str | None:
    """Give the id of the institution that is responsible for a person on the day asked on, or that a row is about.

    That is the one named by the last assignment in force, else the person's own.
    """
    row = context.standing
    if isinstance(row, TableRow) and row.source in ("institutions", "activities"):
        return str(row.get("institution"))
    found = attribute(context.person, "institution")
    for event in context.events:
        until = event.get("until")
        in_force = event.date <= context.asked and (until is None or int(until) >= context.asked)
        if event.kind == "assignment" and in_force and event.get("institution") is not None:
            found = event.get("institution")
    return None if found is None else str(found)


def institution_column(institutions: InstitutionColumns, institution: str, name: str) -> str | None:
    """Give a column of an institution, ``None`` if it is missing or the institution is not in the registry's table."""
    if institution not in institutions.ids:
        return None
    place = institutions.ids.index(institution)
    return institution if name == "institution" else institutions.columns.get(name, ("",) * (place + 1))[place] or None


# AGE AND PERIOD


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
