"""Whatever kind of value a public function is given, it answers with a result or with a sentence of its own."""

from __future__ import annotations

import contextlib
import inspect

import pandas as pd
import pytest

import singledisease as sd
from singledisease.errors import SingleDiseaseError

WRONG = (None, 3.5, [1, 2], {"a": 1}, pd.DataFrame({"a": [1]}), object())


def required(function):
    """Give the arguments of a function that have no default: those by position, and those by name."""
    asked = [one for one in inspect.signature(function).parameters.values() if one.default is one.empty]
    by_name = [one.name for one in asked if one.kind is one.KEYWORD_ONLY]
    return [one.name for one in asked if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)], by_name


FUNCTIONS = sorted(
    name
    for name in sd.__all__
    if inspect.isfunction(getattr(sd, name)) and required(getattr(sd, name))[0] and not name.startswith("_")
)


def test_the_public_functions_are_tried():
    """That the list has the functions it is about."""
    assert {"evaluate", "log_of", "sojourns", "write_deck", "scenario"} <= set(FUNCTIONS)
    assert len(FUNCTIONS) > 80


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.filterwarnings("ignore")
def test_a_wrong_kind_of_value_is_answered_in_words(name, tmp_path, monkeypatch):
    """No value of another kind, in every argument that has no default, ends in an error of Python's own."""
    monkeypatch.chdir(tmp_path)
    function = getattr(sd, name)
    positions, by_name = required(function)
    for wrong in WRONG:
        # Any other error than this library's own ends the test; a result is an answer too.
        with contextlib.suppress(SingleDiseaseError):
            function(*([wrong] * len(positions)), **dict.fromkeys(by_name, wrong))


@pytest.mark.parametrize(
    ("name", "argument", "kind"),
    [
        ("sojourns", "stays", "Histories"),
        ("bootstrap", "fit", "FittedGenerator"),
        ("write_deck", "deck", "Deck"),
        ("forecast", "cohort", "Cohort"),
        ("parts", "folder", "str or Path"),
    ],
)
def test_the_sentence_names_argument_expected_and_given(name, argument, kind):
    """What the argument is called, what it has to be and what it was stand in one sentence, in both languages."""
    positions, by_name = required(getattr(sd, name))
    with pytest.raises(SingleDiseaseError) as told:
        getattr(sd, name)(*([1.5] * len(positions)), **dict.fromkeys(by_name, 1.5))
    assert f"{argument} has to be {kind}, got float: sd.{name}(" in str(told.value)
    assert f"{argument} 须为 " in str(told.value)
