"""Fields of a frozen value that are read when one of them is first asked for."""

import copy
import pickle

import pytest
from attrs import evolve, fields
from definitions_world import gout

from singledisease.definitions.disease import Disease
from singledisease.language.read_when_asked import evolved, leave_unread, put

GOUT = gout()
WRITTEN = {one.name: getattr(GOUT, one.name) for one in fields(Disease)}
AT_ONCE = ("id", "version")


@pytest.fixture
def reads():
    """Give a list that grows whenever something is read."""
    return []


@pytest.fixture
def disease(reads):
    """Give a disease of which only the id and the version are there."""
    made = object.__new__(Disease)
    put(made, {name: WRITTEN[name] for name in AT_ONCE})
    leave_unread(
        made, lambda: reads.append(1) or {name: value for name, value in WRITTEN.items() if name not in AT_ONCE}
    )
    return made


def test_what_is_there_is_given_without_reading(disease, reads):
    """The rest is read once, with the first field that is not there."""
    assert (disease.id, hash(disease)) == (GOUT.id, hash(GOUT))
    assert not reads
    assert disease.pathway is GOUT.pathway
    assert disease.codes == GOUT.codes
    assert reads == [1]


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), evolve])
def test_a_copy_is_whole(disease, way):
    """However it is copied: nothing is left to be read."""
    assert way(disease) == GOUT == disease


def test_what_is_no_field_is_refused_as_ever(disease, reads):
    """To ask for it reads nothing."""
    with pytest.raises(AttributeError, match="colour"):
        _ = disease.colour
    assert not hasattr(disease, "__array__")
    assert not reads
    with pytest.raises(AttributeError, match="colour"):
        _ = GOUT.colour


def test_a_field_that_nothing_gives_is_refused():
    """A value that was made without its fields, and of which nothing is read, has none."""
    with pytest.raises(AttributeError, match="pathway"):
        _ = object.__new__(Disease).pathway


def test_another_with_some_fields_changed_reads_as_little(disease, reads):
    """What was there is there, what was changed is changed, and the rest is read through the first."""
    other = evolved(disease, version="2", codes=("D1",))
    assert (other.id, other.version, other.codes) == (GOUT.id, "2", ("D1",))
    assert not reads
    assert other == evolve(GOUT, version="2", codes=("D1",))
    assert reads == [1]
    assert evolved(disease, version="3") == evolve(GOUT, version="3")
