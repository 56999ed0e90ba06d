"""What words and nodes refuse at their edges, and how they are shown."""

import pytest

import singledisease as sd
from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.operations import METHODS
from singledisease.language.row_wrappers import selection_node
from singledisease.language.traversal import inside
from singledisease.language.typecheck import faults_of
from singledisease.language.wrappers import apply_function, apply_method


def test_what_is_no_selection_is_refused():
    """Rows are asked for where rows are needed; a value or a text is none."""
    with pytest.raises(DefinitionError, match="no_selection"):
        selection_node(sd.PERIOD.end)
    assert selection_node(sd.events("test").node) == n.Events(("test",))


def test_nothing_is_inside_what_is_no_node():
    """A number that stands where a node could holds no parts."""
    assert list(inside(1, n.Events, n.Breaches)) == []


def test_operators_that_the_table_does_not_have():
    """A node that was made by hand is checked like any other: its name, and how many operands it takes."""
    assert [fault.check for fault in faults_of(n.Apply("notwithstanding", ()))] == ["unknown_operator"]
    yes = n.Literal(True, "bool")
    assert "too_many" in [fault.check for fault in faults_of(n.Apply("not", (yes, yes)))]


def test_a_number_beyond_all_floats_is_refused():
    """A limit that is infinite would be passed by nobody in silence."""
    with pytest.raises(DefinitionError):
        _ = sd.column("sbp") < 10**400


def test_methods_of_an_expression_are_listed():
    """The operators that are written as methods stand among what an expression has."""
    assert set(METHODS) <= set(dir(sd.column("sbp")))


def test_constant_texts_are_named_where_they_have_a_name():
    """An operator without a keyword takes none, one that has it cannot do without."""
    with pytest.raises(TypeError, match="takes no keyword, got order"):
        apply_function("coalesce", 1, order=("a",))
    with pytest.raises(TypeError, match="takes order, got none"):
        apply_function("worst", "a")
    with pytest.raises(TypeError, match="takes no keyword argument"):
        apply_method(sd.column("sbp"), "known", days=1)
    with pytest.raises(TypeError, match="by keyword"):
        apply_method(sd.PERIOD.end, "plus", 1)
    with pytest.raises(TypeError, match="by keyword"):
        apply_method(sd.PERIOD.end, "plus", hours=1)
