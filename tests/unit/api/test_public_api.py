"""What ``import singledisease`` gives is what the design promises, and stays what it is."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil

import pytest

import singledisease as sd

PROMISED = """
    read read_frames disease diseases measures evaluate period periods to_frame people explain start Course Event
    courses values worklist Measure simulate roll_up draw write PERIOD events column managed in_state months between
    age case how_many coalesce days_in breaches in_stage attribute concerns p choice
"""
CLASHING = ("courses", "events", "simulate", "values", "worklist")


@pytest.mark.parametrize("name", PROMISED.split())
def test_promised_names_are_there(name):
    """Every name that other people's scripts are told to use is public."""
    assert name in sd.__all__
    assert hasattr(sd, name)


def test_type_checkers_see_the_same_names():
    """The imports that only type checkers read and the table that is used at run time name the same things."""
    tree = ast.parse(inspect.getsource(sd))
    seen = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.startswith("singledisease")
        for alias in node.names
    }
    assert seen == {f"{home}.{name}" for name, home in sd._HOME_OF.items()}


def test_all_is_sorted_and_complete():
    """``__all__`` names each public name once, and nothing that is not there."""
    assert len(set(sd.__all__)) == len(sd.__all__)
    assert [name for name in sd.__all__ if not hasattr(sd, name)] == []


@pytest.mark.parametrize("name", CLASHING)
def test_functions_hide_the_modules_of_their_name(name):
    """``sd.events`` is the function even after every module of the package was imported."""
    for module in pkgutil.walk_packages(sd.__path__, "singledisease."):
        importlib.import_module(module.name)
    assert inspect.isfunction(getattr(sd, name))


@pytest.mark.parametrize("name", [name for name in sd.__all__ if callable(getattr(sd, name))])
def test_public_names_are_documented(name):
    """Everything public and callable has a docstring of its own."""
    documented = inspect.getdoc(getattr(sd, name))
    assert documented
    assert documented.splitlines()[0].endswith((".", ":", "?"))


@pytest.mark.parametrize("name", [name for name in sd.__all__ if inspect.isfunction(getattr(sd, name))])
def test_public_functions_are_annotated(name):
    """Every public function says what it takes and what it gives."""
    signature = inspect.signature(getattr(sd, name))
    assert signature.return_annotation is not inspect.Signature.empty
    assert [p.name for p in signature.parameters.values() if p.annotation is inspect.Parameter.empty] == []
