"""How people write expressions: the words of the language.

>>> followups = events("follow_up").where(column("mode").is_in("clinic", "home")).within(PERIOD)
>>> followups.count() >= 4
<events("follow_up").where(mode in ("clinic", "home")).within(PERIOD).count() >= 4>
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from singledisease.dates import day_of
from singledisease.errors import DefinitionError, Fault
from singledisease.language import nodes as n
from singledisease.language.row_sources import shape_of
from singledisease.language.typecheck import checked
from singledisease.language.wrappers import (
    Expression,
    InStatus,
    PeriodSpan,
    Rows,
    Span,
    applied,
    column_node,
    made,
    node_of,
    window_node,
    word,
    words,
)
from singledisease.vocabulary import PERSON_COLUMNS, ValueKind

PERIOD = PeriodSpan(n.PeriodWindow())
"""The period: a window, with ``PERIOD.start`` and ``PERIOD.end``."""


class HasId(Protocol):
    """Anything with an id: a disease can be named by its id or passed itself."""

    @property
    def id(self) -> str:
        """The id."""
        ...


AnyDisease = str | HasId


def _id(disease: AnyDisease) -> str:
    return disease if isinstance(disease, str) else word(getattr(disease, "id", disease))


# SELECTIONS AND WINDOWS


def events(*kinds: str) -> Rows:
    """Select all events, or those of the given kinds."""
    return Rows(checked(n.Events(words(kinds))))


def breaches(disease: AnyDisease) -> Rows:
    """Select the timings of a disease that were missed; ``date`` is the first day on which they were late."""
    return Rows(checked(n.Breaches(_id(disease))))


def spells(disease: AnyDisease) -> Rows:
    """Select the stays in the states of a disease."""
    return Rows(checked(n.Spells(_id(disease))))


def months(first: int, last: int) -> Span:
    """Take whole calendar months, counted from the one in which the question is asked, which is 0.

    >>> months(-2, 0)
    <months(-2, 0)>
    """
    return Span(checked(n.CalendarWindow("months", first, last)))


def quarters(first: int, last: int) -> Span:
    """Take whole calendar quarters, counted from the one in which the question is asked, which is 0."""
    return Span(checked(n.CalendarWindow("quarters", first, last)))


def years(first: int, last: int) -> Span:
    """Take whole calendar years, counted from the one in which the question is asked, which is 0."""
    return Span(checked(n.CalendarWindow("years", first, last)))


def between(start: Any, end: Any) -> Span:
    """Take the days from one to another, both included; ``None`` leaves that side open."""
    return Span(checked(n.Between(_end(start), _end(end))))


def until(day: Any) -> Span:
    """Take all days up to this one, included."""
    return between(None, day)


def on(day: Any) -> Span:
    """Take one day."""
    return between(day, day)


def _end(value: Any) -> n.Value | None:
    return None if value is None else node_of(value)


# VALUES OF A ROW AND OF A PERSON


def column(name: str, kind: ValueKind | None = None, unit: str = "") -> Expression:
    """Name a column of the row; ``kind`` and ``unit`` are needed for a further quantity only.

    >>> column("cat", "number", "points") > 10
    <column("cat", "number", "points") > 10>
    """
    return made(column_node(name, kind, unit))


def this(name: str, kind: ValueKind | None = None, unit: str = "") -> Expression:
    """Name a column of the outer row, inside a selection made for each row."""
    shape = shape_of(word(name))
    return made(n.This(name, kind or shape.kind, word(unit) or (shape.unit if kind is None else "")))


def concerns(disease: AnyDisease) -> Expression:
    """Ask whether the row is tagged with this disease or with none."""
    return made(n.Concerns(_id(disease)))


def attribute(name: str, kind: ValueKind | None = None) -> Expression:
    """Name a column of the person: sex, birth_date, institution, or a further one, which holds text."""
    return made(n.Attribute(word(name), kind or PERSON_COLUMNS.get(name, "text")))


def age(*, on: Any) -> Expression:
    """Give completed years on a day: ``age(on=PERIOD.end)``, ``age(on=column("date"))``."""
    return made(n.Age(node_of(on)))


# STATES


def managed(disease: AnyDisease, *, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a person is managed on a day, or on at least one day of a window."""
    return _status(n.Status(_id(disease), "managed"), on, during)


def in_state(disease: AnyDisease, *states: str, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a person is in one of the states on a day, or on at least one day of a window."""
    return _status(n.Status(_id(disease), "state", words(states)), on, during)


def in_stage(disease: AnyDisease, *stages: str, on: Any = None, during: Any = None) -> Expression:
    """Ask whether a person is in one of the stages on a day, or on at least one day of a window."""
    return _status(n.Status(_id(disease), "stage", words(stages)), on, during)


def _status(status: n.Status, on: Any, during: Any) -> Expression:
    checked(status)
    if on is not None and during is not None:
        fault = Fault("on_or_during", status.disease, "a state is asked on a day or during a window, not both")
        raise DefinitionError("this expression cannot be asked", [fault])
    if on is not None:
        return made(n.StatusOn(status, node_of(on)))
    if during is not None:
        return made(n.StatusDuring(status, window_node(during)))
    return InStatus(n.StatusOn(status, n.PeriodEnd()), status)


def days_in(status: Expression, window: Span) -> Expression:
    """Count the observed days of a window on which a status holds: ``days_in(managed("hypertension"), PERIOD)``."""
    if not isinstance(status, InStatus):
        fault = Fault("no_status", repr(status), "is no status", 'write days_in(managed("hypertension"), PERIOD)')
        raise DefinitionError("this expression cannot be asked", [fault])
    return made(n.DaysIn(status.status, window_node(window)))


# CONSTANTS, PARAMETERS, CHOICES


def day(value: dt.date | str) -> Expression:
    """Give a constant date: ``day("2024-03-01")``."""
    try:
        return made(n.Literal(day_of(value if isinstance(value, dt.date) else word(value)), "date"))
    except ValueError as error:
        if isinstance(error, DefinitionError):
            raise
        raise DefinitionError("no date", [Fault("no_date", repr(value), str(error))]) from None


def quantity(value: float, unit: str) -> Expression:
    """Give a constant with its unit: ``quantity(140, "mmHg")``."""
    constant = node_of(value)
    if not isinstance(constant, n.Literal) or constant.kind != "number":
        raise DefinitionError("no number", [Fault("no_number", repr(value), "is no number", 'quantity(140, "mmHg")')])
    return made(n.Literal(constant.value, "number", word(unit)))


def p(name: str, *, disease: AnyDisease = "") -> Expression:
    """Name a parameter of a disease: ``p("hypertension.sbp")`` or ``p("sbp", disease="hypertension")``."""
    owner, name = _id(disease), word(name)
    if not owner and "." in name:
        owner, _, name = name.partition(".")
    return made(n.ParameterOf(owner, name))


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


def coalesce(*values: Any) -> Expression:
    """Give the first value that is there."""
    return applied("coalesce", *values)


def how_many(*conditions: Any) -> Expression:
    """Count the conditions that are true; unknown if one is unknown."""
    return applied("how_many", *conditions)


def days_between(start: Any, end: Any) -> Expression:
    """Count the days from one day to another."""
    return applied("days_between", start, end)


def months_between(start: Any, end: Any) -> Expression:
    """Count the calendar months from one day to another; days of the month do not matter."""
    return applied("months_between", start, end)


def years_between(start: Any, end: Any) -> Expression:
    """Count the completed years from one day to another."""
    return applied("years_between", start, end)


def earliest(*days: Any) -> Expression:
    """Give the earliest of the dates that are there; of none it is missing."""
    return applied("earliest", *days)


def latest(*days: Any) -> Expression:
    """Give the latest of the dates that are there; of none it is missing."""
    return applied("latest", *days)


def smallest(*numbers: Any) -> Expression:
    """Give the smallest of the numbers that are there; of none it is missing."""
    return applied("smallest", *numbers)


def largest(*numbers: Any) -> Expression:
    """Give the largest of the numbers that are there; of none it is missing."""
    return applied("largest", *numbers)


def operator_function(name: str) -> Callable[..., Expression]:
    """Give the function of an operator that is written as one; its row in the table is all that it needs."""
    named: Callable[..., Expression] | None = globals().get(name)
    return partial(applied, name) if named is None else named


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
