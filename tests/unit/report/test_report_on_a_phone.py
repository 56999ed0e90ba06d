"""The report on a phone: tables are cards, charts fit, and nothing is wider than the page."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

import singledisease as sd
from singledisease.cli.report import months_to_date
from singledisease.report.html import page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def written() -> str:
    """Give the report of a small registry by institution."""
    log = sd.simulate(patients=30, seed=5).log()
    score = sd.evaluate(sd.measures("cn-bphs-2017", "hypertension"), log, period="2024", by="institution")
    months = sd.evaluate(sd.measures("cn-bphs-2017", "hypertension"), log, periods=months_to_date(score.periods, None))
    moved = sd.cohort("hypertension", log, "2024-01-01", "2024-12-31", every="whole")
    return page(score, months=months, cohorts=[moved])


def test_every_cell_of_a_wide_table_knows_its_heading(written):
    """What stands above a column on a desk stands beside each value on a phone, in both languages."""
    tables = re.findall(r'<table class="cards[^"]*">(.*?)</table>', written, re.DOTALL)
    assert tables
    for table in tables:
        heads = len(re.findall(r"<th[ >]", table))
        for row in table.split("<tbody>")[1].split("</tr>")[:-1]:
            assert len(re.findall(r"<td [^>]*data-head=", row)) == heads - 1
    assert 'data-head="分子 Numerator"' in written


def test_who_went_where_has_its_names_upon_the_bands(written):
    """For a hand there is a second picture, 360 wide, in which every state that people were in has its name."""
    desk, hand = re.findall(r"<svg[^>]*>.*?</svg>", written[written.index('<h2 id="passage">') :], re.DOTALL)[:2]
    assert re.search(r'viewBox="0 -?\d+ 360 ', hand)
    assert hand.count('class="sd-block"') == desk.count('class="sd-block"') > 4
    assert hand.count("<title>") == desk.count("<title>")
    for x, anchor in re.findall(r'<text class="[^"]*" x="([\d.]+)"[^>]*text-anchor="(\w+)"', hand):
        assert (float(x), anchor) in ((15, "start"), (345, "end"))


TOLD = """<script>document.querySelector('iframe').onload = e => {
  const page = e.target.contentDocument
  page.querySelectorAll('details').forEach(one => { one.open = true })
  const wide = [...page.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)
    .filter(one => !one.querySelector('svg:not(.sd-chart)') || WIDTH >= 640)
  const shown = [...page.querySelectorAll('svg.sd-chart')].filter(one => one.clientWidth)
  document.title = 'wide ' + page.documentElement.scrollWidth + ' of ' + shown.length + ' hand '
    + shown.filter(one => one.classList.contains('sd-narrow')).length
    + ' scrolls ' + wide.map(one => one.textContent.trim().slice(0, 40)).join(' | ') + ' end'
}</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_page(written, tmp_path, width):
    """Chromium lays the page out in a frame of each width: neither it nor a table or chart scrolls sideways.

    Of pathways the picture does on a telephone, and the tables on a desk; everything folded is opened first.
    """
    (tmp_path / "report.html").write_text(written, "utf-8")
    frame = f'<iframe src="report.html" style="width: {width}px; height: 900px; border: 0"></iframe>'
    (tmp_path / "frame.html").write_text(frame + TOLD.replace("WIDTH", str(width)), "utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--virtual-time-budget=9000",
    ]
    done = subprocess.run(
        [str(CHROMIUM), *options, "--dump-dom", (tmp_path / "frame.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = re.search(r"<title>wide (\d+) of (\d+) hand (\d+) scrolls (.*?) end</title>", done.stdout, re.DOTALL)
    assert found is not None
    wide, shown, hand = map(int, found.groups()[:3])
    assert wide <= width
    assert shown == 4
    assert hand == (4 if width < 640 else 0)
    assert found[4] == "" or width == 1280, found[4]
