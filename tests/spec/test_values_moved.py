"""Days that are moved, and the outermost of several values."""

import pytest
from tables import lines

EVENTS = """
who date       kind      sbp dbp until
ann 2024-01-31 follow_up 150 90  2024-03-01
bob 2024-02-29 follow_up .   80  .
"""


@pytest.mark.parametrize(
    ("moved", "ann", "bob"),
    [
        ("plus(days=1)", "2024-02-01", "2024-03-01"),
        ("plus(days=-1.5)", "2024-01-29", "2024-02-27"),
        ("plus(months=1)", "2024-02-29", "2024-03-29"),
        ("plus(months=-2)", "2023-11-30", "2023-12-29"),
        ("plus(years=1)", "2025-01-31", "2025-02-28"),
        ("plus(years=1, days=1)", "2025-02-01", "2025-03-01"),
        ("plus(years=9000)", "?", "?"),
        ("plus(months=1).plus(months=1)", "2024-03-29", "2024-04-29"),
    ],
)
def test_a_day_moves_by_days_months_or_years(engine, moved, ann, bob):
    """A fraction of a day is cut off; a month that lacks the day takes its last; a day beyond year 9999 is missing."""
    value = f'events("follow_up").last().date.{moved}'
    assert engine.values(value, EVENTS, period="2024") == lines(f"who value\nann {ann}\nbob {bob}")


def test_the_earliest_and_latest_leave_out_what_is_missing(engine):
    """Of dates that are there the outermost is taken; where none is there, it is missing."""
    last = 'events("follow_up").last()'
    found = engine.values(f"earliest({last}.until, PERIOD.start)", EVENTS, period="2024")
    assert found == lines("who value\nann 2024-01-01\nbob 2024-01-01")
    assert engine.values(f"latest({last}.until, {last}.date)", EVENTS, period="2024") == lines(
        "who value\nann 2024-03-01\nbob 2024-02-29"
    )
    assert engine.values(f"latest({last}.until)", EVENTS, period="2024") == lines("who value\nann 2024-03-01\nbob ?")


def test_the_smallest_and_largest_leave_out_what_is_missing(engine):
    """Of numbers that are there the outermost is taken; where none is there, it is missing."""
    last = 'events("follow_up").last()'
    assert engine.values(f"smallest({last}.sbp, {last}.dbp)", EVENTS, period="2024") == lines(
        "who value\nann 90\nbob 80"
    )
    assert engine.values(f"largest({last}.sbp, 100)", EVENTS, period="2024") == lines("who value\nann 150\nbob 100")
    assert engine.values(f"largest({last}.sbp)", EVENTS, period="2024") == lines("who value\nann 150\nbob ?")
