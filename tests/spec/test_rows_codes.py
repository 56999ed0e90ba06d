"""Code sets: which codes, as a whole or by how they begin, of which system."""

from tables import lines

EVENTS = """
    who  date        kind       code      system
    P1   2024-01-01  diagnosis  O14.1     .
    P2   2024-01-01  diagnosis  o14       ICD-10
    P3   2024-01-01  diagnosis  O141      icd-10
    P4   2024-01-01  diagnosis  O14       ICD-9
    P5   2024-01-01  diagnosis  .         .
    P6   2024-01-01  diagnosis  O15       .
    P7   2024-01-01  diagnosis  73211009  SNOMED
"""


def of_last(engine, condition):
    """Give the value of a condition on each person's one diagnosis."""
    found = engine.values(f"events().last().value({condition})", EVENTS)
    return [line.split()[1] for line in found[1:]]


def test_a_code_as_a_whole(engine):
    """A blank system is ICD-10; case does not matter; another system is another code; no code is unknown."""
    found = of_last(engine, 'code.is_in(codes("severe", "O14"))')
    assert found == lines("no\nyes\nno\nno\n?\nno\nno")


def test_how_a_code_begins(engine):
    """Prefixes catch every code that begins like them; spaces around a code of the set do not matter."""
    found = of_last(engine, 'code.is_in(codes("severe", " o14 ", "O15", prefixes=True))')
    assert found == lines("yes\nyes\nyes\nno\n?\nyes\nno")


def test_the_point_of_icd_10_makes_no_difference(engine):
    """O14.1 and O141 are one code, in the set and in the event; the point of another system's code is part of it."""
    for written in ("O14.1", "O141", "o14.1+"):
        assert of_last(engine, f'code.is_in(codes("severe", "{written}"))') == lines("yes\nno\nyes\nno\n?\nno\nno")
    assert of_last(engine, 'code.is_in(codes("old", "O.14", system="ICD-9"))') == lines("no\nno\nno\nno\n?\nno\nno")


def test_a_set_of_another_system(engine):
    """The same digits in ICD-10 would be another code; the names of systems are the same in any case."""
    found = of_last(engine, 'code.is_in(codes("diabetes", "73211009", system="Snomed"))')
    assert found == lines("no\nno\nno\nno\n?\nno\nyes")
    assert of_last(engine, 'code.is_in(codes("diabetes", "73211009"))') == lines("no\nno\nno\nno\n?\nno\nno")


def test_a_code_that_is_not_known_is_no_member(engine):
    """In a selection a row whose code is missing is left out, and so it is if it may not be a member."""
    for condition, expected in [("{}", "1"), ("~{}", "5")]:
        within = condition.format('code.is_in(codes("severe", "O14"))')
        found = engine.values(f"events().where({within}).count()", EVENTS)
        assert sum(line.endswith(" 1") for line in found[1:]) == int(expected)


def test_the_code_of_a_picked_row(engine):
    """Whether the last diagnosis of a person has a code of the set: unknown where it has none, or there is none."""
    asked = 'events("diagnosis").last().code.is_in(codes("severe", "O14", "O15"))'
    found = engine.values(asked, f"{EVENTS}    P8   2024-01-01  call       .         .\n")
    assert [line.split()[1] for line in found[1:]] == lines("no\nyes\nno\nno\n?\nyes\nno\n?")
