"""Measures that mature: what is seen of the days after a period."""

from pathways import CARE, care, timing
from tables import lines

from singledisease.dates import Maturity

CALLS = """
    who  date        kind
    P1   2024-06-20  call
    P1   2024-07-05  follow_up
    P2   2024-06-20  call
    P2   2024-07-06  follow_up
    P3   2024-06-10  call
    P3   2024-06-24  follow_up
"""
BACK = 'events("follow_up").within(between(events("call").first().date, events("call").first().date + 15)).exists()'


def june(engine, expression, events=CALLS, **more):
    """Give the values of the people in June 2024."""
    return [line.split()[1] for line in engine.values(expression, events, period="2024-06", **more)[1:]]


def test_rows_after_the_period_are_seen_so_many_days_longer(engine):
    """15 days after 30 June is 15 July: who came on 5 July was back in time; the 16th day is one too late."""
    assert june(engine, BACK) == lines("no\nno\nyes")
    assert june(engine, BACK, matures=5) == lines("yes\nno\nyes")
    assert june(engine, BACK, matures=4) == lines("no\nno\nyes")
    assert june(engine, BACK, matures=15) == lines("yes\nno\nyes")


def test_months_come_before_days(engine):
    """One calendar month and a day after 31 January 2024 is 1 March."""
    events = """
        who  date        kind
        P1   2024-02-29  follow_up
        P2   2024-03-01  follow_up
        P3   2024-03-02  follow_up
    """
    found = engine.values("events().exists()", events, period="2024-01", matures=Maturity(months=1, days=1))
    assert [line.split()[1] for line in found[1:]] == lines("yes\nyes\nno")


def test_the_period_and_calendar_windows_do_not_move(engine):
    """Rows of the period, and the day asked on, are those of the period."""
    assert june(engine, "events().within(PERIOD).count()", matures=15) == lines("1\n1\n2")
    assert june(engine, "events().within(months(0, 0)).count()", matures=15) == lines("1\n1\n2")
    assert june(engine, "events().within(until(PERIOD.end)).count()", matures=15) == lines("1\n1\n2")
    assert june(engine, "events().count()", matures=15) == lines("2\n2\n2")
    assert june(engine, "PERIOD.end", matures=15)[0] == "2024-06-30"


def test_never_past_the_day_of_as_of(engine):
    """What is not known yet is not seen, however long a measure looks."""
    assert june(engine, BACK, matures=15, as_of="2024-07-04") == lines("no\nno\nyes")
    assert june(engine, BACK, matures=15, as_of="2024-07-05") == lines("yes\nno\nyes")


def test_each_period_sees_its_own_days(engine):
    """Periods in one pass give what each gives alone."""
    found = engine.values("events().count()", CALLS, period="2024-05-01..2024-06-30/month", matures=20)
    assert found == lines("""
        who period     value
        P1  2024-05-31 1
        P1  2024-06-30 2
        P2  2024-05-31 1
        P2  2024-06-30 2
        P3  2024-05-31 1
        P3  2024-06-30 2
    """)


ENROLLED = """
    who  date        kind       sbp
    P1   2024-06-01  diagnosis  .
    P1   2024-07-03  follow_up  150
    P2   2024-07-03  diagnosis  .
"""


def test_states_after_the_period_are_seen_too(engine):
    """The state on a day is known up to the last day seen, and unknown after it."""
    later = 'in_state("care", "high", on=PERIOD.end + 3)'
    assert june(engine, later, ENROLLED, diseases=[CARE]) == lines("?\n?")
    assert june(engine, later, ENROLLED, diseases=[CARE], matures=2) == lines("?\n?")
    assert june(engine, later, ENROLLED, diseases=[CARE], matures=3) == lines("yes\nno")


def test_days_in_a_state_are_counted_to_the_last_day_seen(engine):
    """Of a window that goes on the days seen count; of the period its own."""
    days = 'days_in(managed("care"), between(PERIOD.start, PERIOD.end + 5))'
    assert june(engine, days, ENROLLED, diseases=[CARE]) == lines("30\n0")
    assert june(engine, days, ENROLLED, diseases=[CARE], matures=4) == lines("34\n2")
    assert june(engine, days, ENROLLED, diseases=[CARE], matures=9) == lines("35\n3")
    assert june(engine, 'days_in(managed("care"), PERIOD)', ENROLLED, diseases=[CARE], matures=9) == lines("30\n0")


def test_what_a_pathway_made_is_seen_to_that_day(engine):
    """A follow-up due by 1 July is missed on 2 July, which June sees if it looks two days longer."""
    disease = care(timing("review", "stable", days=30, kinds="follow_up"))
    missed = 'breaches("care").count()'
    assert june(engine, missed, ENROLLED, diseases=[disease], matures=1) == lines("0\n0")
    assert june(engine, missed, ENROLLED, diseases=[disease], matures=2) == lines("1\n0")
