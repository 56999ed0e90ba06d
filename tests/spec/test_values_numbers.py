"""Arithmetic, distances between days, and ages."""

import pytest
from tables import lines

FIRST, LAST = 'events("follow_up").first()', 'events("follow_up").last()'


def of_one(engine, expression, events, people=""):
    """Write the one person's value."""
    return engine.values(expression, events, people=people, period="2024")[1].split()[1]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("r.sbp + 0.5", "150.5"),
        ("r.sbp - r.dbp", "54"),
        ("r.sbp * 2", "300"),
        ("r.sbp / 4", "37.5"),
        ("r.sbp // 4", "37"),
        ("(0 - r.sbp) // 4", "-38"),
        ("r.sbp / 0", "?"),
        ("r.sbp // 0", "?"),
        ("r.sbp / (r.dbp - 96)", "?"),
        ("r.hdl + 1", "?"),
        ("1 + r.hdl", "?"),
        ("1e308 * r.sbp", "?"),
    ],
)
def test_arithmetic(engine, expression, expected):
    """Numbers are taken as they are; a missing one, a division by zero or what is too big is missing."""
    events = """
        who  date        kind       sbp  dbp
        P1   2024-03-01  follow_up  150  96
    """
    assert of_one(engine, expression.replace("r.", f"{LAST}."), events) == expected


def test_pressures_are_never_rounded(engine):
    """139.9 is below 140, 140.0 is not."""
    events = """
        who  date        kind       sbp
        P1   2024-03-01  follow_up  139.9
        P2   2024-03-01  follow_up  140.0
    """
    assert engine.values(f"{LAST}.sbp < 140", events) == lines("""
        who value
        P1  yes
        P2  no
    """)


VISITS = """
    who  date        kind
    P1   2024-01-31  follow_up
    P1   2024-03-01  follow_up
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"{FIRST}.date + 1", "2024-02-01"),
        (f"{FIRST}.date - 31", "2023-12-31"),
        (f"1 + {FIRST}.date", "2024-02-01"),
        (f"{FIRST}.date + 0.5", "2024-01-31"),
        (f"{FIRST}.date - 0.5", "2024-01-30"),
        (f"{LAST}.date - {FIRST}.date", "30"),
        (f"{FIRST}.date + 10000000", "?"),
    ],
)
def test_days_can_be_added_to_a_date(engine, expression, expected):
    """A date plus days is a date, a date minus a date is days; there is no day beyond the year 9999."""
    assert of_one(engine, expression, VISITS) == expected


@pytest.mark.parametrize(
    ("function", "expected"), [("days_between", "30"), ("months_between", "2"), ("years_between", "0")]
)
def test_distances(engine, function, expected):
    """From 31 January to 1 March are 30 days and two calendar months: in months, days do not matter."""
    assert of_one(engine, f"{function}({FIRST}.date, {LAST}.date)", VISITS) == expected


def test_a_distance_backwards_is_negative(engine):
    """From the later day to the earlier one the distance is below zero."""
    assert of_one(engine, f"days_between({LAST}.date, {FIRST}.date)", VISITS) == "-30"
    assert of_one(engine, f"months_between({LAST}.date, {FIRST}.date)", VISITS) == "-2"


def test_a_distance_to_no_day_is_missing(engine):
    """Without a second day there is no distance."""
    assert of_one(engine, f'days_between({FIRST}.date, events("checkup").first().date)', VISITS) == "?"


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-02-28", "64"), ("2025-03-01", "65"), ("2024-02-28", "63"), ("2024-02-29", "64")]
)
def test_born_on_29_february(engine, day, expected):
    """Born on 29 February 1960: the birthday is on 1 March in a common year, on 29 February in a leap year."""
    people = """
        who  birth
        P1   1960-02-29
    """
    assert of_one(engine, f'age(on=day("{day}"))', "who date kind", people) == expected


def test_age_without_a_birth_date_is_missing(engine):
    """A blank birth date makes every age unknown, and with it what depends on it."""
    assert of_one(engine, "age(on=PERIOD.end) >= 65", VISITS) == "?"


def test_age_on_the_day_of_a_row(engine):
    """A row may ask how old the person was on its own day."""
    events = """
        who  date        kind
        P1   2024-05-31  follow_up
        P1   2024-06-01  follow_up
    """
    people = """
        who  birth
        P1   1959-06-01
    """
    assert of_one(engine, 'events("follow_up").where(age(on=column("date")) >= 65).count()', events, people) == "1"
