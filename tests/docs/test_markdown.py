"""Every example in the README and the docs runs, and every link in them leads somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from singledisease.cli.commands import singledisease

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITH_TOOL = re.compile(r"^```python ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A block that needs a library which is no part of the project names it."""
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_run(page, tmp_path, monkeypatch, capsys):
    """The Python and console blocks of a page run in the order in which they stand, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, text in BLOCK.findall(page.read_text("utf-8")):
        if language == "python":
            exec(compile(text, f"{page.name}", "exec"), names)
        if language == "console":
            run_console(text)


@pytest.mark.parametrize("tool", ["duckdb", "dask", "ray"])
@pytest.mark.parametrize("page", ["duckdb-dask-ray.md", "duckdb-dask-ray.zh.md"])
def test_examples_with_other_tools_run(page, tool, tmp_path, monkeypatch):
    """A page's blocks for each tool run where it is installed; where it is not, the test is skipped by its name."""
    pytest.importorskip(tool, reason=f"{tool} is not installed")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = WITH_TOOL.findall((ROOT / "docs" / "how-to" / page).read_text("utf-8"))
    assert [needs for needs, _ in blocks] == ["", "duckdb", "dask", "ray"]
    for needs, text in blocks:
        if needs in ("", tool):
            exec(compile(text, page, "exec"), names)


def run_console(text):
    """Run each line that follows a ``$``; it has to end with status 0."""
    for line in text.splitlines():
        prompt, _, command = line.partition(" ")
        if prompt == "$":
            program, *arguments = shlex.split(command)
            assert program == "singledisease", f"not ours to run: {line}"
            result = CliRunner().invoke(singledisease, arguments)
            assert result.exit_code == 0, f"{line}\n{result.output}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    """Every relative link of a page names a file that is there."""
    missing = [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert missing == []


def test_every_how_to_page_is_in_both_languages():
    """Whoever reads Chinese finds every how-to page, and no page is in Chinese alone."""
    names = {page.name for page in (ROOT / "docs" / "how-to").glob("*.md")} - {"index.md"}
    chinese = {name for name in names if name.endswith(".zh.md")}
    assert {name.replace(".zh.md", ".md") for name in chinese} == names - chinese


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_readmes_name_the_two_commands(readme):
    """Both READMEs tell a newcomer to type make demo and make test."""
    text = (ROOT / readme).read_text("utf-8")
    assert "\nmake demo " in text
    assert "\nmake test " in text


def test_the_two_readmes_show_the_same_code():
    """A block added to one README is missing from the other: both have the same kinds of blocks in order."""
    kinds = [
        [language for language, _ in BLOCK.findall((ROOT / readme).read_text("utf-8"))]
        for readme in ("README.md", "README.zh.md")
    ]
    assert kinds[0] == kinds[1]
