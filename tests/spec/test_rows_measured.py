"""Expressions of the rows that a measure counts: of events, spells, services, breaches and institutions."""

from pathways import CARE, care, timing
from tables import lines

VISITS = """
    who  date        kind       institution  level     sbp
    P1   2024-01-10  encounter  T1           township  150
    P1   2024-02-20  encounter  T2           county    .
    P1   2024-05-20  encounter  T1           .         130
    P2   2024-05-01  call       T1           .         .
    P2   2024-06-01  encounter  T3           county    140
    P3   2023-12-31  encounter  T2           county    120
"""
PEOPLE = """
    who  birth       institution
    P1   1960-02-20  T1
    P2   .           T2
    P4   1970-01-01  T1
"""
INSTITUTIONS = """
    institution  name   adults
    T1           North  1000
    T2           South  .
"""
ENCOUNTERS = 'events("encounter").within(PERIOD)'

# EVENTS


def test_a_value_for_each_row(engine):
    """Each row of the selection has its own value; who has no row does not appear."""
    assert engine.rows(ENCOUNTERS, 'level == "county"', VISITS) == lines("""
        who row         value
        P1  encounter#1 no
        P1  encounter#2 yes
        P1  encounter#3 ?
        P2  encounter#2 yes
    """)


def test_values_of_the_person_in_a_row(engine):
    """The person's age on the row's own day, and an attribute."""
    assert engine.rows(ENCOUNTERS, "age(on=date)", VISITS, people=PEOPLE) == lines("""
        who row         value
        P1  encounter#1 63
        P1  encounter#2 64
        P1  encounter#3 64
        P2  encounter#2 ?
    """)
    assert engine.rows(ENCOUNTERS, 'institution == attribute("institution")', VISITS, people=PEOPLE) == lines("""
        who row         value
        P1  encounter#1 yes
        P1  encounter#2 no
        P1  encounter#3 yes
        P2  encounter#2 no
    """)


def test_selections_in_a_row_look_out_to_it(engine):
    """In the row that is counted stands a selection whose outer row it is."""
    earlier = 'events("encounter").within(between(this("date") - 90, this("date") - 1)).count()'
    assert engine.rows(ENCOUNTERS, earlier, VISITS) == lines("""
        who row         value
        P1  encounter#1 0
        P1  encounter#2 1
        P1  encounter#3 1
        P2  encounter#2 0
    """)
    assert engine.rows(ENCOUNTERS, 'events().same("institution").count()', VISITS) == lines("""
        who row         value
        P1  encounter#1 2
        P1  encounter#2 1
        P1  encounter#3 2
        P2  encounter#2 1
    """)


def test_what_names_no_row_is_the_persons(engine):
    """A selection that does not look out is the same in every row of a person."""
    assert engine.rows(ENCOUNTERS, 'events("call").exists()', VISITS) == lines("""
        who row         value
        P1  encounter#1 no
        P1  encounter#2 no
        P1  encounter#3 no
        P2  encounter#2 yes
    """)


def test_each_period_has_its_rows(engine):
    """A row stands in every period whose selection it is in: here in those that begin before it and those after."""
    of = 'events("encounter").within(months(-4, 0))'
    found = engine.rows(of, "date >= PERIOD.start", VISITS, period="2024-05-01..2024-06-30/month")
    assert found == lines("""
        who period     row         value
        P1  2024-05-31 encounter#1 no
        P1  2024-05-31 encounter#2 no
        P1  2024-05-31 encounter#3 yes
        P1  2024-06-30 encounter#2 no
        P1  2024-06-30 encounter#3 no
        P2  2024-06-30 encounter#2 yes
    """)


def test_of_no_rows_there_are_no_values(engine):
    """A selection that is empty for everybody has no elements."""
    assert engine.rows('events("remote")', "date.known()", VISITS) == ["who row value"]


def test_a_measure_of_rows_that_matures(engine):
    """The rows are those of the period, what is asked of each is seen longer."""
    back = 'events("encounter").within(between(this("date"), this("date") + 31)).exists()'
    calls = 'events("call").within(PERIOD)'
    for matures, expected in [(0, "no"), (1, "yes")]:
        found = engine.rows(calls, back, VISITS, period="2024-05", matures=matures)
        assert found == lines(f"who row value\nP2 call#1 {expected}")


# WHAT A PATHWAY MADE

CARED = """
    who  date        kind       sbp
    P1   2024-01-10  diagnosis  .
    P1   2024-02-20  follow_up  150
    P1   2024-03-01  follow_up  130
    P2   2024-05-01  diagnosis  .
"""


def test_stays_as_rows(engine):
    """Each stay in which a state was entered in the period; a selection of events looks out to the stay."""
    of = 'spells("care").where(column("managed")).within(PERIOD)'
    readings = 'events("follow_up").within(between(this("date"), this("left") - 1)).count()'
    people = "who birth\nP1 1960-01-01\nP2 1960-01-01"
    june = engine.rows(of, 'column("days")', CARED, people=people, diseases=[CARE], period="2024-06")
    assert june == ["who row value"]
    found = engine.rows(of, 'column("days")', CARED, people=people, diseases=[CARE])
    assert found == lines("""
        who row        value
        P1  2024-01-10 41
        P1  2024-02-20 10
        P1  2024-03-01 306
        P2  2024-05-01 245
    """)
    found = engine.rows(of, readings, CARED, people=people, diseases=[CARE])
    assert [line.split()[2] for line in found[1:]] == lines("0\n1\n0\n0")


def test_runs_and_breaches_as_rows(engine):
    """Every run of a timing, as it stands at the end of the period, and those that were missed."""
    disease = care(timing("review", "stable", days=30, kinds="follow_up"))
    found = engine.rows('services("care")', 'column("outcome")', CARED, diseases=[disease])
    assert found == lines("""
        who row        value
        P1  2024-01-10 late
        P1  2024-03-01 missed
        P2  2024-05-01 missed
    """)
    january = engine.rows('services("care")', 'column("outcome")', CARED, diseases=[disease], period="2024-01")
    assert january == ["who row value", "P1 2024-01-10 open"]
    late = 'days_between(column("due"), date)'
    found = engine.rows('breaches("care").within(PERIOD)', late, CARED, diseases=[disease])
    assert found == lines("""
        who row        value
        P1  2024-02-10 1
        P1  2024-04-01 1
        P2  2024-06-01 1
    """)


# INSTITUTIONS


def of_institutions(engine, expression, events=VISITS, **more):
    """Give the values of the two institutions."""
    found = engine.rows("institutions()", expression, events, people=PEOPLE, institutions=INSTITUTIONS, **more)
    assert [line.split()[:2] for line in found[1:]] == [["T1", "."], ["T2", "."]]
    return [line.split()[2] for line in found[1:]]


def test_columns_of_an_institution(engine):
    """Its own columns, also under the name by which people ask for those of theirs."""
    assert of_institutions(engine, 'column("institution")') == ["T1", "T2"]
    assert of_institutions(engine, 'column("name")') == ["North", "South"]
    assert of_institutions(engine, 'institution("name") == "North"') == ["yes", "no"]
    assert of_institutions(engine, 'institution("adults", "number") >= 500') == ["yes", "?"]


def test_rows_that_name_an_institution(engine):
    """Everybody's events that name it; who is registered there does not matter."""
    assert of_institutions(engine, 'events().same("institution").count()') == ["3", "2"]
    assert of_institutions(engine, 'events().same("institution").within(PERIOD).count()') == ["3", "1"]
    assert of_institutions(engine, 'events("call").same("institution").exists()') == ["yes", "no"]
    assert of_institutions(engine, 'events().same("institution").where(sbp >= 130).count()') == ["2", "0"]


def test_the_people_of_those_rows(engine):
    """In the condition on an event its person is meant: age, attribute, state, and the own selections."""
    own = 'events().same("institution").where(attribute("institution") == institution).count()'
    assert of_institutions(engine, own) == ["2", "0"]
    older = 'events().same("institution").where(age(on=date) >= 64).count()'
    assert of_institutions(engine, older) == ["1", "1"]
    called = 'events("encounter").same("institution").where(events("call").exists()).count()'
    assert of_institutions(engine, called) == ["0", "0"]
    more = 'events().same("institution").where(events("encounter").within(on(this("date"))).exists()).count()'
    assert of_institutions(engine, more) == ["2", "2"]


def test_states_of_the_people_of_those_rows(engine):
    """How many of its events are of somebody who is managed on the day."""
    events = """
        who  date        kind       institution
        P1   2024-01-10  diagnosis  T2
        P1   2024-02-20  encounter  T1
        P2   2024-02-20  encounter  T1
    """
    cared = 'events("encounter").same("institution").where(managed("care", on=date)).count()'
    assert of_institutions(engine, cared, events, diseases=[CARE]) == ["1", "0"]


def test_institutions_in_several_periods(engine):
    """Each period has all of them."""
    found = engine.rows(
        "institutions()",
        'events().same("institution").within(PERIOD).count()',
        VISITS,
        institutions=INSTITUTIONS,
        period="2024-01-01..2024-02-29/month",
    )
    assert found == lines("""
        who period     row value
        T1  2024-01-31 . 1
        T2  2024-01-31 . 0
        T1  2024-02-29 . 0
        T2  2024-02-29 . 1
    """)


def test_some_institutions(engine):
    """A condition on their columns selects them."""
    found = engine.rows(
        'institutions().where(column("name") == "South")', 'column("name").known()', VISITS, institutions=INSTITUTIONS
    )
    assert found == lines("who row value\nT2 . yes")


# ACTIVITIES

ACTIVITIES = """
    institution  date        kind      count  to_level
    T1           2024-01-10  dispatch  3      village
    T1           2024-03-10  training  12     .
    T2           2024-02-10  dispatch  .      village
    T2           2025-01-01  dispatch  1      township
    T9           2024-05-10  dispatch  2      village
"""


def test_what_an_institution_did(engine):
    """In the row of an institution its own activities, of all kinds or of those named, to the last day seen."""
    did = {"activities": ACTIVITIES}
    assert of_institutions(engine, 'activities().same("institution").count()', **did) == ["2", "1"]
    assert of_institutions(engine, 'activities("dispatch").same("institution").sum("count")', **did) == ["3", "?"]
    last = 'activities("dispatch").same("institution").last().date'
    assert of_institutions(engine, last, **did) == ["2024-01-10", "2024-02-10"]
    assert of_institutions(engine, last, period="2025", **did) == ["2024-01-10", "2025-01-01"]


def test_activities_as_rows(engine):
    """Rows by institution and day, with what the institution's table says; one that is not in the table comes first."""
    found = engine.rows(
        'activities("dispatch").within(PERIOD)',
        'column("count")',
        VISITS,
        institutions=INSTITUTIONS,
        activities=ACTIVITIES,
    )
    assert [line.split()[1:] for line in found[1:]] == [["2024-05-10", "2"], ["2024-01-10", "3"], ["2024-02-10", "?"]]


def test_the_last_of_each_institution(engine):
    """The last rows are those of each institution, as of each person; what is in no table is together.

    T9 is in no table; an institution is the last of itself.
    """
    registry = {"institutions": INSTITUTIONS, "activities": ACTIVITIES}
    last = engine.rows("activities().latest(1)", 'column("kind")', VISITS, **registry)
    assert [line.split()[1:] for line in last[1:]] == [
        ["2024-05-10", "dispatch"],
        ["2024-03-10", "training"],
        ["2024-02-10", "dispatch"],
    ]
    every = engine.rows("institutions()", 'column("level")', VISITS, **registry)
    assert engine.rows("institutions().latest(1)", 'column("level")', VISITS, **registry) == every


def test_events_of_the_institution_of_an_activity(engine):
    """In its row the events that name its institution, and what is known of the institution."""
    of = 'activities("training")'
    later = 'events().same("institution").where(date > this("date")).count()'
    registry = {"institutions": INSTITUTIONS, "activities": ACTIVITIES}
    assert engine.rows(of, later, VISITS, **registry) == lines("who row value\nT1 2024-03-10 2")
    assert engine.rows(of, 'institution("name")', VISITS, **registry) == lines("who row value\nT1 2024-03-10 North")
    same = 'activities().same("institution").count()'
    assert engine.rows(of, same, VISITS, **registry) == lines("who row value\nT1 2024-03-10 2")


def test_a_column_that_no_institution_has(engine):
    """Of a registry without it, or without any institution, it is missing."""
    for institutions in (INSTITUTIONS, ""):
        found = engine.rows("institutions()", 'institution("beds")', VISITS, institutions=institutions)
        assert {line.split()[-1] for line in found[1:]} <= {"?"}
    asked = 'institution("beds", "number") > 1'
    assert "P1 ?" in engine.values(asked, VISITS, people=PEOPLE, institutions=INSTITUTIONS)
