"""The county: its institutions on three levels, and its people, who may come under another institution."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period
from singledisease.errors import UsageError

NEVER = 2**31 - 1
"""The day of what does not happen."""

_OLDEST, _YOUNGEST = 88 * 365, 33 * 365
"""Days that people have lived when the simulation begins."""
_HOSPITALS = (
    ("county-hospital", "示例县人民医院", "Example County Hospital"),
    ("county-chinese-medicine", "示例县中医院", "Example County Hospital of Chinese Medicine"),
)
_TOWNS = (
    ("north", "北镇", "North"),
    ("east", "东镇", "East"),
    ("south", "南镇", "South"),
    ("west", "西镇", "West"),
    ("north-east", "东北镇", "North-East"),
    ("south-east", "东南镇", "South-East"),
    ("south-west", "西南镇", "South-West"),
    ("north-west", "西北镇", "North-West"),
)
PEOPLE_PER_TOWN, PEOPLE_PER_VILLAGE = 5000, 1000
_MOST_TOWNS, _MOST_VILLAGES = 60, 30


@frozen
class SimulatedInstitution:
    """An institution of the county; ``weight`` is its share of the people, relative to the others."""

    id: str
    name: str
    level: str
    parent: str
    region: str
    weight: float


def places(people: int, townships: int | None = None, villages: int | None = None) -> tuple[SimulatedInstitution, ...]:
    """Give the institutions of a county: hospitals, each over some township health centres, each over villages.

    Parameters
    ----------
    people
        How many live there; unless said otherwise, there is a township for each 5,000 of them, three at least, and a
        village clinic for each 1,000 of those who do not go to the health centre, two for a township at least.
    townships, villages
        How many townships, and how many village clinics in each.

    Raises
    ------
    UsageError
        If there would be no township, or fewer village clinics than none.
    """
    towns = min(max(3, round(people / PEOPLE_PER_TOWN)), _MOST_TOWNS) if townships is None else townships
    if towns < 1 or (villages is not None and villages < 0):
        raise UsageError(f"no county has {towns} townships and {villages} villages; write at least 1 and 0")
    clinics = min(max(2, round(people / towns / PEOPLE_PER_VILLAGE)), _MOST_VILLAGES) if villages is None else villages
    hospitals = _HOSPITALS[: min(towns, len(_HOSPITALS))]
    found = [SimulatedInstitution(id, f"{zh} / {en}", "county", "", "county", 0.0) for id, zh, en in hospitals]
    for number in range(towns):
        town, zh, en = _town(number)
        centre = f"{town}-township"
        above = hospitals[number % len(hospitals)][0]
        found.append(
            SimulatedInstitution(centre, f"{zh}卫生院 / {en} Township Health Centre", "township", above, town, 2.0)
        )
        for village in range(1, clinics + 1):
            name = f"{zh}{village}村卫生室 / {en} Village Clinic {village}"
            found.append(SimulatedInstitution(f"{town}-village-{village}", name, "village", centre, town, 1.0))
    return tuple(found)


def _town(number: int) -> tuple[str, str, str]:
    if number < len(_TOWNS):
        return _TOWNS[number]
    return f"town-{number + 1}", f"第{number + 1}镇", f"Town {number + 1}"


def hospital_of(of: tuple[SimulatedInstitution, ...]) -> NDArray[np.int64]:
    """Give the index of the county hospital over each institution, of a hospital its own."""
    index = {place.id: number for number, place in enumerate(of)}

    def top(place: SimulatedInstitution) -> int:
        return top(of[index[place.parent]]) if place.parent else index[place.id]

    return np.array([top(place) for place in of])


@frozen(eq=False)
class Residents:
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
        Index among ``places`` of the institution responsible at first.
    reassigned, place_after
        int32 day from which another institution is responsible, ``NEVER`` if none becomes it; and its index.
    places
        The institutions of the county.
    """

    ids: tuple[str, ...]
    birth: NDArray[np.int32]
    death: NDArray[np.int32]
    woman: NDArray[np.bool_]
    place: NDArray[np.int64]
    reassigned: NDArray[np.int32]
    place_after: NDArray[np.int64]
    places: tuple[SimulatedInstitution, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def those(self, who: NDArray[Any]) -> Residents:
        """Give some of them."""
        return Residents(
            ids=tuple(self.ids[i] for i in who.tolist()),
            birth=self.birth[who],
            death=self.death[who],
            woman=self.woman[who],
            place=self.place[who],
            reassigned=self.reassigned[who],
            place_after=self.place_after[who],
            places=self.places,
        )

    def place_on(self, who: NDArray[Any], day: NDArray[Any] | int) -> NDArray[np.int64]:
        """Give the institution responsible for each of some people at the end of a day."""
        return np.asarray(np.where(self.reassigned[who] <= day, self.place_after[who], self.place[who]))


def settle(
    count: int,
    of: tuple[SimulatedInstitution, ...],
    days: Period,
    chance: np.random.Generator,
    *,
    died: float,
    reassigned: float,
    first: int = 0,
) -> Residents:
    """Make people of the county.

    Parameters
    ----------
    count
        How many.
    of
        The institutions.
    days
        The first and the last simulated day, and those between.
    chance
        The dice.
    died, reassigned
        The share of people in a year who die, and for whom another institution becomes responsible.
    first
        How many were made before.
    """
    weights = np.array([place.weight for place in of])
    shares = weights / weights.sum()
    death = _within(count, died, days, chance, MISSING)
    change = _within(count, reassigned, days, chance, NEVER)
    place, after = chance.choice(len(of), count, p=shares), chance.choice(len(of), count, p=shares)
    # Nothing happens on the day of a death or later, and who is sent to the same institution stays.
    stays = (place == after) | ((death != MISSING) & (change >= death))
    return Residents(
        ids=tuple(f"P{number:06d}" for number in range(first + 1, first + count + 1)),
        birth=(days.start - chance.integers(_YOUNGEST, _OLDEST, count)).astype(np.int32),
        death=death,
        woman=chance.random(count) < 0.5,
        place=place,
        reassigned=np.where(stays, NEVER, change).astype(np.int32),
        place_after=after,
        places=of,
    )


def _within(count: int, yearly: float, days: Period, chance: np.random.Generator, otherwise: int) -> NDArray[np.int32]:
    """Draw the day of what happens once to a share of people in a year; ``otherwise`` if not before the end."""
    waiting = chance.exponential(365.25 / yearly, count) if yearly > 0 else np.full(count, np.inf)
    happens = waiting <= days.end - days.start - 1
    day = days.start + 1 + np.where(happens, waiting, 0).astype(np.int64)
    return np.where(happens, day, otherwise).astype(np.int32)
