"""What was found out about a node is remembered in the node, and is no part of it."""

import copy
import pickle

from singledisease.language.node_memory import keep_kinds, kept_kinds, memory_of, remembered
from singledisease.language.nodes import Apply, Literal
from singledisease.language.traversal import kinds_inside

TRUE = Literal(True, "bool")


def test_a_node_is_remembered_by_which_it_is():
    """Two equal nodes are two."""
    one, other = Apply("not", (TRUE,)), Apply("not", (TRUE,))
    memory_of(one)["kind"] = "bool"
    assert one == other
    assert hash(one) == hash(other)
    assert (memory_of(one), memory_of(other)) == ({"kind": "bool"}, {})


def test_what_is_remembered_does_not_travel():
    """A copy, and a node that was pickled, remember nothing."""
    node = Apply("not", (TRUE,))
    memory_of(node)["seen"] = True
    kinds_inside(node)
    for other in (copy.deepcopy(node), pickle.loads(pickle.dumps(node))):
        assert other == node
        assert (memory_of(other), kept_kinds(other)) == ({}, None)


def test_kinds_are_kept_where_there_is_room():
    """A value that is no node keeps nothing, and is asked again."""
    node = Apply("not", (TRUE,))
    assert kept_kinds(node) is None
    assert kinds_inside(node) == {Apply, Literal}
    assert kept_kinds(node) == {Apply, Literal}
    keep_kinds("text", frozenset({str}))
    assert kept_kinds("text") is None


def test_of_many_answers_the_eldest_is_forgotten():
    """A value asked under ever new further arguments does not grow without end; the latest answers stay."""
    asked = []

    @remembered
    def times(node, number):
        asked.append(number)
        return node.value * number

    one = Literal(2, "number")
    assert [times(one, number) for number in range(100)] == [2 * number for number in range(100)]
    assert (times(one, 99), times(one, 60), times(one, 0)) == (198, 120, 0)
    assert asked == [*range(100), 0]
