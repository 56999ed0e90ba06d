"""A service that applies from an age: its clock starts on that birthday, not when its states were entered."""

import pytest
from attrs import evolve
from pathways import CARE, timing
from tables import lines

import singledisease as sd
from singledisease.definitions.disease import Service
from singledisease.definitions.least_age import least_age
from singledisease.language.parse import parse

YEARLY = timing("yearly", "outside", months=12, kinds="screening", repeats=True, breach=False)


def screened(applies, clock=YEARLY, *, initial="outside"):
    """Give ``CARE`` with one service, for whom it applies."""
    pathway = evolve(CARE.pathway, initial=initial)
    service = Service(timing=clock, role="nurse", levels=("village",), applies=parse(applies))
    return evolve(CARE, pathway=pathway, services=(service,))


FROM_35 = screened("age(on=PERIOD.end) >= 35")
PEOPLE = """
    who birth
    P1  1957-03-02
    P2  1990-03-02
    P3  1988-02-29
    P4  .
"""


def test_the_clock_starts_on_the_birthday_and_events_before_it_fulfil_nothing(engine):
    """The first year runs from the 35th birthday; who is younger owes nothing yet; an unknown age is any age."""
    events = """
        who date        kind
        P1  1992-03-01  screening
        P1  1992-03-02  screening
        P4  2022-01-01  screening
    """
    assert engine.obligations(FROM_35, events, people=PEOPLE, until="2024-06-30") == lines("""
        who timing  started     due         outcome   ended       by           resolved
        P1  yearly  1992-03-02  1993-03-02  met       1992-03-02  screening#2  .
        P1  yearly  1992-03-02  1993-03-02  breached  1993-03-03  .            .
        P3  yearly  2023-03-01  2024-03-01  breached  2024-03-02  .            .
        P4  yearly  2022-01-01  2023-01-01  met       2022-01-01  screening#1  .
        P4  yearly  2022-01-01  2023-01-01  breached  2023-01-02  .            .
    """)


def test_who_left_the_states_before_it_owed_nothing(engine):
    """A diagnosis or a death before the birthday leaves no run; on the birthday itself it cancels one."""
    people = """
        who birth       death
        P1  1980-05-05  .
        P2  1980-05-05  .
        P3  1980-05-05  2010-01-01
        P4  1980-05-05  2015-05-05
    """
    events = """
        who date        kind
        P1  2015-05-04  diagnosis
        P2  2015-05-05  diagnosis
    """
    assert engine.obligations(FROM_35, events, people=people, until="2024-06-30") == lines("""
        who timing  started     due         outcome    ended       by  resolved
        P2  yearly  2015-05-05  2016-05-05  cancelled  2015-05-05  .   .
        P4  yearly  2015-05-05  2016-05-05  cancelled  2015-05-05  .   .
    """)


def test_who_enters_later_than_the_birthday_counts_from_entering(engine):
    """The clock starts on the later of the two days."""
    asked = screened("age(on=PERIOD.end) > 34.5 and attribute('sex') == 'female'", evolve(YEARLY, states=("stable",)))
    events = """
        who date        kind
        P1  1980-01-01  diagnosis
        P2  2026-01-01  diagnosis
    """
    assert engine.obligations(asked, events, people=PEOPLE, until="2027-01-01") == lines("""
        who timing  started     due         outcome   ended       by  resolved
        P1  yearly  1992-03-02  1993-03-02  breached  1993-03-03  .   .
        P2  yearly  2026-01-01  2027-01-01  open      .           .   .
    """)


def test_a_clock_that_leads_somewhere_runs_whatever_the_age(engine):
    """Who it is listed for does not say where anybody goes; nor is a length that is worked out shifted."""
    leading = screened("age(on=PERIOD.end) >= 35", evolve(YEARLY, repeats=False, leads_to="closed"))
    assert leading.services[0].from_age is None
    assert engine.spells(leading, people="who birth\nP1 2000-01-01", until="2002-01-01") == lines("""
        who state    from        to          cause
        P1  outside  2000-01-01  2001-01-01  .
        P1  closed   2001-01-02  2002-01-01  yearly
    """)


def test_a_linked_sequence_is_somebodys_of_an_age(engine):
    """The clock of a sequence starts on the birthday of the person it is of."""
    linked = evolve(FROM_35, pathway=evolve(CARE.pathway, sequence="link"))
    linked = evolve(linked, services=(evolve(linked.services[0], timing=evolve(YEARLY, states=("stable",))),))
    events = """
        who date        kind       link
        P1  1992-03-01  diagnosis  a
        P1  1992-03-04  screening  a
        P2  2024-01-01  diagnosis  b
    """
    assert engine.obligations(linked, events, people=PEOPLE, until="2024-06-30") == lines("""
        who  timing  started     due         outcome   ended       by           resolved
        P1   yearly  1992-03-02  1993-03-02  met       1992-03-04  screening#2  .
        P1   yearly  1992-03-04  1993-03-04  breached  1993-03-05  .            .
    """)


@pytest.mark.parametrize(
    ("condition", "years"),
    [
        ("age(on=PERIOD.end) >= 35", 35),
        ("35 <= age(on=PERIOD.end)", 35),
        ("age(on=PERIOD.end) > 34", 35),
        ("age(on=PERIOD.end) >= 35 and age(on=PERIOD.end) <= 64", 35),
        ("attribute('sex') == 'female' and age(on=PERIOD.end) >= 35 and age(on=PERIOD.end) >= 40", 40),
        ("age(on=PERIOD.end) < 35", None),
        ("age(on=PERIOD.start) >= 35", None),
        ("age(on=PERIOD.end) >= 35 or attribute('sex') == 'female'", None),
        ("not age(on=PERIOD.end) >= 35", None),
        ("True", None),
    ],
)
def test_the_age_is_what_the_whole_condition_needs(condition, years):
    """A bound joined by ``or``, turned around, or of another day, is none."""
    assert least_age(parse(condition)) == years


def test_the_list_and_one_person_say_the_birthday():
    """Never measured, born 1957-03-02: yearly from 35, so counted from 1992 and due a year later, in both."""
    log = sd.read_frames([{"patient_id": "P1", "birth_date": "1957-03-02", "sex": "male", "institution": "V1"}], [])
    (row,) = sd.worklist(log, on="2024-06-30", diseases=["hypertension"])
    (due,) = sd.start("hypertension", "P1", birth_date="1957-03-02", sex="male").due(on="2024-06-30")
    assert (str(row["due"]), row["overdue_days"]) == ("1993-03-02", 11443) == (str(due.due), due.overdue)
    assert "自1992-03-02起计" in row["reason"]
    assert str(due.since) == "1992-03-02"
