"""``[shared]`` in the file of a disease: texts that stand once, are put in, are told of, and are written again."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from attrs import evolve
from definitions_world import SMALL
from jsonschema import Draft202012Validator

from singledisease.catalogue import disease, disease_ids
from singledisease.errors import DefinitionError
from singledisease.io.definitions import read_disease_text, write_disease
from singledisease.io.definitions.schema import disease_schema

GOAL = 'uric_acid <= p("goal")'
TARGET = """
[targets.second]
zh = "达标"
en = "at goal"
columns = ["uric_acid"]
goal = '{}'
"""


def with_shared(shared, goal="{at_goal}"):
    """Give the small disease with shared texts behind its names, and a target that names one."""
    head, rest = SMALL.split("[citations.guide]")
    return f"{head}[shared]\n{shared}\n\n[citations.guide]{rest}{TARGET.format(goal)}"


def faults_of(text):
    """Give the checks and messages of a text that is refused."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(text)
    return {(fault.check, fault.where): fault for fault in error.value.faults}


def test_is_put_in_whole():
    """A text that is nothing but the name is the shared text."""
    found = read_disease_text(with_shared(f"at_goal = '{GOAL}'"))
    assert found == read_disease_text(SMALL + TARGET.format(GOAL))


def test_is_put_into_a_longer_text_in_brackets():
    """An ``or`` that is put into an ``and`` stays one condition."""
    either = f'{GOAL} or uric_acid > p("goal")'
    found = read_disease_text(with_shared(f"either = '{either}'", "{either} and uric_acid.known()"))
    assert found == read_disease_text(SMALL + TARGET.format(f"({either}) and uric_acid.known()"))


def test_may_name_those_above_it():
    """What stands above is put into what stands below."""
    shared = f"low = '{GOAL}'\nat_goal = '{{low}} and uric_acid.known()'"
    found = read_disease_text(with_shared(shared))
    assert found == read_disease_text(SMALL + TARGET.format(f"({GOAL}) and uric_acid.known()"))


@pytest.mark.parametrize(
    ("shared", "goal", "fault"),
    [
        (f"at_goal = '{GOAL}'", "{at_gaol}", ("unknown_shared", "targets.second.goal")),
        (f"at_goal = '{GOAL}'\nother = 'True'", "{at_goal}", ("file_shape", "shared.other")),
        ("at_goal = 5", GOAL, ("file_shape", "shared.at_goal")),
        (f"'at goal' = '{GOAL}'", GOAL, ("file_shape", "shared.at goal")),
        (f"at_goal = '{{low}} and True'\nlow = '{GOAL}'", "{at_goal}", ("unknown_shared", "shared.at_goal")),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(shared, goal, fault):
    """A name that is not shared, or not yet; one nobody uses; what is no text; what cannot stand in braces."""
    found = faults_of(with_shared(shared, goal))
    assert fault in found
    assert found[fault].at


def test_a_near_name_is_proposed():
    """The hint of a misspelt name is the name that was meant."""
    found = faults_of(with_shared(f"at_goal = '{GOAL}'", "{at_gaol}"))
    assert "at_goal" in found["unknown_shared", "targets.second.goal"].hint


def test_something_else_than_a_table_is_refused():
    """``shared`` is a table of texts."""
    assert ("file_shape", "shared") in faults_of('shared = ["x"]\n' + SMALL)


@pytest.mark.parametrize(
    ("shared", "goal", "sound"),
    [
        (f"at_goal = '{GOAL}'", "{at_goal}", True),
        ("at_goal = 5", GOAL, False),
        (f"'at goal' = '{GOAL}'", GOAL, False),
    ],
)
def test_the_schema_takes_what_the_reader_takes(shared, goal, sound):
    """Names and texts as the reader wants them fit the schema, and others do not."""
    text = with_shared(shared, goal)
    assert Draft202012Validator(disease_schema()).is_valid(tomllib.loads(text)) is sound
    if sound:
        assert read_disease_text(text).shared
    else:
        assert faults_of(text)


def test_is_written_again():
    """A disease is written with what it shares, once, and read back the same."""
    found = read_disease_text(with_shared(f"at_goal = '{GOAL}'"))
    text = write_disease(found)
    assert text.count("uric_acid <=") == 1
    assert 'goal = "{at_goal}"' in text
    assert read_disease_text(text) == found


def test_is_not_written_where_no_part_has_it():
    """A disease whose goal was changed does not write what it no longer says."""
    found = read_disease_text(with_shared(f"at_goal = '{GOAL}'"))
    changed = read_disease_text(SMALL + TARGET.format('uric_acid < p("goal")'))
    assert "[shared]" not in write_disease(evolve(found, targets=changed.targets))


def test_expanded_says_where_it_came_from():
    """Each part that a shared text was put into names it with its line, whether its own or a fragment's."""
    text = write_disease(disease("hypertension"), expanded=True, origins=True)
    file = resources.files("singledisease").joinpath("catalogue", "diseases", "hypertension.toml").read_text("utf-8")
    line = 1 + next(i for i, each in enumerate(file.split("\n")) if each.startswith("at_goal ="))
    told = [each for each in text.split("\n") if f"with shared.at_goal, line {line}" in each]
    assert {each.partition(":")[0] for each in told} == {
        "# hypertension.toml",
        "# fragment control-loop",
        "# fragment three-colours",
    }
    assert "[shared]" not in text
    assert "{at_goal}" not in text


@pytest.mark.parametrize("name", disease_ids())
def test_the_catalogue_is_written_with_what_it_shares(name):
    """Every shared text of a shipped disease is written again, in its order."""
    found = disease(name)
    written = tomllib.loads(write_disease(found)).get("shared", {})
    assert list(written) == [text.name for text in found.shared]
