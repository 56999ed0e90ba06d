"""Holding the two engines to one another: the first law, as functions that raise with a readable difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from singledisease.dates import AT_ONCE, MISSING, Maturity, Period, iso
from singledisease.definitions.disease import Disease
from singledisease.domains import RowDomain
from singledisease.engines.columnar import row_values as columnar_rows
from singledisease.engines.columnar import values as columnar_values
from singledisease.engines.columnar import walk as columnar_walk
from singledisease.engines.reference import row_values as reference_rows
from singledisease.engines.reference import values as reference_values
from singledisease.engines.reference import walk as reference_walk
from singledisease.eventlog.log import EventLog
from singledisease.language.format import write
from singledisease.language.nodes import Selection, Value
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses
from singledisease.person_values import Values
from singledisease.testing.disagreement import Disagreement

# COURSES


def engines_agree_on_courses(disease: Disease, log: EventLog, until: int) -> Courses:
    """Walk a log with both engines and compare everything they give.

    Parameters
    ----------
    disease
        Resolved.
    log
        With or without events that were withdrawn.
    until
        Last observed day, as a day number.

    Returns
    -------
    Courses
        Those of the reference engine.

    Raises
    ------
    Disagreement
        With the first person about whom they differ, both ways and the person's events.

    >>> import singledisease as sd
    >>> from singledisease.definitions.resolve import resolve_disease
    >>> rows = [{"patient_id": "P1", "date": "2024-01-10", "kind": "enrolment", "disease": "hypertension"}]
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    >>> courses = engines_agree_on_courses(resolve_disease(sd.disease("hypertension"), {}), log, sd.period("2024").end)
    >>> [courses.disease.pathway.states[state].id for state in courses.spells.state]
    ['general', 'enrolled']
    """
    one = reference_walk(disease, log, until, obligations=True)
    other = columnar_walk(disease, log, until, obligations=True)
    for person in range(len(log.people)):
        expected, found = story(one, log, person), story(other, log, person)
        if expected != found:
            raise Disagreement(_differ(log, person, expected, found))
    if not np.array_equal(one.at_row, other.at_row):
        row = int(np.flatnonzero(one.at_row != other.at_row)[0])
        raise Disagreement(f"at_row[{row}] ({log.event(row)}): {one.at_row[row]} and {other.at_row[row]}")
    if one.whose.tolist() != other.whose.tolist():
        raise Disagreement("the engines do not give the same people sequences")
    _same_types(one, other)
    return one


def story(courses: Courses, log: EventLog, person: int) -> list[str]:
    """Tell one person's course, or courses, in lines: spells, moves and obligations, each with its cause."""
    return [line for number in courses.of_person(person) for line in _told(courses, log, person, number)]


def _told(courses: Courses, log: EventLog, person: int, number: int) -> list[str]:
    row = int(log.offsets[person])
    states = [state.id for state in courses.disease.pathway.states]
    timings = [timing.id for timing in courses.disease.timings]

    def cause(at: Any, timing: Any) -> str:
        return f"row {at - row}" if at != NO_ROW else f"timing {timings[timing]}" if timing != NO_ROW else "-"

    s, m = courses.spells, courses.moves
    lines = [] if courses.link is None else [f"sequence {courses.link[number]}"]
    lines += [
        f"spell {states[s.state[i]]} {iso(s.entered[i])}..{iso(s.left[i])} {cause(s.row[i], s.timing[i])}"
        for i in range(int(s.offsets[number]), int(s.offsets[number + 1]))
    ]
    for i in np.flatnonzero(m.person == number).tolist():
        move = f"{states[m.source[i]]} -> {states[m.target[i]]}"
        lines.append(f"move {iso(m.date[i])} {move} {cause(m.row[i], m.timing[i])}")
    if courses.obligations is not None:
        lines += _obligations(courses, number, row, timings)
    return lines


def _obligations(courses: Courses, number: int, first: int, timings: Sequence[str]) -> Iterator[str]:
    o = courses.obligations
    assert o is not None
    for i in np.flatnonzero(o.person == number):
        days = f"{iso(o.started[i])} due {iso(o.due[i])} {OUTCOMES[o.outcome[i]]} {iso(o.ended[i])}"
        row = "-" if o.row[i] == NO_ROW else f"row {o.row[i] - first}"
        yield f"timing {timings[o.timing[i]]} {days} resolved {iso(o.resolved[i])} {row}"


def _differ(log: EventLog, person: int, expected: list[str], found: list[str]) -> str:
    only = [f"- reference: {line}" for line in expected if line not in found]
    only += [f"+ columnar:  {line}" for line in found if line not in expected] or ["(the same lines in another order)"]
    events = [f"  row {i}: {event}" for i, event in enumerate(log.events_of(person))]
    return "\n".join([f"the engines differ about {log.person_at(person)}", *events, *only])


def _same_types(one: Courses, other: Courses) -> None:
    for name in ("spells", "moves", "obligations"):
        for column in attrs.fields(type(getattr(one, name))):
            types = [getattr(getattr(courses, name), column.name).dtype for courses in (one, other)]
            if types[0] != types[1]:
                raise Disagreement(
                    f"{name}.{column.name} is {types[0]} in the reference engine, {types[1]} in the other"
                )


# VALUES


def engines_agree_on_values(
    expressions: Value | Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Maturity = AT_ONCE,
) -> list[Values]:
    """Value expressions with both engines and compare what is known and what it is.

    Parameters
    ----------
    expressions
        One or several, resolved, of a person.
    log, periods
        Whom and when to ask.
    courses
        By disease id; with obligations if breaches or services are asked for.
    matures
        How much further than each period's end is looked.

    Returns
    -------
    list of Values
        Those of the reference engine.

    Raises
    ------
    Disagreement
        With the first expression, period and person about whom they differ.

    >>> import singledisease as sd
    >>> from singledisease.language.parse import parse
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], [])
    >>> (old,) = engines_agree_on_values(parse("age(on=PERIOD.end)"), log, [sd.period("2023"), sd.period("2024")], {})
    >>> old.value.tolist()
    [[73.0], [74.0]]
    """
    asked = list(expressions) if isinstance(expressions, Sequence) else [expressions]
    expected = reference_values(asked, log, periods, courses, matures=matures)
    found = columnar_values(asked, log, periods, courses, matures=matures)
    for node, one, other in zip(asked, expected, found, strict=True):
        place = _first_difference(node, one, other)
        if place is not None:
            period, person = place
            raise Disagreement(f"{_answers(node, one, other, place)}\n{_asked(log, periods[period], person)}")
    return expected


def engines_agree_on_rows(
    of: Selection,
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Maturity = AT_ONCE,
) -> RowDomain:
    """Find the rows of a selection with both engines, and compare which they are and what is asked of each.

    Parameters
    ----------
    of
        The selection, resolved.
    expressions
        Resolved, of a row.
    log, periods, courses, matures
        As for people.

    Returns
    -------
    RowDomain
        The rows.

    Raises
    ------
    Disagreement
        With the first row or answer about which they differ.

    >>> import singledisease as sd
    >>> from singledisease.language.parse import parse
    >>> visits = [{"patient_id": "P1", "date": day, "kind": "follow_up"} for day in ("2024-01-05", "2024-02-05")]
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], visits)
    >>> of = sd.events("follow_up").within(sd.PERIOD).node
    >>> rows = engines_agree_on_rows(of, [parse("sbp >= 140")], log, [sd.period("2024")], {})
    >>> [iso(day) for day in rows.date]
    ['2024-01-05', '2024-02-05']
    """
    expected, ones = reference_rows(of, expressions, log, periods, courses, matures=matures)
    found, others = columnar_rows(of, expressions, log, periods, courses, matures=matures)
    for name in ("period", "owner", "row", "date"):
        one, other = getattr(expected, name), getattr(found, name)
        if not np.array_equal(one, other):
            raise Disagreement(f"{write(of)}: {name} is {one} in the reference engine, {other} in the other")
    for node, one, other in zip(expressions, ones, others, strict=True):
        place = _first_difference(node, one, other)
        if place is not None:
            row = place[0]
            about = _asked(log, periods[expected.period[row]], int(expected.owner[row]))
            raise Disagreement(f"{write(of)}, row {row}: {_answers(node, one, other, place)}\n{about}")
    return expected


def _first_difference(node: Value, one: Values, other: Values) -> tuple[int, ...] | None:
    if one.kind != other.kind:
        raise Disagreement(f"{write(node)} is a {one.kind} in the reference engine, a {other.kind} in the other")
    differ = np.argwhere(~equal(one, other))
    return tuple(map(int, differ[0])) if len(differ) else None


def _answers(node: Value, one: Values, other: Values, place: tuple[int, ...]) -> str:
    return f"{write(node)}\nreference: {shown(one, *place)}, columnar: {shown(other, *place)}"


def equal(one: Values, other: Values) -> NDArray[np.bool_]:
    """Tell where two values are the same: both unknown, or both known and equal."""
    both = one.known & other.known
    same = one.value == other.value
    if one.kind == "number":
        # Equal infinities subtract to NaN; what is not a number is compared as such.
        same |= np.isnan(one.value.astype(float)) & np.isnan(other.value.astype(float))
    return np.asarray((one.known == other.known) & (~both | same.astype(bool)))


def shown(values: Values, *place: int) -> str:
    """Write one value: of a period and a person, or of a row."""
    if not values.known[place]:
        return "unknown"
    value = values.value[place]
    return iso(int(value)) if values.kind == "date" and value != MISSING else str(value)


def _asked(log: EventLog, period: Period, person: int) -> str:
    events = "\n".join(f"  row {i}: {event}" for i, event in enumerate(log.events_of(person)))
    return f"in {period}, known until {iso(log.known_until)}, of {log.person_at(person)}:\n{events}"
