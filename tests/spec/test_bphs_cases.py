"""The nineteen cases of the specification's indicators and follow-up rules, each with its expected result."""

import pytest
from bphs import clocks, enrolled, groups, states, step
from tables import lines

from singledisease import catalogue

ONE_READING = """
    case  birth       sbp  dbp  expected
    P1    1963-06-01  139  89   numerator
    P2    1963-06-01  140  80   not_numerator
    P3    1963-06-01  130  90   not_numerator
    P4    1959-03-01  149  89   numerator
    P5    1959-03-02  149  89   not_numerator
    P6    1957-06-01  149  90   not_numerator
"""


@pytest.mark.parametrize("line", lines(ONE_READING)[1:])
def test_the_last_pressure_is_judged_by_both_limits_and_the_age_that_day(engine, line):
    """P1 to P6: below both limits, the systolic one by the age on the day of the reading; a limit is not below it."""
    case, birth, sbp, dbp, expected = line.split()
    events = enrolled(f"""
        who    date        kind       mode    sbp    dbp
        {case} 2024-03-01  follow_up  clinic  {sbp}  {dbp}
    """)
    assert groups(engine, "hypertension.control", events, f"who birth\n{case} {birth}") == [f"{case} {expected}"]


def test_the_last_of_two_visits_counts(engine):
    """P7: 150/95, then 135/85: at goal."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        P7   2024-03-01  follow_up  clinic  150  95
        P7   2024-06-01  follow_up  clinic  135  85
    """)
    assert groups(engine, "hypertension.control", events, "who birth\nP7 1964-01-01") == ["P7 numerator"]


def test_a_later_call_without_pressure_does_not_replace_a_visit(engine):
    """P8: a visit at goal, then a follow-up by phone without pressure: at goal."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        P8   2024-03-01  follow_up  clinic  135  85
        P8   2024-06-01  follow_up  phone   .    .
    """)
    assert groups(engine, "hypertension.control", events, "who birth\nP8 1964-01-01") == ["P8 numerator"]


def test_a_lost_person_is_not_at_goal(engine):
    """P9: at goal in March, lost from June: not at goal, in the denominator."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        P9   2024-03-01  follow_up  clinic  135  85
        P9   2024-06-01  lost       .       .    .
    """)
    assert groups(engine, "hypertension.control", events, "who birth\nP9 1964-01-01") == ["P9 not_numerator"]


@pytest.mark.parametrize(("managed", "expected"), [("any_time", "unknown"), ("followed_up", "outside")])
def test_without_a_visit_the_population_is_a_matter_of_policy(engine, managed, expected):
    """P10: no visit in the year: in the denominator by the active card, outside by at least one follow-up."""
    events = enrolled("who date kind\nP10 2024-01-01 assignment")
    assert groups(engine, "hypertension.control", events, managed=managed) == [f"P10 {expected}"]


def test_fasting_glucose_has_one_limit(engine):
    """P11: 6.9 is at goal, 7.0 is not, and 3.5 is at goal and an emergency at once."""
    table = """
        who  date        kind       mode    fpg
        A    2024-03-01  follow_up  clinic  6.9
        B    2024-03-01  follow_up  clinic  7.0
        C    2024-03-01  follow_up  clinic  3.5
    """
    events = enrolled(table, disease="type2-diabetes")
    assert groups(engine, "type2-diabetes.control", events) == ["A numerator", "B not_numerator", "C numerator"]
    low = "\n".join(line for line in lines(events) if not line.startswith(("A ", "B ")))
    assert states(engine, low, "2024-03-31", name="type2-diabetes")[-1] == "2024-03-01 emergency"
    assert step("emergency", "type2-diabetes") == "4"


def test_post_prandial_glucose_says_nothing_about_control(engine):
    """P12: only 9.0 after a meal: no fasting glucose, counted as unknown."""
    events = enrolled("who date kind mode ppg\nP12 2024-03-01 follow_up clinic 9.0", disease="type2-diabetes")
    assert groups(engine, "type2-diabetes.control", events) == ["P12 unknown"]


def test_two_unsatisfactory_visits_running_are_referred(engine):
    """P13: 150/95, then 148/92 within 14 days: refer, and follow the referral by 14 days later."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        P13  2024-03-01  follow_up  clinic  150  95
        P13  2024-03-15  follow_up  clinic  148  92
    """)
    assert states(engine, events, "2024-03-20")[1:] == ["2024-03-01 unsatisfactory", "2024-03-15 referral_due"]
    assert (step("unsatisfactory"), step("referral_due")) == ("2", "3")
    assert catalogue.disease("hypertension").pathway.state("referral_due").refer
    assert clocks(engine, "review", events, "2024-03-20")[0] == "2024-03-01 2024-03-15 met 2024-03-15 follow_up#3 ."
    assert clocks(engine, "referral_follow_up", events, "2024-03-20") == ["2024-03-15 2024-03-29 open . . ."]


def test_a_satisfactory_visit_between_begins_the_count_anew(engine):
    """P14: 150/95, 135/85, 150/95: no referral, the third is a first one again."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        P14  2024-03-01  follow_up  clinic  150  95
        P14  2024-03-10  follow_up  clinic  135  85
        P14  2024-06-01  follow_up  clinic  150  95
    """)
    assert states(engine, events, "2024-06-30")[1:] == [
        "2024-03-01 unsatisfactory",
        "2024-03-10 satisfactory",
        "2024-06-01 unsatisfactory",
    ]


def test_a_persistent_adverse_reaction_is_referred(engine):
    """P15: an adverse reaction with pressure at goal, which persists at the next visit: refer."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp  adverse_reaction
        P15  2024-03-01  follow_up  clinic  130  80   true
        P15  2024-03-12  follow_up  clinic  130  80   true
    """)
    assert states(engine, events, "2024-03-20")[1:] == [
        "2024-03-01 adverse_reaction",
        "2024-03-12 referral_due_adverse_reaction",
    ]
    assert (step("adverse_reaction"), step("referral_due_adverse_reaction")) == ("2", "3")


def test_systolic_pressure_alone_makes_an_emergency(engine):
    """P16: 182/100: refer urgently."""
    events = enrolled("who date kind mode sbp dbp\nP16 2024-03-01 follow_up clinic 182 100")
    assert states(engine, events, "2024-03-20")[-1] == "2024-03-01 emergency"
    assert step("emergency") == "4"
    assert clocks(engine, "referral_follow_up", events, "2024-03-10") == ["2024-03-01 2024-03-15 open . . ."]


def test_a_new_complication_outweighs_the_pressure(engine):
    """P17: 160/95 and a new stroke: refer for the complication."""
    events = enrolled("who date kind mode sbp dbp complication\nP17 2024-03-01 follow_up clinic 160 95 true")
    assert states(engine, events, "2024-03-20")[-1] == "2024-03-01 referral_due_complication"
    assert step("referral_due_complication") == "3"


def test_calls_do_not_count_as_face_to_face(engine):
    """P18: three follow-ups by phone and two visits are two face to face: fewer than four."""
    events = enrolled("""
        who  date        kind       mode
        P18  2024-02-01  follow_up  phone
        P18  2024-03-01  follow_up  clinic
        P18  2024-06-01  follow_up  phone
        P18  2024-08-01  checkup    .
        P18  2024-09-01  follow_up  home
        P18  2024-11-01  follow_up  phone
    """)
    assert groups(engine, "hypertension.standardized_management", events) == ["P18 not_numerator"]


@pytest.mark.parametrize(("standard", "expected"), [("floor90", "numerator"), ("four_and_checkup", "not_numerator")])
def test_newcomers_owe_fewer_visits_only_in_proportion(engine, standard, expected):
    """P19: enrolled on 1 October, one visit: enough in proportion (floor(92 / 90) = 1), not by four a year."""
    events = enrolled("who date kind mode\nP19 2024-11-01 follow_up clinic", on="2024-10-01")
    found = groups(engine, "hypertension.standardized_management", events, standard=standard)
    assert found == [f"P19 {expected}"]
