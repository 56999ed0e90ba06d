"""The matrix exponential of a generator, on cases that are hard: by closed forms and 60-digit numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm

import singledisease as sd
from singledisease.multistate.exponential.uniformisation import derivatives, time_in_states, transition_probabilities

PROGRESSIVE = [[0, 0.1, 0, 0], [0, 0, 0.1, 0], [0, 0, 0, 0.1], [0, 0, 0, 0]]


def erlang(rate, states, t):
    """Give exp(Qt) of a chain that passes its states one by one, all at one rate."""
    p = np.zeros((states, states))
    for i in range(states):
        for j in range(i, states - 1):
            p[i, j] = math.exp(-rate * t) * (rate * t) ** (j - i) / math.factorial(j - i)
        p[i, -1] = 1 - p[i, :-1].sum()
    return p


@pytest.mark.parametrize("t", [0.5, 5, 50, 500])
def test_equal_rates(t):
    """A progressive chain with equal rates, whose eigenvectors are all one, is right to 1e-14."""
    np.testing.assert_allclose(transition_probabilities(PROGRESSIVE, [t])[0], erlang(0.1, 4, t), rtol=0, atol=1e-14)


@pytest.mark.parametrize("gap", [1e-8, 1e-13, 1e-15])
def test_nearly_equal_rates(gap):
    """Rates that differ by next to nothing change next to nothing; SciPy's triangular path is off by up to 2e-4."""
    q = np.array(PROGRESSIVE)
    q[1, 2] += gap
    found = transition_probabilities(q, [50.0])[0]
    np.testing.assert_allclose(found, erlang(0.1, 4, 50), rtol=0, atol=100 * gap + 1e-14)


def test_scipy_is_still_off():
    """SciPy's expm is wrong on triangular generators with nearly equal rates: if this fails, it has been mended."""
    worst = 0.0
    for gap in (1e-15, 1e-14, 1e-13):
        q = np.array(PROGRESSIVE)
        q[1, 2] += gap
        q[2, 3] -= gap
        np.fill_diagonal(q, -q.sum(1))
        worst = max(worst, float(np.abs(expm(50 * q) - erlang(0.1, 4, 50)).max()))
    assert worst > 1e-7


def test_stiff_rates():
    """Rates of ten thousand beside one of 1e-4, over ten thousand units of time: right to 1e-8 (60-digit numbers)."""
    q = [[0, 1e4, 0], [1e4, 0, 1e-4], [0, 0, 0]]
    short = transition_probabilities(q, [1e-6])[0]
    np.testing.assert_allclose(short[0], [0.990099336653376, 0.009900663346127315, 4.966832668717132e-13], rtol=1e-12)
    long = transition_probabilities(q, [1e4])[0]
    assert long[0, 0] == pytest.approx(0.5 * math.exp(-0.5), abs=1e-8)


def test_complex_eigenvalues():
    """A cycle, whose eigenvalues are complex (60-digit numbers)."""
    found = transition_probabilities([[0, 1, 0], [0, 0, 1], [1, 0, 0]], [1.0])[0, 0]
    np.testing.assert_allclose(found, [0.42970463958039035, 0.38328084460967327, 0.18701451580993636], atol=1e-14)


def test_tiny_rates_over_long_times():
    """Rates of 1e-12 keep their relative accuracy (60-digit numbers)."""
    q = [[0, 1e-9, 1e-12], [0, 0, 1e-9], [0, 0, 0]]
    found = transition_probabilities(q, [1.0])[0, 0]
    np.testing.assert_allclose(found, [0.999999998999, 9.999999989995e-10, 1.0000004994994997e-12], rtol=1e-12)


def test_nothing_moves():
    """Without rates everybody stays, and spends the time where they are."""
    assert transition_probabilities(np.zeros((2, 2)), [1, 1e6]).tolist() == [np.eye(2).tolist()] * 2
    np.testing.assert_array_equal(time_in_states(np.zeros((2, 2)), [1e6])[0], 1e6 * np.eye(2))


def test_time_in_states():
    """The integral of the first row of a progressive chain (60-digit numbers)."""
    found = time_in_states(PROGRESSIVE, [0.5])[0, 0]
    expected = [0.4877057549928599, 0.012091042742502904, 0.00020067493624397945, 2.5273283932069483e-06]
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    long = time_in_states([[0, 0.1], [0, 0]], [500.0])[0, 0]
    np.testing.assert_allclose(long, [10 - 10 * math.exp(-50), 490 + 10 * math.exp(-50)], rtol=1e-13)


def test_derivative_of_equal_rates():
    """The derivative by the first rate where all are equal (60-digit numbers)."""
    direction = np.zeros((4, 4))
    direction[0, 1], direction[0, 0] = 1, -1
    found = derivatives(PROGRESSIVE, [0.5], direction[None])[0, 0, 0]
    expected = [-0.475614712250357, 0.4637243444440981, 0.011692195009487944, 0.0001981727967709821]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ([[0, 1]], "square"),
        ([[0, -1], [0, 0]], "from state 0 to state 1 got -1"),
        ([[0, np.nan], [0, 0]], "finite"),
    ],
)
def test_wrong_generators_are_refused(q, said):
    """What is not a generator is refused with the rate."""
    with pytest.raises(sd.UsageError, match=said):
        transition_probabilities(q, [1])


def test_wrong_times_are_refused():
    """Negative and infinite times are refused."""
    for times in ([-1], [math.inf], [[1]]):
        with pytest.raises(sd.UsageError, match="times must be finite"):
            transition_probabilities(PROGRESSIVE, times)


@pytest.mark.parametrize("times", ["soon", [1, None], [[1], [2, 3]], "2024-01-01"])
def test_times_that_are_no_numbers(times):
    """They are refused with what they should be, not by whatever fails first."""
    with pytest.raises(sd.UsageError, match=r"times must be (numbers|finite)"):
        transition_probabilities(PROGRESSIVE, times)
