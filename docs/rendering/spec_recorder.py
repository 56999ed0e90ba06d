"""Running the specification's tests and writing down what they ask and what comes out.

A pytest plugin: it wraps the functions with which a test asks an engine, and notes the arguments and the answer of
each call that no other such function made.  As the tests pass, what came out is what is expected.  The test's own
text is never read.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import Factory, define, frozen

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "tests" / "spec"


@frozen
class Asked:
    """One call: by which function, with what, and what came out, line by line."""

    function: str
    arguments: Mapping[str, Any]
    answer: tuple[str, ...]


@define
class Fact:
    """One test with all its parameters: name, docstring, what was asked."""

    name: str
    says: str
    asked: list[Asked] = Factory(list)


@define
class Chapter:
    """One module of tests: its file, its docstring, its facts."""

    file: str
    says: str
    facts: dict[str, Fact] = Factory(dict)


@define
class Recorder:
    """The plugin."""

    chapters: dict[str, Chapter] = Factory(dict)
    failed: list[str] = Factory(list)
    _fact: Fact | None = None
    _inside: bool = False

    def pytest_configure(self) -> None:
        """Wrap what the tests ask with, before they import it."""
        sys.path.insert(0, str(SPEC))
        tables, bphs = importlib.import_module("tables"), importlib.import_module("bphs")
        for name in ("spells", "moves", "obligations", "at_rows", "values"):
            setattr(tables.Engine, name, self._wrapped(getattr(tables.Engine, name)))
        for name in ("groups", "states", "clocks"):
            setattr(bphs, name, self._wrapped(getattr(bphs, name)))

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        """Leave out the second engine: that both agree is what the tests are run for elsewhere."""
        items[:] = [item for item in items if _engine(item) != "columnar"]

    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        """Open the fact of the test that is about to run."""
        chapter = self.chapters.setdefault(
            item.module.__name__, Chapter(item.path.name, inspect.cleandoc(item.module.__doc__ or ""))
        )
        name = item.originalname
        self._fact = chapter.facts.setdefault(name, Fact(name, inspect.cleandoc(item.function.__doc__ or "")))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure: then nothing may be rendered."""
        if report.failed:
            self.failed.append(report.nodeid)

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def asking(*args: Any, **named: Any) -> Any:
            if self._inside:
                return function(*args, **named)
            self._inside = True
            try:
                answer = function(*args, **named)
            finally:
                self._inside = False
            bound = signature.bind(*args, **named)
            bound.apply_defaults()
            if self._fact is not None:
                self._fact.asked.append(Asked(function.__name__, dict(bound.arguments), tuple(answer)))
            return answer

        return asking


def _engine(item: pytest.Function) -> str | None:
    return item.callspec.params.get("engine") if hasattr(item, "callspec") else None


def record() -> dict[str, Chapter]:
    """Run ``tests/spec`` with the reference engine and give its chapters.

    Raises
    ------
    RuntimeError
        If a test fails: what does not hold is not written down.
    """
    recorder = Recorder()
    status = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", str(SPEC)], [recorder])
    if status != pytest.ExitCode.OK or recorder.failed:
        raise RuntimeError(f"the specification does not hold: {recorder.failed or status}")
    return recorder.chapters
