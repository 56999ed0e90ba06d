"""Courses of linked sequences in clinic software, on the worklist and in the tables: the same answers everywhere."""

import copy
import pickle

import pytest
from linked_world import LEND, LOANS, events_of, loans

from singledisease.clinic import Course, start
from singledisease.dates import day_of, iso
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines import reference
from singledisease.errors import UsageError
from singledisease.eventlog.event import Event
from singledisease.explanation.course_tables import CourseTables
from singledisease.testing.laws.courses import spells_tile
from singledisease.worklists import worklist

ON = "2024-01-31"


def lent(link, who="P1", upto=99):
    """Give the course of one loan after the first few events of a person."""
    course = start(LEND, who, birth_date="1970-01-01", link=link)
    for event in events_of(who)[:upto]:
        course = course.after(event)
    return course


# ONE COURSE


def test_a_loan_begins_with_its_first_event():
    """What is entered of another loan is kept and not heard; before the first event nothing happens."""
    course = lent("b1", upto=1)
    assert (course.state.id, course.history, course.on(ON), course.due(ON)) == ("out", (), None, ())
    assert len(course.events) == 1
    begun = lent("b1", upto=2)
    assert begun.on("2024-01-04") is None
    assert begun.on("2024-01-05").id == "out"
    assert begun.spells[0].entered.isoformat() == "2024-01-05"


def test_each_loan_hears_its_own_events():
    """The second was given back, the first not; a reminder of the first meets its clock."""
    assert (lent("b2").state.id, lent("b1").state.id) == ("back", "out")
    assert [one.outcome for one in lent("b1").obligations] == ["met", "open"]
    assert [one.outcome for one in lent("b2").obligations] == ["breached"]


def test_what_is_due_of_a_loan():
    """Reminded on 12 January, again by the 26th; the service asks for the state of this loan."""
    (due,) = lent("b1").due(ON)
    assert (due.item, due.due.isoformat(), due.overdue) == ("remind", "2024-01-26", 5)
    assert lent("b2").due(ON) == ()


def test_events_in_any_order_end_in_the_same_place():
    """Entered late, the first event of a loan counts as if it had been there in time."""
    course = start(LEND, "P1", birth_date="1970-01-01", link="b1")
    for event in reversed(events_of("P1")):
        course = course.after(event)
    assert course == lent("b1")
    assert course.history == lent("b1").history
    assert course.spells == lent("b1").spells


def test_a_death_ends_a_loan_whatever_its_link():
    """An exit without link is heard; a loan that begins on a later day has no time."""
    course = lent("b1").after(Event("exit", "2024-01-25", reason="died"))
    assert course.state.id == "ended"
    late = start(LEND, "P1", link="b9").after(Event("exit", "2024-01-25", reason="died"))
    late = late.after(Event("loan", "2024-01-26", link="b9"))
    assert (late.state.id, late.spells, late.on(ON)) == ("out", (), None)


@pytest.mark.parametrize("again", [pickle.dumps, None, copy.deepcopy])
def test_a_course_of_a_loan_travels(again):
    """Pickled, copied, or stored as plain values and restored, it is the same course of the same loan."""
    course = lent("b1")
    if again is None:
        found = Course.from_dict(course.to_dict(), LEND)
    else:
        found = pickle.loads(again(course)) if again is pickle.dumps else again(course)
    assert found == course
    assert (found.link, found.state.id, found.due(ON)) == ("b1", "out", course.due(ON))
    assert "b1" in repr(found)


def test_which_loan_has_to_be_said():
    """A pathway over sequences needs a link, one over people has none; a stored course says which it was."""
    from singledisease import catalogue

    hypertension = catalogue.disease("hypertension")
    for link in (None, ""):
        with pytest.raises(UsageError, match="linked sequences"):
            start(LEND, "P1", link=link)
    with pytest.raises(UsageError, match="leave link out"):
        start(hypertension, "P1", link="b1")
    kept = lent("b1").to_dict()
    del kept["link"]
    with pytest.raises(UsageError, match="linked sequences now"):
        Course.from_dict(kept, LEND)
    other = {**start(hypertension, "P1").to_dict(), "link": "b1"}
    with pytest.raises(UsageError, match="over people now"):
        Course.from_dict(other, hypertension)


# EVERYBODY'S


def everybody():
    """Walk all loans."""
    log = loans()
    return CourseTables(courses=reference.walk(resolve_disease(LEND, {}), log, day_of(ON), obligations=True), log=log)


def test_tables_name_the_loan():
    """Spells, moves and runs say whose they are and of which loan."""
    tables = everybody()
    told = [(row["patient_id"], row["link"], row["state"], iso(day_of(row["entered"]))) for row in tables.spells]
    assert told == [
        ("P1", "b2", "out", "2024-01-01"),
        ("P1", "b2", "back", "2024-01-20"),
        ("P1", "b1", "out", "2024-01-05"),
        ("P2", "b1", "out", "2024-01-03"),
    ]
    assert [(row["link"], row["target"]) for row in tables.moves] == [("b2", "back")]
    assert [(row["link"], row["outcome"]) for row in tables.obligations] == [
        ("b2", "breached"),
        ("b1", "met"),
        ("b1", "breached"),
        ("b1", "breached"),
    ]
    assert "3 例 / sequences" in str(tables)
    spells_tile(tables.courses, tables.log)


def test_the_worklist_has_a_row_for_each_loan():
    """A loan that is out has its reminder; the link says which it is, and may be sorted by."""
    rows = list(worklist(loans(), [LEND], day_of(ON), reference, by=["link"], language="en"))
    assert [(row["patient_id"], row["link"], row["due"].isoformat(), row["overdue_days"]) for row in rows] == [
        ("P2", "b1", "2024-01-17", 14),
        ("P1", "b1", "2024-01-26", 5),
    ]
    assert {row["institution"] for row in rows} == {"T1"}
    assert rows[0]["role"] == "clerk"


def test_the_clinic_says_what_the_batch_says():
    """State and history of every loan are those of the batch."""
    courses, log = everybody().courses, loans()
    for number, (owner, link) in enumerate(zip(courses.owner, courses.link, strict=True)):
        course = lent(link, who=log.people.ids[owner])
        last = courses.spells.state[courses.spells.offsets[number + 1] - 1]
        assert course.on(ON).id == LEND.pathway.states[last].id
    assert len(LOANS) == len(log)
