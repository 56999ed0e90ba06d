"""What was found out about a node is remembered as long as the node lives, and no longer."""

import gc

from singledisease.language.node_memory import NodeMemory
from singledisease.language.nodes import Apply, Literal

TRUE = Literal(True, "bool")


def test_a_node_is_remembered_by_which_it_is():
    """Two equal nodes are two."""
    memory, one, other = NodeMemory(), Apply("not", (TRUE,)), Apply("not", (TRUE,))
    memory.about(one)["kind"] = "bool"
    assert one == other
    assert (memory.about(one), memory.about(other)) == ({"kind": "bool"}, {})


def test_a_node_that_is_gone_is_forgotten():
    """The memory does not keep a node, and does not mistake a later one in its place for it."""
    memory = NodeMemory()
    for _ in range(100):
        node = Apply("not", (TRUE,))
        assert memory.about(node) == {}
        memory.about(node)["seen"] = True
    del node
    gc.collect()
    assert len(memory) == 0
