"""Results and definitions in a notebook: tables, pathways and explanations that need nothing from anywhere."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from cli_world import registry

import singledisease as sd
from singledisease.api import notebook
from singledisease.definitions.pathway import Pathway

VOID = {"br"}


class Balance(HTMLParser):
    """Checks that every tag that is opened is closed, and collects what is fetched from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open, self.fetched = [], []

    def handle_starttag(self, tag, attrs):
        """Note what is opened, and what it would fetch."""
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        """Check that what is closed is what was opened last."""
        assert self.open.pop() == tag


def checked(page):
    """Give a page after checking that it is sound HTML that fetches nothing."""
    parser = Balance()
    parser.feed(page)
    assert (parser.open, parser.fetched) == ([], [])
    return page


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory):
    return sd.read(registry(tmp_path_factory.mktemp("notebook") / "data"))


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(sd.measures("cn-bphs-2017"), log, period="2024", by="institution")


def test_tables_have_headings_in_both_languages():
    """A heading stands in Chinese and in English, one that has none once; numbers stand to the right."""
    page = checked(sd.Table({"a": [1, None], "b": ["x", "y"]}, headings={"a": ("人数", "people")})._repr_html_())
    assert "<th>人数<br>people</th><th>b</th>" in page
    assert '<td style="text-align:right">1</td><td>x</td>' in page


def test_long_tables_are_cut():
    """A table of many rows shows the first of them and says how many there are more."""
    page = checked(sd.Table({"a": list(range(1000))})._repr_html_())
    assert page.count("<tr>") == 61
    assert "940 more rows" in page


def test_a_scorecard_shows_rates_and_policies(score):
    """Each measure stands under its names in both languages, with the policies in force."""
    page = checked(score._repr_html_())
    assert "高血压规范管理率 / Hypertension: standardized management" in page
    assert "lost=not_at_goal" in page


def test_an_explanation_shows_way_rules_and_evidence(score):
    """One person's explanation has the way through the pathway, each rule, and the file and line it rests on."""
    page = checked(sd.explain(score, "P1", "hypertension.control")._repr_html_())
    assert "高血压 / Hypertension" in page
    assert "◀" in page
    assert re.search(r"events\.csv:\d+", page)
    assert "<details>" in page


def test_an_explanation_of_nobody_managed(score):
    """Who is outside of everything has a page too."""
    checked(sd.explain(score, "P3")._repr_html_())


def test_courses_show_how_many_are_in_each_state(log):
    """Courses show their states with people and stays; the same as text."""
    courses = sd.courses("hypertension", log, until="2024-12-31")
    page = checked(courses._repr_html_())
    assert "高血压 / Hypertension: 4 人 / people" in page
    assert sum(courses.states["people"]) == 4
    assert sum(courses.states["spells"]) == len(courses.spells)
    assert "2024-12-31" in str(courses)


def test_a_log_says_what_it_is(log):
    """A log is one line, and in a notebook that line and what became of the rows."""
    assert repr(log) == "EventLog(4 people, 9 events, 2023-05-01..2024-05-01)"
    assert "as of 2024-01-05" in repr(log.as_of(19727))
    assert "拒绝 refused 1" in checked(log._repr_html_())


@pytest.mark.parametrize("name", ["hypertension", "type2-diabetes"])
def test_a_pathway_shows_every_state_and_way(name):
    """The picture in both languages holds every state; signals and the mermaid source are there too."""
    disease = sd.disease(name)
    page = checked(notebook.disease_html(disease))
    for state in disease.pathway.states:
        assert state.names.zh in page
        assert state.names.en in page.replace("&#x27;", "'")
    assert "flowchart TB" in page


def test_a_pathway_alone_is_drawn():
    """Without its disease a pathway is drawn too, a number that it cannot know by its name."""
    page = checked(notebook.pathway_html(sd.disease("hypertension").pathway))
    assert page.count("<svg") == 2
    assert "lost_after" in re.sub(r"<[^>]*>", " ", page)


def test_a_measure_shows_its_wording():
    """A measure is told in Chinese and in English."""
    page = checked(notebook.measure_html(sd.measures("cn-bphs-2017")[0]))
    assert page.count("<pre>") == 2


def test_a_running_notebook_is_told(monkeypatch):
    """Where IPython runs it is told how definitions are shown; elsewhere nothing happens."""
    told = {}
    formatter = SimpleNamespace(for_type=told.__setitem__)
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": formatter}))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert notebook.register()
    assert set(told) == {sd.Disease, Pathway, sd.Measure}
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert not notebook.register()
