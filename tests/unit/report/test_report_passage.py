"""The part of a report that shows who went from state to state."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from cli_world import run
from cohort_world import log, quarter

import singledisease as sd
from singledisease.report.flows import passage
from singledisease.report.html import page

HINT = re.compile(r"<title>(.*?) → (.*?): ([\d,]+)</title>")
TEXT = re.compile(r'<text class="sd-ink" x="([\d.-]+)" y="([\d.-]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)</text>')
VIEW = re.compile(r'viewBox="0 ([\d.-]+) ([\d.-]+) ([\d.-]+)"')


@pytest.fixture(scope="module", name="county")
def _county():
    made = sd.simulate(patients=300, seed=1).log()
    return sd.cohort("hypertension", made, "2024-01-01", "2024-12-31", every="whole")


def test_bands_are_the_counts(county):
    """Every band says how many went from where to where, and together they are the counts of one step."""
    found = passage(county)
    bands = {(one, other): int(number.replace(",", "")) for one, other, number in HINT.findall(found.picture)}
    total = county.transitions.total
    sources, targets = county.transitions.sources, county.transitions.targets
    expected = {
        (" / ".join(dict.fromkeys(county.names[sources[i]])), " / ".join(dict.fromkeys(county.names[targets[j]]))): n
        for i in range(len(sources))
        for j in range(len(targets))
        if (n := int(total[i, j])) and not (sources[i] == "entered" and targets[j] in ("left", "died"))
    }
    assert bands == expected


def test_names_stand_apart_and_inside(county):
    """Names in two languages stand beside their blocks, a line apart at least, and within the picture."""
    picture = passage(county).picture
    top, width, height = map(float, VIEW.search(picture).groups())
    words = [(float(x), float(y), anchor, text) for x, y, anchor, text in TEXT.findall(picture)]
    assert any(text.startswith("控制满意 ") for *_, text in words)
    for side in ("start", "end"):
        places = [y for _, y, anchor, _ in words if anchor == side]
        assert len(places) > 5
        assert all(later - earlier >= 32.9 for earlier, later in pairwise(places))
        assert top < min(places) < max(places) < top + height
    assert all(0 < x < width for x, *_ in words)


def test_tables_hold_both_languages_and_no_days(county):
    """Flows and shares name states in Chinese, with the English beneath; the days stand in the heading alone."""
    found = passage(county)
    assert found.days == "2024-01-01 – 2024-12-31"
    assert found.flows.heads[0] == ("状态", "state")
    cells = {(row[0].text, row[0].en) for row in found.flows.rows}
    assert ("控制满意", "satisfactory") in cells
    assert {"从", "到"} <= {zh for zh, _ in found.matrix.heads}


def test_states_of_ones_own_are_named_once():
    """A name that is the same in both languages stands on one line."""
    found = passage(quarter(states={"all": ["enrolled", "satisfactory", "unsatisfactory"]}))
    assert sum(text.startswith("all ") for *_, text in TEXT.findall(found.picture)) == 2
    assert ">all<" not in found.picture


def test_nobody_is_no_picture():
    """A cohort that nobody was ever in is left out of the page."""
    assert passage(quarter(states=["referred"])) is None
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log(), period="2024")
    assert 'id="passage"' not in page(score, cohorts=[quarter(states=["referred"])])
    assert 'id="passage"' not in page(score)


def test_a_page_shows_who_went_where_and_names_nobody():
    """The page has the part, a place in its index, no address to fetch from, and no person."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log(), period="2024")
    text = page(score, cohorts=[quarter()])
    assert '<h2 id="passage">' in text
    assert '<a href="#passage">' in text
    assert "http" not in text
    assert not re.search(r"\bp[1-5]\b", text)


def test_reports_follow_their_policies_and_their_day(tmp_path):
    """``report`` follows people under those of its policies that the disease has, as far as anything is known."""
    sd.write(log(), tmp_path / "registry")
    out = tmp_path / "report.html"
    how = ("--period", "2024-01", "--disease", "hypertension", "--out", out)
    policies = ("--policy", "lost=exclude", "--policy", "lost_after=6")
    assert run("report", tmp_path / "registry", *how, *policies).exit_code == 0
    assert "2024-01-01 – 2024-01-31" in out.read_text("utf-8")
    assert run("report", tmp_path / "registry", *how, "--as-of", "2024-01-15").exit_code == 0
    assert "2024-01-01 – 2024-01-15" in out.read_text("utf-8")
    assert run("report", tmp_path / "registry", *how, "--as-of", "2023-12-15").exit_code == 0
    assert 'id="passage"' not in out.read_text("utf-8")
