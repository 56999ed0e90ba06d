"""The generators make every node, every operator of the table and every reduction, so that the laws are about all."""

import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.language import nodes as n
from singledisease.language.operations import OPERATIONS
from singledisease.language.traversal import inside
from singledisease.testing import expressions, selections

ASKED_ELSEWHERE = {
    "Choice": "resolve takes the chosen option before an engine sees it",
    "Sequences": "the law of linked sequences asks for each in every example",
}
SORTS = [(kind, "") for kind in ("bool", "date", "text")] + [
    ("number", unit) for unit in ("", "days", "months", "years", "mmHg")
]


@pytest.mark.deep
def test_every_node_and_operator_is_made():
    """Of some thousands of expressions and selections no kind of part is missing, whatever is added to the language."""
    made: set[str] = set()

    @settings(max_examples=3000, derandomize=True, database=None)
    @given(st.sampled_from(SORTS).flatmap(lambda sort: expressions("person", *sort, named=True)), selections())
    def look(value, selection):
        for part in (*inside(value), *inside(selection)):
            made.add(type(part).__name__)
            made.add(getattr(part, "operation", "") or getattr(part, "how", ""))

    look()
    nodes = {kind.__name__ for kind in (*typing.get_args(n.Value), *typing.get_args(n.Selection))}
    nodes |= {kind.__name__ for kind in typing.get_args(n.Window)}
    wanted = {*nodes, *OPERATIONS, *typing.get_args(n.Reduction)} - set(ASKED_ELSEWHERE)
    assert sorted(wanted - made) == []
