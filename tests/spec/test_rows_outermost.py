"""The first or last few rows of a selection, as rows."""

import pytest
from pathways import CARE
from tables import lines

READINGS = """
    who date       kind        sequence sbp dbp
    a   2024-01-01 measurement .        150 95
    a   2024-02-01 measurement 2        140 .
    a   2024-02-01 measurement 1        130 85
    a   2024-03-01 measurement .        120 80
    b   2024-05-01 measurement .        160 99
"""
ALL = 'events("measurement")'
ASKED = {
    f'{ALL}.latest(2).maximum("sbp")': ("140", "160"),
    f'{ALL}.latest(3).maximum("sbp")': ("140", "160"),
    f'{ALL}.latest(4).maximum("sbp")': ("150", "160"),
    f"{ALL}.latest(9).count()": ("4", "1"),
    f"{ALL}.latest(2).first().sbp": ("140", "160"),
    f"{ALL}.earliest(2).last().sbp": ("130", "160"),
    f'{ALL}.earliest(1).minimum("date")': ("2024-01-01", "2024-05-01"),
    # What narrows before counts among fewer rows; what narrows after counts of those that were found.
    f"{ALL}.where(dbp.known()).latest(2).first().sbp": ("130", "160"),
    f"{ALL}.latest(2).where(dbp.known()).count()": ("1", "1"),
    f'{ALL}.within(until(day("2024-02-15"))).latest(1).last().sbp': ("140", "?"),
    f'{ALL}.latest(1).within(until(day("2024-02-15"))).count()': ("0", "0"),
    # A window around those that were found holds its own first and last day.
    f'{ALL}.latest(3).within(between(day("2024-02-01"), day("2024-03-01"))).count()': ("3", "0"),
    f'{ALL}.latest(3).within(between(day("2024-02-02"), day("2024-02-29"))).count()': ("0", "0"),
    f"{ALL}.latest(3).earliest(1).last().sbp": ("130", "160"),
    'events("call").latest(2).count()': ("0", "0"),
    # Two of the last three are below 140: one more than half.
    f"{ALL}.latest(3).where(sbp < 140).count() >= 2": ("yes", "no"),
}


@pytest.mark.parametrize(("asked", "expected"), ASKED.items(), ids=ASKED)
def test_the_first_or_last_few_rows(engine, asked, expected):
    """By the canonical order, of a day by the sequence; all of them where there are fewer."""
    assert engine.values(asked, READINGS) == ["who value", f"a {expected[0]}", f"b {expected[1]}"]


def test_they_are_found_for_each_period(engine):
    """The last two of each month's end are those that were there then."""
    assert engine.values(f'{ALL}.latest(2).maximum("sbp")', READINGS, period="2024Q1/month") == lines("""
        who period     value
        a   2024-01-31 150
        a   2024-02-29 140
        a   2024-03-31 140
        b   2024-01-31 ?
        b   2024-02-29 ?
        b   2024-03-31 ?
    """)


def test_they_are_counted_as_rows(engine):
    """The rows of a measure may be everybody's last two."""
    assert engine.rows(f"{ALL}.latest(2)", "sbp", READINGS) == lines("""
        who row           value
        a   measurement#3 140
        a   measurement#4 120
        b   measurement#1 160
    """)


def test_a_row_finds_the_last_two_before_it(engine):
    """Of each reading, the mean of the two before: of the first there are none, of the second one."""
    before = f'{ALL}.within(until(this("date") - 1)).latest(2)'
    assert engine.rows(ALL, f"{before}.count()", READINGS) == lines("""
        who row           value
        a   measurement#1 0
        a   measurement#2 1
        a   measurement#3 1
        a   measurement#4 2
        b   measurement#1 0
    """)
    assert engine.rows(ALL, f'{before}.mean("sbp")', READINGS) == lines("""
        who row           value
        a   measurement#1 ?
        a   measurement#2 150
        a   measurement#3 150
        a   measurement#4 135
        b   measurement#1 ?
    """)


def test_the_last_stays(engine):
    """Stays in states stand in the order in which they began: stable, high, and stable again."""
    events = """
        who date       kind      sbp
        a   2024-01-10 diagnosis .
        a   2024-02-10 follow_up 150
        a   2024-03-10 follow_up 120
    """
    asked = 'spells("care").latest(2).first().state'
    assert engine.values(asked, events, diseases=[CARE]) == lines("who value\na high")
    asked = 'spells("care").earliest(1).last().left'
    assert engine.values(asked, events, diseases=[CARE]) == lines("who value\na 2024-02-10")
