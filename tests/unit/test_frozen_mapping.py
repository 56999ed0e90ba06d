"""A mapping that cannot be changed."""

import copy
import json
import pickle

import pytest

from singledisease.frozen_mapping import FrozenMapping, frozen_mapping

UNITS = FrozenMapping({"sbp": "mmHg", "fpg": "mmol/L"})

CHANGES = [
    lambda m: m.__setitem__("sbp", "kPa"),
    lambda m: m.__delitem__("sbp"),
    lambda m: m.__ior__({"sbp": "kPa"}),
    lambda m: m.update(sbp="kPa"),
    lambda m: m.setdefault("ldl", "mmol/L"),
    lambda m: m.pop("sbp"),
    lambda m: m.popitem(),
    lambda m: m.clear(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_refused(change):
    """Whatever would change a dictionary is refused with the way out, and changes nothing."""
    with pytest.raises(TypeError, match="cannot be changed; make a dictionary of it"):
        change(UNITS)
    assert UNITS == {"sbp": "mmHg", "fpg": "mmol/L"}


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_are_equal_and_frozen(again):
    """A copy has the same content in the same order, and cannot be changed either."""
    made = again(UNITS)
    assert made == UNITS
    assert list(made) == list(UNITS)
    with pytest.raises(TypeError):
        made["sbp"] = "kPa"


def test_it_hashes_by_content_whatever_the_order():
    """Mappings of the same content are one key of a set; one that holds a list is none."""
    assert len({UNITS, FrozenMapping(reversed(UNITS.items()))}) == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(FrozenMapping({"a": []}))


def test_it_is_made_of_what_is_given_then():
    """Changing what it was made of does not change it, and one that is frozen is given back."""
    given = {"sbp": "mmHg"}
    made = frozen_mapping(given)
    given["sbp"] = "kPa"
    assert made == {"sbp": "mmHg"}
    assert frozen_mapping(made) is made
    assert json.loads(json.dumps(made)) == made
