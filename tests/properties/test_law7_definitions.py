"""Law 7: a definition survives writing and reading; its wording names every bound; faults come all at once."""

import tomllib

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from singledisease.definitions.checks import check, sound
from singledisease.definitions.disease import Disease
from singledisease.errors import DefinitionError
from singledisease.io.definitions import write_disease
from singledisease.io.definitions.build import disease_from
from singledisease.io.definitions.source import read_source
from singledisease.io.definitions.toml_text import pair_lines
from singledisease.testing import diseases, expressions, selections
from singledisease.testing.laws import disease_survives, expression_survives, wording_names_every_bound

KINDS = ["bool", "number", "date", "text"]


@given(diseases())
def test_diseases_survive(disease):
    """A disease written as TOML is read back the same."""
    disease_survives(disease)


@given(diseases(), st.data())
def test_a_fragment_and_the_rest_are_the_whole(disease, data):
    """Whatever parts of a disease are put into a fragment, using it gives the same disease, however it is written."""
    rest, fragment = tomllib.loads(write_disease(disease)), {}
    inner, taken = rest["pathway"], {}
    for tables, target, name in (
        (rest, fragment, "parameters"),
        (rest, fragment, "roles"),
        (rest, fragment, "services"),
        (inner, taken, "states"),
        (inner, taken, "signals"),
        (inner, taken, "transitions"),
        (inner, taken, "timings"),
    ):
        if name not in tables:
            continue
        held = tables[name]
        kept = {i for i, _ in enumerate(held) if data.draw(st.booleans())}
        tables[name], target[name] = _split(held, kept)
    head = {"id": "part", "version": "1", "names": {"zh": "部分", "en": "part"}}
    text = _text({**head, **fragment, "pathway": taken})
    order = {name: [each.id for each in getattr(disease.pathway, name)] for name in ("states", "signals", "timings")}
    order["services"] = [service.id for service in disease.services]
    whole = _text({**rest, "uses": [{"fragment": "part.toml"}], "order": order})

    def library(name):
        return read_source(text, name)

    found = disease_from(read_source(whole), library)
    assert _sorted(found) == _sorted(disease)
    for expanded in (False, True):
        again = disease_from(read_source(write_disease(found, expanded=expanded)), library)
        assert again == found


def _split(held, kept):
    if isinstance(held, dict):
        parts = list(held.items())
        return dict(part for i, part in enumerate(parts) if i in kept), dict(
            part for i, part in enumerate(parts) if i not in kept
        )
    return [each for i, each in enumerate(held) if i in kept], [each for i, each in enumerate(held) if i not in kept]


def _text(tables):
    return "\n".join(pair_lines(tables)) + "\n"


def _sorted(disease):
    """Give a disease with the parts whose order means nothing in one order."""
    moves = {
        (source, each.signal, each.target, each.another_day, each.after_days, each.citation)
        for each in disease.pathway.transitions
        for source in each.sources
    }
    parameters = tuple(sorted(disease.parameters, key=lambda each: each.name))
    roles = tuple(sorted(disease.roles, key=lambda each: each.id))
    return evolve(_pathway(disease, transitions=()), parameters=parameters, roles=roles), moves


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
