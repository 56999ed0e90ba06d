"""Linked sequences as rows, and what is asked of one: its events, its states, its runs.

``REFERRAL`` is that of ``test_walk_sequences``.
"""

import pytest
from pathways import CARE
from tables import lines
from test_walk_sequences import REFERRAL

from singledisease.errors import UsageError

EVENTS = """
    who  date        kind         link  institution  status
    P1   2024-01-10  referral     r2    T1           .
    P1   2024-01-11  referral     r1    .            .
    P1   2024-01-12  appointment  r2    H1           .
    P1   2024-01-20  encounter    r2    H1           closed
    P1   2024-01-25  appointment  r1    H1           .
    P2   2024-01-10  referral     r2    T2           .
    P2   2024-01-14  exit         r2    T2           .
    P2   2024-02-02  referral     r3    T2           .
"""
SENT = 'sequences("referral")'


def of_sequences(engine, expression, of=SENT, **more):
    """Give the values of the four sequences, those of the first person first."""
    found = engine.rows(of, expression, EVENTS, diseases=[REFERRAL], **more)
    return [line.split()[-1] for line in found[1:]]


def test_each_sequence_is_a_row(engine):
    """In the order of their first events, whose date and institution they have."""
    assert engine.rows(SENT, 'column("link")', EVENTS, diseases=[REFERRAL]) == lines("""
        who row        value
        P1  2024-01-10 r2
        P1  2024-01-11 r1
        P2  2024-01-10 r2
        P2  2024-02-02 r3
    """)
    assert of_sequences(engine, 'column("institution")') == ["T1", "?", "T2", "T2"]


def test_sequences_that_have_begun_by_then(engine):
    """January has three; a window keeps those that began in it."""
    assert of_sequences(engine, "date", period="2024-01") == lines("2024-01-10\n2024-01-11\n2024-01-10")
    assert of_sequences(engine, "date", of=f'{SENT}.within(on(day("2024-01-11")))') == ["2024-01-11"]
    assert of_sequences(engine, "date", of=f"{SENT}.within(PERIOD)", period="2024-02") == ["2024-02-02"]


def test_events_of_a_sequence(engine):
    """The rows that share its link, of its person."""
    assert of_sequences(engine, 'events().same("link").count()') == ["3", "2", "2", "1"]
    closed = 'events().same("link").where(column("status") == "closed").exists()'
    assert of_sequences(engine, closed) == ["yes", "no", "no", "no"]
    answered = 'events("appointment").same("link").within(between(this("date"), this("date") + 7)).exists()'
    assert of_sequences(engine, answered) == ["yes", "no", "no", "no"]


def test_the_state_of_a_sequence(engine):
    """In a row of sequences the state is that sequence's own, not the person's other ones'."""
    accepted = 'in_state("referral", "accepted", on=day("2024-01-25"))'
    assert of_sequences(engine, accepted) == ["no", "yes", "no", "no"]
    assert of_sequences(engine, 'in_state("referral", "forgotten", during=PERIOD)') == ["no", "yes", "no", "yes"]
    assert of_sequences(engine, 'days_in(managed("referral"), PERIOD)', period="2024-01") == ["10", "21", "4"]


def test_the_state_on_a_day_of_one_of_its_events(engine):
    """In the condition on an event, the state is still that of the sequence in whose row the selection stands."""
    open_then = 'events().same("link").where(managed("referral", on=date)).count()'
    assert of_sequences(engine, open_then) == ["2", "2", "1", "1"]


def test_stays_and_runs_of_a_sequence(engine):
    """In its row, those of the sequence alone; elsewhere those of all of a person's, in time."""
    assert of_sequences(engine, 'spells("referral").count()') == ["3", "3", "2", "2"]
    assert of_sequences(engine, 'services("referral").last().outcome') == ["met", "missed", "cancelled", "missed"]
    assert of_sequences(engine, 'breaches("referral").exists()') == ["no", "yes", "no", "yes"]
    found = engine.values('spells("referral").count()', EVENTS, diseases=[REFERRAL])
    assert found == lines("who value\nP1 6\nP2 4")
    found = engine.rows('spells("referral")', 'column("state")', EVENTS, diseases=[REFERRAL])
    assert found == lines("""
        who row        value
        P1  2024-01-10 sent
        P1  2024-01-11 sent
        P1  2024-01-12 accepted
        P1  2024-01-19 forgotten
        P1  2024-01-20 arrived
        P1  2024-01-25 accepted
        P2  2024-01-10 sent
        P2  2024-01-14 closed
        P2  2024-02-02 sent
        P2  2024-02-10 forgotten
    """)


def test_sequences_of_a_person(engine):
    """Of a person they are rows like any others: counted, picked, looked at."""
    found = engine.values(f"{SENT}.count()", EVENTS, diseases=[REFERRAL])
    assert found == lines("who value\nP1 2\nP2 2")
    found = engine.values(
        f'{SENT}.where(in_state("referral", "arrived", on=PERIOD.end)).count()', EVENTS, diseases=[REFERRAL]
    )
    assert found == lines("who value\nP1 1\nP2 0")
    found = engine.values(f'{SENT}.last().value(events().same("link").count())', EVENTS, diseases=[REFERRAL])
    assert found == lines("who value\nP1 2\nP2 1")


def test_a_person_has_no_one_state_of_them(engine):
    """Outside a row of sequences it is not said which is meant: that is refused, never guessed."""
    with pytest.raises(UsageError, match="sequences"):
        engine.values('managed("referral", on=PERIOD.end)', EVENTS, diseases=[REFERRAL])


def test_nor_where_the_day_is_that_of_a_sequence(engine):
    """The day of the last one does not say whose state is meant; its own row does."""
    last = f"{SENT}.last()"
    with pytest.raises(UsageError, match="sequences"):
        engine.values(f'managed("referral", on={last}.date)', EVENTS, diseases=[REFERRAL])
    found = engine.values(f'{last}.value(managed("referral", on=date))', EVENTS, diseases=[REFERRAL])
    assert found == lines("who value\nP1 yes\nP2 yes")


def test_people_have_no_sequences_of_a_disease_of_theirs(engine):
    """Where each person has one course there is nothing to count: that is refused, not none."""
    with pytest.raises(UsageError, match="over people, not links"):
        engine.values('sequences("care").count()', "who date kind\nP1 2024-01-10 diagnosis", diseases=[CARE])


def test_sequences_without_institutions(engine):
    """Where no event names an institution no sequence does, nor is there any without a link."""
    events = "who date kind link\nP1 2024-01-10 referral r1"
    assert engine.rows(SENT, 'column("institution")', events, diseases=[REFERRAL])[1:] == ["P1 2024-01-10 ?"]
    nobody = "who date kind\nP1 2024-01-10 referral"
    assert engine.values(f"{SENT}.count()", nobody, diseases=[REFERRAL])[1:] == ["P1 0"]


def test_sequences_of_sequences(engine):
    """In the row of a sequence it is the only one; of another disease there are all that the person has."""
    assert of_sequences(engine, f"{SENT}.count()") == ["1", "1", "1", "1"]
    found = engine.rows(SENT, 'spells("care").count()', EVENTS, diseases=[REFERRAL, CARE])
    assert [line.split()[-1] for line in found[1:]] == ["1", "1", "2", "2"]


def test_each_period_sees_sequences_as_they_stand_then(engine):
    """Walked once to the end of the year, at the end of January a referral is not yet forgotten."""
    found = engine.rows(
        SENT,
        'in_state("referral", "sent", on=PERIOD.end)',
        EVENTS,
        diseases=[REFERRAL],
        period="2024-01-01..2024-02-15/month",
    )
    assert found == lines("""
        who period     row        value
        P1  2024-01-31 2024-01-10 no
        P1  2024-01-31 2024-01-11 no
        P2  2024-01-31 2024-01-10 no
        P1  2024-02-15 2024-01-10 no
        P1  2024-02-15 2024-01-11 no
        P2  2024-02-15 2024-01-10 no
        P2  2024-02-15 2024-02-02 no
    """)
