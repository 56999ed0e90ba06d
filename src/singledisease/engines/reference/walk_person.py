"""One person's whole way to the end of a day: walked, and told as spells and obligations."""

from __future__ import annotations

from collections.abc import Iterable

from singledisease.definitions.disease import Disease
from singledisease.engines.reference.compile_pathway import CompiledPathway
from singledisease.engines.reference.course_records import Move, ObligationRecord, Spell
from singledisease.engines.reference.history import Run, latest_first
from singledisease.engines.reference.rows import begins, is_death
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person
from singledisease.pathway_courses import Outcome


def obligations(walker: Walker, until: int) -> tuple[ObligationRecord, ...]:
    """Give every run of every clock up to a day, at whose end the walker stands, by start, then timing.

    Those that still run or are overdue are included, not those that begin on a later day.
    """
    ended = [_obligation(*end) for end in latest_first(walker.ends)]
    pending = [_obligation(run) for run in walker.runs.values() if run.started <= until]
    # Runs of one clock that start on one day stand in the order in which they were made.
    return tuple(sorted((*reversed(ended), *pending), key=lambda one: (one.started, one.timing)))


def _obligation(run: Run, day: int | None = None, event: Event | None = None) -> ObligationRecord:
    """Say what became of a run that ended on a day, if it did, and by which event."""
    if run.overdue:
        return ObligationRecord(run.clock.index, run.started, run.due, "breached", run.due + 1, event, day)
    outcome: Outcome = "open" if day is None else "cancelled" if event is None else "met"
    return ObligationRecord(run.clock.index, run.started, run.due, outcome, day, event)


def moves(walker: Walker) -> tuple[Move, ...]:
    """Give every change of state so far, in the order in which they happened."""
    return tuple(latest_first(walker.moves))[::-1]


def spells(walker: Walker, until: int) -> tuple[Spell, ...]:
    """Tile the observed time by the state at the end of each day; the walker stands at the end of ``until``."""
    last_of_day = {move.date: move for move in moves(walker)}
    pathway = walker.pathway.disease.pathway
    opened = [Spell(pathway.state(pathway.initial), walker.start, until + 1)]
    for day, move in last_of_day.items():
        before = opened.pop()
        if move.target == before.state.id:
            opened.append(before)
            continue
        if before.entered < day:
            opened.append(Spell(before.state, before.entered, day, before.cause))
        opened.append(Spell(pathway.state(move.target), day, until + 1, move))
    return tuple(opened)


def walk_person(
    pathway: CompiledPathway, person: Person, events: tuple[Event, ...], until: int, link: str | None = None
) -> Walker | None:
    """Walk one person, or one linked sequence, to the end of ``until``; ``None`` if no time is observed by then.

    ``events`` are all events of the person, in canonical order; those after ``until`` are not taken.
    """
    by_then = [event for event in events if event.date <= until]
    walker = None
    if link is None and person.birth is not None and person.birth <= until:
        walker = Walker.begin(pathway, person, person.birth)
    for place, event in enumerate(by_then):
        if walker is None:
            walker = begin(pathway, person, event, by_then[:place], link)
        if walker is not None:
            walker.hear(event)
    if walker is not None:
        walker.finish(until)
    return walker


def begin(
    pathway: CompiledPathway, person: Person, event: Event, earlier: Iterable[Event] = (), link: str | None = None
) -> Walker | None:
    """Give a walker that stands at the start of observed time, about to hear an event; ``None`` if it starts none.

    A person is observed from birth, or if that is not known from the first event.  A linked sequence is observed from
    its first event that concerns the disease and that it may begin with, unless the person died on an earlier day.
    """
    if link is None:
        return Walker.begin(pathway, person, event.date if person.birth is None else person.birth)
    if event.get("link") != link or not begins(event, pathway.disease):
        return None
    died = [one.date for one in earlier if is_death(one)]
    if min(died if person.death is None else [*died, person.death], default=event.date) < event.date:
        return None
    walker = Walker.begin(pathway, person, event.date, link)
    for one in earlier:
        if one.date == event.date:
            walker.hear(one)  # it is not of the sequence, but may be a death
        else:
            walker.remember(one)
    return walker


def links(disease: Disease, events: Iterable[Event]) -> dict[str, Event]:
    """Give the event with which each linked sequence of a disease begins, by link, in the order of these events.

    >>> from singledisease.definitions.citation import Names
    >>> from singledisease.definitions.pathway import Pathway
    >>> path = Pathway(initial="a", died="a", states=(), signals=(), transitions=())
    >>> disease = Disease(id="referral", version="1", names=Names("转诊", "referral"), codes=(), pathway=path)
    >>> events = [Event("referral", "2024-01-02", link="r2"), Event("call", "2024-01-03"),
    ...           Event("referral", "2024-01-04", link="r1"), Event("referral", "2024-01-05", link="r2")]
    >>> list(links(disease, events))
    ['r2', 'r1']
    """
    found: dict[str, Event] = {}
    for event in events:
        link = event.get("link")
        if link is not None and begins(event, disease):
            found.setdefault(str(link), event)
    return found
