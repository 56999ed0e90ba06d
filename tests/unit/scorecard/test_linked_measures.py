"""Figures of linked sequences, end to end: counted, listed, explained, in both engines."""

import pytest
from linked_world import LOAN, LOANS, events_of, loans

import singledisease as sd

BACK = sd.Measure(id="back", of=sd.sequences("lend"), numerator=sd.in_state("lend", "back", on=sd.PERIOD.end))


@pytest.fixture(params=["reference", "columnar"])
def engine(request):
    """Give the name of each engine."""
    return request.param


def test_sequences_are_counted_by_their_own_state(engine):
    """Three loans of two people, of which one came back by the end of January."""
    score = sd.evaluate(BACK, loans(), period="2024-01", diseases=[LOAN], by=["institution"], engine=engine)
    (row,) = score.table().rows()
    assert (row["by"], row["denominator"], row["numerator"]) == ({"institution": "T1"}, 3, 1)
    listed = sd.people(score, "back", "not_numerator")
    assert [(row["patient_id"], str(row["date"]), row["line"]) for row in listed.rows()] == [
        ("P1", "2024-01-05", 3),
        ("P2", "2024-01-03", 6),
    ]
    told = sd.explain(score, "P1", measure="back")
    assert [answer.group for answer in told.answers] == ["numerator", "not_numerator"]


def test_parts_of_people_make_no_difference(engine):
    """Stays, runs and sequences keep their places when people are counted one by one."""
    measures = [
        BACK,
        *(
            sd.Measure(id=name, of=of.within(sd.PERIOD), numerator=True)
            for name, of in (
                ("stays", sd.spells("lend")),
                ("runs", sd.services("lend")),
                ("missed", sd.breaches("lend")),
            )
        ),
    ]
    log = loans()
    scores = [
        sd.evaluate(measures, log, period="2024", diseases=[LOAN], engine=engine, chunk=chunk) for chunk in (1, 9)
    ]
    assert scores[0].table() == scores[1].table()
    for measure in ("back", "stays", "runs", "missed"):
        both = [sd.people(score, measure, "denominator").to_json() for score in scores]
        assert both[0] == both[1]
        told = [str(sd.explain(score, "P2", measure=measure)) for score in scores]
        assert told[0] == told[1]


def test_courses_may_be_given():
    """Courses of sequences that were walked before are taken; those of another log are refused."""
    walked = {"lend": sd.courses(LOAN, loans(), until="2024-12-31").courses}
    score = sd.evaluate(BACK, loans(), period="2024", diseases=[LOAN], courses=walked)
    assert score.table().rows()[0]["denominator"] == 3
    with pytest.raises(sd.UsageError, match="of another log"):
        sd.evaluate(
            BACK,
            loans(LOANS[:1]),
            period="2024",
            diseases=[LOAN],
            courses=walked,
        )


def test_a_person_has_no_one_state_of_loans(engine):
    """A measure of people that asks for it is refused; a cohort too; counting a person's loans is not."""
    with pytest.raises(sd.UsageError, match="sequence"):
        sd.evaluate(
            sd.Measure(id="x", numerator=sd.managed("lend", on=sd.PERIOD.end)),
            loans(),
            period="2024",
            diseases=[LOAN],
            engine=engine,
        )
    with pytest.raises(sd.UsageError, match="a cohort follows people"):
        sd.cohort(LOAN, loans(), "2024-01-01", "2024-12-31", engine=engine)
    still_out = sd.sequences("lend").where(sd.in_state("lend", "out", on=sd.PERIOD.end)).count()
    found = sd.values(still_out, loans(), period="2024", diseases=[LOAN], engine=engine)
    assert [row["value"] for row in found.rows()] == [1, 1]


def test_the_worklist_and_clinic_software_agree():
    """What is due of a loan for everybody is what is due of it in its own course."""
    due = sd.worklist(loans(), on="2024-01-20", diseases=[LOAN])
    assert [(row["patient_id"], row["link"], str(row["due"])) for row in due.rows()] == [
        ("P2", "b1", "2024-01-17"),
        ("P1", "b1", "2024-01-26"),
    ]
    course = sd.start(LOAN, "P1", birth_date="1970-01-01", link="b1")
    for event in events_of("P1"):
        course = course.after(event)
    assert [str(one.due) for one in course.due(on="2024-01-20")] == ["2024-01-26"]
