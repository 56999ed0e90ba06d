"""Linked sequences: a pathway in which each sequence of events, such as one referral, has a course of its own.

``REFERRAL`` is::

    sent --accepted--> accepted --came--> arrived
    sent accepted --withdrawn--> closed       sent, 7 days without an answer --> forgotten --accepted--> accepted
"""

from attrs import evolve
from pathways import move, signal, state, timing
from tables import lines

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway

REFERRAL = Disease(
    id="referral",
    version="1",
    names=Names("转诊", "referral"),
    codes=("R1",),
    pathway=Pathway(
        initial="sent",
        died="dead",
        sequence="link",
        states=(
            state("sent", "treatment", managed=True),
            state("accepted", "treatment", managed=True),
            state("arrived", "management"),
            state("forgotten", "treatment", managed=True),
            state("closed", "closed"),
            state("dead", "closed"),
        ),
        signals=(
            signal("accepted", "appointment"),
            signal("came", "encounter"),
            signal("withdrawn", "exit"),
        ),
        transitions=(
            move("sent forgotten", "accepted", "accepted"),
            move("accepted", "came", "arrived"),
            move("sent accepted", "withdrawn", "closed"),
        ),
        timings=(timing("answer", "sent", days=7, kinds="appointment", leads_to="forgotten"),),
    ),
)
EVENTS = """
    who  date        kind         link  reason
    P1   2024-01-10  referral     r2    .
    P1   2024-01-11  referral     r1    .
    P1   2024-01-12  appointment  r2    .
    P1   2024-01-15  encounter    .     .
    P1   2024-01-20  encounter    r2    .
    P1   2024-01-25  appointment  r1    .
    P2   2024-01-10  referral     r2    .
    P2   2024-01-12  appointment  r1    .
    P2   2024-01-14  exit         r2    refused
    P3   2024-01-10  call         .     .
"""


def spells(engine, events=EVENTS, until="2024-01-31", people="", disease=REFERRAL):
    """Give the stays of each sequence: whose, which link, state, first and last day."""
    log, courses = engine.courses(disease, events, until, people)
    found = []
    for number, (owner, link) in enumerate(zip(courses.owner, courses.link, strict=True)):
        one = engine.spells_of(log, courses, number)
        found += [f"{log.people.ids[owner]} {link} {line}" for line in one] or [f"{log.people.ids[owner]} {link} ."]
    return found


def test_each_sequence_has_a_course_of_its_own(engine):
    """In the order of their first events; what is not of the link is not heard; who has no link has no course."""
    assert spells(engine) == lines("""
        P1 r2 sent      2024-01-10 2024-01-11 .
        P1 r2 accepted  2024-01-12 2024-01-19 appointment#3
        P1 r2 arrived   2024-01-20 2024-01-31 encounter#5
        P1 r1 sent      2024-01-11 2024-01-18 .
        P1 r1 forgotten 2024-01-19 2024-01-24 answer
        P1 r1 accepted  2024-01-25 2024-01-31 appointment#6
        P2 r2 sent      2024-01-10 2024-01-13 .
        P2 r2 closed    2024-01-14 2024-01-31 exit#3
        P2 r1 accepted  2024-01-12 2024-01-31 appointment#2
    """)


def test_a_sequence_is_observed_from_its_first_event_not_from_birth(engine):
    """That somebody was born long ago does not matter; the first event may already lead to another state."""
    found = spells(engine, people="who birth\nP1 1960-01-01\nP2 1960-01-01\nP3 1960-01-01")
    assert found == spells(engine)


def test_a_sequence_that_begins_later_is_not_there(engine):
    """To the end of 10 January there are two."""
    assert spells(engine, until="2024-01-10") == lines("""
        P1 r2 sent 2024-01-10 2024-01-10 .
        P2 r2 sent 2024-01-10 2024-01-10 .
    """)


def test_only_what_concerns_the_disease_is_of_a_sequence(engine):
    """A row tagged with another disease neither begins a sequence nor is heard in it."""
    events = """
        who  date        kind         link  disease
        P1   2024-01-01  referral     r1    gout
        P1   2024-01-10  referral     r1    referral
        P1   2024-01-12  appointment  r1    gout
        P1   2024-01-01  referral     r9    gout
    """
    assert spells(engine, events, until="2024-01-13") == ["P1 r1 sent 2024-01-10 2024-01-13 ."]


def test_death_ends_every_sequence(engine):
    """A death date, or an exit of whatever link, last of all that day; a sequence that begins that day ends with it."""
    events = """
        who  date        kind         link  reason
        P1   2024-01-10  referral     r1    .
        P1   2024-01-11  referral     r2    .
        P1   2024-01-12  appointment  r2    .
        P1   2024-01-12  referral     r3    .
        P1   2024-01-12  exit         .     died
    """
    expected = lines("""
        P1 r1 sent 2024-01-10 2024-01-11 .
        P1 r1 dead 2024-01-12 2024-01-31 exit#5
        P1 r2 sent 2024-01-11 2024-01-11 .
        P1 r2 dead 2024-01-12 2024-01-31 exit#5
        P1 r3 dead 2024-01-12 2024-01-31 exit#5
    """)
    assert spells(engine, events) == expected
    dated = "\n".join(line for line in events.splitlines() if "died" not in line)
    people = "who birth death\nP1 . 2024-01-12"
    assert spells(engine, dated, people=people) == [line.replace("exit#5", ".") for line in expected]


def test_an_exit_of_another_link_that_comes_first_on_the_day(engine):
    """Even where the exit stands before the first event of a sequence of that day, death is last of all."""
    events = """
        who  date        kind         link  reason  sequence
        P1   2024-01-12  exit         r9    died    1
        P1   2024-01-12  referral     r3    .       2
        P1   2024-01-12  appointment  r3    .       3
    """
    log, courses = engine.courses(REFERRAL, events, "2024-01-31")
    assert courses.link.tolist() == ["r9", "r3"]
    assert engine.spells_of(log, courses, 1) == ["dead 2024-01-12 2024-01-31 exit#1"]
    assert engine.moves(REFERRAL, events, until="2024-01-31")[1:] == lines("""
        P1 2024-01-12 sent     dead     exit#1
        P1 2024-01-12 sent     accepted appointment#3
        P1 2024-01-12 accepted dead     exit#1
    """)


def test_a_sequence_after_death_has_no_time(engine):
    """What is entered after a death is a course, since it was entered, in which nothing happens."""
    events = """
        who  date        kind         link  reason
        P1   2024-01-10  exit         .     died
        P1   2024-01-12  referral     r1    .
        P1   2024-01-13  appointment  r1    .
    """
    assert spells(engine, events) == ["P1 r1 ."]


def test_timings_run_in_each_sequence(engine):
    """An answer to one referral is none to the other."""
    _, courses = engine.courses(REFERRAL, EVENTS, "2024-01-31")
    assert engine.obligations(REFERRAL, EVENTS, until="2024-01-31") == lines("""
        who timing started    due        outcome   ended      by            resolved
        P1  answer 2024-01-10 2024-01-17 met       2024-01-12 appointment#3 .
        P1  answer 2024-01-11 2024-01-18 breached  2024-01-19 .             2024-01-19
        P2  answer 2024-01-10 2024-01-17 cancelled 2024-01-14 .             .
        P2  answer 2024-01-12 2024-01-19 met       2024-01-12 appointment#2 .
    """)
    assert courses.obligations.person.tolist() == [0, 1, 2, 3]


def test_rows_know_the_state_of_their_own_sequence(engine):
    """At the end of the row's day, in its sequence; a row without link is in none."""
    assert engine.at_rows(REFERRAL, EVENTS, until="2024-01-31")[1:] == lines("""
        P1 2024-01-10 referral    sent
        P1 2024-01-11 referral    sent
        P1 2024-01-12 appointment accepted
        P1 2024-01-15 encounter   .
        P1 2024-01-20 encounter   arrived
        P1 2024-01-25 appointment accepted
        P2 2024-01-10 referral    sent
        P2 2024-01-12 appointment accepted
        P2 2024-01-14 exit        closed
        P3 2024-01-10 call        .
    """)


def test_a_signal_sees_the_whole_person(engine):
    """Looking back, a sequence may ask for rows of another one; ``same`` keeps to its own."""
    for back, day in [('events("encounter")', "2024-01-12"), ('events("encounter").same("link")', "2024-01-14")]:
        signals = (signal("accepted", "appointment", when=f'{back}.within(until(this("date"))).exists()'),)
        moves = (move("sent", "accepted", "accepted"),)
        disease = evolve(REFERRAL, pathway=evolve(REFERRAL.pathway, signals=signals, transitions=moves, timings=()))
        events = """
            who  date        kind         link
            P1   2024-01-09  encounter    r1
            P1   2024-01-10  referral     r2
            P1   2024-01-12  appointment  r2
            P1   2024-01-13  encounter    r2
            P1   2024-01-14  appointment  r2
        """
        assert engine.moves(disease, events, until="2024-01-31")[-1].split()[1] == day
