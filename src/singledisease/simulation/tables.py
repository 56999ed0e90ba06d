"""The files of the simulated registry, column by column, with what goes wrong when people write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Flags, Numbers, coded
from singledisease.simulation.county import Residents, SimulatedInstitution, hospital_of
from singledisease.simulation.course import SimulatedCourse
from singledisease.simulation.data_errors import SlipRows, misread, spoil, unmeasured
from singledisease.simulation.event_classes import Days
from singledisease.simulation.event_templates import NUMBER
from singledisease.simulation.oracle import Judge
from singledisease.simulation.rates import Rates
from singledisease.simulation.teams import family_team
from singledisease.vocabulary import FLAGS, Quantity

Columns = dict[str, AnyColumn]


def patient_table(people: Residents, *, teams: bool = False) -> Columns:
    """Give the columns of ``patients``; with ``teams``, the team of family doctors in charge at first too."""
    family = {"team": coded([family_team(place) for place in people.places])[people.place]} if teams else {}
    places = coded([place.id for place in people.places])
    regions = coded([place.region for place in people.places])
    return {
        "patient_id": _each(people.ids),
        "birth_date": Dates(people.birth),
        "sex": Coded(np.where(people.woman, 2, 1).astype(np.uint8), ("", "male", "female")),
        "institution": places[people.place],
        "death_date": Dates(people.death),
        "region": regions[people.place],
        **family,
    }


def institution_table(places: Sequence[SimulatedInstitution]) -> Columns:
    """Give the columns of ``institutions``."""
    names = ("id", "name", "level", "parent", "region")
    return {name if name != "id" else "institution": coded([getattr(one, name) for one in places]) for name in names}


def _each(texts: Sequence[str]) -> Coded:
    return Coded(np.arange(1, len(texts) + 1, dtype=np.int32), ("", *texts))


# EVENTS


@frozen(eq=False)
class Happened:
    """What happened, for all diseases: whose, when, what, and what was written; kept small, for a million people.

    ``what`` counts through the happenings of the first disease, then those of the second ….
    """

    person: NDArray[np.int32]
    day: Days
    what: NDArray[np.int32]
    values: Mapping[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.person)


def happened(courses: Sequence[SimulatedCourse], first: int) -> Happened:
    """Put together what happened in the courses of some people, who come after ``first`` others.

    That somebody comes under another institution concerns every disease, and is said once.
    """
    kinds = np.cumsum([0, *(len(course.judge.cast.each) for course in courses)])
    kept = list(_said_once(courses))
    names = dict.fromkeys(name for course in courses for name in course.happened.values)

    def values(name: str) -> NDArray[np.float64]:
        return np.concatenate(
            [
                course.happened.values[name][rows] if name in course.happened.values else np.full(len(rows), np.nan)
                for course, rows in zip(courses, kept, strict=True)
            ]
        )

    parts = [(course.happened, rows) for course, rows in zip(courses, kept, strict=True)]
    return Happened(
        person=(np.concatenate([batch.who[rows] for batch, rows in parts]) + first).astype(np.int32),
        day=np.concatenate([batch.day[rows] for batch, rows in parts]),
        what=np.concatenate(
            [batch.what[rows] + kind for (batch, rows), kind in zip(parts, kinds[:-1], strict=True)]
        ).astype(np.int32),
        values={name: values(name) for name in names},
    )


def _said_once(courses: Sequence[SimulatedCourse]) -> Iterator[NDArray[np.int64]]:
    """Give the rows of each course without the changes of institution that an earlier one tells."""
    told = np.zeros(len(courses[0].happened.people), np.bool_)
    for course in courses:
        batch = course.happened
        changes = batch.what == NUMBER["assignment"]
        yield np.flatnonzero(~(changes & told[batch.who]))
        told[batch.who[changes]] = True


@frozen(eq=False)
class _Taken:
    """Which happenings are written, in the order of the file, and as what: ``number`` names the record."""

    row: NDArray[np.int32]
    number: NDArray[np.int32]
    dirty: NDArray[np.bool_]
    withdrawn: NDArray[np.bool_]
    counts: Mapping[str, int]


def event_table(
    made: Happened,
    people: Residents,
    judges: Sequence[Judge],
    rates: Rates,
    *,
    quantities: Mapping[str, Quantity],
    chance: np.random.Generator,
    text: bool,
    links: NDArray[np.int32] | None = None,
    records: str = "E",
) -> tuple[Columns, dict[str, Any]]:
    """Give the columns of ``events``, in any order, and what will become of the rows.

    Parameters
    ----------
    made
        What happened.
    people
        To whom.
    judges
        The diseases, which know what their happenings are.
    quantities
        What was read.
    rates
        How much goes wrong when it is written.
    chance
        The dice.
    text
        Whether the table will be a file of text, which can hold what is no date and no number.
    links
        Of each happening the number of the referral that it is, 0 if it is none; without them no row has a link, and
        no change of institution names a team.
    records
        How the numbers of records begin.
    """
    taken = _take(len(made), rates, chance)
    person, day = made.person[taken.row], made.day[taken.row]
    late = (chance.random(len(made)) < rates.late)[taken.row] & ~taken.withdrawn
    # A row and its copy became known on the same day.
    delay = chance.integers(1, 41, len(made), np.int32)[taken.row]
    told = written(made, taken.row, people, judges)
    columns: Columns = {
        "patient_id": told["patient_id"],
        "date": told["date"],
        "record": Coded(taken.number + np.int32(1), ("", *(f"{records}{i:07d}" for i in range(taken.counts["ids"])))),
        "recorded": Dates(np.where(late, day + delay, MISSING).astype(np.int32)),
        "withdrawn": Dates(np.where(taken.withdrawn, day + delay, MISSING).astype(np.int32)),
        **told,
        **({} if links is None else _linked(made, taken.row, people, judges, links)),
    }
    at = np.flatnonzero(taken.dirty)
    refused = spoil(SlipRows(columns, at, person[at], day[at], people, quantities), text=text, chance=chance)
    # A row and its copy are misread alike: what is wrong goes by what happened.
    slips = chance.integers(0, 1 << 20, len(made))[taken.row]
    slipped = (chance.random(len(made)) < rates.impossible)[taken.row] & ~taken.dirty
    every = SlipRows(columns, np.arange(len(person)), person, day, people, quantities)
    blank = slipped & unmeasured(every)
    readings = misread(every.those(blank), slips[blank], text=text)
    accepted = len(taken.row) - taken.counts["duplicates"] - len(at)
    return columns, {
        "read": len(taken.row),
        "accepted": accepted,
        "duplicates": taken.counts["duplicates"],
        "refused": len(at),
        "refused_by_check": dict(sorted(refused.items())),
        "readings_refused": sum(readings.values()),
        "readings_refused_by_check": dict(sorted(readings.items())),
        "late": len(np.unique(taken.number[late & ~taken.dirty])),
        "withdrawn": int(taken.withdrawn.sum()),
        "uncorrected": taken.counts["uncorrected"],
    }


def referral_links(made: Happened, judges: Sequence[Judge]) -> NDArray[np.int32]:
    """Give each happening that is a referral a number, from 1 on; 0 is none."""
    referral = np.array([one.kind == "referral" for judge in judges for one in judge.cast.each])[made.what]
    return np.where(referral, np.cumsum(referral), 0).astype(np.int32)


def _linked(
    made: Happened, rows: NDArray[np.int32], people: Residents, judges: Sequence[Judge], links: NDArray[np.int32]
) -> Columns:
    """Give the link of each referral, and the team of family doctors that each change of institution names."""
    changes = np.array([one.kind == "assignment" for judge in judges for one in judge.cast.each])[made.what[rows]]
    place = people.place_on(made.person[rows], made.day[rows])
    team = coded([family_team(one) for one in people.places])[place]
    return {
        "link": Coded(links[rows], ("", *(f"R{i:07d}" for i in range(1, int(links.max(initial=0)) + 1)))),
        "team": Coded(np.where(changes, team.codes, 0), team.categories),
    }


def written(made: Happened, rows: NDArray[np.int32], people: Residents, judges: Sequence[Judge]) -> Columns:
    """Give the columns of some happenings as they are written, in order of the rows: whose, when, where, what, read."""
    person, day, what = made.person[rows], made.day[rows], made.what[rows]
    return {
        "patient_id": _each(people.ids)[person],
        "date": Dates(day),
        "institution": _place_of(people, person, day, what, judges),
        **{name: column[what.astype(np.int64)] for name, column in _said(judges).items()},
        **{name: Numbers(values[rows]) for name, values in made.values.items()},
    }


def _take(count: int, rates: Rates, chance: np.random.Generator) -> _Taken:
    """Choose what is written: each happening, unless it was spoilt and not written again, and what is too much."""
    good = 1 - rates.dirty * (1 - rates.uncorrected) - rates.duplicates - rates.withdrawn
    rows = round(count / good)
    dirty = chance.choice(count, min(chance.binomial(rows, rates.dirty), count), replace=False)
    uncorrected = dirty[chance.random(len(dirty)) < rates.uncorrected]
    written = np.ones(count, np.bool_)
    written[uncorrected] = False
    well = np.flatnonzero(written)
    twice = chance.choice(well, chance.binomial(rows, rates.duplicates)) if len(well) else well
    withdrawn = chance.integers(0, max(count, 1), chance.binomial(rows, rates.withdrawn) if count else 0)
    row = np.concatenate([well, twice, dirty, withdrawn]).astype(np.int32)
    # Copies have the record's number; a row that was spoilt or withdrawn is a record of its own.
    number = np.concatenate([well, twice, np.arange(count, count + len(dirty) + len(withdrawn))]).astype(np.int32)
    what = np.repeat(np.arange(4, dtype=np.int8), [len(well), len(twice), len(dirty), len(withdrawn)])
    order = chance.permutation(len(row)).astype(np.int32)
    return _Taken(
        row[order],
        number[order],
        (what == 2)[order],
        (what == 3)[order],
        {"duplicates": len(twice), "uncorrected": len(uncorrected), "ids": count + len(dirty) + len(withdrawn)},
    )


def _said(judges: Sequence[Judge]) -> Columns:
    """Give the columns of each happening of each disease."""
    every = [
        {"kind": one.kind, **columns}
        for judge in judges
        for one, columns in zip(judge.cast.each, judge.cast.columns, strict=True)
    ]
    names = dict.fromkeys(name for columns in every for name in columns)
    return {name: _column(name, [columns.get(name) for columns in every]) for name in names}


def _column(name: str, values: list[str | bool | None]) -> AnyColumn:
    if name in FLAGS:
        return Flags(np.array([-1 if value is None else int(value) for value in values], np.int8))
    return coded([None if value is None else str(value) for value in values])


def _place_of(people: Residents, person: NDArray[Any], day: Days, what: NDArray[Any], judges: Sequence[Judge]) -> Coded:
    at_county = np.array([one.at_county for judge in judges for one in judge.cast.each])[what]
    place = people.place_on(person, day)
    place = np.where(at_county, hospital_of(people.places)[place], place)
    return coded([one.id for one in people.places])[place]
