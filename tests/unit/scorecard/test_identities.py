"""Identities: counts that do not add up are never shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import Period
from singledisease.errors import DataError, IdentityError, UsageError
from singledisease.eventlog.log import InstitutionColumns
from singledisease.scorecard import identities
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.scorecard.rollup import joined, parents_of, place_of_institution, roll_up_counts

YEAR = Period(0, 364)
GROUPS = ("outside", "numerator", "not_numerator")
CONTROL = Counted("control", "1", (), GROUPS, ("institution",))


def counts(cells, counted=CONTROL):
    """Make counts of one period from groups by stratum; a stratum may be a text."""
    strata = [key if isinstance(key, tuple) else (key,) for key in cells]
    return Counts({counted: Block([YEAR], strata, np.array([list(cells.values())]))})


GOOD = counts({"A": [1, 2, 3], "B": [0, 4, 0]})
WHOLE = {CONTROL: np.array([[1, 6, 3]])}


def checks(caught):
    """Give the names of the checks that failed."""
    return [fault.check for fault in caught.value.faults]


def test_what_adds_up_passes():
    """Groups that sum to everybody and strata that sum to the whole are let pass."""
    identities.check(GOOD, WHOLE, 10)


def test_groups_must_sum_to_everybody():
    """A person too many or too few is an error that says how many there should be."""
    with pytest.raises(IdentityError, match="hold 10 people, the registry 11") as caught:
        identities.check(GOOD, WHOLE, 11)
    assert checks(caught) == ["groups_sum_to_everybody"]
    assert caught.value.faults[0].where == "control 1970-01-01..1970-12-31"


def test_strata_must_sum_to_the_list_of_people():
    """Counts by stratum that differ from the lists of people are an error for each group that differs."""
    with pytest.raises(IdentityError) as caught:
        identities.check(GOOD, {CONTROL: np.array([[1, 5, 4]])}, 10)
    assert checks(caught) == ["strata_sum_to_whole"] * 2
    assert [fault.where.split()[-1] for fault in caught.value.faults] == ["numerator", "not_numerator"]


def test_a_count_below_zero_is_refused():
    """A negative count is an error that names measure, period and stratum."""
    with pytest.raises(IdentityError, match=r"control .* B") as caught:
        identities.check(counts({"A": [1, 2, 3], "B": [5, 0, -1]}), {CONTROL: np.array([[6, 2, 2]])}, 10)
    assert checks(caught) == ["numerator_in_denominator_in_initial"]


def test_all_faults_are_named_at_once():
    """Several things that do not add up are all in one error."""
    with pytest.raises(IdentityError) as caught:
        identities.check(GOOD, {CONTROL: np.array([[0, 0, 0]])}, 9)
    assert len(caught.value.faults) == 4


# ROLL-UP

PLACES = InstitutionColumns(
    ids=("village", "hamlet", "town", "county"),
    columns={"parent": ("town", "town", "county", ""), "level": ("village", "village", "township", "county")},
)


def test_institutions_of_several_parts_are_joined():
    """What each part knows of institutions is put together, a column one lacks being blank; a difference is refused."""
    other = InstitutionColumns(ids=("town", "city"), columns={"parent": ("county", ""), "level": ("township", "city")})
    both = joined([PLACES, other])
    assert both.ids == ("village", "hamlet", "town", "county", "city")
    assert both.columns["parent"] == ("town", "town", "county", "", "")
    assert joined([PLACES, InstitutionColumns()]).columns == PLACES.columns
    bare = InstitutionColumns(ids=("x",), columns={"name": ("X",)})
    assert joined([bare, other]).columns["parent"] == ("", "county", "")
    moved = InstitutionColumns(ids=("town",), columns={"parent": ("city",), "level": ("township",)})
    with pytest.raises(DataError, match="county, township in one part, city, township in another") as caught:
        joined([PLACES, moved])
    assert [fault.where for fault in caught.value.faults] == ["town"]


def test_roll_up_by_hand():
    """Each institution has the sum of itself and of all below it; who has no institution stays apart."""
    leaves = counts({"village": [1, 2, 3], "hamlet": [0, 1, 0], "town": [0, 5, 1], "": [7, 0, 0]})
    block = roll_up_counts(leaves, PLACES).blocks[CONTROL]
    assert dict(zip(block.strata, block.array[0].tolist(), strict=True)) == {
        ("",): [7, 0, 0],
        ("village",): [1, 2, 3],
        ("hamlet",): [0, 1, 0],
        ("town",): [1, 8, 4],
        ("county",): [1, 8, 4],
    }


def test_roll_up_keeps_other_strata_apart():
    """Sex stays as it is, a column of the institution becomes that of the institution above."""
    counted = Counted("control", "1", (), GROUPS, ("sex", "institution", "institution.level"))
    leaves = counts(
        {
            ("male", "village", "village"): [1, 0, 0],
            ("female", "village", "village"): [0, 1, 0],
            ("male", "town", "township"): [0, 0, 1],
        },
        counted,
    )
    block = roll_up_counts(leaves, PLACES).blocks[counted]
    rolled = dict(zip(block.strata, block.array[0].tolist(), strict=True))
    assert rolled["male", "town", "township"] == [1, 0, 1]
    assert rolled["female", "town", "township"] == [0, 1, 0]
    assert rolled["male", "county", "county"] == [1, 0, 1]


def test_roll_up_needs_institutions():
    """Counts that are not by institution cannot be rolled up, and the error says what to ask for."""
    with pytest.raises(UsageError, match=r"by=\['institution', \.\.\.\]"):
        place_of_institution(("sex",))


NAMES = [f"I{i}" for i in range(6)]


@st.composite
def trees(draw):
    """Draw institutions of which each has an earlier one, or none, above it."""
    parents = ["", *(draw(st.sampled_from(["", *NAMES[:i]])) for i in range(1, len(NAMES)))]
    return InstitutionColumns(ids=tuple(NAMES), columns={"parent": tuple(parents)})


LEAVES = st.dictionaries(
    st.sampled_from([*NAMES, "", "elsewhere"]), st.lists(st.integers(0, 9), min_size=3, max_size=3)
)


@given(trees(), LEAVES)
def test_roll_up_sums_the_leaves(places, cells):
    """Whatever the tree, the rolled-up counts pass the check against their leaves, and the tops hold everybody."""
    leaves = counts(cells) if cells else Counts()
    rolled = roll_up_counts(leaves, places)
    parents = parents_of(places)
    identities.check_roll_up(rolled, leaves, parents)
    if cells:
        block = rolled.blocks[CONTROL]
        tops = [i for i, (name,) in enumerate(block.strata) if name not in parents]
        assert block.array[0, tops].sum(axis=0).tolist() == np.sum(list(cells.values()), axis=0).tolist()


def test_a_wrong_roll_up_is_refused():
    """A sum that misses a leaf is an error that names the institution."""
    leaves = counts({"village": [1, 2, 3], "hamlet": [0, 1, 0]})
    wrong = counts({"village": [1, 2, 3], "hamlet": [0, 1, 0], "town": [1, 2, 3], "county": [1, 3, 3]})
    with pytest.raises(IdentityError, match="control town") as caught:
        identities.check_roll_up(wrong, leaves, parents_of(PLACES))
    assert checks(caught) == ["roll_up_sums_leaves"]
