"""Walking everybody of a log through a pathway, one person after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.definitions.disease import Disease
from singledisease.engines.reference.compile_pathway import CompiledPathway, compile_pathway
from singledisease.engines.reference.course_records import Move
from singledisease.engines.reference.walk_person import links, moves, obligations, spells, walk_person
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, NO_STATE, OUTCOMES, Courses, Moves, Obligations, SpellColumns


class WalkedCourse(NamedTuple):
    """One course: whose it is, what links it, and the walker at its end; ``None`` if no time is observed."""

    owner: int
    link: str | None
    walker: Walker | None


def walk(disease: Disease, log: EventLog, until: int, *, obligations: bool = False) -> Courses:
    """Walk every person of a log, or every linked sequence, through the pathway of a resolved disease.

    Parameters
    ----------
    disease
        Resolved: its parameters have their values.
    log
        The events; ``log.as_of`` has been asked already.
    until
        Last observed day.  A linked sequence that begins later is not there.
    obligations
        Whether to give every run of every timing too.

    Raises
    ------
    DefinitionError
        If the disease was not resolved.
    """
    pathway = compile_pathway(disease)
    walked = [course for person in range(len(log.people)) for course in _courses(pathway, log, person, until)]
    found = _spells(disease, walked, until)
    linked = pathway.is_linked
    return Courses(
        disease=disease,
        until=until,
        spells=found,
        moves=_moves(disease, walked),
        at_row=_at_row(log, found, walked, until),
        obligations=_obligations(walked, until) if obligations else None,
        owner=np.array([course.owner for course in walked], np.int64) if linked else None,
        link=np.array([course.link for course in walked], object) if linked else None,
    )


def _courses(pathway: CompiledPathway, log: EventLog, person: int, until: int) -> list[WalkedCourse]:
    who, events = log.person_at(person), log.events_of(person)
    if not pathway.is_linked:
        return [WalkedCourse(person, None, walk_person(pathway, who, events, until))]
    linked = links(pathway.disease, [event for event in events if event.date <= until])
    return [WalkedCourse(person, link, walk_person(pathway, who, events, until, link)) for link in linked]


def _spells(disease: Disease, walked: Sequence[WalkedCourse], until: int) -> SpellColumns:
    code = _codes(disease)
    courses = [() if course.walker is None else spells(course.walker, until) for course in walked]
    every = [spell for course in courses for spell in course]
    return SpellColumns(
        offsets=np.cumsum([0, *map(len, courses)], dtype=np.int64),
        state=np.array([code[spell.state.id] for spell in every], np.uint8),
        entered=np.array([spell.entered for spell in every], np.int32),
        left=np.array([spell.left for spell in every], np.int32),
        row=np.array([NO_ROW if spell.cause is None else _row(spell.cause.event) for spell in every], np.int64),
        timing=np.array([NO_ROW if spell.cause is None else _timing(spell.cause) for spell in every], np.int16),
    )


def _moves(disease: Disease, walked: Sequence[WalkedCourse]) -> Moves:
    code = _codes(disease)
    every = [(number, move) for number, course in enumerate(walked) if course.walker for move in moves(course.walker)]
    return Moves(
        person=np.array([number for number, _ in every], np.int64),
        date=np.array([move.date for _, move in every], np.int32),
        source=np.array([code[move.source] for _, move in every], np.uint8),
        target=np.array([code[move.target] for _, move in every], np.uint8),
        row=np.array([_row(move.event) for _, move in every], np.int64),
        timing=np.array([_timing(move) for _, move in every], np.int16),
    )


def _obligations(walked: Sequence[WalkedCourse], until: int) -> Obligations:
    every = [
        (number, it)
        for number, course in enumerate(walked)
        if course.walker
        for it in obligations(course.walker, until)
    ]
    return Obligations(
        person=np.array([number for number, _ in every], np.int64),
        timing=np.array([it.timing for _, it in every], np.int16),
        started=np.array([it.started for _, it in every], np.int32),
        due=np.array([it.due for _, it in every], np.int32),
        outcome=np.array([OUTCOMES.index(it.outcome) for _, it in every], np.uint8),
        ended=np.array([_day(it.ended) for _, it in every], np.int32),
        row=np.array([_row(it.event) for _, it in every], np.int64),
        resolved=np.array([_day(it.resolved) for _, it in every], np.int32),
    )


def _at_row(log: EventLog, found: SpellColumns, walked: Sequence[WalkedCourse], until: int) -> NDArray[np.uint8]:
    """Give the state at the end of each row's day, in the course that the row belongs to."""
    at_row = np.full(len(log), NO_STATE, np.uint8)
    entered, dates = found.entered.tolist(), log.date.tolist()
    for number, course in enumerate(walked):
        first, last = found.offsets[number], found.offsets[number + 1]
        for row in range(log.offsets[course.owner], log.offsets[course.owner + 1]):
            if course.link is not None and log.event(row).get("link") != course.link:
                continue
            spell = bisect_right(entered, dates[row], first, last) - 1
            if spell >= first and dates[row] < found.left[spell]:
                at_row[row] = found.state[spell]
    return at_row


def _codes(disease: Disease) -> dict[str, int]:
    return {state.id: code for code, state in enumerate(disease.pathway.states)}


def _row(event: Event | None) -> int:
    return NO_ROW if event is None else event.row


def _timing(move: Move) -> int:
    return NO_ROW if move.timing is None else move.timing


def _day(day: int | None) -> int:
    return MISSING if day is None else day
