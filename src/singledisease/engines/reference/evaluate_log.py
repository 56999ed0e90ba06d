"""Valuing expressions for a whole log, one person after the other: of people, or of the rows that a measure counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from singledisease.dates import MISSING, Period
from singledisease.domains import RowDomain
from singledisease.engines.reference.compile import compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.make_context import Matures, person_contexts, registry_context
from singledisease.engines.reference.rows import Row, TableRow, place_of
from singledisease.engines.reference.selections import rows
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Selection, Value
from singledisease.language.row_sources import source_of
from singledisease.language.typecheck import kind_of
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values
from singledisease.vocabulary import ValueKind

# OF PEOPLE


def values(
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Matures = 0,
) -> list[Values]:
    """Value expressions for every person and period.

    Parameters
    ----------
    expressions
        Resolved, of a person.
    log, periods
        Whom and when to ask.
    courses
        By disease id, those of every disease that the expressions name, each until the last day seen or later; with
        obligations if breaches or services are asked for.
    matures
        For how long after a period rows and states are still seen: days, or a ``Maturity``.

    Returns
    -------
    list of Values
        One for each expression, with arrays (periods, people).

    Raises
    ------
    DefinitionError
        If an expression was not resolved.
    UsageError
        If courses are missing, or have no obligations where these are asked for.
    """
    compiled = [compile_value(expression) for expression in expressions]
    found: list[list[Any]] = [[] for _ in expressions]
    for person in range(len(log.people)):
        for context in person_contexts(log, person, periods, courses, matures):
            for results, value in zip(found, compiled, strict=True):
                results.append(value(context))
    by_person = len(log.people), len(periods)
    made = [_values(kind_of(node), results) for node, results in zip(expressions, found, strict=True)]
    return [_by_period(one, by_person) for one in made]


def _by_period(found: Values, by_person: tuple[int, int]) -> Values:
    value, known = (np.ascontiguousarray(part.reshape(by_person).T) for part in (found.value, found.known))
    return Values(found.kind, value, known)


def _values(kind: ValueKind, results: Sequence[Any]) -> Values:
    missing, dtype = _SHAPES[kind]
    value = np.array([missing if result is None else result for result in results], dtype)
    return Values(kind, value, np.array([result is not None for result in results], np.bool_))


_SHAPES: Mapping[ValueKind, tuple[Any, Any]] = {
    "bool": (False, np.bool_),
    "number": (np.nan, np.float64),
    "date": (MISSING, np.int32),
    "text": ("", np.object_),
}


# OF ROWS


class _Element(NamedTuple):
    period: int
    owner: int
    row: Row
    context: PersonContext


def row_values(
    of: Selection,
    expressions: Sequence[Value],
    log: EventLog,
    periods: Sequence[Period],
    courses: Mapping[str, Courses],
    *,
    matures: Matures = 0,
) -> tuple[RowDomain, list[Values]]:
    """Value expressions for every row of a selection, in every period in which it is selected.

    Parameters
    ----------
    of
        The rows.
    expressions
        Resolved, of such a row: a column is one of the row.
    log, periods, courses, matures
        As in ``values``.

    Returns
    -------
    RowDomain
        The rows, by period, owner and canonical order.
    list of Values
        One for each expression, with arrays (rows).

    Raises
    ------
    DefinitionError, UsageError
        As in ``values``.
    """
    elements = list(_elements(of, log, periods, courses, matures))
    compiled = [compile_value(expression) for expression in expressions]
    domain = RowDomain(
        source=source_of(of),
        period=np.array([one.period for one in elements], np.int32),
        owner=np.array([one.owner for one in elements], np.int64),
        row=np.array([place_of(one.row) for one in elements], np.int64),
        date=np.array([MISSING if one.row.date is None else one.row.date for one in elements], np.int32),
    )
    found = [[value(one.context) for one in elements] for value in compiled]
    return domain, [_values(kind_of(node), results) for node, results in zip(expressions, found, strict=True)]


def _elements(
    of: Selection, log: EventLog, periods: Sequence[Period], courses: Mapping[str, Courses], matures: Matures
) -> Iterator[_Element]:
    select = rows(of)
    if source_of(of) in ("institutions", "activities"):
        for p, period in enumerate(periods):
            whole = registry_context(log, period, courses, matures)
            for owner, own in _by_institution(log, whole):
                yield from (_Element(p, owner, row, whole.at(row)) for row in select(own))
        return
    people = [person_contexts(log, person, periods, courses, matures) for person in range(len(log.people))]
    for p in range(len(periods)):
        for person, contexts in enumerate(people):
            yield from (_Element(p, person, row, contexts[p].at(row)) for row in select(contexts[p]))


def _by_institution(log: EventLog, whole: PersonContext) -> Iterator[tuple[int, PersonContext]]:
    """Give what is seen of the rows of each institution, as of each person's: first of what is not in the table."""

    def own(rows: tuple[TableRow, ...], owner: int) -> tuple[TableRow, ...]:
        return tuple(row for row in rows if _institution(log, row) == owner)

    for owner in range(-1, len(log.institutions.ids)):
        yield (
            owner,
            whole._replace(of_institutions=own(whole.of_institutions, owner), activities=own(whole.activities, owner)),
        )


def _institution(log: EventLog, row: Row) -> int:
    name = row.get("institution")
    return log.institutions.ids.index(name) if name in log.institutions.ids else -1
