"""People walked block by block, so that what is kept for each of them while they walk fits into a small memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period
from singledisease.simulation.county import NEVER, Residents, SimulatedInstitution, settle
from singledisease.simulation.course import SimulatedCourse, run
from singledisease.simulation.enrolled import enrolled
from singledisease.simulation.figures import added, figures, pressures
from singledisease.simulation.looking_back import remembered
from singledisease.simulation.presets import Preset
from singledisease.simulation.rates import Rates
from singledisease.simulation.readings import Readings
from singledisease.simulation.simulated import Progress
from singledisease.simulation.tables import Happened, happened
from singledisease.simulation.walk import TrueStays

BLOCK = 1 << 13
_LARGE_BLOCK = 1 << 15
"""How many people come at once where few of them are walked through any one disease."""


@frozen(eq=False)
class WalkedBatch:
    """People who were walked through all diseases.

    Attributes
    ----------
    people
        Who.
    happened
        What happened to them.
    stays
        By disease, who was in which state.
    figures
        What is true of them, as numbers that can be added to those of others.
    """

    people: Residents
    happened: Happened
    stays: tuple[TrueStays, ...]
    figures: dict[str, Any]


def walked(
    made: Sequence[Readings],
    settings: Preset,
    of: tuple[SimulatedInstitution, ...],
    days: Period,
    *,
    chance: np.random.Generator,
    progress: Progress | None,
) -> WalkedBatch:
    """Settle a county and walk everybody through every disease.

    Parameters
    ----------
    made
        The diseases, ready to be read of.
    settings
        How many people there are, and how often what happens.
    of
        The institutions.
    days
        The first and the last simulated day, and those between.
    chance
        The dice.
    progress
        Told of how many of how many people are done.
    """
    return _together(list(_blocks(made, settings, of, days, chance=chance, progress=progress)))


def _blocks(
    made: Sequence[Readings],
    settings: Preset,
    of: tuple[SimulatedInstitution, ...],
    days: Period,
    *,
    chance: np.random.Generator,
    progress: Progress | None,
) -> Iterator[WalkedBatch]:
    rates = settings.rates
    size = BLOCK if settings.enrolment is None else _LARGE_BLOCK
    rows = [] if settings.enrolment is None else settings.enrolment.rows([one.judge.disease.id for one in made])
    for first in range(0, settings.patients, size):
        count = min(size, settings.patients - first)
        before = settings.before + first
        people = settle(count, of, days, chance, died=rates.died, reassigned=rates.reassigned, first=before)
        if settings.enrolment is None:
            sick = _sick(count, len(made), rates, chance)
            walks = (run(one, people, days, has, chance) for one, has in zip(made, sick, strict=True))
            courses = [remembered(course, people, days.end) for course in walks]
        else:
            sick = enrolled(settings.enrolment, people, days.start, before, chance)[rows]
            # Whose course nobody follows has nothing written of them, no change of institution either.
            people = evolve(people, reassigned=np.where(sick.any(axis=0), people.reassigned, NEVER).astype(np.int32))
            courses = [_of_some(one, people, days, has, chance) for one, has in zip(made, sick, strict=True)]
        yield WalkedBatch(
            people=people,
            happened=happened(courses, first),
            stays=tuple(evolve(course.stays, person=course.stays.person + first) for course in courses),
            figures=_figures(people, courses, days),
        )
        if progress is not None:
            progress(first + count, settings.patients)


def _of_some(
    made: Readings, people: Residents, days: Period, has: NDArray[np.bool_], chance: np.random.Generator
) -> SimulatedCourse:
    """Walk those through a disease who have it, and give the course as one of all people."""
    who = np.flatnonzero(has)
    some = people.those(who)
    course = remembered(run(made, some, days, np.ones(len(who), np.bool_), chance), some, days.end)
    return evolve(
        course,
        happened=evolve(course.happened, people=people, who=who[course.happened.who]),
        stays=evolve(course.stays, person=who[course.stays.person]),
        sick=has,
    )


def _sick(count: int, diseases: int, rates: Rates, chance: np.random.Generator) -> NDArray[np.bool_]:
    """Draw who has which disease, by disease and person: each as often as given, any two correlated as given."""
    own, common = chance.random((diseases, count)), chance.random(count)
    # Two diseases both take the common number with the square of this chance, which is then their correlation.
    takes = chance.random((diseases, count)) < np.sqrt(rates.together)
    return np.asarray(np.where(takes, common, own) < rates.sick)


def _figures(people: Residents, courses: Sequence[SimulatedCourse], days: Period) -> dict[str, Any]:
    diseases = np.sum([course.sick for course in courses], axis=0)
    return {
        "died": int((people.death != MISSING).sum()),
        "reassigned": int((people.reassigned != NEVER).sum()),
        "people_by_number_of_diseases": {
            str(number): int((diseases == number).sum()) for number in range(int(diseases.max(initial=0)) + 1)
        },
        "pressures": pressures(courses),
        "diseases": {course.judge.disease.id: figures(course, days) for course in courses},
    }


# TOGETHER AGAIN


def _together(blocks: Sequence[WalkedBatch]) -> WalkedBatch:
    found: dict[str, Any] = {}
    for block in blocks:
        found = added(found, block.figures)
    return WalkedBatch(
        people=_people([block.people for block in blocks]),
        happened=_happened([block.happened for block in blocks]),
        stays=tuple(_stays(parts) for parts in zip(*(block.stays for block in blocks), strict=True)),
        figures=found,
    )


def _joined(parts: Sequence[Any], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part, name) for part in parts])


def _people(parts: Sequence[Residents]) -> Residents:
    names = ("birth", "death", "woman", "place", "reassigned", "place_after")
    ids = tuple(one for part in parts for one in part.ids)
    return Residents(ids=ids, places=parts[0].places, **{name: _joined(parts, name) for name in names})


def _happened(parts: Sequence[Happened]) -> Happened:
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    return Happened(_joined(parts, "person"), _joined(parts, "day"), _joined(parts, "what"), values)


def _stays(parts: Sequence[TrueStays]) -> TrueStays:
    return TrueStays(*(_joined(parts, name) for name in ("person", "state", "entered", "left")))
