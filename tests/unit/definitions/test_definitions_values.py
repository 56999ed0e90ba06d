"""Diseases, pathways and timings as values: what is found by name, and what converters take."""

from __future__ import annotations

import pytest
from definitions_world import gout

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Target
from singledisease.definitions.pathway import Signal
from singledisease.definitions.timing import Length, Timing
from singledisease.language.build import column, p
from singledisease.language.nodes import Literal, ParameterOf


@pytest.mark.parametrize("find", [gout().parameter, gout().target, gout().pathway.state])
def test_what_is_not_there_is_no_name(find):
    """A name that is not declared is a KeyError with that name."""
    with pytest.raises(KeyError, match="nowhere"):
        find("nowhere")


def test_what_is_there_is_found_by_name():
    """Parameters, targets and states are found wherever they stand, and services carry their timing's names."""
    made = gout()
    assert made.parameter("lost_after") is made.parameters[2]
    assert made.target("control") is made.targets[0]
    assert made.pathway.state("lost") is made.pathway.states[2]
    assert (made.services[0].id, made.services[0].names) == ("visit", Names("随访", "visit"))
    assert made.timings == (*made.pathway.timings, made.services[0].timing)


def test_definitions_take_expressions_as_they_are_written():
    """Conditions and lengths may be written with operators: what is kept is the node."""
    high = column("sbp") >= p("hypertension.sbp")
    assert Signal(id="s", names=Names("一", "one"), when=high).when == high.node
    assert Target(id="t", names=Names("一", "one"), columns=("sbp",), goal=high).goal == high.node
    timing = Timing(id="t", names=Names("一", "one"), states=("a",), length=Length(p("h.x"), "days"), met_by=high)
    assert (timing.met_by, timing.length.amount) == (high.node, ParameterOf("h", "x"))
    assert Length(3, "months").amount == Literal(3.0, "number")


def test_a_timing_without_kinds_or_condition_cannot_be_met():
    """Nothing fulfils a time-out; a kind or a condition can."""
    names, length = Names("一", "one"), Length(3, "days")
    assert not Timing(id="t", names=names, states=("a",), length=length).can_be_met
    assert Timing(id="t", names=names, states=("a",), length=length, kinds=("call",)).can_be_met
    assert Timing(id="t", names=names, states=("a",), length=length, met_by=True).can_be_met


def test_a_target_is_found_by_its_id():
    """A target that is declared is given."""
    made = gout()
    (target,) = made.targets
    assert made.target(target.id) is target
