"""``inspect``: what unknown files seem to be, a mapping to correct, and how good the data is."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.reading import ReadingArguments, reads
from singledisease.cli.source import DATA
from singledisease.dates import month_number_array
from singledisease.io.database.url import without_password
from singledisease.io.inspect import Inspection
from singledisease.io.whole_files import write_whole
from singledisease.report.quality import quality_page

EXAMPLES = """\b
Examples / 例:
  singledisease inspect export/
  singledisease inspect export/ --out mapping.toml
  singledisease inspect export/ --mapping mapping.toml
  singledisease inspect export/ --report quality.html
  singledisease inspect export/ --enrolment first_follow_up
  singledisease kpi export/ --mapping mapping.toml --period 2024

\b
看一看；存为对照表，核对修改；按对照表再看；质量报告网页；
没有建档日期时以首次随访为准；计算指标
Look; keep the guess and correct it; look again by the mapping; the quality
of the data, to open in a browser; let the first follow-up stand for an
enrolment that no file has; the figures.
"""


@click.command(epilog=EXAMPLES)
@click.argument("data", type=DATA)
@reads
@click.option("--out", type=options.OUTPUT_FILE, help="Write the guessed mapping to this file.")
@click.option("--report", type=options.OUTPUT_FILE, help="Write the page as HTML to this file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "toml", "json"]),
    default="text",
    show_default=True,
    help="The page, the mapping alone, or every table of it.",
)
@options.lang
def inspect(
    *,
    data: Path | str,
    reading: ReadingArguments,
    out: Path | None,
    report: Path | None,
    form: str,
    lang: str,
) -> None:
    """查看 / Look at unknown files: guess a mapping to correct, and say how good the data is."""
    with output.working("正在查看 / looking") as progress:
        found = sd.inspect(data, progress=progress, **reading.arguments())
    if out is not None:
        _keep(found, out, without_password(str(data)))
    if report is not None:
        write_whole(report, quality_page(found))
        output.tell(f"{report}: 已写入 / written")
    if form == "toml":
        output.show(found.mapping)
    elif form == "json":
        output.show(_json(found))
    else:
        _page(found, lang, with_mapping=out is None and report is None)
    if found.trouble:
        raise sd.DataError(found.trouble)


def _keep(found: Inspection, out: Path, data: str) -> None:
    """Write the guessed mapping, if one is needed, and say how to go on."""
    if found.mapping.strip():
        write_whole(out, found.mapping)
        output.tell(f"{out}: 已写入，请核对 / written; read it before using it")
        data = f"{data} --mapping {out}"
    elif not found.trouble:
        output.tell(f"{out}: 列名已是本库的，无需对照表，未写入 / the columns are called as they are here: not written")
    if found.log is not None and len(found.log):
        output.tell(f"下一步 / next: singledisease kpi {data} --period {_year(found.log)}")


def _year(log: sd.EventLog) -> int:
    """Give the year of most events, of several the last."""
    years, times = np.unique(month_number_array(log.date) // 12, return_counts=True)
    return int(years[times == times.max()][-1])


def _json(found: Inspection) -> str:
    tables = {"files": found.files, "columns": found.columns, **(found.quality.tables() if found.quality else {})}
    plain = {name: json.loads(table.to_json()) for name, table in tables.items()}
    return json.dumps({"mapping": found.mapping, **plain}, ensure_ascii=False, indent=2)


def _page(found: Inspection, lang: str, *, with_mapping: bool) -> None:
    for title, body in found.parts(lang):
        if with_mapping or body != found.mapping:
            output.show_title(title)
            if isinstance(body, str):
                output.show(body) if body == found.mapping else output.show_text(body)
            else:
                output.show_table(body, "table", lang)
