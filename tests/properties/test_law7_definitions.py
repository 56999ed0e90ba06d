"""Law 7: a definition survives writing and reading; its wording names every bound; faults come all at once."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from singledisease.definitions.checks import check, sound
from singledisease.definitions.disease import Disease
from singledisease.errors import DefinitionError
from singledisease.testing import diseases, expressions, selections
from singledisease.testing.laws import disease_survives, expression_survives, wording_names_every_bound

KINDS = ["bool", "number", "date", "text"]


@given(diseases())
def test_diseases_survive(disease):
    """A disease written as TOML is read back the same."""
    disease_survives(disease)


@given(st.sampled_from(["person", "row"]), st.sampled_from(KINDS), st.data())
def test_expressions_survive(level, kind, data):
    """An expression written as text is read back the same."""
    expression_survives(data.draw(expressions(level, kind)))


@given(selections())
def test_selections_survive(selection):
    """So is a selection."""
    expression_survives(selection)


@given(st.sampled_from(KINDS), st.data())
def test_wording(kind, data):
    """Whatever something is compared with stands in the wording, in both languages."""
    wording_names_every_bound(data.draw(expressions("person", kind)))


@given(diseases())
def test_generated_diseases_are_sound(disease):
    """Diseases grown by rule pass every check."""
    assert check(disease) == ()


@st.composite
def unsound(draw):
    """Draw a sound disease with one or several things wrong, and the checks that have to find them."""
    disease = draw(diseases())
    wrong = draw(st.sets(st.sampled_from(sorted(FAULTS)), min_size=1))
    for name in sorted(wrong):
        disease = FAULTS[name](disease)
    return disease, wrong


def _pathway(disease: Disease, **changes) -> Disease:
    return evolve(disease, pathway=evolve(disease.pathway, **changes))


def _state(disease, **changes):
    first, *others = disease.pathway.states
    return _pathway(disease, states=(evolve(first, **changes), *others))


def _lonely(disease):
    alone = evolve(disease.pathway.states[0], id="lonely")
    return _pathway(disease, states=(*disease.pathway.states, alone))


def _unknown_target(disease):
    first, *others = disease.pathway.transitions
    return _pathway(disease, transitions=(*others, first, evolve(first, sources=("s1",), signal="nothing")))


FAULTS = {
    "unknown_stage": lambda disease: _state(disease, stage="nowhere"),
    "unreachable_state": _lonely,
    "unknown_signal": _unknown_target,
    "unknown_parameter": lambda disease: evolve(disease, parameters=disease.parameters[1:]),
    "duplicate_id": lambda disease: evolve(disease, roles=disease.roles * 2),
}


@given(unsound())
def test_all_faults_at_once(made):
    """A disease with several things wrong is refused with all of them in one error."""
    disease, wrong = made
    with pytest.raises(DefinitionError) as caught:
        sound(disease)
    assert wrong <= {fault.check for fault in caught.value.faults}
