"""Windows: which days they hold. Both ends are included, and nothing lies after the day asked on."""

import pytest
from pathways import care, timing
from tables import lines

DAYS = """
    who  date        kind
    P1   2023-11-30  follow_up
    P1   2023-12-01  follow_up
    P1   2023-12-31  follow_up
    P1   2024-01-01  follow_up
    P1   2024-01-31  follow_up
    P1   2024-02-01  follow_up
    P1   2024-02-28  follow_up
    P1   2024-02-29  follow_up
    P1   2024-03-01  follow_up
    P1   2024-12-31  follow_up
    P1   2025-01-01  follow_up
"""


def held(engine, window, period, as_of=None, events=DAYS):
    """Write the first and the last of the days in the window, and how many there are."""
    rows = f"events().within({window})"
    found = [
        engine.values(f"{rows}.{what}", events, period=period, as_of=as_of)[1].split()[1]
        for what in ("first().date", "last().date", "count()")
    ]
    return " ".join(found)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2024", "2024-01-01 2024-12-31 7"),
        ("2024-02", "2024-02-01 2024-02-29 3"),
        ("2024Q1", "2024-01-01 2024-03-01 6"),
        ("2024-02-01..2024-02-28", "2024-02-01 2024-02-28 2"),
        ("2024-02-29..2024-02-29", "2024-02-29 2024-02-29 1"),
    ],
)
def test_the_period_includes_both_ends(engine, period, expected):
    """The first and the last day of a year, a month, a quarter or any dates belong to it; leap days too."""
    assert held(engine, "PERIOD", period) == expected


@pytest.mark.parametrize(
    ("window", "period", "expected"),
    [
        ("months(0, 0)", "2024-02", "2024-02-01 2024-02-29 3"),
        ("months(-2, 0)", "2024-02", "2023-12-01 2024-02-29 7"),
        ("months(-2, 0)", "2024Q1", "2024-01-01 2024-03-01 6"),
        ("months(-11, 0)", "2024", "2024-01-01 2024-12-31 7"),
        ("months(-2, -1)", "2024-02", "2023-12-01 2024-01-31 4"),
        ("months(-2, 0)", "2024-02-10..2024-02-28", "2023-12-01 2024-02-28 6"),
        ("months(0, 3)", "2024-02-01..2024-02-28", "2024-02-01 2024-02-28 2"),
    ],
)
def test_months_are_whole_calendar_months(engine, window, period, expected):
    """Counted from the month that holds the last day, whole months, but never past that day."""
    assert held(engine, window, period) == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ('between(day("2023-12-31"), day("2024-02-28"))', "2023-12-31 2024-02-28 5"),
        ('between(day("2024-02-29"), day("2024-02-29"))', "2024-02-29 2024-02-29 1"),
        ('on(day("2024-02-29"))', "2024-02-29 2024-02-29 1"),
        ("until(PERIOD.start - 1)", "2023-11-30 2023-12-31 3"),
        ('between(day("2024-03-01"), None)', "2024-03-01 2024-12-31 2"),
        ("between(PERIOD.end - 366, PERIOD.end)", "2023-12-31 2024-12-31 8"),
        ('between(day("2024-03-01"), day("2024-02-01"))', "? ? 0"),
        ('between(day("2024-12-31"), day("2025-12-31"))', "2024-12-31 2024-12-31 1"),
    ],
)
def test_between_includes_both_ends(engine, window, expected):
    """From a day to a day; an open side is open; turned round it holds nothing; it ends on the day asked on."""
    assert held(engine, window, "2024") == expected


def test_a_window_may_run_forwards_from_a_row(engine):
    """Fifteen days after the first call, that day included."""
    events = """
        who  date        kind
        P1   2024-03-01  call
        P1   2024-03-16  follow_up
        P2   2024-03-01  call
        P2   2024-03-17  follow_up
        P3   2024-03-16  follow_up
    """
    call = 'events("call").within(PERIOD).first().date'
    found = engine.values(f'events("follow_up").within(between({call}, {call} + 15)).exists()', events)
    assert found == lines("""
        who value
        P1  yes
        P2  no
        P3  no
    """)


def test_an_unknown_bound_holds_no_row(engine):
    """Where the day to count from is missing, nothing is inside: not even an unknown number."""
    window = 'between(events("call").first().date, None)'
    assert held(engine, window, "2024") == "? ? 0"


def test_nested_windows_intersect(engine):
    """A window of a window holds what lies in both."""
    events = """
        who  date        kind
        P1   2024-01-31  follow_up
        P1   2024-02-15  follow_up
        P1   2024-03-01  follow_up
    """
    rows = 'events().within(PERIOD).within(between(day("2024-02-01"), None)).within(until(day("2024-02-29")))'
    assert engine.values(f"{rows}.count()", events) == lines("who value\nP1 1")


def test_breaches_lie_in_a_window_by_the_first_day_they_are_late(engine):
    """Due on 31 December, late from 1 January: a breach of the next year."""
    late = timing("late", "stable", days=30, kinds="checkup")
    events = """
        who  date        kind
        P1   2023-12-01  diagnosis
        P2   2023-11-30  diagnosis
    """
    found = engine.values(
        'breaches("care").within(PERIOD).count()', events, period="2023-01-01..2024-12-31/year", diseases=[care(late)]
    )
    assert found == lines("""
        who period      value
        P1  2023-12-31  0
        P1  2024-12-31  1
        P2  2023-12-31  1
        P2  2024-12-31  0
    """)


def test_one_pass_serves_many_periods(engine):
    """Each period has its own days."""
    found = engine.values("events().within(PERIOD).count()", DAYS, period="2024Q1/month")
    assert found == lines("""
        who period      value
        P1  2024-01-31  2
        P1  2024-02-29  3
        P1  2024-03-31  1
    """)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("PERIOD", "2024-01-01 2024-02-28 4"),
        ("months(0, 0)", "2024-02-01 2024-02-28 2"),
        ("months(-1, 0)", "2024-01-01 2024-02-28 4"),
        ("between(PERIOD.end, None)", "2024-02-28 2024-02-28 1"),
    ],
)
def test_with_as_of_the_question_is_asked_on_that_day(engine, window, expected):
    """As of 28 February the year ends there: months count from February, and nothing later is seen."""
    assert held(engine, window, "2024", as_of="2024-02-28") == expected
