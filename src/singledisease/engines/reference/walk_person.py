"""One person's whole way to the end of a day: walked, and told as spells and obligations."""

from __future__ import annotations

from singledisease.engines.reference.compile_pathway import CompiledPathway
from singledisease.engines.reference.history import End, Move, Obligation, Run, Spell, latest_first
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person
from singledisease.pathway_courses import Outcome


def obligations(walker: Walker) -> tuple[Obligation, ...]:
    """Give every run of every clock so far, by start, then timing; those that still run or are overdue included."""
    ended = [_obligation(end.run, end) for end in latest_first(walker.ends)]
    pending = [_obligation(run, None) for run in walker.runs.values()]
    # Runs of one clock that start on one day stand in the order in which they were made.
    return tuple(sorted((*reversed(ended), *pending), key=lambda one: (one.started, one.timing)))


def _obligation(run: Run, end: End | None) -> Obligation:
    day, event = (None, None) if end is None else (end.day, end.event)
    if run.overdue:
        return Obligation(run.clock.index, run.started, run.due, "breached", run.due + 1, event, day)
    outcome: Outcome = "open" if end is None else "cancelled" if event is None else "met"
    return Obligation(run.clock.index, run.started, run.due, outcome, day, event)


def moves(walker: Walker) -> tuple[Move, ...]:
    """Give every change of state so far, in the order in which they happened."""
    return tuple(latest_first(walker.moves))[::-1]


def spells(walker: Walker, until: int) -> tuple[Spell, ...]:
    """Tile the observed time by the state at the end of each day; the walker stands at the end of ``until``."""
    last_of_day = {move.date: move for move in moves(walker)}
    initial = walker.pathway.disease.pathway.initial
    opened = [Spell(initial, walker.start, until + 1)]
    for day, move in last_of_day.items():
        before = opened.pop()
        if move.target == before.state:
            opened.append(before)
            continue
        if before.entered < day:
            opened.append(Spell(before.state, before.entered, day, before.cause))
        opened.append(Spell(move.target, day, until + 1, move))
    return tuple(opened)


def walk_person(pathway: CompiledPathway, person: Person, events: tuple[Event, ...], until: int) -> Walker | None:
    """Walk one person to the end of ``until``; ``None`` if no time is observed by then.

    ``events`` are all events of the person, in canonical order; those after ``until`` are not taken.
    """
    start = first_day(person, events)
    if start is None or start > until:
        return None
    walker = Walker.begin(pathway, person, start)
    for event in events:
        if event.date <= until:
            walker.hear(event)
    walker.finish(until)
    return walker


def first_day(person: Person, events: tuple[Event, ...]) -> int | None:
    """Give the first observed day: birth, or if that is not known the first event."""
    if person.birth is not None:
        return person.birth
    return events[0].date if events else None
