"""The worked example of a new operator works: its changes, made in a copy of the sources, are all that it takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIFF = re.compile(r"^```diff\n--- (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
USE = """
import singledisease as sd
from singledisease.definitions.wording.sentences import say
from singledisease.language.parse import parse, write
made = sd.absolute(sd.column("sbp") - sd.column("dbp"))
assert parse(write(made.node)) == made.node == parse("absolute(sbp - dbp)")
print(made, say(made.node, "zh"), say(made.node), sep="; ")
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Give a copy of the sources with the changes of the page made in it."""
    folder = tmp_path_factory.mktemp("changed")
    for name in ("src", "tests/spec", "tests/unit/language"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, hunks in DIFF.findall((ROOT / "docs" / "contributing.md").read_text("utf-8")):
        file = folder / name
        file.write_text(_with(file.read_text("utf-8"), hunks), "utf-8")
    return folder


def _with(text: str, hunks: str) -> str:
    """Insert the lines of each hunk after the line that its head names, which stands there once."""
    for hunk in hunks.split("@@ ")[1:]:
        anchor, *lines = hunk.splitlines()
        assert text.count(f"\n{anchor}\n") == 1, anchor
        added = "".join(f"{line.removeprefix('+')}\n" for line in lines)
        text = text.replace(f"\n{anchor}\n", f"\n{anchor}\n{added}")
    return text


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_operator_can_be_written_and_is_said(changed):
    """It is a function in Python, read and written as text, and said in both languages."""
    ran = _run(changed, "-c", USE)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == (
        "<absolute(sbp - dbp)>; （收缩压 − 舒张压）的绝对值; "
        "the absolute value of (systolic pressure − diastolic pressure)"
    )


def test_its_fact_holds_in_both_engines_and_nothing_was_forgotten(changed):
    """The test of its meaning and the test of completeness pass."""
    files = ("tests/spec/test_values_numbers.py", "tests/unit/language/test_operations.py")
    ran = _run(changed, "-m", "pytest", "-p", "no:cacheprovider", *files, "-k", "absolute or every_operator")
    assert ran.returncode == 0, ran.stdout
    assert "5 passed" in ran.stdout
