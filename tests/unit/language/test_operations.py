"""The table of operators and what walks it have the same entries."""

import pytest

from singledisease.definitions.wording.sentences import say
from singledisease.engines.columnar.operators import OPERATORS
from singledisease.engines.reference.operators import STRICT, THREE_VALUED
from singledisease.language import operations
from singledisease.language.operations import OPERATIONS, Infix
from singledisease.language.parse import parse, write
from singledisease.language.traversal import inside


def test_the_reference_engine_has_every_operator_and_no_other():
    """Each operator has one function in the reference engine, strict or three-valued as its row in the table says."""
    strict = {name for name, operation in OPERATIONS.items() if operation.unknown == "strict"}
    assert set(STRICT) == strict
    assert set(THREE_VALUED) == set(OPERATIONS) - strict


def test_the_columnar_engine_has_every_operator_and_no_other():
    """Each operator has one function in the columnar engine."""
    assert sorted(OPERATORS) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_example_of_an_operator_is_one(name):
    """The example of each operator is read, uses it, is written back, and is said in both languages."""
    node = parse(OPERATIONS[name].example)
    assert name in [getattr(part, "operation", None) for part in inside(node)]
    assert parse(write(node)) == node
    assert say(node, "zh") != say(node, "en") or isinstance(OPERATIONS[name].notation, Infix)


def test_signs_that_compare_are_found_in_the_table():
    """The comparisons are the operators that bind as such."""
    assert operations.COMPARISONS == ("<", "<=", ">", ">=", "==", "!=")
