"""How people write expressions: the words of the language.

>>> followups = events("follow_up").where(column("mode").is_in("clinic", "home")).within(PERIOD)
>>> followups.count() >= 4
<events("follow_up").where(mode in ("clinic", "home")).within(PERIOD).count() >= 4>
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from singledisease.dates import day_of
from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes as n
from singledisease.language.operator_words import (
    coalesce,
    days_between,
    earliest,
    how_many,
    largest,
    latest,
    months_between,
    operator_function,
    smallest,
    worst,
    years_between,
)
from singledisease.language.row_sources import shape_of
from singledisease.language.sources import (
    PERIOD,
    AnyDisease,
    activities,
    between,
    breaches,
    disease_id,
    events,
    institutions,
    months,
    on,
    owned,
    quarters,
    sequences,
    services,
    spells,
    until,
    years,
)
from singledisease.language.state_words import days_in, in_stage, in_state, in_tier, managed, tier
from singledisease.language.typecheck import checked
from singledisease.language.wrappers import Expression, NamedCodes, column_node, made, node_of, word, words
from singledisease.vocabulary import PERSON_COLUMNS, ValueKind

__all__ = [
    "PERIOD",
    "activities",
    "age",
    "attribute",
    "between",
    "bmi",
    "breaches",
    "case",
    "choice",
    "coalesce",
    "codes",
    "column",
    "concerns",
    "day",
    "days_between",
    "days_in",
    "dbp",
    "earliest",
    "egfr",
    "events",
    "fpg",
    "glucose",
    "hba1c",
    "hdl",
    "heart_rate",
    "height",
    "how_many",
    "in_stage",
    "in_state",
    "in_tier",
    "institution",
    "institutions",
    "kind",
    "largest",
    "latest",
    "ldl",
    "managed",
    "months",
    "months_between",
    "on",
    "operator_function",
    "p",
    "ppg",
    "quantity",
    "quarters",
    "sbp",
    "sequences",
    "services",
    "sex",
    "smallest",
    "spells",
    "spo2",
    "tc",
    "temperature",
    "tg",
    "this",
    "tier",
    "uacr",
    "until",
    "waist",
    "weight",
    "worst",
    "years",
    "years_between",
]

# VALUES OF A ROW AND OF A PERSON


def column(name: str, kind: ValueKind | None = None, unit: str = "") -> Expression:
    """Name a column of the row; ``kind`` and ``unit`` are needed for a further quantity only.

    >>> column("cat", "number", "points") > 10
    <column("cat", "number", "points") > 10>
    """
    return made(column_node(name, kind, unit))


def this(name: str, kind: ValueKind | None = None, unit: str = "") -> Expression:
    """Name a column of the outer row, inside a selection made for each row.

    >>> before = between(this("date") - 90, this("date") - 1)
    >>> events("follow_up").where(events("encounter").within(before).exists())
    <events("follow_up").where(events("encounter").within(between(this("date") - 90, this("date") - 1)).exists())>
    """
    shape = shape_of(word(name))
    return made(n.This(name, kind or shape.kind, word(unit) or (shape.unit if kind is None else "")))


def concerns(disease: AnyDisease) -> Expression:
    """Ask whether the row is tagged with this disease or with none.

    >>> import singledisease as sd
    >>> sd.events("follow_up").where(sd.concerns("hypertension")).within(sd.PERIOD).count() >= 4
    <events("follow_up").where(concerns("hypertension")).within(PERIOD).count() >= 4>
    """
    return made(n.Concerns(disease_id(disease)))


def attribute(name: str, kind: ValueKind | None = None, unit: str = "") -> Expression:
    """Name a column of the person: sex, birth_date, institution, or a further one, text unless ``kind`` is said.

    >>> column("sbp") < attribute("goal_sbp", "number", "mmHg")
    <sbp < attribute("goal_sbp", "number", "mmHg")>
    """
    return made(n.Attribute(word(name), kind or PERSON_COLUMNS.get(name, "text"), word(unit)))


def institution(name: str, kind: ValueKind | None = None, unit: str = "") -> Expression:
    """Name a column of the person's institution, or of an institution's row its own; text unless ``kind`` is said.

    >>> institution("adults", "number") * institution("prevalence.hypertension", "number")
    <institution("adults", "number") * institution("prevalence.hypertension", "number")>
    """
    return made(n.Institution(word(name), kind or "text", word(unit)))


def age(*, on: Any) -> Expression:
    """Give completed years on a day: ``age(on=PERIOD.end)``, ``age(on=column("date"))``.

    >>> import singledisease as sd
    >>> sd.age(on=sd.PERIOD.end) >= 65
    <age(on=PERIOD.end) >= 65>
    """
    return made(n.Age(node_of(on)))


# CONSTANTS, PARAMETERS, CODE SETS, CHOICES


def day(value: dt.date | str) -> Expression:
    """Give a constant date: ``day("2024-03-01")``.

    >>> events("enrolment").first().date < day("2024-03-01")
    <events("enrolment").first().date < day("2024-03-01")>
    """
    try:
        return made(n.Literal(day_of(value if isinstance(value, dt.date) else word(value)), "date"))
    except ValueError as error:
        if isinstance(error, DefinitionError):
            raise
        raise DefinitionError("no date", [Fault("no_date", repr(value), str(error))]) from None


def quantity(value: float, unit: str) -> Expression:
    """Give a constant with its unit: ``quantity(140, "mmHg")``.

    >>> column("sbp") < quantity(140, "mmHg")
    <sbp < quantity(140, "mmHg")>
    >>> column("fpg") < quantity(126, "mg/dL")
    Traceback (most recent call last):
        ...
    singledisease.errors.DefinitionError: this expression cannot be asked
      fpg < quantity(126, "mg/dL"): the units differ: mmol/L and mg/dL [unit_differs]
        bring both to one unit first
    """
    constant = node_of(value)
    if not isinstance(constant, n.Literal) or constant.kind != "number":
        raise DefinitionError("no number", [Fault("no_number", repr(value), "is no number", 'quantity(140, "mmHg")')])
    return made(n.Literal(constant.value, "number", word(unit)))


def p(name: str, *, disease: AnyDisease = "") -> Expression:
    """Name a parameter of a disease: ``p("hypertension.sbp")`` or ``p("sbp", disease="hypertension")``.

    >>> column("sbp") < p("hypertension.sbp")
    <sbp < p("sbp", disease="hypertension")>
    """
    return made(n.ParameterOf(*owned(name, disease)))


def codes(
    name: str,
    *codes: str,
    disease: AnyDisease = "",
    system: str = "",
    prefixes: bool = False,
    zh: str = "",
    en: str = "",
) -> NamedCodes:
    """Name a code set of a disease, or give one with its codes; ``disease`` is the set of the disease's own codes.

    Parameters
    ----------
    name
        ``hypertension.pregnancy``; with codes, the name of a set of one's own.
    codes
        Codes of a set of one's own.
    disease
        The disease that declares it.
    system, prefixes, zh, en
        Of a set of one's own; see ``CodeSet``.

    >>> column("code").is_in(codes("hypertension.pregnancy"))
    <code.is_in(codes("hypertension.pregnancy"))>
    >>> column("code").is_in(codes("stroke", "I6", prefixes=True))
    <code.is_in(codes("stroke", "I6", prefixes=True))>
    """
    if codes:
        own = word(name)
        return NamedCodes(checked(n.Codes(own, zh or own, en or own, word(system), words(codes), prefixes)))
    return NamedCodes(checked(n.CodesOf(*owned(name, disease))))


def choice(name: str, /, *, default: str, **options: Any) -> Expression:
    """Name a policy with its options, each an expression or a value.

    >>> choice("age_on", default="period_end", period_end=PERIOD.end, period_start=PERIOD.start)
    <choice("age_on", default="period_end", period_end=PERIOD.end, period_start=PERIOD.start)>
    """
    made_options = tuple(n.Option(option, node_of(value)) for option, value in options.items())
    return made(n.Choice(word(name), made_options, word(default)))


# COMBINING


def case(*whens: Any) -> Expression:
    """Give the value of the first true condition: ``case((condition, value), …, otherwise)``.

    An unknown condition before a true one makes the whole unknown.

    >>> import singledisease as sd
    >>> goal = sd.case((sd.age(on=sd.column("date")) >= 65, 150), 140)
    >>> sd.column("sbp") < goal
    <sbp < case((age(on=date) >= 65, 150), 140)>
    """
    *pairs, last = whens or (None,)
    if isinstance(last, tuple):
        pairs.append(last)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            hint = "write case((condition, value), (condition, value), otherwise)"
            raise DefinitionError("no case", [Fault("no_case", repr(pair), "is no (condition, value)", hint)])
    nodes = tuple((node_of(when), node_of(value)) for when, value in pairs)
    return made(n.Case(nodes, None if isinstance(last, tuple) or last is None else node_of(last)))


# SHORTHANDS

sex = attribute("sex")
kind = column("kind")
sbp = column("sbp")
dbp = column("dbp")
fpg = column("fpg")
ppg = column("ppg")
glucose = column("glucose")
tc = column("tc")
tg = column("tg")
ldl = column("ldl")
hdl = column("hdl")
hba1c = column("hba1c")
bmi = column("bmi")
weight = column("weight")
height = column("height")
waist = column("waist")
heart_rate = column("heart_rate")
temperature = column("temperature")
spo2 = column("spo2")
egfr = column("egfr")
uacr = column("uacr")
