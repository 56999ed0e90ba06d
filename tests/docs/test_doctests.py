"""The examples in the docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from functools import cache

import pytest

import singledisease
from singledisease import testing

MODULES = [
    "singledisease",
    *sorted(module.name for module in pkgutil.walk_packages(singledisease.__path__, "singledisease.")),
]

SHOWN_BY_ITS_BASE = "an error like any other: the example of SingleDiseaseError shows how each is made and read"
WITHOUT_EXAMPLE = {
    "singledisease": {
        "DataError": SHOWN_BY_ITS_BASE,
        "DefinitionError": SHOWN_BY_ITS_BASE,
        "MissingExtraError": SHOWN_BY_ITS_BASE,
        "OutputError": SHOWN_BY_ITS_BASE,
        "UsageError": SHOWN_BY_ITS_BASE,
    },
    "singledisease.testing": {"Disagreement": "an error that takes a message: there is nothing to show"},
}
"""Public names whose docstring needs no example, by package, and why."""


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name, tmp_path, monkeypatch):
    """Every example in the docstrings of a module gives what it says, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


@cache
def names_shown(module):
    """Give the names of a module whose examples the test above runs; one that is all skipped shows nothing."""
    tests = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(module))
    ran = [test for test in tests if not all(doctest.SKIP in one.options for one in test.examples)]
    return {test.name.removeprefix(f"{module}.") for test in ran}


@pytest.mark.parametrize("package", [singledisease, testing], ids=lambda package: package.__name__)
def test_every_public_callable_has_an_example(package):
    """Whatever a user can call is shown in use by an example that runs, but for a few, each with its reason."""
    public = {name: getattr(package, name) for name in package.__all__}
    called = {name: value for name, value in public.items() if callable(value)}
    without = {name for name, value in called.items() if name not in names_shown(value.__module__)}
    assert without == set(WITHOUT_EXAMPLE[package.__name__])
