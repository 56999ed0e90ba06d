"""Where one person stands at the end of a day, and how they got there, in words for a screen."""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from singledisease.dates import date_of
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State
from singledisease.definitions.timing import Timing
from singledisease.engines.reference import walk_person
from singledisease.engines.reference.course_records import Move
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.event import Event
from singledisease.pathway_courses import Outcome

Cause = Event | Timing | None
"""What led to a state: an event, a timing that fell, or neither (the start of observed time, a death date)."""


@frozen
class Step:
    """A change of state: on which day, from where, to where, and why."""

    date: dt.date
    source: State
    target: State
    cause: Cause

    @property
    def reason(self) -> Names:
        """Why, in words."""
        return reason(self.cause)


@frozen
class Stay:
    """A stay in a state, by the end of each day; ``left`` is the first day no longer in it, ``None`` while it lasts."""

    state: State
    entered: dt.date
    left: dt.date | None
    cause: Cause


@frozen
class Obligation:
    """One run of a timing: when it started and was due, what became of it and when, and by which event."""

    timing: Timing
    started: dt.date
    due: dt.date
    outcome: Outcome
    ended: dt.date | None
    event: Event | None
    resolved: dt.date | None


def reason(cause: Cause) -> Names:
    """Say what led to a state, in Chinese and English."""
    match cause:
        case Event():
            return Names(f"事件：{cause}", f"event: {cause}")
        case Timing():
            return Names(f"逾期：{cause.names.zh}", f"missed: {cause.names.en}")
    return Names("开始观察，或死亡日期", "start of observed time, or the date of death")


def state_of(walker: Walker) -> State:
    """Give the state in which a walker stands."""
    return walker.pathway.disease.pathway.state(walker.state)


def steps(walker: Walker) -> tuple[Step, ...]:
    """Give every change of state so far, also those undone on the same day."""
    disease = walker.pathway.disease
    state = disease.pathway.state
    return tuple(
        Step(date_of(move.date), state(move.source), state(move.target), _cause(disease, move))
        for move in walk_person.moves(walker)
    )


def stays(walker: Walker, day: int) -> tuple[Stay, ...]:
    """Give the stays that tile the observed time; the walker stands at the end of ``day``."""
    disease = walker.pathway.disease
    return tuple(
        Stay(
            spell.state,
            date_of(spell.entered),
            None if spell.left > day else date_of(spell.left),
            _cause(disease, spell.cause),
        )
        for spell in walk_person.spells(walker, day)
    )


def obligations(walker: Walker, until: int) -> tuple[Obligation, ...]:
    """Give every run of every timing up to a day, at whose end the walker stands, by start, then as declared."""
    timings = walker.pathway.disease.timings
    return tuple(
        Obligation(
            timings[one.timing],
            date_of(one.started),
            date_of(one.due),
            one.outcome,
            _date(one.ended),
            one.event,
            _date(one.resolved),
        )
        for one in walk_person.obligations(walker, until)
    )


def _cause(disease: Disease, move: Move | None) -> Cause:
    if move is None:
        return None
    return move.event if move.timing is None else disease.timings[move.timing]


def _date(day: int | None) -> dt.date | None:
    return None if day is None else date_of(day)
