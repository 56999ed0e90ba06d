"""The report on a phone: tables are cards, charts fit, and nothing is wider than the page."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

import singledisease as sd
from singledisease.report.html import page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def written() -> str:
    """Give the report of a small registry by institution."""
    log = sd.simulate(patients=30, seed=5).log()
    return page(sd.evaluate(sd.measures("cn-bphs-2017", "hypertension"), log, period="2024", by="institution"))


def test_every_cell_of_a_wide_table_knows_its_heading(written):
    """What stands above a column on a desk stands beside each value on a phone, in both languages."""
    tables = re.findall(r'<table class="cards">(.*?)</table>', written, re.DOTALL)
    assert tables
    for table in tables:
        heads = len(re.findall(r"<th[ >]", table))
        for row in table.split("<tbody>")[1].split("</tr>")[:-1]:
            assert len(re.findall(r"<td [^>]*data-head=", row)) == heads - 1
    assert 'data-head="分子 Numerator"' in written


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_page(written, tmp_path, width):
    """Chromium lays the page out in a frame of each width; what is wider scrolls inside itself."""
    (tmp_path / "report.html").write_text(written, "utf-8")
    told = (
        "<script>document.querySelector('iframe').onload = e => document.title ="
        " 'wide ' + e.target.contentDocument.documentElement.scrollWidth</script>"
    )
    frame = f'<iframe src="report.html" style="width: {width}px; height: 900px; border: 0"></iframe>'
    (tmp_path / "frame.html").write_text(frame + told, "utf-8")
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
    found = re.search(r"<title>wide (\d+)", done.stdout)
    assert found is not None
    assert int(found[1]) <= width
