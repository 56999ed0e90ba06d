"""Counts: a commutative monoid, and what becomes of them."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import Period
from singledisease.scorecard.counts import Block, Counted, Counts, merge
from singledisease.scorecard.rates import figures
from singledisease.scorecard.tally import tally

PERIODS = (Period(0, 30), Period(31, 58), Period(59, 89))
STRATA = (("a", "x"), ("a", "y"), ("b", ""), ("b", "y"))
WHATS = (
    Counted("control", "1", (("lost", "exclude"),), ("numerator", "not_numerator"), ("institution", "team")),
    Counted("control", "1", (("lost", "not_at_goal"),), ("numerator", "not_numerator"), ("institution", "team")),
)


@st.composite
def blocks(draw):
    """Draw a block over some of the periods and strata, in any order."""
    periods = draw(st.lists(st.sampled_from(PERIODS), unique=True, min_size=1))
    strata = draw(st.lists(st.sampled_from(STRATA), unique=True))
    size = len(periods) * len(strata) * 2
    cells = draw(st.lists(st.integers(0, 2**40), min_size=size, max_size=size))
    return Block(periods, strata, np.array(cells, np.int64).reshape(len(periods), len(strata), 2))


COUNTS = st.dictionaries(st.sampled_from(WHATS), blocks()).map(Counts)


@given(COUNTS, COUNTS, COUNTS)
def test_counts_are_a_commutative_monoid(a, b, c):
    """Adding has a zero, and neither order nor bracketing matters; merging many is adding one by one."""
    zero = Counts()
    assert a + zero == zero + a == a
    assert a + b == b + a
    assert (a + b) + c == a + (b + c) == merge([c, a, b])
    assert merge([]) == zero


@given(COUNTS, COUNTS)
def test_adding_adds_every_cell(a, b):
    """Each cell of the sum is the sum of the two cells, a missing cell counting as 0."""
    for counted, block in (a + b).blocks.items():
        for p, period in enumerate(block.periods):
            for s, stratum in enumerate(block.strata):
                cells = [_cell(one.blocks.get(counted), period, stratum) for one in (a, b)]
                assert block.array[p, s].tolist() == (cells[0] + cells[1]).tolist()
                assert sum(map(sum, cells)) >= 0


def _cell(block, period, stratum):
    if block is None or period not in block.periods or stratum not in block.strata:
        return np.zeros(2, np.int64)
    return block.array[block.periods.index(period), block.strata.index(stratum)]


def test_measures_under_different_policies_are_not_added():
    """A count under one policy stays beside the count under another."""
    one, other = (Counts({what: Block([PERIODS[0]], [("a", "x")], np.array([[[1, 2]]]))}) for what in WHATS)
    assert set((one + other).blocks) == set(WHATS)
    assert (one + other).blocks[WHATS[0]].array.tolist() == [[[1, 2]]]


def test_blocks_are_equal_as_counts_are():
    """The order of periods and strata, and strata without anybody, do not tell blocks apart; a count does."""
    one = Block([PERIODS[1], PERIODS[0]], [("b",), ("a",), ("c",)], np.array([[[1], [2], [0]], [[3], [4], [0]]]))
    same = Block([PERIODS[0], PERIODS[1]], [("a",), ("b",)], np.array([[[4], [3]], [[2], [1]]]))
    assert one == same
    assert one != Block([PERIODS[0], PERIODS[1]], [("a",), ("b",)], np.array([[[4], [3]], [[2], [0]]]))
    assert one != "a block"
    assert one.whole.tolist() == [[7], [3]]


def test_an_empty_registry_has_a_row():
    """Without strata there is one row of zeros even if nobody is there; with strata there is none."""
    assert Block([PERIODS[0]], [()], np.zeros((1, 1, 2))).array.tolist() == [[[0, 0]]]
    assert Block([PERIODS[0]], [("a",)], np.zeros((1, 1, 2))).array.shape == (1, 0, 2)


def test_people_are_tallied_by_stratum_and_group():
    """Each person is counted once in the cell of their stratum and group, whether the stratum changes or not."""
    group_of = np.array([[0, 1, 1, 0], [1, 1, 1, 0]], np.uint8)
    [fixed] = tally(PERIODS[:2], (("a",), ("b",)), np.array([[0, 0, 1, 1]]), [group_of], [2])
    assert fixed.array.tolist() == [[[1, 1], [1, 1]], [[0, 2], [1, 1]]]
    [moving] = tally(PERIODS[:2], (("a",), ("b",)), np.array([[0, 0, 1, 1], [1, 1, 1, 1]]), [group_of], [2])
    assert moving.array.tolist() == [[[1, 1], [1, 1]], [[0, 0], [1, 3]]]
    assert tally(PERIODS[:2], (("a",), ("b",)), np.array([[0, 0, 1, 1]]), [], []) == []


@pytest.mark.parametrize("people", [5, 40, 3000])
def test_measures_counted_in_one_pass_are_counted_as_alone(people):
    """How many measures are counted at once depends on how many people there are; what is counted does not."""
    draw = np.random.default_rng(people)
    sizes = [3, 4, 5, 2]
    stratum_of = draw.integers(0, 2, (2, people))
    codes = [draw.integers(0, size, (2, people)).astype(np.uint8) for size in sizes]
    strata = (("a",), ("b",))
    together = tally(PERIODS[:2], strata, stratum_of, codes, sizes)
    for block, of_one, size in zip(together, codes, sizes, strict=True):
        cells = [[np.bincount(of_one[p][stratum_of[p] == s], minlength=size).tolist() for s in (0, 1)] for p in (0, 1)]
        assert block.array.tolist() == cells


GROUPS = ("outside", "excluded:a", "excluded:b", "exception:c", "numerator", "not_numerator", "unknown", "own label")


def test_figures_by_hand():
    """Sums, rate, Wilson interval and bounds of 6 at goal, 3 not and 1 unknown are what the formulas give."""
    made = figures((*GROUPS, "undetermined:d"), np.array([9, 1, 2, 4, 6, 3, 1, 5, 7]))
    assert int(made.initial_population) == 1 + 2 + 4 + 6 + 3 + 1 + 5 + 7
    assert int(made.excluded) == 3
    assert int(made.denominator) == 10
    assert int(made.numerator) == 6
    assert int(made.unknown) == 1
    assert float(made.rate) == 0.6
    z2 = NormalDist().inv_cdf(0.975) ** 2
    half = math.sqrt(z2 * (4 * 6 * 4 / 10 + z2))
    assert float(made.ci_low) == pytest.approx((2 * 6 + z2 - half) / (2 * (10 + z2)))
    assert float(made.ci_high) == pytest.approx((2 * 6 + z2 + half) / (2 * (10 + z2)))
    assert (float(made.bound_low), float(made.bound_high)) == (0.6, 0.7)


def test_of_nobody_there_is_no_rate():
    """Where the denominator is 0 rate, interval and bounds are missing, not 0."""
    made = figures(("outside", "numerator", "not_numerator"), np.array([[3, 0, 0], [0, 0, 2]]))
    for name in ("rate", "ci_low", "ci_high", "bound_low", "bound_high"):
        assert np.isnan(getattr(made, name)).tolist() == [True, False]
    assert float(made.rate[1]) == 0


@given(st.lists(st.integers(0, 10**6), min_size=8, max_size=8))
def test_figures_are_nested(people):
    """Numerator ⊆ denominator ⊆ initial population, and rate, interval and bounds enclose one another."""
    made = figures(GROUPS, np.array(people))
    assert made.numerator + made.unknown <= made.denominator <= made.initial_population == sum(people[1:])
    if made.denominator:
        assert made.ci_low <= made.rate <= made.ci_high
        assert made.bound_low == made.rate <= made.bound_high <= 1
