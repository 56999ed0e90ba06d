"""Values that hold arrays."""

import copy
import pickle

import numpy as np
import pytest
from attrs import field, frozen

from singledisease.frozen_mapping import FrozenMapping
from singledisease.read_only import holds_arrays, read_only, same


@holds_arrays
@frozen(eq=False)
class Readings:
    """Some readings."""

    name: str
    values: np.ndarray = field(converter=read_only)
    _seen: int = field(default=0, eq=False)


def test_an_array_is_not_copied_and_cannot_be_written_to():
    """The view shares the memory of what was given, which stays as writable as it was."""
    given = np.arange(3)
    view = read_only(given)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 7
    given[0] = 9
    assert view[0] == 9
    assert read_only(view) is view


def test_values_compare_by_content():
    """Arrays are compared by elements, missing ones included; fields that take no part take none."""
    one = Readings("sbp", np.array([152.0, np.nan]))
    assert one == Readings("sbp", np.array([152.0, np.nan]), seen=3)
    assert hash(one) == hash(Readings("sbp", np.array([152.0, np.nan]), seen=3))
    assert one != Readings("sbp", np.array([152.0, 95.0]))
    assert one != Readings("dbp", np.array([152.0, np.nan]))
    assert one != "sbp"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_are_equal_and_read_only(again):
    """What NumPy would make writable on the way is read-only again on the other side."""
    one = Readings("sbp", np.array([152.0, np.nan]), seen=3)
    made = again(one)
    assert made == one
    assert made._seen == 3
    assert not made.values.flags.writeable


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (np.array([1, 2]), np.array([1.0, 2.0]), True),
        (np.array([1, 2]), np.array([[1, 2]]), False),
        (np.array(["a", None], object), np.array(["a", None], object), True),
        ((np.array([1]), "x"), (np.array([1]), "x"), True),
        ((np.array([1]),), (np.array([1]), "x"), False),
        (FrozenMapping(a=np.array([1, 2])), {"a": np.array([1, 2])}, True),
        ({"a": np.array([1, 2])}, {"b": np.array([1, 2])}, False),
        ({"a": np.array([1, 2])}, {"a": np.array([1, 3])}, False),
        (1, 2, False),
    ],
)
def test_what_is_the_same(one, other, expected):
    """Arrays, tuples and mappings of arrays are compared down to their elements."""
    assert same(one, other) is expected
