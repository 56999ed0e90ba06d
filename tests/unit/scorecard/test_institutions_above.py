"""Which institutions stand above which."""

import pytest

from singledisease.errors import DataError
from singledisease.eventlog.institutions import InstitutionColumns
from singledisease.scorecard.rollup import parents_of


def test_a_circle_of_parents_is_refused():
    """Institutions that are each above the others are told once for the circle; others are left alone."""
    made = InstitutionColumns(ids=("A", "B", "C", "D"), columns={"parent": ("B", "A", "A", "")})
    with pytest.raises(DataError) as caught:
        parents_of(made)
    assert [(fault.check, fault.where) for fault in caught.value.faults] == [("circle_of_parents", "A → B")]
    assert parents_of(InstitutionColumns(ids=("A", "B"), columns={"parent": ("B", "")})) == {"A": "B"}
    assert parents_of(InstitutionColumns(ids=("A",))) == {}
