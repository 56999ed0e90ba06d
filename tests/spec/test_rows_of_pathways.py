"""Stays in states and runs of timings as rows, as they stand at the end of the last day that is seen."""

import pytest
from attrs import evolve
from pathways import CARE, care, timing
from tables import lines

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Role, Service

EVENTS = """
    who date       kind      sbp
    a   2024-01-10 diagnosis .
    a   2024-02-10 follow_up 150
    a   2024-03-10 follow_up 120
    a   2024-06-01 exit      .
    b   2024-05-15 diagnosis .
    c   2024-02-01 follow_up 150
"""

# STAYS

STAYS = {
    "count()": ("4", "1", "1"),
    "last().state": ("closed", "stable", "outside"),
    "last().stage": ("closed", "management", "prevention"),
    "last().managed": ("no", "yes", "no"),
    "first().date": ("2024-01-10", "2024-05-15", "2024-02-01"),
    "first().left": ("2024-02-10", "?", "?"),
    "first().days": ("31", "231", "335"),
    'where(state == "stable").count()': ("2", "1", "0"),
    'where(state == "stable").sum("days")': ("114", "231", "?"),
    'where(managed).minimum("days")': ("29", "231", "?"),
    "where(left.known()).count()": ("3", "0", "0"),
    # A stay is dated on the day on which it began.
    'within(between(day("2024-02-11"), day("2024-03-10"))).last().state': ("stable", "?", "?"),
    'count_distinct("state")': ("3", "1", "1"),
    "where(days >= 60).count()": ("2", "1", "1"),
}


@pytest.mark.parametrize(("asked", "expected"), STAYS.items(), ids=STAYS)
def test_columns_of_stays(engine, asked, expected):
    """Entered, left on the first day no longer there, state, stage, managed, and the days observed in it."""
    found = engine.values(f'spells("care").{asked}', EVENTS, diseases=[CARE])
    assert found == ["who value", *(f"{who} {value}" for who, value in zip("abc", expected, strict=True))]


def test_a_stay_stands_as_at_the_end_of_each_period(engine):
    """What is left later is still going on, its days are counted to that day, and what begins later is not there."""
    last = 'spells("care").last()'
    for column, expected in {
        "state": ("stable", "high", "stable"),
        "left": ("?", "?", "?"),
        "days": ("22", "20", "22"),
        "managed": ("yes", "yes", "yes"),
    }.items():
        found = engine.values(f"{last}.{column}", EVENTS, diseases=[CARE], period="2024Q1/month")
        assert found[1:4] == [
            f"a {day} {value}" for day, value in zip(("2024-01-31", "2024-02-29", "2024-03-31"), expected, strict=True)
        ]
    counted = engine.values('spells("care").count()', EVENTS, diseases=[CARE], period="2024Q1/month")
    assert [line.split()[-1] for line in counted[1:]] == ["1", "2", "3", "0", "0", "0", "0", "1", "1"]


def test_a_stay_known_by_a_day_ends_with_it(engine):
    """Seen on 29 February nobody has left the state high, which has lasted twenty days."""
    asked = 'spells("care").where(state == "high").last()'
    assert "a ?" in engine.values(f"{asked}.left", EVENTS, diseases=[CARE], as_of="2024-02-29")
    assert "a 20" in engine.values(f"{asked}.days", EVENTS, diseases=[CARE], as_of="2024-02-29")
    assert "a 29" in engine.values(f"{asked}.days", EVENTS, diseases=[CARE])


def test_a_state_left_on_its_day_is_no_stay(engine):
    """Of two follow-ups on a day only the state at its end is one that the person was in."""
    events = """
        who date       kind      sequence sbp
        a   2024-01-10 diagnosis .        .
        a   2024-02-10 follow_up 1        150
        a   2024-02-10 follow_up 2        120
    """
    assert engine.values('spells("care").where(state == "high").count()', events, diseases=[CARE])[1:] == ["a 0"]
    assert engine.values('spells("care").where(state == "stable").sum("days")', events, diseases=[CARE])[1:] == [
        "a 357"
    ]


def test_a_stay_looks_for_the_events_in_it(engine):
    """Of each stay, the follow-ups from the day it began to the day before it ended."""
    inside = 'events("follow_up").within(between(this("date"), coalesce(this("left") - 1, PERIOD.end))).count()'
    assert engine.rows('spells("care")', inside, EVENTS, diseases=[CARE]) == lines("""
        who row        value
        a   2024-01-10 0
        a   2024-02-10 1
        a   2024-03-10 1
        a   2024-06-01 0
        b   2024-05-15 0
        c   2024-02-01 1
    """)


# RUNS

SERVED = evolve(
    care(
        timing("contact", "stable high", days=30, kinds="follow_up", repeats=True),
        timing("checked", "stable", days=400, kinds="checkup"),
    ),
    roles=(Role(id="nurse", names=Names("护士", "nurse")),),
    services=(
        Service(
            timing=timing("visit", "high", days=7, kinds="encounter", breach=False), role="nurse", levels=("township",)
        ),
    ),
)
SEEN = """
    who date       kind      sbp
    a   2024-01-10 diagnosis .
    a   2024-02-10 follow_up 150
    a   2024-02-15 encounter .
    a   2024-03-01 follow_up 120
    a   2024-03-20 exit      .
    b   2024-01-01 diagnosis .
"""
RUNS = {
    # a: contact began on 10 January and again after each follow-up; checked with the state stable, twice; visit once.
    "count()": ("6", "2"),
    'where(item == "contact").count()': ("3", "1"),
    'where(item == "contact").first().due': ("2024-02-09", "2024-01-31"),
    'where(item == "contact").first().outcome': ("late", "missed"),
    'where(item == "contact").first().met': ("2024-02-10", "?"),
    'where(outcome == "met").count()': ("2", "0"),
    'where(item == "visit").last().outcome': ("met", "?"),
    'where(item == "visit").last().met': ("2024-02-15", "?"),
    'where(item == "visit").last().role': ("nurse", "?"),
    'where(item == "contact").last().role': ("?", "?"),
    'where(item == "contact").latest(1).last().outcome': ("cancelled", "missed"),
    'where(item == "checked").count()': ("2", "1"),
    'where(item == "checked").last().outcome': ("cancelled", "open"),
    'where(item == "checked").last().met': ("?", "?"),
    'where(outcome == "open").count()': ("0", "1"),
    'where(due <= day("2024-02-29")).count()': ("2", "1"),
    'within(until(day("2024-01-31"))).count()': ("2", "2"),
    "first().item": ("contact", "contact"),
}


@pytest.mark.parametrize(("asked", "expected"), RUNS.items(), ids=RUNS)
def test_columns_of_runs(engine, asked, expected):
    """Every run of every timing and service: what, when it started and was due, whether and on which day it was met."""
    found = engine.values(f'services("care").{asked}', SEEN, diseases=[SERVED])
    assert found == ["who value", f"a {expected[0]}", f"b {expected[1]}"]


def test_a_run_stands_as_at_the_end_of_each_period(engine):
    """Open until it is due; missed on the day after; late once it is made good, and that day is not known before."""
    first = 'services("care").where(item == "contact").first()'
    for as_of, expected in (
        ("2024-02-08", ("open", "?")),
        ("2024-02-09", ("open", "?")),
        ("2024-02-10", ("late", "2024-02-10")),
    ):
        for column, value in zip(("outcome", "met"), expected, strict=True):
            assert f"a {value}" in engine.values(f"{first}.{column}", SEEN, diseases=[SERVED], as_of=as_of)
    for day, outcome in (("2024-01-31", "open"), ("2024-02-01", "missed")):
        assert f"b {outcome}" in engine.values(f"{first}.outcome", SEEN, diseases=[SERVED], as_of=day)
    months = engine.values(f"{first}.outcome", SEEN, diseases=[SERVED], period="2024Q1/month")
    assert [line.split()[-1] for line in months[1:]] == ["open", "late", "late", "open", "missed", "missed"]


def test_a_run_looks_for_what_came_before_it(engine):
    """Of each run of the visit, the follow-up that started it."""
    of = 'services("care").where(item == "visit")'
    started = 'events("follow_up").within(on(this("date"))).last().sbp'
    assert engine.rows(of, started, SEEN, diseases=[SERVED]) == lines("who row value\na 2024-02-10 150")
