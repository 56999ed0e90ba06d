"""One disease's course through the county: everybody's happenings, and the truth they make."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period
from singledisease.simulation.county import NEVER, Residents
from singledisease.simulation.event_classes import Batch, Days, Indices
from singledisease.simulation.event_templates import NUMBER
from singledisease.simulation.oracle import Judge
from singledisease.simulation.plan import Plan
from singledisease.simulation.readings import Read, Readings, spread_out
from singledisease.simulation.walk import TrueStays, Walk, begin, stays


@frozen(eq=False)
class SimulatedCourse:
    """What happened to everybody for one disease, in the order in which it was made, and who was where.

    Attributes
    ----------
    happened
        The happenings, with what was written down.
    read
        What was read at each.
    stays
        Who was in which state.
    sick
        Who has the disease.
    """

    judge: Judge
    happened: Batch
    read: Read
    stays: TrueStays
    sick: NDArray[np.bool_]


def run(
    readings: Readings, people: Residents, days: Period, sick: NDArray[np.bool_], chance: np.random.Generator
) -> SimulatedCourse:
    """Walk people through a disease.

    Parameters
    ----------
    readings
        What is read of the disease, and at which rates what happens.
    people
        Who.
    days
        The first and the last day, and those between.
    sick
        Who has the disease.
    chance
        The dice.
    """
    judge = readings.judge
    walk = begin(judge, people)
    plan = _plan(readings, people, days.start, sick, chance)
    # Nothing happens on the day of a death or after it.
    last = np.where(people.death == MISSING, days.end, people.death - 1).astype(np.int32)
    batches, read = zip(*_happenings(walk, plan, readings, days.start, last), strict=True)
    everybody = np.arange(len(people))
    walk.fall(everybody, np.where(people.death == MISSING, days.end, people.death).astype(np.int32))
    died = [state.id for state in judge.disease.pathway.states].index(judge.disease.pathway.died)
    return SimulatedCourse(judge, _batches(batches), _reads(read), stays(walk, days.end, people.death, died), sick)


def _plan(
    readings: Readings, people: Residents, start: int, sick: NDArray[np.bool_], chance: np.random.Generator
) -> Plan:
    count, rates = len(people), readings.rates
    return Plan(
        rates=rates,
        cast=readings.judge.cast,
        standings=readings.judge.standings,
        sick=sick,
        control=spread_out(rates.at_goal, rates.differing, count, chance),
        checked=(start - chance.integers(0, 365, count)).astype(np.int32),
        away=np.zeros(count, np.bool_),
        chance=chance,
    )


def _happenings(
    walk: Walk, plan: Plan, readings: Readings, start: int, last: NDArray[np.int32]
) -> Iterator[tuple[Batch, Read]]:
    """Let happen what happens, one happening a person at a time, each on a later day than the one before."""
    people, change = walk.people, walk.people.reassigned.copy()

    def happen(who: Indices, day: Days, what: Indices) -> tuple[Batch, Read]:
        good, clear = plan.wishes(who, walk.state[who], what)
        read = readings.draw(Batch(people, who, day, what, {}), good, clear, plan.chance, plan.reads(what))
        batch = Batch(people, who, day, what, read.written)
        walk.happen(batch)
        return batch, read

    day, enrolled = _begun(plan, start, last, change)
    first = np.full(len(enrolled), NUMBER["enrolment"])
    yield happen(enrolled, day[enrolled], first)
    day[enrolled] += plan.wait(enrolled, walk.state[enrolled], first)
    who = np.arange(len(last))
    while len(who := who[np.minimum(day, change)[who] <= last[who]]):
        moving = change[who] <= day[who]
        now = np.where(moving, change[who], day[who]).astype(np.int32)
        # Clocks fall first: what is done next depends on where the person stands on that day.
        walk.fall(who, now)
        what = np.full(len(who), NUMBER["assignment"])
        what[~moving] = plan.next(who[~moving], walk.state[who[~moving]], now[~moving])
        day[who[what < 0]] = NEVER
        change[who[moving]] = NEVER
        happens = what >= 0
        yield happen(who[happens], now[happens], what[happens])
        # Two things on one day would stand in an order that the kinds decide.
        day[who[moving]] = np.maximum(day[who[moving]], now[moving] + 1)
        usual = who[happens & ~moving]
        day[usual] += plan.wait(usual, walk.state[usual], what[happens & ~moving])


def _begun(plan: Plan, start: int, last: NDArray[np.int32], change: Days) -> tuple[Days, Indices]:
    """Give the day of everybody's first happening, and for whom it is the enrolment with which the registry begins."""
    count = len(last)
    day = (start + plan.chance.integers(0, 60, count)).astype(np.int32)
    known = plan.sick & (plan.chance.random(count) < plan.rates.at_start) & (day <= last) & (day < change)
    later = (start + plan.chance.integers(1, 200, count)).astype(np.int32)
    return np.where(known, day, later).astype(np.int32), np.flatnonzero(known)


def _batches(parts: tuple[Batch, ...]) -> Batch:
    who, day, what = (np.concatenate([getattr(part, name) for part in parts]) for name in ("who", "day", "what"))
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    return Batch(parts[0].people, who, day, what, values)


def _reads(parts: tuple[Read, ...]) -> Read:
    shown = {name: np.concatenate([part.shown[name] for part in parts]) for name in parts[0].shown}
    written = {name: np.concatenate([part.written[name] for part in parts]) for name in parts[0].written}
    return Read(shown, written, np.concatenate([part.rounded for part in parts]))
