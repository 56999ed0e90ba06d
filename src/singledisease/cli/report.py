"""``report``: one page that can be passed on."""

from __future__ import annotations

from pathlib import Path

import click

from singledisease.cli import output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import Source, reads_data
from singledisease.report.html import page

EXAMPLES = """\b
Examples / 例:
  singledisease report DATA --period 2024 --out report.html
"""


@click.command(epilog=EXAMPLES)
@reads_data
@asks
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The HTML file to write.")
def report(source: Source, question: Question, out: Path) -> None:
    """报告 / Write one self-contained HTML page, in Chinese and English."""
    log = source.read(question.diseases)
    by = ("institution",) if "institution" in log.people.attributes else ()
    out.write_text(page(question.evaluate(log, by)), encoding="utf-8")
    output.tell(f"{out}: 已写入 / written")
