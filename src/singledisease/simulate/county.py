"""A small county: ten institutions on three levels, and its people."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, day_of

COUNTY = "county-hospital"
_TOWNS = (("north", "北镇", "North"), ("east", "东镇", "East"), ("south", "南镇", "South"))
_OLDEST, _YOUNGEST = day_of("1935-01-01"), day_of("1989-12-31")


@frozen
class Place:
    """An institution of the county; ``weight`` is its share of the people, relative to the others."""

    id: str
    name: str
    level: str
    parent: str
    region: str
    weight: float


def _places() -> tuple[Place, ...]:
    found = [Place(COUNTY, "示例县人民医院 / Example County Hospital", "county", "", "county", 0.0)]
    for town, zh, en in _TOWNS:
        centre = f"{town}-township"
        found.append(Place(centre, f"{zh}卫生院 / {en} Township Health Centre", "township", COUNTY, town, 2.0))
        for number in (1, 2):
            name = f"{zh}{number}村卫生室 / {en} Village Clinic {number}"
            found.append(Place(f"{town}-village-{number}", name, "village", centre, town, 1.0))
    return tuple(found)


PLACES: tuple[Place, ...] = _places()
"""A county hospital, three township health centres and their six village clinics."""


@frozen(eq=False)
class People:
    """Everybody in the county.

    Attributes
    ----------
    ids
        ``P000001`` …
    birth, death
        int32 days; nobody dies before the simulation starts, ``MISSING`` is not until it ends.
    woman
        bool.
    place
        Index into ``PLACES`` of the responsible institution.
    """

    ids: tuple[str, ...]
    birth: NDArray[np.int32]
    death: NDArray[np.int32]
    woman: NDArray[np.bool_]
    place: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def settle(count: int, start: int, end: int, died: float, chance: np.random.Generator) -> People:
    """Make the people of the county.

    Parameters
    ----------
    count
        How many.
    start, end
        First and last simulated day.
    died
        The share of people who die in a year.
    chance
        The dice.
    """
    weights = np.array([place.weight for place in PLACES])
    waiting = chance.exponential(365.25 / died, count) if died > 0 else np.full(count, np.inf)
    dies = waiting <= end - start - 1
    death = np.where(dies, start + 1 + np.where(dies, waiting, 0).astype(np.int64), MISSING)
    return People(
        ids=tuple(f"P{number:06d}" for number in range(1, count + 1)),
        birth=chance.integers(_OLDEST, _YOUNGEST + 1, count).astype(np.int32),
        death=death.astype(np.int32),
        woman=chance.random(count) < 0.5,
        place=chance.choice(len(PLACES), count, p=weights / weights.sum()),
    )
