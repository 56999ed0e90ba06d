"""The registry and its courses as Arrow tables, for the peers.

They get the same codes as the columnar engine has, the state at the end of each row's day beside the row, and
the day of everyone's 65th birthday: what they have to do is the measures, not calendars or text.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
from attrs import frozen

from singledisease.dates import date_of
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses


@frozen(eq=False)
class Tables:
    """People, events and spells as Arrow tables, and the codes they use."""

    people: pa.Table
    events: pa.Table
    spells: pa.Table
    codes: dict[str, int]
    managed: tuple[int, ...]


def tables_of(log: EventLog, courses: Courses) -> Tables:
    """Give a registry and the courses of one disease as Arrow tables."""
    states = courses.disease.pathway.states
    columns = log.columns
    events = pa.table(
        {
            "row": pa.array(np.arange(len(log), dtype=np.int32)),
            "person": pa.array(log.person.astype(np.int32)),
            "date": pa.array(log.date),
            "kind": pa.array(log.kind.codes),
            "disease": pa.array(columns["disease"].codes),
            "mode": pa.array(columns["mode"].codes),
            "state": pa.array(courses.at_row),
            "sbp": pa.array(columns["sbp"].values, from_pandas=True),
            "dbp": pa.array(columns["dbp"].values, from_pandas=True),
        }
    )
    spells = courses.spells
    owner = np.repeat(np.arange(courses.people, dtype=np.int32), np.diff(spells.offsets))
    codes = {f"mode {name}": code for code, name in enumerate(columns["mode"].categories)}
    codes |= {f"kind {name}": code for code, name in enumerate(log.kind.categories)}
    codes |= {f"tag {name}": code for code, name in enumerate(columns["disease"].categories)}
    codes |= {f"state {state.id}": code for code, state in enumerate(states)}
    return Tables(
        people=pa.table(
            {
                "person": pa.array(np.arange(len(log.people), dtype=np.int32)),
                "institution": pa.array(log.people.attributes["institution"].codes),
                "old_from": pa.array(birthdays(log, 65)),
            }
        ),
        events=events,
        spells=pa.table(
            {
                "person": pa.array(owner),
                "state": pa.array(spells.state),
                "entered": pa.array(spells.entered),
                "departed": pa.array(spells.left),
            }
        ),
        codes=codes,
        managed=tuple(code for code, state in enumerate(states) if state.managed),
    )


def birthdays(log: EventLog, years: int) -> np.ndarray:
    """Give the day on which each person has had so many birthdays: 1 March for 29 February in a common year."""
    births, place = np.unique(log.people.birth, return_inverse=True)
    return np.array([_birthday(date_of(int(day)), years) for day in births], np.int32)[place]


def _birthday(birth: dt.date, years: int) -> int:
    try:
        day = birth.replace(year=birth.year + years)
    except ValueError:
        day = dt.date(birth.year + years, 3, 1)
    return (day - dt.date(1970, 1, 1)).days
