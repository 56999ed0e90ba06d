"""Values of expressions and courses of people, as tables."""

import datetime as dt

import numpy as np
import pytest
from gout_world import EVENTS, GOUT, gout_log

from singledisease.dates import MISSING, day_of, periods
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.reference.walk_log import walk
from singledisease.errors import UsageError
from singledisease.explanation.course_tables import CourseTables
from singledisease.explanation.value_tables import value_table
from singledisease.pathway_courses import OUTCOMES
from singledisease.person_values import Values

LOG = gout_log()
PEOPLE = len(LOG.people)


def tables(until="2024-12-31", obligations=True):
    """Walk the registry through gout."""
    courses = walk(resolve_disease(GOUT, {}), LOG, day_of(until), obligations=obligations)
    return CourseTables(courses=courses, log=LOG)


def of(table, patient):
    """Give the rows of one person, without the person."""
    return [{k: v for k, v in row.items() if k != "patient_id"} for row in table if row["patient_id"] == patient]


def line_of(patient, date, kind):
    """Give the line of an event in the file it came from; the header is line 1."""
    return [event[:3] for event in EVENTS].index((patient, date, kind)) + 2


def test_spells_by_hand():
    """Each stay has its state and stage, its days, and the event, timing or neither that led there."""
    assert of(tables().spells, "P05") == [
        {
            "state": "free",
            "stage": "prevention",
            "entered": dt.date(1980, 1, 1),
            "left": dt.date(2024, 1, 10),
            "timing": None,
            "kind": None,
            "file": None,
            "line": None,
        },
        {
            "state": "managed",
            "stage": "management",
            "entered": dt.date(2024, 1, 10),
            "left": dt.date(2024, 10, 1),
            "timing": None,
            "kind": "enrolment",
            "file": "events.csv",
            "line": line_of("P05", "2024-01-10", "enrolment"),
        },
        {
            "state": "lost",
            "stage": "management",
            "entered": dt.date(2024, 10, 1),
            "left": None,
            "timing": None,
            "kind": "lost",
            "file": "events.csv",
            "line": line_of("P05", "2024-10-01", "lost"),
        },
    ]


def test_a_timing_is_a_cause():
    """Twelve months after the enrolment without a visit the timing itself leads to lost, without an event."""
    last = of(tables("2025-12-31").spells, "P03")[-1]
    assert (last["state"], last["entered"], last["timing"], last["kind"]) == (
        "lost",
        dt.date(2025, 1, 11),
        "silence",
        None,
    )
    assert of(tables("2025-12-31").moves, "P03")[-1] == {
        "date": dt.date(2025, 1, 11),
        "source": "managed",
        "target": "lost",
        "timing": "silence",
        "kind": None,
        "file": None,
        "line": None,
    }


def test_obligations_by_hand():
    """A visit missed in April and made good in July, then one open: every run of a timing has its outcome."""
    made = tables("2024-07-31")
    visit = [row for row in of(made.obligations, "P09") if row["timing"] == "visit"]
    missed, running = visit
    assert missed == {
        "timing": "visit",
        "started": dt.date(2024, 1, 10),
        "due": dt.date(2024, 4, 9),
        "outcome": "breached",
        "ended": dt.date(2024, 4, 10),
        "resolved": dt.date(2024, 7, 1),
        "kind": "follow_up",
        "file": "events.csv",
        "line": line_of("P09", "2024-07-01", "follow_up"),
    }
    assert (running["outcome"], running["due"], running["ended"]) == ("open", dt.date(2024, 9, 29), None)
    assert of(made.breaches, "P09") == [missed]
    assert running in of(made.open, "P09")
    outcomes = {name: tables().obligations["outcome"].count(name) for name in OUTCOMES}
    assert outcomes["open"] == len(tables().open)
    assert all(row["timing"] == "visit" for row in tables("2026-12-31").breaches)


def test_courses_without_obligations_say_so():
    """Spells can be read from courses walked without obligations; missed timings cannot."""
    made = tables(obligations=False)
    assert made.spells == tables().spells
    with pytest.raises(UsageError, match="walked without obligations"):
        _ = made.open


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("number", np.full((2, PEOPLE), 4.0), 4.0),
        ("bool", np.ones((2, PEOPLE), bool), True),
        ("date", np.full((2, PEOPLE), day_of("2024-03-01"), np.int32), dt.date(2024, 3, 1)),
        ("text", np.full((2, PEOPLE), "x", object), "x"),
    ],
)
def test_values_are_one_for_each_person_and_period(kind, values, expected):
    """Each person has a row for each period, with the value, or none where it is not known."""
    known = np.ones((2, PEOPLE), bool)
    known[1, 0] = False
    values[1, 0] = MISSING if kind == "date" else values[1, 0]
    rows = value_table(Values(kind, values, known), LOG, periods("2024-01-01..2024-02-29/month")).rows()
    assert rows[0] == {
        "patient_id": "P01",
        "period_start": dt.date(2024, 1, 1),
        "period_end": dt.date(2024, 1, 31),
        "value": expected,
        "known": True,
    }
    assert type(rows[0]["value"]) is type(expected)
    assert [row["value"] for row in rows].count(expected) == 2 * PEOPLE - 1
    assert rows[PEOPLE] == {
        "patient_id": "P01",
        "period_start": dt.date(2024, 2, 1),
        "period_end": dt.date(2024, 2, 29),
        "value": None,
        "known": False,
    }
