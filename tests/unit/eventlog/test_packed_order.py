"""Rows sorted by keys packed into one number, with and without room for the row."""

import numpy as np
import pytest

from singledisease.eventlog.packed_order import order_of, pack


@pytest.mark.parametrize("top", [2, 2**20, 2**45, 2**58])
@pytest.mark.parametrize("count", [0, 1, 700, 70_000])
def test_rows_are_sorted_and_ties_stay_as_they_stand(count: int, top: int) -> None:
    """Also where keys and rows together take more than 63 bits, and go into buckets."""
    keys = np.random.default_rng(count).integers(0, top, count)
    keys[: count // 2] = keys[count // 2 : 2 * (count // 2)]
    expected = np.argsort(keys, kind="stable")
    order, same = order_of(keys.copy(), (top - 1).bit_length())
    assert order.tolist() == expected.tolist()
    assert same.tolist() == [False, *(np.diff(keys[expected]) == 0)][:count]


def test_rows_that_crowd_one_bucket_are_sorted_too() -> None:
    """Where almost all keys begin alike there is no room in their bucket either."""
    keys = np.r_[2**61 + np.random.default_rng(1).integers(0, 2**45, 40_000), 1, 0, 1]
    expected = np.argsort(keys, kind="stable")
    order, same = order_of(keys.copy(), 62)
    assert order.tolist() == expected.tolist()
    assert same[:3].tolist() == [False, False, True]


def test_as_many_keys_are_packed_as_fit() -> None:
    """The keys keep their order, whatever their range; one that does not fit is left."""
    first, second = np.array([5, -3, 5]), np.array([10**9, 0, 7])
    packed, bits, taken = pack([first, second])
    assert (bits, taken) == (34, 2)
    assert np.argsort(packed).tolist() == [1, 2, 0]
    assert pack([first, second, np.array([0, 2**40, 1])])[1:] == (34, 2)
    assert pack([np.array([], np.int64)] * 2)[1:] == (0, 2)
