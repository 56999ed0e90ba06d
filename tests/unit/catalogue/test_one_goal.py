"""A disease that names its goal to several fragments names one goal."""

import tomllib
from importlib.resources import files

import pytest

from singledisease import catalogue


def definition(name):
    """Give the file of a disease as it is written."""
    return tomllib.loads(files("singledisease.catalogue").joinpath("diseases", f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", catalogue.disease_ids())
def test_what_is_given_to_several_fragments_is_given_alike(name):
    """At goal, not at goal and an emergency mean one thing to the way, to the colours and to whoever is sent on."""
    given = definition(name).get("uses", ())
    for need in ("at_goal", "not_at_goal", "emergency_reading"):
        said = {" ".join(use[need].split()) for use in given if need in use}
        assert len(said) <= 1, need


@pytest.mark.parametrize("name", ["hypertension", "type2-diabetes"])
def test_the_goal_of_the_fragments_is_that_of_the_measure(name):
    """Who is at goal by the pathway is at goal by the control rate."""
    found = definition(name)
    given = {use["at_goal"] for use in found["uses"] if "at_goal" in use}
    assert given == {found["targets"]["control"]["goal"]}
