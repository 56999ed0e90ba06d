"""Comparisons and three-valued logic: what is missing makes a comparison unknown."""

import pytest
from tables import lines

EVENTS = """
    who  date        kind       sbp  dbp  mode
    P1   2024-03-01  follow_up  130  80   clinic
    P2   2024-03-01  follow_up  130  .    phone
    P3   2024-03-01  follow_up  .    .    .
    P4   2024-03-01  call       .    .    .
"""
LAST = 'events("follow_up").last()'


def of_everyone(engine, expression):
    """Write the values of the four people in one line."""
    return " ".join(line.split()[1] for line in engine.values(expression, EVENTS)[1:])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"{LAST}.sbp < 130", "no no ? ?"),
        (f"{LAST}.sbp <= 130", "yes yes ? ?"),
        (f"{LAST}.sbp > 130", "no no ? ?"),
        (f"{LAST}.sbp >= 130", "yes yes ? ?"),
        (f"{LAST}.sbp == 130", "yes yes ? ?"),
        (f"{LAST}.sbp != 130", "no no ? ?"),
        (f"{LAST}.dbp < {LAST}.sbp", "yes ? ? ?"),
        (f'{LAST}.mode == "clinic"', "yes no ? ?"),
        (f'{LAST}.mode != "clinic"', "no yes ? ?"),
    ],
)
def test_a_comparison_with_a_missing_value_is_unknown(engine, expression, expected):
    """P3 has no pressure and no mode, P4 no follow-up at all: both are unknown, not false."""
    assert of_everyone(engine, expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"({LAST}.sbp < 140) & ({LAST}.dbp < 90)", "yes ? ? ?"),
        (f"({LAST}.sbp < 120) & ({LAST}.dbp < 90)", "no no ? ?"),
        (f"({LAST}.dbp < 90) & ({LAST}.sbp < 120)", "no no ? ?"),
    ],
)
def test_and_is_false_if_one_is_false(engine, expression, expected):
    """False and unknown is false, on whichever side; true and unknown is unknown."""
    assert of_everyone(engine, expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"({LAST}.sbp < 140) | ({LAST}.dbp < 90)", "yes yes ? ?"),
        (f"({LAST}.dbp < 90) | ({LAST}.sbp < 140)", "yes yes ? ?"),
        (f"({LAST}.sbp < 120) | ({LAST}.dbp < 90)", "yes ? ? ?"),
        (f"({LAST}.sbp < 120) | ({LAST}.dbp < 70)", "no ? ? ?"),
    ],
)
def test_or_is_true_if_one_is_true(engine, expression, expected):
    """True or unknown is true, on whichever side; false or unknown is unknown."""
    assert of_everyone(engine, expression) == expected


def test_not_unknown_is_unknown(engine):
    """Negation turns true and false round and leaves the unknown alone."""
    assert of_everyone(engine, f"~({LAST}.sbp < 140)") == "no no ? ?"


def test_known_is_never_unknown(engine):
    """Whether a value is there can always be said."""
    assert of_everyone(engine, f"{LAST}.dbp.known()") == "yes no no no"


def test_is_in(engine):
    """A text is among others or not; a missing one is unknown."""
    assert of_everyone(engine, f'{LAST}.mode.is_in("clinic", "home")') == "yes no ? ?"


def test_starts_with(engine):
    """A text starts with one of several, letters as they are; a missing one is unknown."""
    assert of_everyone(engine, f'{LAST}.mode.starts_with("ph", "xx")') == "no yes ? ?"
    assert of_everyone(engine, f'{LAST}.mode.starts_with("PH")') == "no no ? ?"


def test_coalesce_takes_the_first_that_is_there(engine):
    """The first known value, in order; missing only if all are."""
    assert of_everyone(engine, f"coalesce({LAST}.dbp, {LAST}.sbp)") == "80 130 ? ?"
    assert of_everyone(engine, f"coalesce({LAST}.dbp, 1)") == "80 1 1 1"


def test_case_takes_the_first_true_condition(engine):
    """Conditions are asked in order; without a true one the rest applies."""
    assert of_everyone(engine, f"case(({LAST}.sbp.known(), 1), (events().exists(), 2), 3)") == "1 1 2 2"
    assert of_everyone(engine, f"case(({LAST}.dbp.known(), 1), ({LAST}.sbp.known(), 2), 3)") == "1 2 3 3"


def test_case_is_unknown_behind_an_unknown_condition(engine):
    """An unknown condition before a true one hides which branch holds; a true one before it does not."""
    assert of_everyone(engine, f"case(({LAST}.dbp < 90, 1), ({LAST}.sbp.known(), 2), 3)") == "1 ? ? ?"
    assert of_everyone(engine, f"case(({LAST}.sbp.known(), 1), ({LAST}.dbp < 90, 2), 3)") == "1 1 ? ?"


def test_case_without_a_rest_is_missing(engine):
    """No condition holds and nothing is said for the rest: there is no value."""
    assert of_everyone(engine, f"case(({LAST}.dbp.known(), 1))") == "1 ? ? ?"


def test_how_many_is_unknown_if_one_is(engine):
    """Counting true conditions needs all of them known."""
    assert of_everyone(engine, f"how_many({LAST}.sbp < 140, {LAST}.sbp < 135, {LAST}.sbp < 120)") == "2 2 ? ?"
    assert of_everyone(engine, f"how_many({LAST}.sbp < 140, {LAST}.dbp < 90)") == "2 ? ? ?"


def test_a_condition_on_rows_keeps_only_what_is_true(engine):
    """A row for which the condition is unknown is not selected, and neither is it selected by the opposite."""
    assert of_everyone(engine, 'events("follow_up").where(dbp < 90).count()') == "1 0 0 0"
    assert of_everyone(engine, 'events("follow_up").where(~(dbp < 90)).count()') == "0 0 0 0"


def test_a_column_that_no_file_has_is_missing_everywhere(engine):
    """A column that was not given is missing in every row."""
    assert of_everyone(engine, f"{LAST}.fpg.known()") == "no no no no"
    assert of_everyone(engine, 'events().where(column("further") == "x").count()') == "0 0 0 0"


@pytest.mark.parametrize(("flag", "expected"), [("adverse_reaction", "1 0 0"), ("~adverse_reaction", "0 1 0")])
def test_a_flag_is_true_false_or_missing(engine, flag, expected):
    """A blank flag is neither true nor false."""
    events = """
        who  date        kind       adverse_reaction
        P1   2024-03-01  follow_up  1
        P2   2024-03-01  follow_up  0
        P3   2024-03-01  follow_up  .
    """
    found = engine.values(f"events().where({flag}).count()", events)
    assert found == lines("who value\n" + "\n".join(f"P{i} {n}" for i, n in enumerate(expected.split(), 1)))
