"""Counts that the accounts of a county publish, made exactly: each is true of the last calendar year simulated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period, age_array, date_of, day_of
from singledisease.eventlog.columns import Coded, Dates, Numbers, coded
from singledisease.simulation.county import SimulatedInstitution, hospital_of
from singledisease.simulation.exchange import Columns, County, Days, Indices
from singledisease.simulation.teams import family_team

KEY_DISEASES = frozenset(("hypertension", "type2-diabetes", "severe-mental-disorder", "pulmonary-tuberculosis", "copd"))
"""Whose managed patients are of a key group."""
_OLD, _YOUNG = 65, 6
"""Who is of a key group by age: from, and up to."""


@frozen(kw_only=True)
class Published:
    """How much of what was published there is; shares from 0 to 1, and numbers a resident; 0 leaves it out.

    Attributes
    ----------
    contracted
        Of the residents at the end, who have a contract in force.
    key_contracted
        Of the people of key groups at the end, who have one; ``contracted`` is then the share of the others.
    recognised, saved
        Examinations recognised instead of repeated, and the yuan that this saved.
    visits, primary, specialist
        Visits; of these at the primary institution; of these at its specialist clinic.
    done
        What hospitals did: kind of activity, the level it went to (blank: not said), person-times, in all.
    """

    contracted: float = 0.0
    key_contracted: float | None = None
    recognised: float = 0.0
    saved: float = 0.0
    visits: float = 0.0
    primary: float = 1.0
    specialist: float = 0.0
    done: tuple[tuple[str, str, int], ...] = ()


def published_rows(of: Published, county: County, managed: NDArray[np.bool_]) -> tuple[list[Columns], dict[str, int]]:
    """Give the rows of what was published, and how much of it there is.

    Parameters
    ----------
    of
        How much.
    county
        Who lives where, on which days, and the dice.
    managed
        Of each person, whether they are managed at the end for a disease that makes them one of a key group.
    """
    year = _last_year(county.days)
    alive = np.flatnonzero((county.people.death == MISSING) | (county.people.death > year.end))
    parts: list[Columns] = []
    truth: dict[str, int] = {"residents": len(alive)}
    for columns, told in (
        _contracts(of, county, alive, managed, year),
        _recognised(of, county, alive, year),
        _visits(of, county, alive, year),
    ):
        parts += columns
        truth |= told
    return parts, truth


def _last_year(days: Period) -> Period:
    """Give the days of the last calendar year that are simulated."""
    return Period(max(days.start, day_of(f"{date_of(days.end).year}-01-01")), days.end)


def _on(county: County, year: Period, count: int) -> Days:
    return (year.start + county.chance.integers(0, year.end - year.start + 1, count)).astype(np.int32)


def _some(county: County, of: Indices, share: float) -> Indices:
    return county.chance.permutation(of)[: round(share * len(of))]


# CONTRACTS


def _contracts(
    of: Published, county: County, alive: Indices, managed: NDArray[np.bool_], year: Period
) -> tuple[list[Columns], dict[str, int]]:
    people = county.people
    ages = age_array(people.birth, np.full(len(people), year.end, np.int32))
    key = managed | (ages >= _OLD) | (ages <= _YOUNG)
    if of.key_contracted is None:
        signers = _some(county, alive, of.contracted)
    else:
        those = _some(county, alive[key[alive]], of.key_contracted)
        signers = np.concatenate([those, _some(county, alive[~key[alive]], of.contracted)])
    told = {
        "contracts": len(signers),
        "key_groups": int(key[alive].sum()),
        "key_groups_contracted": int(key[signers].sum()),
    }
    if not len(signers):
        return [], told
    first = np.minimum(year.start + county.chance.integers(0, 90, len(signers)), year.end).astype(np.int32)
    rows = county.rows(
        "contract",
        signers,
        first,
        until=Dates(np.full(len(signers), year.end, np.int32)),
        team=coded([family_team(place) for place in people.places])[people.place_on(signers, first)],
        package=county.same("basic", len(signers)),
    )
    return [rows], told


# EXAMINATIONS


def _recognised(of: Published, county: County, alive: Indices, year: Period) -> tuple[list[Columns], dict[str, int]]:
    items, yuan = (round(share * len(county.people)) for share in (of.recognised, of.saved))
    told = {"recognised": items, "saved": yuan}
    if not items:
        return [], told
    who = county.chance.choice(alive, items)
    # Whole yuan that add up to the sum: some items cost one more than the others.
    amount = np.full(items, yuan // items, np.float64)
    amount[: yuan % items] += 1
    day = _on(county, year, items)
    at = hospital_of(county.people.places)[county.people.place_on(who, day)]
    item = county.same("examination", items)
    return [county.rows("recognition", who, day, item=item, institution=county.at(at), amount=Numbers(amount))], told


# VISITS


def _visits(of: Published, county: County, alive: Indices, year: Period) -> tuple[list[Columns], dict[str, int]]:
    count = round(of.visits * len(county.people))
    primary = round(of.primary * count)
    special = round(of.specialist * primary)
    told = {"visits": count, "primary": primary, "specialist": special}
    if not count:
        return [], told
    places = county.people.places
    day = _on(county, year, count)
    who = county.chance.choice(alive, count)
    home = county.people.place_on(who, day)
    at = np.where(np.arange(count) < primary, home, hospital_of(places)[home])
    rows = county.rows(
        "encounter",
        who,
        day,
        institution=county.at(at),
        level=coded([place.level for place in places])[at],
        setting=county.same("outpatient", count),
        place=county.same("inside", count),
        item=Coded((np.arange(count) < special).astype(np.uint8), ("", "specialist_clinic")),
    )
    return [rows], told


# WHAT INSTITUTIONS DID


def published_activities(
    done: Sequence[tuple[str, str, int]], places: Sequence[SimulatedInstitution], days: Period
) -> Columns:
    """Give the columns of ``activities``: what hospitals did, spread over them and the months, as many as published."""
    year = _last_year(days)
    hospitals = [place.id for place in places if place.level == "county"]
    months = [day_of(f"{date_of(year.end).year}-{month:02d}-15") for month in range(1, 13)]
    within = [day for day in months if year.start <= day <= year.end] or [year.end]
    slots = [(hospital, day) for day in within for hospital in hospitals]
    rows = [
        (hospital, day, kind, count // len(slots) + (i < count % len(slots)), level)
        for kind, level, count in done
        for i, (hospital, day) in enumerate(slots)
    ]
    rows = [row for row in rows if row[3]]
    return {
        "institution": coded([row[0] for row in rows]),
        "date": Dates(np.array([row[1] for row in rows], np.int32)),
        "kind": coded([row[2] for row in rows]),
        "count": Numbers(np.array([row[3] for row in rows], np.float64)),
        "from_level": coded(["county"] * len(rows)),
        "to_level": coded([row[4] for row in rows]),
    }
