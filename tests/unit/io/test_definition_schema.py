"""The JSON Schema of definitions: it allows what is read, and refuses what is refused for its shape."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from definitions_world import SMALL, small
from jsonschema import Draft202012Validator

from singledisease.catalogue import disease, disease_ids
from singledisease.errors import DefinitionError
from singledisease.io.definitions import read_disease_text, write_disease
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.io.definitions.schema import disease_schema, fragment_schema

DISEASE, FRAGMENT = Draft202012Validator(disease_schema()), Draft202012Validator(fragment_schema())


@pytest.mark.parametrize("name", disease_ids())
def test_the_diseases_of_the_catalogue_fit(name):
    """As they are written, as they are written back, and expanded."""
    file = resources.files("singledisease").joinpath("catalogue", "diseases", f"{name}.toml")
    for text in (file.read_text("utf-8"), write_disease(disease(name)), write_disease(disease(name), expanded=True)):
        assert list(DISEASE.iter_errors(tomllib.loads(text))) == []


@pytest.mark.parametrize("name", fragment_ids())
def test_the_fragments_fit(name):
    """Every fragment that comes with the library fits the schema of fragments."""
    assert list(FRAGMENT.iter_errors(tomllib.loads(fragment_text(name)))) == []


@pytest.mark.parametrize(
    "change",
    [
        ('version = "1"\n', ""),
        ('stage = "prevention"', "stage = 5"),
        ('stage = "prevention"', 'stagee = "prevention"'),
        ("another_day = true", 'another_day = "yes"'),
        ("after_days = 7", "after_days = true"),
        ('kinds = ["enrolment"]', 'kinds = "enrolment"'),
        ('after = { months = "lost_after" }', "after = { years = 1 }"),
        ('after = { months = "lost_after" }', "after = { }"),
        ('codes = ["M10"]', "codes = { }"),
        ('id = "gout"', 'id = "gout"\nidd = 1'),
        ('died = "died"', 'died = "died"\ninital = "well"'),
    ],
)
def test_schema_and_reader_refuse_the_same(change):
    """What the reader refuses for its shape does not fit the schema; the sound disease does."""
    assert DISEASE.is_valid(tomllib.loads(SMALL))
    assert not DISEASE.is_valid(tomllib.loads(small(change)))
    with pytest.raises(DefinitionError) as error:
        read_disease_text(small(change))
    assert "file_shape" in {fault.check for fault in error.value.faults}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (('stage = "prevention"', 'stage = "before"'), "unknown_stage"),
        (('status = "proposal"', 'status = "sure"'), "unknown_status"),
        (('kinds = ["enrolment"]', 'kinds = ["enrolmnt"]'), "unknown_kind"),
    ],
)
def test_a_word_of_a_closed_list_is_offered_and_held(change, check):
    """An editor offers the words of a closed list; what is none of them is refused by both."""
    assert not DISEASE.is_valid(tomllib.loads(small(change)))
    with pytest.raises(DefinitionError) as error:
        read_disease_text(small(change))
    assert check in {fault.check for fault in error.value.faults}
