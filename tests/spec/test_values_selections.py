"""Selections of events, and what is made of them."""

from pathways import CARE, care, timing
from tables import lines

EVENTS = """
    who  date        kind       sequence  sbp  dbp
    P1   2024-03-01  follow_up  2         150  95
    P1   2024-03-01  follow_up  1         130  85
    P1   2024-05-01  follow_up  .         .    80
    P1   2024-06-01  checkup    .         120  .
    P2   2024-03-01  call       .         .    .
"""


def check(engine, expression, expected, events=EVENTS, **more):
    """Assert the values of the people, in order."""
    found = [line.split()[1] for line in engine.values(expression, events, **more)[1:]]
    assert found == expected.split()


def test_count_counts_rows(engine):
    """Every row counts, several on one day included; of nothing the count is 0, never unknown."""
    check(engine, 'events("follow_up").count()', "3 0")


def test_count_days_counts_days(engine):
    """Two follow-ups on one day are one day."""
    check(engine, 'events("follow_up").count_days()', "2 0")


def test_exists(engine):
    """There is a row or there is none."""
    check(engine, 'events("follow_up").exists()', "yes no")


def test_several_kinds_or_any(engine):
    """Kinds named together are one selection; none named is all."""
    check(engine, 'events("follow_up", "checkup").count()', "4 0")
    check(engine, "events().count()", "4 1")


def test_first_and_last_are_in_canonical_order(engine):
    """Within a day the sequence decides, whatever the order of rows in the file."""
    check(engine, 'events("follow_up").first().sbp', "130 ?")
    check(engine, 'events("follow_up").where(sbp.known()).last().sbp', "150 ?")


def test_last_is_a_row_not_a_value(engine):
    """The last follow-up has no pressure: its pressure is missing, not that of an earlier one."""
    check(engine, 'events("follow_up").last().sbp', "? ?")
    check(engine, 'events("follow_up").last().date', "2024-05-01 ?")


def test_minimum_and_maximum_leave_out_the_missing(engine):
    """The lowest and highest of the known values; of none, missing."""
    check(engine, 'events("follow_up").minimum("sbp")', "130 ?")
    check(engine, 'events("follow_up").maximum("sbp")', "150 ?")
    check(engine, 'events("follow_up").minimum("date")', "2024-03-01 ?")
    check(engine, 'events("checkup").maximum("dbp")', "? ?")


def test_conditions_follow_one_another(engine):
    """A selection of a selection keeps what both keep."""
    check(engine, "events().where(sbp >= 125).where(dbp >= 90).count()", "1 0")


def test_a_condition_on_the_person_selects_all_rows_or_none(engine):
    """A condition that does not look at the row holds for every row of a person, or for none."""
    people = """
        who  birth  sex
        P1   .      female
        P2   .      male
    """
    check(engine, 'events().where(attribute("sex") == "female").count()', "4 0", people=people)


def test_a_selection_inside_a_condition(engine):
    """A row may be compared with what is known of the person: here with the day of the last checkup."""
    check(engine, 'events("follow_up").where(column("date") < events("checkup").last().date).count()', "3 0")


def test_attributes_of_the_person(engine):
    """Sex is never missing; a further column is text; a blank one is missing."""
    people = """
        who  birth       sex   institution  village
        P1   1960-02-29  male  T1           east
        P2   .           .     .            .
    """
    check(engine, 'attribute("sex")', "male unknown", people=people)
    check(engine, 'attribute("institution")', "T1 ?", people=people)
    check(engine, 'attribute("village")', "east ?", people=people)
    check(engine, 'attribute("birth_date")', "1960-02-29 ?", people=people)
    check(engine, 'attribute("patient_id")', "P1 P2", people=people)
    check(engine, 'attribute("death_date")', "? ?", people=people)
    check(engine, 'attribute("no_such_column")', "? ?", people=people)


def test_a_death_is_recorded_on_its_day_if_nothing_else_is_said(engine):
    """The day on which a death became known is the day of death, unless a file says another."""
    people = """
        who  death       death_recorded
        P1   2024-03-01  .
        P2   2024-03-01  2024-04-01
    """
    events = "who date kind"
    check(engine, 'attribute("death_date")', "2024-03-01 2024-03-01", events, people=people)
    check(engine, 'attribute("death_recorded")', "2024-03-01 2024-04-01", events, people=people)


def test_concerns_asks_for_tag_and_code(engine):
    """A row concerns a disease by its tag or, untagged, unless its code is another's; a death concerns all."""
    events = """
        who  date        kind       disease  code  reason
        P1   2024-01-01  follow_up  care     .     .
        P1   2024-01-02  follow_up  other    .     .
        P1   2024-01-03  follow_up  .        D1    .
        P1   2024-01-04  diagnosis  .        D1    .
        P1   2024-01-05  diagnosis  .        C1.2  .
        P1   2024-01-06  exit       other    .     moved
        P1   2024-01-07  exit       other    .     died
    """
    check(engine, 'events().where(concerns("care")).count()', "4", events, diseases=[CARE])
    check(engine, 'events("exit").where(concerns("care")).count()', "1", events, diseases=[CARE])


def test_breaches_are_missed_timings_on_the_day_after(engine):
    """A missed timing is a row dated the first day on which it was late; one that is no breach is none."""
    late = timing("late", "stable", days=10, kinds="checkup")
    quiet = timing("quiet", "stable", days=5, kinds="checkup", breach=False)
    met = timing("met", "stable", days=10, kinds="follow_up")
    events = """
        who  date        kind
        P1   2024-01-01  diagnosis
        P1   2024-01-05  follow_up
        P1   2024-03-01  checkup
    """
    disease = care(late, quiet, met)
    check(engine, 'breaches("care").count()', "1", events, diseases=[disease])
    check(engine, 'breaches("care").first().date', "2024-01-12", events, diseases=[disease])
    check(engine, 'breaches("care").first().due', "2024-01-11", events, diseases=[disease])
    check(engine, 'breaches("care").first().timing', "late", events, diseases=[disease])
    check(engine, 'breaches("care").where(column("timing") == "met").exists()', "no", events, diseases=[disease])


def test_breaches_of_one_day_stand_in_the_order_in_which_they_fall(engine):
    """Those that do not move come first, then as declared."""
    moving = timing("moving", "stable", days=10, leads_to="lost")
    staying = timing("staying", "stable", days=10, kinds="checkup")
    events = """
        who  date        kind
        P1   2024-01-01  diagnosis
    """
    disease = care(moving, staying)
    check(engine, 'breaches("care").first().timing', "staying", events, diseases=[disease])
    check(engine, 'breaches("care").last().timing', "moving", events, diseases=[disease])


def test_nothing_later_than_the_day_asked_on_is_seen(engine):
    """Without a window a selection holds everything up to the end of the period, and nothing after it."""
    events = """
        who  date        kind
        P1   2023-12-31  follow_up
        P1   2024-12-31  follow_up
        P1   2025-01-01  follow_up
    """
    assert engine.values('events("follow_up").count()', events, period="2023-01-01..2025-12-31/year") == lines("""
        who period      value
        P1  2023-12-31  1
        P1  2024-12-31  2
        P1  2025-12-31  3
    """)
