"""Sums of decimal fractions at the edge of what fits into a machine's integers."""

import numpy as np
import pytest

from singledisease.engines.columnar.exact_sums import reduced

LARGE = 9e14


@pytest.mark.parametrize("how", ["sum", "mean"])
def test_a_sum_that_does_not_fit_is_made_in_whole_numbers_of_any_length(how):
    """Each number fits with three decimals, many together do not: they neither wrap round nor lose a digit."""
    numbers = np.array([0.125, *[LARGE] * 8])
    (found,) = reduced(how, numbers, np.zeros(len(numbers), np.int64), 1)
    exact = 8 * LARGE + 0.125
    assert found == (exact if how == "sum" else exact / 9)
