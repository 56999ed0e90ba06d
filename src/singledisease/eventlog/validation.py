"""One event for one person, checked by the rules that files are checked by: for clinic software."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from singledisease.dates import MISSING
from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.eventlog.parse_cell import text_reader
from singledisease.eventlog.parse_column import FIRST_DAY, LAST_DAY, day_text
from singledisease.eventlog.person import Person
from singledisease.eventlog.validation_rules import (
    AFTER_DEATH,
    BEFORE_BIRTH,
    BLANK_KIND,
    ENROLMENT_OF_NOTHING,
    EVENT_LISTS,
    EXIT_LIST,
    IMPOSSIBLE_DATE,
    NOT_A_DATE,
    NOT_A_NUMBER,
    NOT_FINITE,
    NOT_TEXT,
    NOT_TRUE_OR_FALSE,
    PRESSURES_CROSSED,
    TEXT_FOR_A_NUMBER,
    ValidationIssue,
    after_death,
    before_birth,
    not_in_list,
    out_of_bounds,
    outside,
    pressures_crossed,
)
from singledisease.vocabulary import EVENT_COLUMNS, KINDS, QUANTITIES, Quantity

_TEXT_READERS = {name: text_reader(name, EVENT_LISTS) for name, kind in EVENT_COLUMNS.items() if kind == "text"}
_ANY_TEXT = text_reader("", {})


def validate_event(event: Event, person: Person, quantities: Sequence[Quantity] = ()) -> None:
    """Refuse an event that would be refused in a file.

    Parameters
    ----------
    event
        The event; its further columns must be text, unless ``quantities`` declares them.
    person
        Whose it is.
    quantities
        Further quantities, beside the vocabulary's.

    Raises
    ------
    DataError
        With every fault of the event.

    >>> validate_event(Event("follow_up", "2024-03-01", sbp=90, dbp=95), Person("P1"))
    Traceback (most recent call last):
    ...
    singledisease.errors.DataError: P1, 2024-03-01 follow_up: 拒绝 / refused
      dbp: 90/95: 舒张压不低于收缩压 / diastolic not below systolic pressure [dbp_not_below_sbp]
    """
    if is_plainly_sound(event, person, quantities):
        return
    faults = event_faults(event, person, quantities)
    if faults:
        raise DataError(f"{person.id}, {day_text(event.date)} {event.kind}: 拒绝 / refused", faults)


def event_faults(event: Event, person: Person, quantities: Sequence[Quantity] = ()) -> tuple[Fault, ...]:
    """Give every reason for which an event would be refused in a file; none if it would be accepted."""
    return tuple(_fault(*found) for found in _problems(event, person, quantities))


# MOST EVENTS ARE SOUND, WHICH IS SEEN AT ONCE

_PLAIN_KINDS = frozenset(KINDS) - {"exit", "enrolment"}


def is_plainly_sound(event: Event, person: Person, quantities: Sequence[Quantity] = ()) -> bool:
    """Say whether nothing speaks against an event of a common kind; what speaks against others is not looked for."""
    values, date = event.values, event.date
    if event.kind not in _PLAIN_KINDS and not (event.kind == "enrolment" and values.get("disease")):
        return False
    if not FIRST_DAY <= date <= LAST_DAY or (person.birth is not None and date < person.birth):
        return False
    if person.death is not None and date > person.death:
        return False
    bounds = _bounds(quantities) if quantities else _BOUNDS
    for name, value in values.items():
        within = bounds.get(name)
        if within is None:
            if not (_is_sound_text(name, value) if type(value) is str else _is_sound_other(name, value)):
                return False
        elif (type(value) is not float and type(value) is not int) or not within[0] <= value <= within[1]:
            # What is no number at all lies within no bounds.
            return False
    return "sbp" not in values or "dbp" not in values or values["dbp"] < values["sbp"]  # type: ignore[operator]


def _bounds(quantities: Iterable[Quantity]) -> Mapping[str, tuple[float, float]]:
    return {**_BOUNDS, **{one.name: (one.low, one.high) for one in quantities}}


_BOUNDS = {name: (one.low, one.high) for name, one in QUANTITIES.items()}


@lru_cache(maxsize=4096)
def _is_sound_text(name: str, value: str) -> bool:
    return _of_value(name, value, None) is None


def _is_sound_other(name: str, value: Any) -> bool:
    if type(value) is bool:
        return name in _FLAGS
    return type(value) in (int, float) and _of_value(name, value, None) is None


_FLAGS = frozenset(name for name, kind in EVENT_COLUMNS.items() if kind == "bool")


# EVERY FAULT


def _known(quantities: Sequence[Quantity]) -> Mapping[str, Quantity]:
    return QUANTITIES if not quantities else {**QUANTITIES, **{q.name: q for q in quantities}}


def _fault(column: str, value: Any, problem: ValidationIssue) -> Fault:
    return Fault(problem.check, column, f"{value}: {problem.reason}")


Found = tuple[str, Any, ValidationIssue]


def _problems(event: Event, person: Person, quantities: Sequence[Quantity]) -> Iterator[Found]:
    known = _known(quantities)
    wrong: set[str] = set()
    for name, value in event.values.items():
        problem = _of_value(name, value, known.get(name))
        if problem is not None:
            wrong.add(name)
            yield name, value, problem
    yield from _of_day(event, person)
    yield from _of_kind(event)
    if wrong.isdisjoint(("sbp", "dbp")):
        yield from _of_pressures(event.values.get("sbp"), event.values.get("dbp"))


def _of_pressures(sbp: Any, dbp: Any) -> Iterator[Found]:
    if sbp is not None and dbp is not None and pressures_crossed(sbp, dbp):
        yield "dbp", f"{sbp}/{dbp}", PRESSURES_CROSSED


def _of_value(name: str, value: PlainValue, quantity: Quantity | None) -> ValidationIssue | None:
    match "number" if quantity is not None else EVENT_COLUMNS.get(name, "text"):
        case "number":
            return _of_number(value, quantity)
        case "date":
            return _of_date(value)
        case "bool":
            return None if isinstance(value, bool) else NOT_TRUE_OR_FALSE
        case _:
            return _of_text(name, value)


def _of_number(value: PlainValue, quantity: Quantity | None) -> ValidationIssue | None:
    if isinstance(value, str):
        return TEXT_FOR_A_NUMBER
    if isinstance(value, bool):
        return NOT_A_NUMBER
    if not math.isfinite(value):
        return NOT_FINITE
    return out_of_bounds(quantity) if quantity is not None and outside(quantity, value) else None


def _of_date(value: PlainValue) -> ValidationIssue | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return NOT_A_DATE
    return None if FIRST_DAY <= value <= LAST_DAY else IMPOSSIBLE_DATE


def _of_text(name: str, value: PlainValue) -> ValidationIssue | None:
    if not isinstance(value, str):
        return NOT_TEXT
    read = _TEXT_READERS.get(name, _ANY_TEXT)(value)
    return read if isinstance(read, ValidationIssue) else None


def _of_day(event: Event, person: Person) -> Iterator[Found]:
    impossible = _of_date(event.date)
    if impossible is not None:
        yield "date", event.date, impossible
    elif person.birth is not None and before_birth(event.date, person.birth):
        yield "date", day_text(event.date), BEFORE_BIRTH
    elif after_death(event.date, MISSING if person.death is None else person.death):
        yield "date", day_text(event.date), AFTER_DEATH


def _of_kind(event: Event) -> Iterator[Found]:
    if not event.kind.strip():
        yield "kind", repr(event.kind), BLANK_KIND
    elif event.kind == "exit":
        reason = event.values.get("reason")
        problem = not_in_list("reason", reason, EXIT_LIST) if isinstance(reason, str) else None
        if problem is not None:
            yield "reason", reason, problem
    elif event.kind == "enrolment" and not event.values.get("disease") and not event.values.get("code"):
        yield "disease", "", ENROLMENT_OF_NOTHING
