"""Intervals of a proportion."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import poisson as scipy_poisson

from singledisease.errors import UsageError
from singledisease.intervals import exact, poisson, wilson

PROPORTIONS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(PROPORTIONS, st.sampled_from([0.8, 0.95, 0.99]))
def test_both_agree_with_scipy(proportion, confidence):
    """Wilson's and the exact interval are those of scipy's binomial test."""
    k, n = proportion
    test = binomtest(k, n)
    for ours, method in ((wilson, "wilson"), (exact, "exact")):
        low, high = ours(k, n, confidence)
        theirs = test.proportion_ci(confidence, method)
        assert math.isclose(low, theirs.low, abs_tol=1e-9)
        assert math.isclose(high, theirs.high, abs_tol=1e-9)


def test_by_hand():
    """Wilson's interval of 5 out of 10 is (10 + z² ± z·sqrt(10 + z²)) / (2·(10 + z²)) around one half."""
    z2 = 1.959963984540054**2
    half = math.sqrt(z2 / (10 + z2)) / 2
    low, high = wilson(5, 10)
    assert (float(low), float(high)) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-12)


@pytest.mark.parametrize("interval", [wilson, exact])
def test_of_nothing_there_is_none(interval):
    """Nobody out of nobody has no interval, and spoils none beside it."""
    low, high = interval([0, 0, 3], [0, 3, 3])
    assert np.isnan([low[0], high[0]]).all()
    assert low[1] == 0
    assert high[2] == 1
    assert 0 < high[1] < 1
    assert 0 < low[2] < 1


@given(st.lists(PROPORTIONS, min_size=1))
def test_many_at_once_are_each_alone(proportions):
    """A vector of proportions gives what each gives alone."""
    ks, ns = zip(*proportions, strict=True)
    low, high = wilson(ks, ns)
    assert [(float(wilson(k, n)[0]), float(wilson(k, n)[1])) for k, n in proportions] == list(
        zip(low.tolist(), high.tolist(), strict=True)
    )


@pytest.mark.parametrize(("k", "n", "confidence"), [(4, 3, 0.95), (-1, 3, 0.95), (1, 3, 0.0), (1, 3, 1.0)])
@pytest.mark.parametrize("interval", [wilson, exact])
def test_what_is_no_proportion_is_refused(interval, k, n, confidence):
    """More passed than there were, fewer than none, and a confidence of 0 or 1 are refused."""
    with pytest.raises(ValueError, match="must lie between"):
        interval(k, n, confidence)


@pytest.mark.parametrize(
    ("events", "exposure", "confidence", "kind", "said"),
    [
        (3, 10.0, 1.0, UsageError, "must lie between 0 and 1"),
        (3, 10.0, 95, UsageError, "such as 0.95"),
        (-1, 10.0, 0.95, ValueError, "must not be negative"),
        ([1, 2], [1.0, -1.0], 0.95, ValueError, "must not be negative"),
    ],
)
def test_rates_of_what_cannot_be(events, exposure, confidence, kind, said):
    """A level that is none and fewer than no events, or than no time, are refused."""
    with pytest.raises(kind, match=said):
        poisson(events, exposure, confidence)


@given(st.integers(0, 300), st.floats(0.01, 1e4), st.sampled_from([0.8, 0.95, 0.99]))
def test_rates_have_exact_limits(events, exposure, confidence):
    """At the lower limit so many events or more are as rare as the level allows, at the upper so few or fewer."""
    low, high = (float(limit) * exposure for limit in poisson(events, exposure, confidence))
    tail = (1 - confidence) / 2
    assert scipy_poisson.cdf(events, high) == pytest.approx(tail, rel=1e-6)
    if events:
        assert scipy_poisson.sf(events - 1, low) == pytest.approx(tail, rel=1e-6)
    else:
        assert low == 0
