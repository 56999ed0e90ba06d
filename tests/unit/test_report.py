"""The page of a scorecard: its tables hold the figures of the scorecard, and nothing else."""

from __future__ import annotations

import sys

import pytest
from cli_world import registry

import singledisease as sd
from singledisease.report import sections
from singledisease.report.html import page


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory):
    return sd.read(registry(tmp_path_factory.mktemp("world") / "data"))


@pytest.fixture(name="score", scope="module")
def _score(log):
    return sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024", by="institution")


def texts(grid):
    """Give the Chinese texts of the cells of each row."""
    return [[cell.text for cell in row] for row in grid.rows]


def test_whole_is_the_scorecard_without_strata(log, score):
    """The figures as a whole are those of a scorecard that was never split."""
    plain = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024")
    assert sections.whole(score).to_json() == plain.to_json()


def test_whole_of_a_rolled_up_scorecard_counts_nobody_twice(score):
    """Rolled-up rows hold people several times; the whole is made of the leaves."""
    assert sections.whole(sd.roll_up(score)).to_json() == sections.whole(score).to_json()


def test_figures_show_rates_of_proportions_only(score):
    """A count has a numerator and no rate; a proportion has both."""
    managed, _, control = texts(sections.figures(sections.whole(score)))
    assert managed[2:5] == ["-", "-", "3"]
    assert control[2] == "33.3 %"


def test_attrition_adds_up_to_everybody(log, score):
    """The groups of each measure hold every person of the registry once."""
    people = {}
    for row in sections.attrition(sections.whole(score)).rows:
        people[row[0].text] = people.get(row[0].text, 0) + int(row[4].text)
    assert set(people.values()) == {len(log.people)}


def test_attrition_names_the_rules(score):
    """A group that several rules fill names all of them, in both languages."""
    row = next(row for row in sections.attrition(sections.whole(score)).rows if "失访" in row[3].text)
    assert row[3].text == "失访；最近一次未达标"
    assert row[3].en == "lost to follow-up; last reading not at goal"


def test_incomplete_periods_are_marked(log):
    """A period that was not over when the data was known has a star."""
    score = sd.evaluate(sd.measures("cn-bphs-2017"), log, period="2024", as_of="2024-06-30")
    assert texts(sections.figures(score))[0][1].endswith(" *")
    assert "2024-06-30" in page(score)


def test_refusals_are_shown_up_to_a_limit(log):
    """A file full of refusals does not make an endless page; the counts stay whole."""
    (table,) = [table for table in log.report.tables if table.table == "events"]
    many = [log.report] * 60
    assert len(sections.refusals(many).rows) == sections.REFUSALS_SHOWN
    assert texts(sections.checks(many)) == [["out_of_bounds", "60"]]
    assert ["events", str(table.read), str(table.accepted), "0", "1", "0"] in texts(sections.rows_read(many))


def test_page_without_refusals_says_so(tmp_path):
    """A registry without a refusal is told as such."""
    data = registry(tmp_path / "data")
    lines = (data / "events.csv").read_text("utf-8").splitlines(keepends=True)
    (data / "events.csv").write_text("".join(line for line in lines if "1520" not in line), "utf-8")
    score = sd.evaluate(sd.measures("cn-bphs-2017"), sd.read(data), period="2024")
    assert "没有拒绝任何一行" in page(score)


def test_page_holds_every_pathway_in_both_languages(score):
    """The pathways of the measures' diseases are there as a diagram and as tables."""
    text = page(score)
    assert "flowchart TB" in text
    assert "转移、时限与服务清单" in text
    assert "face-to-face follow-up" in text


def test_without_jinja2_it_says_what_to_install(score, monkeypatch):
    """Without the report extra the error says which extra to install."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(sd.MissingExtraError, match="report"):
        page(score)
