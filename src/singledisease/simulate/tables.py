"""The files of the simulated registry, column by column, with what goes wrong when people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.events.columns import AnyColumn, Coded, Dates, Flags, Numbers, coded
from singledisease.simulate.county import COUNTY, PLACES, People
from singledisease.simulate.course import Course
from singledisease.simulate.happenings import HAPPENINGS, NAMES, VARIANTS
from singledisease.simulate.rates import Rates
from singledisease.vocabulary import FLAGS, QUANTITIES

Columns = dict[str, AnyColumn]


def patient_table(people: People) -> Columns:
    """Give the columns of ``patients``."""
    places = coded([place.id for place in PLACES])
    regions = coded([place.region for place in PLACES])
    return {
        "patient_id": coded(people.ids),
        "birth_date": Dates(people.birth),
        "sex": Coded(np.where(people.woman, 2, 1).astype(np.uint8), ("", "male", "female")),
        "institution": places[people.place],
        "death_date": Dates(people.death),
        "region": regions[people.place],
    }


def institution_table() -> Columns:
    """Give the columns of ``institutions``."""
    return {
        "institution": coded([place.id for place in PLACES]),
        "name": coded([place.name for place in PLACES]),
        "level": coded([place.level for place in PLACES]),
        "parent": coded([place.parent for place in PLACES]),
        "region": coded([place.region for place in PLACES]),
    }


# EVENTS


@frozen(eq=False)
class _Rows:
    """Events to be written: whose, when, and which variant of what, as a number among ``_every(course)``."""

    person: NDArray[np.int64]
    day: NDArray[np.int32]
    which: NDArray[np.int64]


def event_table(people: People, courses: Sequence[Course], rates: Rates, chance: np.random.Generator) -> Columns:
    """Give the columns of ``events``, in any order.

    Beside what happened there are rows that were withdrawn and rows with a slip of the pen; neither takes part
    in the truth.
    """
    rows = _Rows(
        np.concatenate([course.person for course in courses]),
        np.concatenate([course.day for course in courses]),
        np.concatenate([_which(i, course) for i, course in enumerate(courses)]),
    )
    every = [columns for course in courses for columns in _every(course)]
    happened = len(rows.person)
    extra = [
        np.flatnonzero(chance.random(happened) < rates.withdrawn),
        np.flatnonzero((chance.random(happened) < rates.slips) & _has_number(every)[rows.which]),
    ]
    order = chance.permutation(happened + sum(map(len, extra)))
    take = np.concatenate([np.arange(happened), *extra])[order]
    number = np.arange(len(take))[order]
    withdrawn = (number >= happened) & (number < happened + len(extra[0]))
    slipped = number >= happened + len(extra[0])
    columns = {name: _column(name, every)[rows.which[take]] for name in _names(every)}
    day, person = rows.day[take], rows.person[take]
    late = (chance.random(len(take)) < rates.late) & ~withdrawn
    return {
        "patient_id": coded(people.ids)[person],
        "date": Dates(day),
        "record": coded([f"E{i:07d}" for i in number.tolist()]),
        "recorded": Dates(np.where(late, day + chance.integers(1, 41, len(take)), MISSING).astype(np.int32)),
        "withdrawn": Dates(np.where(withdrawn, day + chance.integers(0, 30, len(take)), MISSING).astype(np.int32)),
        "institution": _place_of(people, person, rows.which[take]),
        **{name: _slip(column, slipped) for name, column in columns.items()},
    }


def _which(course: int, made: Course) -> NDArray[np.int64]:
    return np.asarray((course * len(NAMES) + made.what) * VARIANTS + made.variant)


def _every(course: Course) -> Iterable[Mapping[str, str | bool | float]]:
    for name in NAMES:
        for variant in range(VARIANTS):
            yield {"kind": HAPPENINGS[name].kind, **course.cast.columns(name, variant)}


def _names(every: Sequence[Mapping[str, str | bool | float]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for columns in every for name in columns))


def _column(name: str, every: Sequence[Mapping[str, str | bool | float]]) -> AnyColumn:
    values = [columns.get(name) for columns in every]
    if name in QUANTITIES:
        return Numbers(np.array([np.nan if value is None else float(value) for value in values]))
    if name in FLAGS:
        return Flags(np.array([-1 if value is None else int(value) for value in values], np.int8))
    return coded([None if value is None else str(value) for value in values])


def _has_number(every: Sequence[Mapping[str, str | bool | float]]) -> NDArray[np.bool_]:
    return np.array([any(name in QUANTITIES for name in columns) for columns in every])


def _slip(column: AnyColumn, slipped: NDArray[np.bool_]) -> AnyColumn:
    """Write two figures too many into the numbers of some rows, which puts them out of bounds."""
    return Numbers(np.where(slipped, column.values * 100, column.values)) if isinstance(column, Numbers) else column


def _place_of(people: People, person: NDArray[np.int64], which: NDArray[np.int64]) -> Coded:
    at_county = np.array([one.at_county for one in HAPPENINGS.values()])[which // VARIANTS % len(NAMES)]
    county = [place.id for place in PLACES].index(COUNTY)
    return coded([place.id for place in PLACES])[np.where(at_county, county, people.place[person])]
