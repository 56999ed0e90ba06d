"""One disease's course through the county: everybody's happenings, and the truth they make."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period
from singledisease.definitions.disease import Disease
from singledisease.simulate.county import People
from singledisease.simulate.happenings import NUMBER, Cast, cast
from singledisease.simulate.plan import Plan, standings
from singledisease.simulate.rates import Rates
from singledisease.simulate.walk import Days, Indices, Stays, Walk, begin, stays


@frozen(eq=False)
class Course:
    """What happened to everybody for one disease, in the order in which it was made, and who was where.

    ``what`` and ``variant`` name each happening among those of ``cast``.
    """

    cast: Cast
    person: Indices
    day: Days
    what: Indices
    variant: Indices
    stays: Stays


def run(disease: Disease, people: People, days: Period, rates: Rates, chance: np.random.Generator) -> Course:
    """Walk everybody through a resolved disease from the first of some days to the last.

    Raises
    ------
    UsageError
        If the disease cannot be simulated.
    """
    start, end = days.start, days.end
    walk = begin(cast(disease, chance), people)
    plan = _plan(disease, people, start, rates, chance)
    # Nothing happens on the day of a death or after it, and nothing before everybody has settled in.
    last = np.where(people.death == MISSING, end, people.death - 1).astype(np.int32)
    happened = _happenings(walk, plan, start, last)
    everybody = np.arange(len(people))
    walk.fall(everybody, np.where(people.death == MISSING, end, people.death).astype(np.int32))
    died = [state.id for state in disease.pathway.states].index(disease.pathway.died)
    person, day, what, variant = (np.concatenate(parts) for parts in zip(*happened, strict=True))
    return Course(walk.cast, person, day, what, variant, stays(walk, end, people.death, died))


def _plan(disease: Disease, people: People, start: int, rates: Rates, chance: np.random.Generator) -> Plan:
    count = len(people)
    # A beta distribution with the mean of the rate; the less it is spread, the more people are alike.
    spread = max(1 / max(rates.differing, 1e-3) - 1, 1e-3)
    mean = min(max(rates.at_goal, 1e-6), 1 - 1e-6)
    return Plan(
        rates=rates,
        standings=standings(disease),
        sick=chance.random(count) < rates.sick,
        control=chance.beta(mean * spread, (1 - mean) * spread, count),
        checked=(start - chance.integers(0, 365, count)).astype(np.int32),
        away=np.zeros(count, np.bool_),
        chance=chance,
    )


Happened = tuple[Indices, Days, Indices, Indices]


def _happenings(walk: Walk, plan: Plan, start: int, last: NDArray[np.int32]) -> list[Happened]:
    made = [_enrolled_at_start(walk, plan, start, last)]
    day = (start + plan.chance.integers(1, 200, len(last))).astype(np.int32)
    day[made[0][0]] = made[0][1]
    who = np.arange(len(last))
    day[made[0][0]] += plan.wait(made[0][0], walk.state[made[0][0]])
    while len(who := who[day[who] <= last[who]]):
        # Clocks fall first: what is done next depends on where the person stands on that day.
        walk.fall(who, day[who])
        what = plan.next(who, walk.state[who], day[who])
        who, what = who[what >= 0], what[what >= 0]
        variant = plan.variants(what)
        walk.happen(who, day[who], what, variant)
        made.append((who, day[who], what, variant))
        day[who] += plan.wait(who, walk.state[who])
    return made


def _enrolled_at_start(walk: Walk, plan: Plan, start: int, last: NDArray[np.int32]) -> Happened:
    day = (start + plan.chance.integers(0, 60, len(last))).astype(np.int32)
    known = plan.sick & (plan.chance.random(len(last)) < plan.rates.at_start) & (day <= last)
    who = np.flatnonzero(known)
    what, variant = np.full(len(who), NUMBER["enrolment"]), np.zeros(len(who), np.int64)
    walk.happen(who, day[who], what, variant)
    return who, day[who], what, variant
