"""Percentages that add up to 100."""

import pytest

import singledisease as sd


@pytest.mark.parametrize(
    ("counts", "digits", "found"),
    [
        ({"a": 1, "b": 1, "c": 1}, 0, {"a": 34, "b": 33, "c": 33}),
        ({"a": 1, "b": 1, "c": 1}, 2, {"a": 33.34, "b": 33.33, "c": 33.33}),
        ({"a": 308, "b": 434, "c": 28}, 1, {"a": 40.0, "b": 56.4, "c": 3.6}),
        # 14.2857…, 28.5714…, 57.1428…: down they are 14, 28 and 57, and the second lost most.
        ({"a": 1, "b": 2, "c": 4}, 0, {"a": 14, "b": 29, "c": 57}),
        ({"a": 5, "b": 0}, 1, {"a": 100, "b": 0}),
        ({"a": 0, "b": 0}, 1, {"a": None, "b": None}),
        ({}, 1, {}),
    ],
)
def test_what_rounding_leaves_over_goes_to_who_lost_most(counts, digits, found):
    """Of equal ones to the first; of nobody there are no percentages."""
    made = sd.percentages(counts, digits)
    assert made == found
    assert list(made) == list(counts)
    if sum(counts.values()):
        assert round(sum(made.values()), digits) == 100


def test_many_groups_of_big_numbers_add_up():
    """Whole numbers are divided exactly: thirteen groups of millions come to 1,000 tenths."""
    made = sd.percentages({str(i): 7**i for i in range(13)})
    assert sum(round(10 * share) for share in made.values()) == 1000


@pytest.mark.parametrize(("counts", "digits"), [({"a": -1}, 1), ({"a": 0.5}, 1), ({"a": True}, 1), ({"a": 1}, -1)])
def test_what_is_no_count_is_refused(counts, digits):
    """A negative number, a fraction, a truth value and a negative number of digits."""
    with pytest.raises(sd.UsageError, match="expected"):
        sd.percentages(counts, digits)
