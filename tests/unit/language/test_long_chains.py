"""Expressions of any length: what is joined one after another is checked part by part, and never all of it again."""

import copy
import pickle

import pytest

import singledisease as sd
from singledisease.language import typecheck
from singledisease.language.format import write
from singledisease.language.parse import parse
from singledisease.language.traversal import inside, rewrite
from singledisease.language.wrappers import Connected

MANY = 20_000


def chain(count, join):
    """Join so many conditions, in a loop."""
    joined = sd.column("sbp") >= 0
    for number in range(1, count):
        joined = join(joined, sd.column("sbp") >= number)
    return joined


JOINS = {
    "and": lambda left, right: left & right,
    "or": lambda left, right: left | right,
    "from the right": lambda left, right: right & left,
}


@pytest.mark.parametrize("name", JOINS)
def test_a_long_chain_is_one_flat_node(name):
    """Whichever way it was joined, all conditions stand in it in order, and nothing is nested."""
    node = chain(MANY, JOINS[name]).node
    numbers = [arg.args[1].value for arg in node.args]
    assert numbers == (sorted(numbers, reverse=True) if name == "from the right" else sorted(numbers))
    assert (node.operation, len(numbers)) == ("or" if name == "or" else "and", MANY)


def test_a_long_text_is_read_to_the_same_node():
    """As text it has as many conditions, and everything that goes through expressions goes through it."""
    node = chain(MANY, JOINS["and"]).node
    assert parse(write(node)) == node
    assert sum(1 for _ in inside(node, type(node.args[0]))) == MANY + 1
    assert rewrite(node, lambda part: part) is node
    made = sd.Measure(id="long", numerator=sd.events().where(node).exists())
    assert made.rules[0].name == "numerator"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_long_chain_travels(again):
    """It pickles and copies, however deep the way in which it was joined."""
    joined = chain(MANY, JOINS["and"])
    assert again(joined).node == joined.node


def steps(count, monkeypatch):
    """Count how often a rule of the type check is asked while a chain is joined and checked."""
    asked = []
    rules = {kind: lambda *args, rule=rule: asked.append(1) or rule(*args) for kind, rule in typecheck._RULES.items()}
    monkeypatch.setattr(typecheck, "_RULES", rules)
    assert typecheck.faults_of(chain(count, JOINS["and"]).node) == ()
    return len(asked)


def test_checking_takes_as_many_steps_as_there_are_conditions(monkeypatch):
    """Twice as many conditions take twice the steps, not four times."""
    few, many = steps(100, monkeypatch), steps(200, monkeypatch)
    assert few < 100 * 10
    assert many <= 2 * few


def test_checking_a_deep_expression_is_linear_too(monkeypatch):
    """An operator looks at its operands and not at what is inside them."""

    def deep(count):
        asked.clear()
        value = sd.column("sbp")
        for _ in range(count):
            value = value + 1
        return len(asked)

    asked = []
    rules = {kind: lambda *args, rule=rule: asked.append(1) or rule(*args) for kind, rule in typecheck._RULES.items()}
    monkeypatch.setattr(typecheck, "_RULES", rules)
    assert deep(100) <= 2 * deep(50) + 10


@pytest.mark.parametrize("wrong", [sd.column("sbp"), 140, "x"])
def test_what_is_no_condition_is_refused_where_it_is_joined(wrong):
    """The whole chain is named, with the part that is none."""
    with pytest.raises(sd.DefinitionError, match="each part has to be a condition") as caught:
        chain(3, JOINS["and"]) & wrong
    assert "sbp >= 0 and sbp >= 1 and sbp >= 2" in str(caught.value)


def test_what_stands_between_other_connectives_stays_together():
    """Only chains of one connective are joined to one; the node of a chain is made once."""
    a, b, c, d = (sd.column("sbp") >= number for number in range(4))
    assert write(((a & b) | (c & d)).node) == "sbp >= 0 and sbp >= 1 or sbp >= 2 and sbp >= 3"
    assert write((a & (b & c) & d).node) == "sbp >= 0 and sbp >= 1 and sbp >= 2 and sbp >= 3"
    joined = a & b
    assert isinstance(joined, Connected)
    assert joined.node is joined.node
    assert repr(joined) == "<sbp >= 0 and sbp >= 1>"
