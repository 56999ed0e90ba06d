"""The two jobs for a whole log: walk a pathway, value expressions; one person after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period
from singledisease.definitions.disease import Disease
from singledisease.engines.reference.compile import compile_value
from singledisease.engines.reference.compile_pathway import compile_pathway
from singledisease.engines.reference.history import Move
from singledisease.engines.reference.person_contexts import person_contexts
from singledisease.engines.reference.walk_person import moves as moves_of
from singledisease.engines.reference.walk_person import obligations as obligations_of
from singledisease.engines.reference.walk_person import spells as spells_of
from singledisease.engines.reference.walk_person import walk_person
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Value
from singledisease.language.typecheck import kind_of
from singledisease.pathway_courses import NO_ROW, NO_STATE, OUTCOMES, Courses, Moves, Obligations, Spells
from singledisease.person_values import Values
from singledisease.vocabulary import ValueKind

# WALK A PATHWAY


def walk(disease: Disease, log: EventLog, until: int, *, obligations: bool = False) -> Courses:
    """Walk every person of a log through the pathway of a resolved disease, to the end of ``until``.

    Raises
    ------
    DefinitionError
        If the disease was not resolved.
    """
    ready = compile_pathway(disease)
    walkers = [
        walk_person(ready, log.person_at(person), log.events_of(person), until) for person in range(len(log.people))
    ]
    spells = _spells(disease, walkers, until)
    return Courses(
        disease=disease,
        until=until,
        spells=spells,
        moves=_moves(disease, walkers),
        at_row=_at_row(log, spells, until),
        obligations=_obligations(walkers) if obligations else None,
    )


def _spells(disease: Disease, walkers: list[Walker | None], until: int) -> Spells:
    code = _codes(disease)
    ways = [() if walker is None else spells_of(walker, until) for walker in walkers]
    every = [spell for way in ways for spell in way]
    return Spells(
        offsets=np.cumsum([0, *map(len, ways)], dtype=np.int64),
        state=np.array([code[spell.state] for spell in every], np.uint8),
        entered=np.array([spell.entered for spell in every], np.int32),
        left=np.array([spell.left for spell in every], np.int32),
        row=np.array([NO_ROW if spell.cause is None else _row(spell.cause.event) for spell in every], np.int64),
        timing=np.array([NO_ROW if spell.cause is None else _timing(spell.cause) for spell in every], np.int16),
    )


def _moves(disease: Disease, walkers: list[Walker | None]) -> Moves:
    code = _codes(disease)
    every = [(person, move) for person, walker in enumerate(walkers) if walker for move in moves_of(walker)]
    return Moves(
        person=np.array([person for person, _ in every], np.int64),
        date=np.array([move.date for _, move in every], np.int32),
        source=np.array([code[move.source] for _, move in every], np.uint8),
        target=np.array([code[move.target] for _, move in every], np.uint8),
        row=np.array([_row(move.event) for _, move in every], np.int64),
        timing=np.array([_timing(move) for _, move in every], np.int16),
    )


def _obligations(walkers: list[Walker | None]) -> Obligations:
    every = [(person, it) for person, walker in enumerate(walkers) if walker for it in obligations_of(walker)]
    return Obligations(
        person=np.array([person for person, _ in every], np.int64),
        timing=np.array([it.timing for _, it in every], np.int16),
        started=np.array([it.started for _, it in every], np.int32),
        due=np.array([it.due for _, it in every], np.int32),
        outcome=np.array([OUTCOMES.index(it.outcome) for _, it in every], np.uint8),
        ended=np.array([_day(it.ended) for _, it in every], np.int32),
        row=np.array([_row(it.event) for _, it in every], np.int64),
        resolved=np.array([_day(it.resolved) for _, it in every], np.int32),
    )


def _at_row(log: EventLog, spells: Spells, until: int) -> NDArray[np.uint8]:
    at_row = np.full(len(log), NO_STATE, np.uint8)
    for person in range(len(log.people)):
        for row in range(log.offsets[person], log.offsets[person + 1]):
            for spell in range(spells.offsets[person], spells.offsets[person + 1]):
                if spells.entered[spell] <= log.date[row] < spells.left[spell]:
                    at_row[row] = spells.state[spell]
    return at_row


def _codes(disease: Disease) -> dict[str, int]:
    return {state.id: code for code, state in enumerate(disease.pathway.states)}


def _row(event: Event | None) -> int:
    return NO_ROW if event is None else event.row


def _timing(move: Move) -> int:
    return NO_ROW if move.timing is None else move.timing


def _day(day: int | None) -> int:
    return MISSING if day is None else day


# VALUE EXPRESSIONS


def values(
    expressions: Sequence[Value], log: EventLog, periods: Sequence[Period], courses: Mapping[str, Courses]
) -> list[Values]:
    """Value expressions for every person and period.

    ``courses`` holds, by disease id, those of every disease that the expressions name, each until the last day
    asked on or later; with obligations if breaches are asked for.

    Returns
    -------
    list of Values
        One for each expression, with arrays (periods, people).

    Raises
    ------
    DefinitionError
        If an expression was not resolved or is not supported.
    UsageError
        If breaches are asked for and the courses have no obligations.
    """
    ready = [compile_value(expression) for expression in expressions]
    found: list[list[Any]] = [[] for _ in expressions]
    for person in range(len(log.people)):
        for context in person_contexts(log, person, periods, courses):
            for results, value in zip(found, ready, strict=True):
                results.append(value(context))
    by_person = len(log.people), len(periods)
    return [_values(kind_of(node), results, by_person) for node, results in zip(expressions, found, strict=True)]


def _values(kind: ValueKind, results: list[Any], by_person: tuple[int, int]) -> Values:
    missing, dtype = _SHAPES[kind]
    value = np.array([missing if result is None else result for result in results], dtype).reshape(by_person)
    known = np.array([result is not None for result in results], np.bool_).reshape(by_person)
    return Values(kind, np.ascontiguousarray(value.T), np.ascontiguousarray(known.T))


_SHAPES: Mapping[ValueKind, tuple[Any, Any]] = {
    "bool": (False, np.bool_),
    "number": (np.nan, np.float64),
    "date": (MISSING, np.int32),
    "text": ("", np.object_),
}
