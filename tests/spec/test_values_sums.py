"""Sums, means and medians, which are exact, and different combinations of columns."""

import pytest
from tables import lines

PAID = """
    who date       kind      amount institution mode   sbp
    a   2024-01-01 encounter 0.1    T1          clinic 139.9
    a   2024-01-02 encounter 0.2    T2          clinic .
    a   2024-01-03 encounter .      T1          .      140.1
    a   2024-01-04 encounter 0.3    T1          clinic 141
    b   2024-02-01 encounter .      .           home   .
    c   2024-02-01 call      5      T1          home   .
    d   2024-03-01 encounter 0.7    T1          clinic 120
    d   2024-03-01 encounter 0.1    T1          home   120
"""
ENCOUNTERS = 'events("encounter")'
ASKED = {
    # As floats 0.1 + 0.2 + 0.3 is 0.6000000000000001, and 0.7 + 0.1 is 0.7999999999999999.
    'sum("amount") == 0.6': ("yes", "?", "?", "no"),
    'sum("amount")': ("0.6", "?", "?", "0.8"),
    'mean("amount")': ("0.2", "?", "?", "0.4"),
    'median("amount")': ("0.2", "?", "?", "0.4"),
    'mean("sbp")': ("140.333", "?", "?", "120"),
    'median("sbp")': ("140.1", "?", "?", "120"),
    'sum("sbp")': ("421", "?", "?", "240"),
    'minimum("amount")': ("0.1", "?", "?", "0.1"),
    'where(mode == "clinic").sum("amount")': ("0.6", "?", "?", "0.7"),
    # Of two rows of a day with the same readings the one with the greater amount stands last.
    'latest(1).sum("amount")': ("0.3", "?", "?", "0.7"),
    'within(on(day("2024-01-03"))).sum("amount")': ("?", "?", "?", "?"),
    # a: T1 and T2; clinic at either, and one row without a mode; b has no institution.
    'count_distinct("institution")': ("2", "0", "0", "1"),
    'count_distinct("institution", "mode")': ("2", "0", "0", "2"),
    'count_distinct("mode")': ("1", "1", "0", "2"),
    'count_distinct("date")': ("4", "1", "0", "1"),
    'count_distinct("amount")': ("3", "0", "0", "2"),
    'count_distinct("institution", "date")': ("4", "0", "0", "1"),
    'count_distinct("sbp", "mode")': ("2", "0", "0", "2"),
}


@pytest.mark.parametrize(("asked", "expected"), ASKED.items(), ids=ASKED)
def test_values_of_several_rows(engine, asked, expected):
    """What is missing is left out, of nothing a sum is missing, and combinations in which one is missing are none."""
    found = engine.values(f"{ENCOUNTERS}.{asked}", PAID)
    assert [line.split()[0] for line in found[1:]] == list("abcd")
    assert [_shortened(line.split()[1]) for line in found[1:]] == list(expected)


def _shortened(value: str) -> str:
    """Write a number with no more than six digits."""
    return f"{float(value):g}" if value[0].isdigit() and "-" not in value else value


def test_a_sum_is_the_nearest_float_to_the_exact_one(engine):
    """A thousand tenths are a hundred, whatever the order, and a great number does not swallow small ones."""
    tenths = "\n".join(f"a 2024-01-{1 + i % 28:02d} encounter 0.1 {i}" for i in range(1000))
    heading = "who date kind amount sequence\n"
    assert engine.values(f'{ENCOUNTERS}.sum("amount") == 100', heading + tenths) == lines("who value\na yes")
    unlike = "a 2024-01-01 encounter 10000000000000000 .\na 2024-01-02 encounter 1 .\na 2024-01-03 encounter 1 ."
    assert engine.values(f'{ENCOUNTERS}.sum("amount") - 10000000000000000', heading + unlike) == lines("who value\na 2")


def test_the_median_of_an_even_number_lies_between_the_middle_two(engine):
    """Of four readings it is the mean of the second and third, exact."""
    events = """
        who date       kind      sbp
        a   2024-01-01 encounter 120.1
        a   2024-01-02 encounter 150
        a   2024-01-03 encounter 120.2
        a   2024-01-04 encounter 90
    """
    assert engine.values(f'{ENCOUNTERS}.median("sbp") == 120.15', events) == lines("who value\na yes")


def test_each_period_has_its_sum(engine):
    """Quarter by quarter; a quarter without an amount has none."""
    asked = f'{ENCOUNTERS}.within(PERIOD).sum("amount") >= 0.6'
    assert engine.values(asked, PAID, period="2024Q1/month")[:4] == lines("""
        who period     value
        a   2024-01-31 yes
        a   2024-02-29 ?
        a   2024-03-31 ?
    """)


def test_a_row_sums_the_rows_before_it(engine):
    """Of each encounter, what was paid in the two days before, and at how many institutions."""
    before = f'{ENCOUNTERS}.within(between(this("date") - 2, this("date") - 1))'
    assert [line.split()[-1] for line in engine.rows(ENCOUNTERS, f'{before}.sum("amount") >= 0.3', PAID)[1:]] == [
        "?",
        "no",
        "yes",
        "no",
        "?",
        "?",
        "?",
    ]
    found = engine.rows(ENCOUNTERS, f'{before}.count_distinct("institution")', PAID)
    assert [line.split()[-1] for line in found[1:]] == ["0", "1", "2", "2", "0", "0", "0"]


def test_numbers_of_many_digits_and_sizes(engine):
    """Tiny and great amounts keep every digit; a sum beyond the largest number is missing, a mean within is not."""
    heading, huge = "who date kind amount\n", f"1{'0' * 308}"
    for amounts, asked, expected in (
        (("0.00000000000000000001", "0.00000000000000000002"), 'sum("amount") == 0.00000000000000000003', "yes"),
        (("100000000000000", "0.00001"), 'sum("amount") == 100000000000000.00001', "yes"),
        (("4000000000000000", "4000000000000000", "4000000000000000"), 'sum("amount") == 12000000000000000', "yes"),
        ((huge, huge), 'sum("amount")', "?"),
        ((huge, huge), 'mean("amount") == 1e308', "yes"),
        ((huge, huge, "1"), 'median("amount") == 1e308', "yes"),
    ):
        events = heading + "\n".join(f"a 2024-01-{i:02d} encounter {each}" for i, each in enumerate(amounts, 1))
        assert engine.values(f"{ENCOUNTERS}.{asked}", events) == lines(f"who value\na {expected}")
