"""What two definitions differ in is told, also what stands around the numbers and the pathway."""

from __future__ import annotations

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.definitions.citation import Names
from singledisease.definitions.wording.difference import changed_parts

TIA = sd.disease("tia")


def changed(**keys):
    """Give the places in which the disease differs from itself with these keys."""
    return [(part.place, part.after) for part in changed_parts(TIA, evolve(TIA, **keys), "en", {})]


def first_with(parts, **keys):
    """Give the parts, the first with these keys."""
    return (evolve(parts[0], **keys), *parts[1:])


def test_nothing_differs_from_itself():
    """A definition does not differ from itself."""
    assert changed() == []


def test_the_group_is_told():
    """Whose care a disease is in is told."""
    assert changed(group="endocrine") == [("group", "Specialty group endocrine")]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"shared_codes": ("G45.0",)}, "shared_codes"),
        ({"citations": first_with(TIA.citations, year=1999)}, f"citations.{TIA.citations[0].id}"),
        ({"quantities": first_with(TIA.quantities, high=9)}, f"quantities.{TIA.quantities[0].name}"),
        ({"roles": first_with(TIA.roles, names=Names("他", "other"))}, f"roles.{TIA.roles[0].id}"),
        ({"parameters": first_with(TIA.parameters, note="说明")}, f"parameters.{TIA.parameters[0].name}.note"),
    ],
)
def test_what_stands_around_is_told(keys, place):
    """Shared codes, sources, bounds of a column, names of a role and remarks are told where they differ."""
    assert place in [where for where, _ in changed(**keys)]
