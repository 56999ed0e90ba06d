"""Exact sums and counts by value: whatever the parts, the same."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import Period
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.derived import Derived
from singledisease.definitions.measure import name_of_group
from singledisease.errors import DefinitionError
from singledisease.language.nodes import Events
from singledisease.scorecard.amounts import AmountPlaces, merge_sums, merge_tallies, sum_amounts, summary, tally_values
from singledisease.scorecard.amounts_table import amounts_of_cells, cells_of_amounts
from singledisease.scorecard.exact_decimals import digits_of, divided, scaled
from singledisease.scorecard.show import headline

YEAR = Period(0, 364)
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.decimals(-1000, 1000, places=2).map(float),
    st.floats(-1e300, 1e300),
    st.sampled_from((0.1, 0.2, 1 / 3, 1e-12, -0.0, 5e-324)),
)


@given(st.lists(st.tuples(st.integers(0, 1), NUMBERS), max_size=12), st.integers(0, 12))
def test_parts_do_not_matter(rows, cut):
    """Sums and counts by value of two parts, merged, are those of the whole, to the last digit."""
    places = AmountPlaces(periods=(YEAR,), strata=(("a",), ("b",)))

    def made(some):
        cell = np.array([cell for cell, _ in some], np.int64)
        values = np.array([value for _, value in some])
        return sum_amounts(places, cell, [values]), tally_values(places, cell, values)

    whole, first, second = made(rows), made(rows[:cut]), made(rows[cut:])
    sums, tallies = merge_sums([first[0], second[0]]), merge_tallies([first[1], second[1]])
    for stratum in places.strata:
        assert sums.totals(YEAR, stratum) == whole[0].totals(YEAR, stratum)
        merged, expected = tallies.of(YEAR, stratum), whole[1].of(YEAR, stratum)
        assert summary(tallies.values, merged) == summary(whole[1].values, expected)


def test_a_tenth_ten_times_is_one():
    """Numbers stand for the shortest decimal fraction that is read back as them."""
    places = AmountPlaces(periods=(YEAR,), strata=((),))
    assert sum_amounts(places, np.zeros(10, np.int64), [np.full(10, 0.1)]).totals(YEAR, ()) == (1.0,)


def test_numbers_of_any_size_are_scaled_exactly():
    """Where whole numbers of 64 bits do not reach, Python's do."""
    values = np.array([1e300, 1e-300])
    digits = digits_of(values)
    assert digits == 300
    assert scaled(values, digits).tolist() == [10**600, 1]
    assert divided(10**600, 1, digits) == 1e300
    assert scaled(np.array([1e20]), 0).tolist() == [10**20]


def test_what_was_summed_leaves_its_process():
    """Sums and counts by value are pickled, and are equal afterwards."""
    places = AmountPlaces(periods=(YEAR,), strata=((),))
    made = sum_amounts(places, np.zeros(1, np.int64), [np.ones(1)]), tally_values(places, np.zeros(1, int), np.ones(1))
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_stratum_nobody_stands_in_has_sums_of_zero():
    """A stratum that a part has never heard of adds nothing."""
    places = AmountPlaces(periods=(YEAR,), strata=(("a",),))
    sums = sum_amounts(places, np.zeros(1, np.int64), [np.ones(1), np.ones(1)])
    assert sums.totals(YEAR, ("b",)) == (0.0, 0.0)
    assert tally_values(places, np.zeros(1, np.int64), np.ones(1)).of(YEAR, ("b",)).tolist() == [0]


@pytest.mark.parametrize(
    ("make", "checks"),
    [
        (lambda: Ratio(id="r", numerator=True, denominator=1), ["no_number"]),
        (lambda: Ratio(id="r", population=1, numerator=1, denominator="x"), ["no_condition", "no_number"]),
        (lambda: Distribution(id="d", value=True), ["no_number"]),
        (lambda: Derived(id="d", value="rate('x') +"), ["syntax"]),
        (lambda: Derived(id="d", value="rate('x') ** 2"), ["not_allowed"]),
        (lambda: Derived(id="d", value="'x'"), ["not_allowed"]),
        (lambda: Derived(id="d", value="not rate('x')"), ["not_allowed"]),
        (lambda: Derived(id="d", value="rate('x').y"), ["not_allowed"]),
        (lambda: Derived(id="d", value="rat('x')"), ["unknown_name"]),
        (lambda: Derived(id="d", value="rate(1)"), ["arguments"]),
        (lambda: Derived(id="d", value="rate('x', y=1)"), ["not_allowed"]),
        (lambda: Derived(id="d", value="min(1)"), ["too_few"]),
    ],
)
def test_what_is_no_measure_is_refused_by_name(make, checks):
    """A ratio of what is no number, and a figure that cannot be read, are refused with every fault."""
    with pytest.raises(DefinitionError) as refused:
        make()
    assert [fault.check for fault in refused.value.faults] == checks


@given(st.lists(st.tuples(st.integers(0, 1), NUMBERS), min_size=1, max_size=12))
def test_amounts_become_cells_and_come_back(rows):
    """Sums and counts by value are the same after they were rows of a table."""
    places = AmountPlaces(periods=(YEAR,), strata=(("a",), ("b",)))
    cell, values = np.array([cell for cell, _ in rows], np.int64), np.array([value for _, value in rows])
    sums = sum_amounts(places, cell, [values, values])
    assert amounts_of_cells(places, list(cells_of_amounts(sums))) == sums
    tallies = tally_values(places, cell, values)
    assert amounts_of_cells(places, list(cells_of_amounts(tallies))) == tallies


def test_values_that_nobody_has_come_back_too():
    """A distribution of nobody is one cell without a value, and comes back as it was."""
    places = AmountPlaces(periods=(YEAR,), strata=((),))
    empty = tally_values(places, np.zeros(0, np.int64), np.zeros(0))
    assert amounts_of_cells(places, list(cells_of_amounts(empty))) == empty


@pytest.mark.parametrize("groups", [("sum:0:1", "value:2.0"), ("sum:0:1", "sum:1:2"), ("value:x", "value:2.0")])
def test_cells_that_are_no_amounts_are_refused(groups):
    """Sums beside values, sums in different units, and values that are no numbers make no amounts."""
    with pytest.raises(ValueError, match=r"sums|units|float"):
        amounts_of_cells(AmountPlaces(periods=(YEAR,), strata=((),)), [(YEAR, (), group, 1) for group in groups])


def test_the_group_of_those_that_count_has_a_name_in_both_languages():
    """What a ratio adds up is called in Chinese wherever groups are named."""
    made = Ratio(id="r", numerator=1, denominator=1)
    assert name_of_group(made.rules[-1].group).zh == "计入"


def test_the_whole_of_strata_is_their_sum():
    """Sums and values of all strata together are those of a single stratum."""
    places, together = (
        AmountPlaces(periods=(YEAR,), strata=(("a",), ("b",))),
        AmountPlaces(periods=(YEAR,), strata=((),)),
    )
    cell, values = np.array([0, 1, 1]), np.array([0.5, 2.0, 2.0])
    assert sum_amounts(places, cell, [values]).whole == sum_amounts(together, cell * 0, [values])
    assert tally_values(places, cell, values).whole == tally_values(together, cell * 0, values)


def test_the_headline_of_a_ratio_and_of_a_distribution():
    """A ratio says per how many; a distribution its median and quartiles; without a denominator there is neither."""
    ratio, per = Ratio(id="r", numerator=1, denominator=1), Ratio(id="r", numerator=1, denominator=1, per=100)
    assert [headline(one, {"rate": 2 / 3}) for one in (ratio, per)] == ["0.6667", "0.6667 / 100"]
    assert headline(per, {"rate": None}) is None
    days = Distribution(id="d", of=Events(("test",)), value=1, unit="days")
    assert headline(days, {"count": 3, "q25": 1, "median": 2.5, "q75": 4}) == "2.5 (1-4) days"
    assert headline(days, {"count": 0, "q25": None, "median": None, "q75": None}) is None
