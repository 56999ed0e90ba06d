"""Edges of definitions that no shipped one has: what is refused is refused by name, what is not meant is left alone."""

import pytest

import singledisease as sd
from singledisease.definitions.fulfilment import fulfilments
from singledisease.definitions.given_codes import with_code_sets
from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.traversal import inside

CARDIAC = sd.CodeSet(name="cardiac", codes=["I21"])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('rate("a.b") ** 2', "Pow has no meaning in a figure"),
        ('rate("a.b") % 2', "Mod has no meaning in a figure"),
        ('+rate("a.b")', "only a minus may stand before a figure"),
        ('not rate("a.b")', "only a minus may stand before a figure"),
    ],
)
def test_an_operator_without_meaning_in_a_figure_is_refused(value, said):
    """Python would work it out; a derived figure has four operations and a minus."""
    with pytest.raises(DefinitionError, match=said.replace("*", r"\*")):
        sd.Derived(id="d", value=value)


def test_what_a_disease_does_not_have_is_a_key_error():
    """A target, parameter, code set or tier that is not there is said by its name."""
    disease = sd.disease("hypertension")
    for give in (disease.target, disease.parameter, disease.code_set, disease.tier):
        with pytest.raises(KeyError, match="no_such_part"):
            give("no_such_part")


def test_code_sets_of_others_are_left_as_they_are():
    """Given a set's codes, a measure keeps what it asks of another owner's code set, and of one written out."""
    code = n.Column("code", "text")
    others = [n.HasCode(code, None, n.CodesOf("hypertension", "disease")), n.HasCode(code, None, CARDIAC.node)]
    asked = n.Apply("or", (n.HasCode(code, None, n.CodesOf("mine", "cardiac")), *others))
    events = n.Where(n.Events(), asked)
    measure = sd.Measure(id="m", numerator=n.Reduce("exists", events))
    (made,) = with_code_sets([measure], "mine", [CARDIAC])
    kept = [node.codes for node in inside(made.rules[0].when, n.HasCode)]
    assert kept == [CARDIAC.node, *(each.codes for each in others)]


def test_rows_of_a_measure_that_are_no_rows_are_refused():
    """What is wrong with the selection that is counted is told with where it stands, and no row is outside it."""
    rows = n.Where(n.Events(), n.Literal(1.0, "number"))
    with pytest.raises(DefinitionError, match=r"m, of .*where"):
        sd.Measure(id="m", of=rows, numerator=n.Literal(True, "bool"))
    with pytest.raises(DefinitionError, match="there is none"):
        sd.Measure(id="m", of=n.Same(n.Events(), ("link",)), numerator=n.Literal(True, "bool"))


def test_what_meets_a_timing_is_told_with_its_condition():
    """Kinds are in order, whatever order they are written in, and a condition is text that can be compared."""
    found = fulfilments(sd.disease("hypertension"))
    assert found.keys() == {timing.id for timing in sd.disease("hypertension").timings}
    assert all(one.kinds == tuple(sorted(one.kinds)) for one in found.values())
    assert any(one.condition for one in found.values())
