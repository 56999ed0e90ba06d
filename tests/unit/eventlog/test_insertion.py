"""Events put among those that people have: the same as joining two logs."""

import numpy as np
import pytest

import singledisease as sd
from singledisease.errors import DataError
from singledisease.eventlog.equality import equal
from singledisease.eventlog.insertion import with_events
from singledisease.vocabulary import Quantity

PEOPLE = [
    {"patient_id": "P1", "birth_date": "1950-03-01"},
    {"patient_id": "P2", "birth_date": "1960-01-01", "death_date": "2024-05-01"},
    {"patient_id": "P3", "birth_date": None},
]
THERE = [
    {"patient_id": "P1", "date": "2024-04-02", "kind": "follow_up", "sbp": 150, "mode": "home", "record": "r1"},
    {"patient_id": "P1", "date": "2024-06-02", "kind": "follow_up", "sbp": 130, "mode": "clinic", "record": "r2"},
    {"patient_id": "P3", "date": "2024-04-02", "kind": "checkup", "record": "r3"},
]
FURTHER = [
    {"date": "2024-04-02", "kind": "follow_up", "sbp": 140, "mode": "clinic"},
    {"date": "2024-06-02", "kind": "checkup", "bmi": 24, "tc": 5},
]


def joined(recorded):
    """Give a log, further events of two made-up people, who gets them, and the log that joining gives."""
    there = [{**row, "recorded": "2024-07-01"} for row in THERE] if recorded else THERE
    log = sd.read_frames(PEOPLE, there)
    strangers = [{"patient_id": name, "birth_date": None} for name in "ab"]
    rows = [{**row, "patient_id": name} for row, name in zip(FURTHER, "ab", strict=True)]
    who, which = np.array([0, 2, 0, 1, 1, 0]), np.array([0, 1, 1, 0, 1, 0])
    ids = [PEOPLE[i]["patient_id"] for i in who]
    theirs = [{**FURTHER[i], "patient_id": name} for i, name in zip(which, ids, strict=True)]
    return log, sd.read_frames(strangers, rows), who, which, log + sd.read_frames(PEOPLE, theirs)


@pytest.mark.parametrize("recorded", [False, True])
def test_inserting_is_joining(recorded):
    """In order, once each, none after death, columns of either log, known from the day on where that is said."""
    log, events, who, which, expected = joined(recorded)
    more = with_events(log, who, events, which)
    assert equal(more, expected)
    assert np.diff(more.offsets).tolist() == [4, 1, 2]
    assert [more.place(row)[1] for row in range(2)] == [events.place(0)[1], log.place(0)[1]]


def test_columns_of_two_types_are_refused():
    """A column that is text in one log and a number in the other cannot be one column, and the error names it."""
    _, _, who, which, _ = joined(recorded=False)
    said = sd.read_frames(PEOPLE, [{**THERE[0], "grip": "strong"}])
    numbers = sd.read_frames(
        [{"patient_id": "a", "birth_date": None}],
        [{"patient_id": "a", "date": "2024-01-01", "kind": "test", "grip": 3}],
        quantities=[Quantity("grip", "kg", 0, 100, "握力", "grip")],
    )
    with pytest.raises(DataError, match="grip"):
        with_events(said, who[:1], numbers, which[:1])
