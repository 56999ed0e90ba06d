"""Going through expressions, and rewriting them."""

import weakref

from attrs import evolve

import singledisease as sd
from singledisease.language.nodes import Apply, Column, Events, Literal, ParameterOf, PeriodWindow, Picked
from singledisease.language.traversal import inside, kinds_inside, parts, rewrite

LAST = sd.events("follow_up").within(sd.PERIOD).last()
NODE = ((LAST.sbp < 140) & (LAST.dbp < sd.p("dbp", disease="hypertension"))).node


def test_every_node_is_given_once_outermost_first():
    """A row that two columns are picked from stands in two places and is given where it stands first."""
    found = list(inside(NODE))
    assert found[0] is NODE
    assert len(found) == len({id(node) for node in found})
    assert sum(node is LAST.node for node in found) == 1
    assert [node.name for node in found if isinstance(node, Column)] == ["sbp", "dbp"]


def test_nodes_of_some_kinds():
    """Only those are given, in the same order; of kinds that are not inside, none."""
    assert [node.value for node in inside(NODE, Literal)] == [140.0]
    assert list(inside(NODE, Picked, Literal)) == [node for node in inside(NODE) if isinstance(node, Picked | Literal)]
    assert next(iter(inside(NODE, Apply))) is NODE
    assert list(inside(Literal(True, "bool"), ParameterOf)) == []


def test_kinds_inside_are_those_of_all_nodes():
    """The node itself is among them; of a plain value there is its type."""
    assert kinds_inside(NODE) == {type(node) for node in inside(NODE)}
    assert {Apply, Picked, Events, PeriodWindow, ParameterOf} <= kinds_inside(NODE)
    assert kinds_inside("text") == {str}


def test_what_is_remembered_of_a_node_does_not_keep_it():
    """A node that was asked what is inside it is gone when nobody else holds it."""
    node = Apply("not", (Literal(True, "bool"),))
    assert kinds_inside(node) == {Apply, Literal}
    gone = weakref.ref(node)
    del node
    assert gone() is None


def test_parts_are_the_nodes_directly_inside():
    """In the order in which they are declared; a plain value and a node without any have none."""
    assert list(parts(NODE)) == list(NODE.args)
    assert list(parts(PeriodWindow())) == list(parts("text")) == []


def test_what_does_not_change_is_kept_as_it_is():
    """Only the way to what changes is built anew."""
    changed = rewrite(NODE, lambda node: evolve(node, value=150.0), Literal)
    assert [node.value for node in inside(changed, Literal)] == [150.0]
    assert changed.args[1] is NODE.args[1]
    assert rewrite(NODE, lambda node: node) is NODE
    assert rewrite(NODE, lambda _: None, PeriodWindow, Events) != NODE
    assert rewrite("text", str.upper) == "text"


def test_only_the_named_kinds_are_changed():
    """Whatever else is inside is left alone, and a kind that is not inside changes nothing."""
    seen = []
    rewrite(NODE, lambda node: seen.append(type(node)) or node, ParameterOf, Literal)
    assert set(seen) == {ParameterOf, Literal}
    assert rewrite(NODE, lambda _: None, sd.Measure) is NODE


def test_a_part_in_several_places_is_changed_once():
    """It stays one part, and the change is asked for it once."""
    seen = []
    changed = rewrite(NODE, lambda node: seen.append(node) or evolve(node, kinds=("encounter",)), Events)
    assert len(seen) == 1
    first, second = (arg.args[0].row for arg in changed.args)
    assert first is second
