"""Growth: the same work for a tenth, three tenths and all of the people."""

from __future__ import annotations

from attrs import evolve, frozen

from benchmarks.clock import Timed, interleaved
from benchmarks.measures import YEAR, Work
from benchmarks.world import LAST
from singledisease.engines.columnar import walk

SHARES = (0.1, 0.3, 1.0)


@frozen
class Grown:
    """How long evaluating and walking took for so many people."""

    people: int
    evaluating: Timed
    walking: Timed


def measure(work: Work, runs: int) -> list[Grown]:
    """Time parts of one registry, in turn."""
    parts = [_part(work, share) for share in SHARES]
    works = {}
    for part in parts:
        people = len(part.log.people)
        works[f"evaluate {people}"] = lambda part=part: part.evaluate((YEAR,))
        works[f"walk {people}"] = lambda part=part: walk(part.courses.disease, part.log, LAST)
    timed = interleaved(works, runs)
    sizes = [len(part.log.people) for part in parts]
    return [Grown(people, timed[f"evaluate {people}"], timed[f"walk {people}"]) for people in sizes]


def _part(work: Work, share: float) -> Work:
    people = round(len(work.log.people) * share)
    rows = int(work.log.offsets[people])
    return evolve(work, log=work.log.slice(0, people), courses=work.courses.slice(0, people, 0, rows))
