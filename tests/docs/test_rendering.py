"""The pages that are written while the documentation is built say what they should."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.catalogue import measure_sets
from singledisease.cli.commands import singledisease as commands
from singledisease.io.definitions.fragment_heads import fragment_head
from singledisease.io.definitions.library import fragment_ids
from singledisease.io.measures.layouts import LAYOUTS as MEASURE_FORMS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def rendered(monkeypatch):
    """Give a module of ``docs/rendering`` by name."""
    monkeypatch.syspath_prepend(str(DOCS))
    return lambda name: importlib.import_module(f"rendering.{name}")


def test_every_public_name_has_a_place(rendered, tmp_path):
    """Each public name stands on the page of the Python interface once, under a heading that was chosen for it."""
    reference = rendered("reference")
    reference.render(tmp_path)
    page = (tmp_path / "api.rst").read_text("utf-8").splitlines()
    documented = [line.rpartition(".")[2] for line in page if line.startswith(".. auto")]
    assert sorted(documented) == sorted(sd.__all__)
    assert "Further" not in page


def test_every_command_is_on_the_page(rendered, tmp_path):
    """The page of the command line has the help of every command."""
    rendered("reference").render(tmp_path)
    page = (tmp_path / "command-line.md").read_text("utf-8")
    assert [name for name in commands.list_commands(None) if f"\n## `singledisease {name}`\n" not in page] == []


def test_an_example_gets_its_output(rendered):
    """A block that asks for its output is followed by what it printed; one that does not is left alone."""
    with_outputs = rendered("examples").with_outputs
    asked = "```python\nprint(1 + 1)\n```\n<!-- output -->\n"
    assert with_outputs(asked) == "```python\nprint(1 + 1)\n```\n\n```text\n2\n```\n"
    assert with_outputs("```python\nprint(1)\n```\n") == "```python\nprint(1)\n```\n"


def test_a_failing_example_stops_the_build(rendered):
    """An example that fails is an error, not a page without output."""
    with pytest.raises(ZeroDivisionError):
        rendered("examples").with_outputs("```python\n1 / 0\n```\n")
    with pytest.raises(RuntimeError, match="no-such-folder"):
        rendered("examples").with_outputs("```console\n$ singledisease kpi no-such-folder --period 2024\n```\n")


def test_cells_do_not_break_their_table(rendered):
    """A bar or a line break inside a cell neither ends it nor opens a tag."""
    pages = rendered("pages")
    assert pages.table(("a",), [("x|y\nsbp < 140",)]).splitlines()[2] == "| x\\|y<br>sbp \\< 140 |"


def test_the_catalogue_is_rendered_in_both_languages(rendered, tmp_path):
    """Every disease and set has a page in Chinese and one in English, with every parameter and its status."""
    rendered("catalogue").render(tmp_path)
    index = (tmp_path / "index.md").read_text("utf-8")
    for disease in sd.diseases().values():
        for language in ("zh", "en"):
            page = (tmp_path / f"{disease.id}.{language}.md").read_text("utf-8")
            missing = [one.name for one in disease.parameters if one.name.replace("_", "\\_") not in page]
            assert missing == []
            assert f"\n{disease.id}.{language}\n" in index
            assert disease.names.in_language(language) in page


def test_histories_are_told_on_the_page_of_their_disease(rendered):
    """Each history of the tests stands there with its days: events in words, states and services by their names."""
    told = rendered("histories").histories
    parts = {language: "\n".join(told(sd.disease("copd"), language)) for language in ("zh", "en")}
    assert "| 2025-04-20 | (time has passed) | " in parts["en"]
    assert "| 2025-01-25 | discharge: level county | recovering from severe exacerbation |" in parts["en"]
    assert "| 1955-05-01 | 出生 (男) |  |" in parts["zh"]
    assert all(text.count("\n**") >= 5 for text in parts.values())
    assert "| 每年肺功能检查 | 2025-12-10 | 逾期 |" in parts["zh"]
    assert "**三年：问卷，两次肺功能，" in parts["zh"]
    assert "**Three years: questionnaire, spirometry twice," in parts["en"]
    assert list(told(evolve(sd.disease("copd"), id="nobody"), "en")) == []


def test_the_picture_of_the_benchmarks_is_that_of_the_page(monkeypatch):
    """Page, figures and picture come from one run: what stands on the page is what is drawn."""
    monkeypatch.syspath_prepend(str(DOCS.parent))
    plot = importlib.import_module("benchmarks.plot")
    folder = DOCS / "explanation"
    figures = json.loads((folder / "performance.json").read_text("utf-8"))
    page = (folder / "performance.md").read_text("utf-8")
    rows = [row for section in figures["sections"] for row in section["rows"]]
    assert [row["work"] for row in rows if f"| {row['work']} | {row['taken']} | {row['ratio']} |" not in page] == []
    assert len(rows) == sum(line.startswith("| ") for line in page.splitlines()) - len(figures["sections"])
    assert [row["seconds"] for row in rows] == [plot.seconds_of(row["taken"]) for row in rows]
    assert (folder / "performance.svg").read_text("utf-8") == plot.picture(figures)
    assert "(performance.svg)" in page


def test_times_are_read_from_their_texts(monkeypatch):
    """A time is read in its unit; what is no time gives nothing."""
    monkeypatch.syspath_prepend(str(DOCS.parent))
    seconds_of = importlib.import_module("benchmarks.plot").seconds_of
    assert seconds_of("610.4 µs (606 µs to 1.2 ms)") == [0.00061, 0.000606, 0.0012]
    assert seconds_of("131 MB beside them") == []


def test_every_key_of_a_definition_is_on_the_page(rendered, tmp_path):
    """Each key of each table stands on the page with what it says, and so does each fragment with its needs."""
    page_of = rendered("definition_file")
    page_of.render(tmp_path)
    page = (tmp_path / "definition-file.md").read_text("utf-8")
    for layout in page_of.LAYOUTS:
        assert layout.says.zh in page
        for key in layout.keys:
            assert f"| `{key.name}` |" in page
    for name in fragment_ids():
        assert f"### `{name}` " in page
        assert all(f"| `{need.name}` |" in page for need in fragment_head(name).needs)


def test_every_key_of_a_file_of_measures_is_on_the_page(rendered, tmp_path):
    """Each key of each form of measure stands on the page with what it says in both languages."""
    page_of = rendered("measure_file")
    page_of.render(tmp_path)
    page = (tmp_path / "measure-file.md").read_text("utf-8")
    assert {id(layout) for layout in MEASURE_FORMS.values()} <= {id(layout) for layout in page_of.LAYOUTS.values()}
    for layout in page_of.LAYOUTS.values():
        assert layout.says.zh in page
        for key in layout.keys:
            assert f"| `{key.name}` |" in page
            assert key.says.zh in page
            assert key.says.en in page


def test_every_parameter_that_a_measure_reads_is_on_the_page(rendered, tmp_path):
    """What a set reads from a disease stands there, and is declared by the disease or by the set."""
    page_of = rendered("measure_file")
    page_of.render(tmp_path)
    page = (tmp_path / "measure-file.md").read_text("utf-8")
    asked = 0
    for made in measure_sets().values():
        own = {parameter.name for parameter in made.parameters}
        for name, diseases in page_of.read_by(made).items():
            asked += 1
            assert f"| `{name}` |" in page
            assert [disease for disease, said in diseases.items() if said is None and name not in own] == []
    assert asked > 20


def test_the_page_of_the_language_has_every_operator_and_source(rendered, tmp_path):
    """Each operator of the table is one row in both languages, each source of rows another with its columns."""
    from singledisease.language.operations import OPERATIONS
    from singledisease.language.row_sources import COLUMNS

    rendered("language").render(tmp_path)
    operators = (tmp_path / "operators.md").read_text("utf-8")
    missing = [each.name for each in OPERATIONS.values() if f"| `{each.example}` | {each.says}" not in operators]
    assert missing == []
    columns = (tmp_path / "columns.md").read_text("utf-8")
    assert [source for source in COLUMNS if f"`{source}(" not in columns] == []
    assert "days (number, days)" in columns
