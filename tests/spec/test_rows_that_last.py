"""Rows that last: which of them meet a window, how many of its days they cover, and the longest run that none does."""

import pytest
from pathways import CARE
from tables import lines

STAYS = """
    who date       kind      until
    a   2024-01-01 admission 2024-01-10
    a   2024-01-08 admission 2024-01-12
    a   2024-01-20 admission 2024-01-20
    a   2024-02-01 admission .
    b   2024-01-05 call      .
    c   2023-12-20 admission 2024-01-03
    c   2024-01-31 admission 2024-01-15
"""
ADMISSIONS = 'events("admission")'

# OVERLAPPING

MEETS = {
    'between(day("2024-01-12"), day("2024-01-19"))': "a 1",
    'between(day("2024-01-13"), day("2024-01-19"))': "a 0",
    'between(day("2024-01-13"), day("2024-01-20"))': "a 1",
    'between(day("2024-01-10"), day("2024-01-10"))': "a 2",
    'between(day("2024-01-21"), day("2024-01-31"))': "a 0",
    'between(day("2024-01-21"), day("2024-02-01"))': "a 1",
    'between(day("2024-11-01"), day("2024-11-30"))': "a 1",
    'until(day("2023-12-31"))': "a 0",
    'until(day("2024-01-01"))': "a 1",
    'between(day("2024-01-09"), None)': "a 4",
    'between(day("2024-01-10"), day("2024-01-09"))': "a 0",
}


@pytest.mark.parametrize(("window", "expected"), MEETS.items(), ids=MEETS)
def test_a_row_meets_a_window_on_any_of_its_days(engine, window, expected):
    """From its date to its last day, both ends included; without a last day it is still going on."""
    assert expected in engine.values(f"{ADMISSIONS}.overlapping({window}).count()", STAYS)


def test_a_row_that_began_before_the_window_is_in_it_but_not_within(engine):
    """Within asks for the date alone: c came in December, and was there in January."""
    january = 'between(day("2024-01-01"), day("2024-01-05"))'
    assert "c 1" in engine.values(f"{ADMISSIONS}.overlapping({january}).count()", STAYS)
    assert "c 0" in engine.values(f"{ADMISSIONS}.within({january}).count()", STAYS)


def test_a_row_that_ends_before_it_begins_lasts_on_no_day(engine):
    """The second admission of c is said to end before it begins: no window holds a day of it."""
    assert "c 0" in engine.values(f'{ADMISSIONS}.overlapping(on(day("2024-01-31"))).count()', STAYS)
    assert "c 0" in engine.values(f'{ADMISSIONS}.overlapping(between(day("2024-01-10"), None)).count()', STAYS)


def test_an_unknown_bound_meets_no_row(engine):
    """A window of which a bound is missing holds nothing."""
    unknown = 'between(events("call").last().date, None)'
    assert engine.values(f"{ADMISSIONS}.overlapping({unknown}).count()", STAYS) == lines("who value\na 0\nb 0\nc 0")


def test_stays_in_states_overlap_to_the_day_before_they_are_left(engine):
    """Whoever left a state on a day was last in it the day before."""
    events = """
        who date       kind      sbp
        a   2024-01-10 diagnosis .
        a   2024-02-10 follow_up 150
        a   2024-03-10 follow_up 120
    """
    high = 'spells("care").where(state == "high")'
    for day, expected in (("2024-02-09", 0), ("2024-02-10", 1), ("2024-03-09", 1), ("2024-03-10", 0)):
        asked = f'{high}.overlapping(on(day("{day}"))).count()'
        assert engine.values(asked, events, diseases=[CARE]) == lines(f"who value\na {expected}")
    stable = 'spells("care").where(state == "stable").overlapping(on(day("2024-12-31"))).count()'
    assert engine.values(stable, events, diseases=[CARE]) == lines("who value\na 1")


def test_a_row_looks_for_what_overlaps_it(engine):
    """Of each admission, how many others of the person were going on when it began: no window of another's counts."""
    asked = f'{ADMISSIONS}.overlapping(on(this("date"))).count() - 1'
    assert engine.rows(ADMISSIONS, asked, STAYS) == lines("""
        who row         value
        a   admission#1 0
        a   admission#2 1
        a   admission#3 0
        a   admission#4 0
        c   admission#1 0
        c   admission#2 -1
    """)


# COVERED, GAP

JANUARY = 'between(day("2024-01-01"), day("2024-01-31"))'
COVERED = {
    # a: the 1st to the 12th in two rows that overlap, and the 20th; c: the 1st to the 3rd.
    f"covered({JANUARY})": ("13", "0", "3"),
    'covered(between(day("2024-01-10"), day("2024-01-11")))': ("2", "0", "0"),
    'covered(on(day("2024-02-01")))': ("1", "0", "0"),
    'covered(between(day("2024-02-01"), day("2024-02-29")))': ("1", "0", "0"),
    'covered(between(day("2024-02-01"), day("2024-02-29")), open_ended=True)': ("29", "0", "0"),
    'covered(until(day("2024-01-02")))': ("2", "0", "14"),
    'covered(between(day("2024-01-02"), day("2024-01-01")))': ("0", "0", "0"),
    'covered(between(events("call").last().date, None))': ("?", "0", "?"),
    # a: from the 21st to the 31st; c: from the 4th on.
    f"gap({JANUARY})": ("11", "31", "28"),
    'gap(between(day("2024-01-12"), day("2024-01-31")))': ("11", "20", "20"),
    'gap(between(day("2024-01-12"), day("2024-01-25")))': ("7", "14", "14"),
    'gap(between(day("2024-02-01"), day("2024-02-29")))': ("28", "29", "29"),
    'gap(between(day("2024-02-01"), day("2024-02-29")), open_ended=True)': ("0", "29", "29"),
    'gap(between(day("2023-12-25"), day("2024-01-05")))': ("7", "12", "2"),
    'gap(between(day("2024-01-02"), day("2024-01-01")))': ("0", "0", "0"),
    'gap(until(day("2024-01-31")))': ("?", "?", "?"),
    'gap(between(events("call").last().date, day("2024-01-05")))': ("?", "1", "?"),
}


@pytest.mark.parametrize(("asked", "expected"), COVERED.items(), ids=COVERED)
def test_days_that_rows_cover(engine, asked, expected):
    """Each day counts once however many rows cover it; a row without a last day is one day, or goes on if asked so."""
    found = engine.values(f"{ADMISSIONS}.{asked}", STAYS)
    assert found == ["who value", *(f"{who} {value}" for who, value in zip("abc", expected, strict=True))]


def test_of_no_rows_nothing_is_covered(engine):
    """The whole window is one gap."""
    assert engine.values(f'events("rehabilitation").covered({JANUARY})', STAYS)[1:] == ["a 0", "b 0", "c 0"]
    assert engine.values(f'events("rehabilitation").gap({JANUARY})', STAYS)[1:] == ["a 31", "b 31", "c 31"]


def test_the_window_ends_with_the_last_day_that_is_seen(engine):
    """Of a period that is asked on 10 January, ten days are covered; the rows stay as they are known."""
    assert "a 10" in engine.values(f"{ADMISSIONS}.covered(PERIOD)", STAYS, period="2024-01", as_of="2024-01-10")
    assert "c 7" in engine.values(f"{ADMISSIONS}.gap(PERIOD)", STAYS, period="2024-01", as_of="2024-01-10")


def test_each_period_has_days_of_its_own(engine):
    """January and February, each from its first day."""
    assert engine.values(f"{ADMISSIONS}.covered(PERIOD)", STAYS, period="2024Q1/month") == lines("""
        who period     value
        a   2024-01-31 13
        a   2024-02-29 1
        a   2024-03-31 0
        b   2024-01-31 0
        b   2024-02-29 0
        b   2024-03-31 0
        c   2024-01-31 3
        c   2024-02-29 0
        c   2024-03-31 0
    """)


def test_a_row_asks_for_the_days_before_it(engine):
    """How many of the thirty days before each call were spent in hospital."""
    events = """
        who date       kind      until
        a   2024-01-01 admission 2024-01-10
        a   2024-01-20 admission 2024-01-25
        a   2024-01-22 call      .
        a   2024-02-15 call      .
        b   2024-02-15 call      .
    """
    window = 'between(this("date") - 30, this("date") - 1)'
    # Of the 23rd of December to the 21st of January, twelve days; of the 16th of January to the 14th of February, six.
    assert engine.rows('events("call")', f"{ADMISSIONS}.covered({window})", events) == lines("""
        who row    value
        a   call#3 12
        a   call#4 6
        b   call#1 0
    """)
    assert engine.rows('events("call")', f"{ADMISSIONS}.gap({window})", events) == lines("""
        who row    value
        a   call#3 9
        a   call#4 20
        b   call#1 30
    """)


def test_stays_in_states_cover_their_days(engine):
    """A stay that lasts covers every day to the last that is seen, whether asked for as open or not."""
    events = "who date kind sbp\na 2024-01-10 diagnosis .\na 2024-02-10 follow_up 150\na 2024-02-20 follow_up 120"
    asked = 'spells("care").where(state == "stable").covered(PERIOD)'
    # Of January twenty-two days and of February nine before the tenth; then from 20 February to 31 March.
    assert engine.values(asked, events, diseases=[CARE], period="2024Q1") == lines("who value\na 72")
    gap = 'spells("care").where(state == "stable").gap(between(day("2024-01-10"), PERIOD.end))'
    assert engine.values(gap, events, diseases=[CARE], period="2024Q1") == lines("who value\na 10")
