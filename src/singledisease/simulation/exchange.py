"""What passes between the institutions of a simulated county: visits, referrals, contracts, recognised examinations.

None of it is about a disease that is walked: its rows name another disease, so that no pathway hears them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
from attrs import fields, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period, date_of, day_of
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers, blank_like, coded, together
from singledisease.eventlog.parse_column import as_text
from singledisease.simulation.county import Residents, hospital_of
from singledisease.simulation.teams import family_team
from singledisease.vocabulary import OTHER_DISEASE

Columns = dict[str, AnyColumn]
Days = NDArray[np.int32]
Indices = NDArray[np.int64]

PRICES: tuple[tuple[str, float], ...] = (("blood_count", 20.0), ("ecg", 25.0), ("liver_function", 40.0), ("ct", 180.0))
"""Examinations and what they cost, yuan: made up."""


@frozen(kw_only=True)
class Exchange:
    """How much passes between institutions; shares from 0 to 1, numbers a resident and year.

    Attributes
    ----------
    contracted
        Of residents, who have a contract with their family doctors, renewed every year.
    visits
        Visits for something else than the diseases followed.
    primary, outside
        Of visits, which are to the primary institution, and which are outside the county.
    referred
        Of visits outside, behind which a referral stands.
    arrived, closed
        Of referrals up or down in the care of a disease, which get an answer, and of these which come back in two
        weeks.
    examinations, recognised
        Examinations of which another institution would need the result; of these, which it recognises.
    chief
        Of people and diseases, of which the chief-physician team is in charge.
    """

    contracted: float
    visits: float
    primary: float
    outside: float
    referred: float
    arrived: float
    closed: float
    examinations: float
    recognised: float
    chief: float

    def to_dict(self) -> dict[str, float]:
        """Give the numbers by name."""
        return {one.name: getattr(self, one.name) for one in fields(Exchange)}


@frozen(eq=False)
class County:
    """Who lives where, on which days, and the dice."""

    people: Residents
    days: Period
    chance: np.random.Generator

    def alive(self, who: Indices, day: Days) -> NDArray[np.bool_]:
        """Tell who is still alive on a day that is simulated."""
        death = self.people.death[who]
        return np.asarray((day >= self.days.start) & (day <= self.days.end) & ((death == MISSING) | (day < death)))

    def often(self, a_year: float) -> tuple[Indices, Days]:
        """Draw whom something happens to that does so many times a year, and on which days."""
        length = self.days.end - self.days.start + 1
        who = self.chance.integers(0, len(self.people), round(a_year * len(self.people) * length / 365.25))
        day = (self.days.start + self.chance.integers(0, length, len(who))).astype(np.int32)
        alive = self.alive(who, day)
        return who[alive], day[alive]

    def rows(self, kind: str, who: Indices, day: Days, **more: AnyColumn) -> Columns:
        """Give rows of events of one kind; a disease that is not named is none of those followed."""
        tag = {} if "disease" in more else {"disease": self.same(OTHER_DISEASE, len(who))}
        ids = Coded((who + 1).astype(np.int32), ("", *self.people.ids))
        return {"patient_id": ids, "date": Dates(day), "kind": self.same(kind, len(who)), **tag, **more}

    @staticmethod
    def same(text: str, count: int) -> Coded:
        """Give a column that says the same in every row."""
        return Coded(np.ones(count, np.uint8), ("", text))

    def at(self, place: NDArray[Any]) -> Coded:
        """Give the column of institutions."""
        return coded([one.id for one in self.people.places])[place]


def exchanged(of: Exchange, county: County) -> tuple[list[Columns], dict[str, Any]]:
    """Give the rows of what passes between institutions, and how much of it there truly is."""
    parts: list[Columns] = []
    truth: dict[str, Any] = {}
    for make in (_contracts, _visits, _examinations):
        columns, told = make(of, county)
        parts += columns
        truth |= told
    return parts, truth


Made = tuple[list[Columns], dict[str, Any]]


def _contracts(of: Exchange, county: County) -> Made:
    people = county.people
    signers = county.chance.permutation(len(people))[: round(of.contracted * len(people))]
    parts, truth = [], {}
    for year in range(date_of(county.days.start).year, date_of(county.days.end).year + 1):
        first, last = day_of(f"{year}-01-01"), day_of(f"{year}-12-31")
        day = (first + county.chance.integers(0, 90, len(signers))).astype(np.int32)
        alive = county.alive(signers, day)
        who, on = signers[alive], day[alive]
        team = coded([family_team(place) for place in people.places])[people.place_on(who, on)]
        until = Dates(np.full(len(who), last, np.int32))
        package = county.same("basic", len(who))
        parts.append(county.rows("contract", who, on, until=until, team=team, package=package))
        truth[str(year)] = len(who)
    return parts, {"contracts": truth}


def _visits(of: Exchange, county: County) -> Made:
    people, chance = county.people, county.chance
    who, day = county.often(of.visits)
    dice = chance.random(len(who))
    primary, outside = dice < of.primary, dice >= 1 - of.outside
    place = people.place_on(who, day)
    levels = coded([one.level for one in people.places])
    at = np.where(primary, place, hospital_of(people.places)[place])
    level = np.where(outside, len(people.places), at)
    link = np.where(outside & (chance.random(len(who)) < of.referred), np.arange(1, len(who) + 1), 0).astype(np.int32)
    links = ("", *(f"O{i:07d}" for i in range(1, len(who) + 1)))
    visits = county.rows(
        "encounter",
        who,
        day,
        institution=_blanked(county.at(at), outside),
        level=together(levels, county.same("city", 1))[level],
        setting=county.same("outpatient", len(who)),
        place=Coded(np.where(outside, 2, 1).astype(np.uint8), ("", "inside", "outside")),
        link=Coded(link, links),
    )
    referred = np.flatnonzero(link)
    before = np.maximum(day[referred] - chance.integers(0, 15, len(referred)), county.days.start).astype(np.int32)
    referrals = county.rows(
        "referral",
        who[referred],
        before,
        institution=county.at(place[referred]),
        direction=county.same("up", len(referred)),
        link=Coded(link[referred], links),
    )
    told = {"all": len(who), "primary": int(primary.sum()), "outside": int(outside.sum()), "referred": len(referred)}
    return [visits, referrals], {"visits": told}


def _examinations(of: Exchange, county: County) -> Made:
    people, chance = county.people, county.chance
    who, day = county.often(of.examinations)
    later = (day + chance.integers(1, 21, len(who))).astype(np.int32)
    asked = county.alive(who, later)
    taken = asked & (chance.random(len(who)) < of.recognised)
    again = asked & ~taken
    item = chance.integers(0, len(PRICES), len(who))
    items, price = coded([name for name, _ in PRICES]), np.array([amount for _, amount in PRICES])
    place = people.place_on(who, day)
    hospital = hospital_of(people.places)[place]
    made = [
        county.rows("test", who, day, item=items[item], institution=county.at(place)),
        county.rows("test", who[again], later[again], item=items[item[again]], institution=county.at(hospital[again])),
        county.rows(
            "recognition",
            who[taken],
            later[taken],
            item=items[item[taken]],
            institution=county.at(hospital[taken]),
            amount=Numbers(price[item[taken]]),
        ),
    ]
    told = {"recognised": int(taken.sum()), "amount": float(price[item[taken]].sum()), "again": int(again.sum())}
    return made, {"examinations": told}


def _blanked(column: Coded, where: NDArray[np.bool_]) -> Coded:
    return Coded(np.where(where, 0, column.codes), column.categories)


def answers(county: County, of: Exchange, who: Indices, day: Days, link: NDArray[np.int32]) -> list[Columns]:
    """Give what becomes of referrals, as further rows of the same link: accepted, arrived, closed.

    They name no direction: only the first row of a link is the referral itself.
    """
    chance = county.chance
    arrived = chance.random(len(who)) < of.arrived
    closed = arrived & (chance.random(len(who)) < of.closed)
    parts = []
    for status, chosen, (first, last) in (
        ("accepted", arrived, (0, 2)),
        ("arrived", arrived, (2, 6)),
        ("closed", closed, (6, 14)),
    ):
        on = (day + chance.integers(first, last, len(who))).astype(np.int32)
        rows = np.flatnonzero(chosen & county.alive(who, on))
        named = Coded(link[rows], ("", *(f"R{i:07d}" for i in range(1, int(link.max(initial=0)) + 1))))
        parts.append(county.rows("referral", who[rows], on[rows], status=county.same(status, len(rows)), link=named))
    return parts


def chief_assignments(
    county: County, of: Exchange, sick: Sequence[Indices], diseases: Sequence[tuple[str, str]]
) -> Iterator[Columns]:
    """Give the rows by which chief-physician teams are put in charge of some of the people with each disease.

    Parameters
    ----------
    county
        The county.
    of
        How much passes.
    sick
        Of each disease, who is enrolled.
    diseases
        The id and the chief-physician team of each.
    """
    day = min(county.days.start + 61, county.days.end)
    for who, (disease, team) in zip(sick, diseases, strict=True):
        some = who[county.chance.random(len(who)) < of.chief]
        on = np.full(len(some), day, np.int32)
        alive = county.alive(some, on)
        some, on = some[alive], on[alive]
        named = {"disease": county.same(disease, len(some)), "team": county.same(team, len(some))}
        yield county.rows("assignment", some, on, **named)


# TOGETHER


def stacked(events: Columns, parts: Sequence[Columns], records: str = "X") -> Columns:
    """Put rows under a table of events, with numbers of records of their own, which begin with a text."""
    if not parts:
        return events
    # Among themselves first: they have few columns, and the table of events has many.
    more = reduce(_joined, parts)
    numbers = coded([f"{records}{i + 1:07d}" for i in range(len(more["date"]))])
    return _joined(events, {**more, "record": numbers})


def _joined(one: Columns, other: Columns) -> Columns:
    first, second = len(one["date"]), len(other["date"])
    found = {}
    for column in dict.fromkeys((*one, *other)):
        above = one[column] if column in one else blank_like(other[column], first)
        below = other[column] if column in other else blank_like(one[column], second)
        if type(above) is not type(below):
            above, below = as_text(above), as_text(below)
        found[column] = together(above, below)
    return found
