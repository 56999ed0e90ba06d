"""A course kept as plain values and restored."""

import json

import numpy as np
import pytest
from attrs import evolve
from clinic_world import GOUT, found, visit

from singledisease.clinic import Course
from singledisease.errors import DataError, UsageError
from singledisease.eventlog.event import Event


def full():
    """Give a course that uses everything that is kept."""
    course = found(sex="female", institution="T1", policy={"lost_after": "6"}, death_date="2025-01-01")
    course = course.after(visit("2024-02-01", 150.5, record="r7", mode="clinic", adverse_reaction=True))
    return course.after(Event("appointment", "2024-03-01", until=19900)).withdraw("r7", on="2024-02-20")


def test_a_course_survives_json():
    """Written as JSON and read back, it is the same course with the same answers."""
    course = full()
    again = Course.from_dict(json.loads(json.dumps(course.to_dict())), GOUT)
    assert again == course
    assert (again.history, again.obligations, again.notes) == (course.history, course.obligations, ())
    assert again.on("2024-07-02").id == course.on("2024-07-02").id == "lost"


def test_a_course_as_of_a_day_survives():
    """The day of as_of is kept."""
    course = full().as_of("2024-02-10")
    again = Course.from_dict(course.to_dict(), GOUT)
    assert (again, again.state.id) == (course, "high")


def test_days_are_written_as_dates():
    """Every day is YYYY-MM-DD, those among the columns too."""
    events = full().to_dict()["events"]
    assert events[1]["withdrawn"] == "2024-02-20"
    assert events[2] == {"kind": "appointment", "date": "2024-03-01", "until": "2024-06-26"}


def test_numbers_out_of_arrays_are_kept():
    """A pressure that comes out of a data frame is written as a plain number."""
    course = found().after(visit("2024-02-01", np.int64(150), dbp=np.float64(90.5)))
    again = Course.from_dict(json.loads(json.dumps(course.to_dict())), GOUT)
    assert again == course


def test_another_version_replays_and_says_so():
    """Under a new version the events are heard anew; a note says so in both languages."""
    newer = evolve(GOUT, version="2", pathway=evolve(GOUT.pathway, timings=()))
    again = Course.from_dict(full().to_dict(), newer)
    assert [one.timing.id for one in again.obligations if one.timing.id == "quiet"] == []
    assert "version 1" in again.notes[0].en
    assert "第2版" in again.notes[0].zh


def test_another_disease_is_refused():
    """A course of one disease is none of another."""
    with pytest.raises(UsageError, match="'gout', not of 'other'"):
        Course.from_dict(full().to_dict(), evolve(GOUT, id="other"))


def test_a_later_format_is_refused():
    """What a later library wrote is not guessed at."""
    with pytest.raises(UsageError, match="format 2"):
        Course.from_dict({**full().to_dict(), "format": 2}, GOUT)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"format": 1, "disease": "gout"},
        {**full().to_dict(), "events": None},
        {**full().to_dict(), "events": [{"kind": "call", "date": "yesterday"}]},
        {**full().to_dict(), "events": [{"kind": "call"}]},
        {**full().to_dict(), "person": {"id": "P1"}},
        {**full().to_dict(), "known_until": "2024-13-01"},
        {**full().to_dict(), "policy": ["lost_after"]},
        [],
        None,
    ],
)
def test_what_is_no_course_is_refused(broken):
    """Anything else ends in one error that says what to pass."""
    with pytest.raises(UsageError) as refused:
        Course.from_dict(broken, GOUT)
    assert refused.value.faults[0].check == "stored_course"


def test_stored_events_are_checked():
    """An event that a file would refuse is refused here too."""
    kept = full().to_dict()
    kept["events"].append({"kind": "follow_up", "date": "2024-05-01", "sbp": 5000})
    with pytest.raises(DataError, match="sbp"):
        Course.from_dict(kept, GOUT)
