"""The institution that is responsible for a person, and columns of people and institutions that hold no text."""

from tables import lines

INSTITUTIONS = """
    institution  name   level     adults  opened      urban
    T1           North  township  1200    2001-02-03  yes
    T2           South  village   .       .           no
"""
PEOPLE = """
    who  birth  institution  goal
    P1   .      T1           130
    P2   .      T2           high
    P3   .      T9           .
    P4   .      .            140.5
"""


def of_people(engine, expression, events="who date kind", **more):
    """Give the values of the four people."""
    found = engine.values(expression, events, people=PEOPLE, institutions=INSTITUTIONS, **more)
    return [line.split()[1] for line in found[1:]]


def test_a_column_of_the_institution(engine):
    """A text; blank, of an institution that is not in the table, or of nobody's institution, it is missing."""
    assert of_people(engine, 'institution("name")') == lines("North\nSouth\n?\n?")
    assert of_people(engine, 'institution("level") == "township"') == lines("yes\nno\n?\n?")


def test_a_column_that_the_registry_does_not_have(engine):
    """Nobody knows it."""
    assert of_people(engine, 'institution("beds").known()') == lines("no\nno\nno\nno")


def test_numbers_days_and_flags_of_the_institution(engine):
    """A declared kind is read as in a file; what is no such value is missing."""
    assert of_people(engine, 'institution("adults", "number") / 100') == lines("12\n?\n?\n?")
    assert of_people(engine, 'institution("opened", "date")') == lines("2001-02-03\n?\n?\n?")
    assert of_people(engine, 'institution("urban", "bool")') == lines("yes\nno\n?\n?")
    assert of_people(engine, 'institution("opened", "number").known()') == lines("no\nno\nno\nno")


def test_numbers_of_a_person(engine):
    """An own goal of a person is a number where it is one."""
    assert of_people(engine, 'attribute("goal", "number", "mmHg") + 1') == lines("131\n?\n?\n141.5")
    assert of_people(engine, 'attribute("goal")') == lines("130\nhigh\n?\n140.5")


def test_the_last_assignment_in_force(engine):
    """From an assignment on another institution is responsible, to the last day for which it holds."""
    events = """
        who  date        kind        institution  until
        P1   2024-02-01  assignment  T2           .
        P1   2024-03-01  assignment  T1           2024-04-30
        P1   2024-06-01  assignment  .            .
        P4   2024-03-31  assignment  T2           .
        P3   2024-01-01  call        T1           .
    """
    found = engine.values(
        'institution("name")', events, people=PEOPLE, institutions=INSTITUTIONS, period="2024-01-01..2024-06-30/month"
    )
    assert [line.split()[2] for line in found[1:7]] == lines("North\nSouth\nNorth\nNorth\nSouth\nSouth")
    assert [line.split()[2] for line in found[19:25]] == lines("?\n?\nSouth\nSouth\nSouth\nSouth")
    assert {line.split()[2] for line in found[13:19]} == {"?"}


def test_the_day_asked_on_counts_and_no_later_one(engine):
    """As of a day, an assignment of the day after is not known; nor does looking longer change who is responsible."""
    events = """
        who  date        kind        institution
        P1   2024-06-30  assignment  T2
    """
    assert of_people(engine, 'institution("name")', events, as_of="2024-06-29")[0] == "North"
    assert of_people(engine, 'institution("name")', events, as_of="2024-06-30")[0] == "South"
    june = {"period": "2024-05", "matures": 40}
    assert of_people(engine, 'institution("name")', events, **june)[0] == "North"


def test_the_person_of_a_row(engine):
    """In a row the person's institution is meant; the row's own is its column."""
    events = """
        who  date        kind       institution
        P1   2024-02-01  encounter  T2
        P2   2024-02-01  encounter  T2
    """
    same = 'events().where(column("institution") == institution("institution")).count()'
    assert of_people(engine, same, events) == lines("0\n1\n0\n0")
