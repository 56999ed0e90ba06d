"""Parameters with several values by date: which one is in force."""

import datetime as dt

from attrs import evolve
from pathways import CARE, move, signal
from tables import lines

from singledisease.definitions.citation import DatedValue, Names, Parameter
from singledisease.definitions.resolve import resolve_disease


def limit(*values: tuple[str | None, float]) -> Parameter:
    """Give a limit with values by the day from which each holds."""
    dated = tuple(
        DatedValue(value=value, valid_from=None if day is None else dt.date.fromisoformat(day)) for day, value in values
    )
    return Parameter(
        name="limit", names=Names("界值", "limit"), values=dated, unit="mmHg", citation="made", status="proposal"
    )


CHANGED = evolve(CARE, parameters=(limit((None, 140), ("2024-07-01", 130)),))
BEGUN = evolve(CARE, parameters=(limit(("2024-03-01", 140), ("2024-07-01", 130)),))
AT_END = {"in_force": "period_end"}

EVENTS = """
    who date       kind      sbp
    a   2024-02-01 follow_up 135
    a   2024-06-30 follow_up 135
    a   2024-07-01 follow_up 135
    a   2024-12-01 follow_up 145
"""
BELOW = 'events("follow_up").where(sbp < p("care.limit")).count()'
FROM_A_ROW = 'events("follow_up").first().value(sbp < p("care.limit"))'


def test_a_row_takes_the_value_in_force_on_its_own_date(engine):
    """135 is below the limit of 140 until 30 June, and not below that of 130 from 1 July on."""
    assert engine.values(BELOW, EVENTS, diseases=[CHANGED]) == lines("who value\na 2")
    assert engine.values(FROM_A_ROW, EVENTS, diseases=[CHANGED]) == lines("who value\na yes")


def test_a_person_takes_the_value_in_force_at_the_periods_end(engine):
    """Outside a row the day is that on which the period's question is asked."""
    for period, expected in (("2024-01-01..2024-06-30", "140"), ("2024Q3", "130")):
        assert engine.values('p("care.limit") + 0', EVENTS, diseases=[CHANGED], period=period) == lines(
            f"who value\na {expected}"
        )


def test_the_policy_takes_the_value_of_the_periods_end_for_rows_too(engine):
    """With ``in_force=period_end`` every row is held to the limit of 130."""
    assert engine.values(BELOW, EVENTS, diseases=[CHANGED], policy=AT_END) == lines("who value\na 0")
    assert engine.values(FROM_A_ROW, EVENTS, diseases=[CHANGED], policy=AT_END) == lines("who value\na no")


def test_before_the_first_day_there_is_no_value(engine):
    """A row before any value was in force is compared with what is missing: unknown."""
    assert engine.values(BELOW, EVENTS, diseases=[BEGUN]) == lines("who value\na 1")
    assert engine.values(FROM_A_ROW, EVENTS, diseases=[BEGUN]) == lines("who value\na ?")


def test_a_condition_inside_a_condition_takes_the_inner_rows_date(engine):
    """Of a row picked in the condition of another row the date is the inner row's own."""
    asked = (
        'events("follow_up").where(events("follow_up").first().value(sbp < p("care.limit")) and sbp > p("care.limit"))'
        ".count()"
    )
    assert engine.values(asked, EVENTS, diseases=[CHANGED]) == lines("who value\na 2")


def test_in_a_pathway_every_event_has_the_value_of_its_day(engine):
    """A signal hears 135 as high from the day on which the limit falls to 130, whatever the policy of a measure."""
    pathway = CHANGED.pathway
    high = signal("high", "follow_up", when='sbp >= p("care.limit")')
    heard = evolve(
        CHANGED,
        pathway=evolve(
            pathway,
            signals=(signal("found", "diagnosis"), high),
            transitions=(move("outside", "found", "stable"), move("stable", "high", "high")),
        ),
    )
    events = """
        who date       kind      sbp
        a   2024-01-01 diagnosis .
        a   2024-06-30 follow_up 135
        a   2024-07-01 follow_up 135
    """
    for policy in ({}, AT_END):
        found = engine.spells(resolve_disease(heard, policy), events, until="2024-12-31")
        assert found[-1] == "a high 2024-07-01 2024-12-31 follow_up#3"
