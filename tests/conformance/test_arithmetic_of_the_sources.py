"""Published figures, computed again from the whole numbers printed beside them, by the library's own rates."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binomtest

from singledisease import intervals
from singledisease.scorecard.rates import figures

GROUPS = ("outside", "numerator", "not_numerator")


def rate(part, whole, of=None):
    """Give the rate of a part of a whole, both whole numbers; ``of`` is the population around the whole."""
    return figures(GROUPS, np.array([(of or whole) - whole, part, whole - part], np.int64))


@pytest.mark.parametrize(
    ("case", "part", "whole", "percent"),
    [
        ("T1 archives built, of the population", 49_300, 58_000, "85.00"),
        ("T1 archives in use, of the archives", 39_440, 49_300, "80.00"),
        ("T1 the same over the population, which is another figure", 39_440, 58_000, "68.00"),
        ("T2 standardized by the ledger", 3_402, 4_860, "70.00"),
        ("T2 standardized by the system", 3_648, 4_860, "75.06"),
        ("T2 controlled", 3_110, 4_860, "63.99"),
        ("T3 examined at 65 and over", 4_930, 7_250, "68.00"),
        ("T4 diabetes standardized", 1_064, 1_520, "70.00"),
        ("T4 diabetes controlled", 912, 1_520, "60.00"),
        ("T5 visits to hospitals, in 10 million", 308, 770, "40.00"),
        ("T5 visits to primary care", 434, 770, "56.36"),
        ("T5 visits elsewhere", 28, 770, "3.64"),
        ("T5 visits to township and community centres", 176, 770, "22.86"),
        ("T7 primary share of outpatient visits: 2 of 3 + 2", 2, 5, "40.00"),
        ("T9 hypertension among those enrolled, in 100", 970, 2_889, "33.58"),
        ("T9 diabetes among those enrolled, in 100", 360, 2_889, "12.46"),
    ],
)
def test_rates(case, part, whole, percent):
    """Each printed percentage is that of its whole numbers."""
    found = rate(part, whole)
    assert f"{100 * float(found.rate):.2f}" == percent, case
    assert int(found.denominator) == whole
    assert float(found.rate) == pytest.approx(float(Fraction(part, whole)), abs=0)


def test_a_source_misprints_exactly_seventy_percent():
    """T2: the source prints 69.96 % for 3,402 of 4,860, which is exactly 7/10."""
    assert Fraction(3_402, 4_860) == Fraction(7, 10)
    assert float(rate(3_402, 4_860).rate) == 0.7


def test_two_sources_differ_by_people_and_by_points():
    """T2: ledger and system differ by 246 people, which are 5.06 percentage points."""
    ledger, system = rate(3_402, 4_860), rate(3_648, 4_860)
    assert int(system.numerator - ledger.numerator) == 246
    assert f"{100 * float(system.rate - ledger.rate):.2f}" == "5.06"


def test_the_population_around_a_whole_is_no_part_of_it():
    """T1: whoever has no archive is outside: the denominator of use is the archives."""
    found = rate(39_440, 49_300, of=58_000)
    assert (int(found.initial_population), float(found.rate)) == (49_300, 0.8)


def test_shares_of_visits_add_up():
    """T5: hospitals, primary care and others are all visits, and their printed shares sum to 100.0 %."""
    shares = [float(rate(part, 770).rate) for part in (308, 434, 28)]
    assert sum(shares) == pytest.approx(1)
    assert [f"{100 * share:.1f}" for share in shares] == ["40.0", "56.4", "3.6"]


def test_savings_per_recognised_item():
    """T6: 121 million yuan saved over 4,333,000 item-times are 27.93 yuan each."""
    assert f"{121_000_000 / 4_333_000:.2f}" == "27.93"


def test_a_published_rate_implies_its_denominator():
    """T8: 409,000 signed at 57.07 % are of 716,700; with that denominator the rate comes out as printed."""
    implied = round(409_000 / 0.5707, -2)
    assert implied == 716_700
    assert f"{100 * float(rate(409_000, int(implied)).rate):.2f}" == "57.07"


@pytest.mark.parametrize(("part", "whole"), [(3_402, 4_860), (3_110, 4_860), (912, 1_520), (2, 5)])
def test_intervals_agree_with_an_independent_library(part, whole):
    """Wilson's and the exact interval are those of scipy's binomial test."""
    found = rate(part, whole)
    for method, (low, high) in {
        "wilson": (float(found.ci_low), float(found.ci_high)),
        "exact": tuple(float(bound) for bound in intervals.exact(part, whole)),
    }.items():
        expected = binomtest(part, whole).proportion_ci(method=method)
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_a_rate_of_nobody_is_none():
    """A denominator of 0 gives no rate and no interval, never 0 %."""
    found = rate(0, 0, of=5)
    assert np.isnan(found.rate)
    assert np.isnan(found.ci_low)
    assert np.isnan(found.ci_high)
