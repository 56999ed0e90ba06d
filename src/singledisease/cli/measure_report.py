"""``measure-report``: the figures as FHIR."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.io.fhir.writing.measure_report import without_people

EXAMPLES = """\b
Examples / 例:
  singledisease measure-report DATA --period 2024 --out reports.json
  singledisease measure-report DATA --period 2024 --by institution \\
      --type subject-list --reporter 某县 --out reports.json
  singledisease measure-report DATA --period 2024 --disease hypertension \\
      --type individual --out people.ndjson
"""


@click.command("measure-report", epilog=EXAMPLES)
@reads_data
@asks
@options.grouped
@click.option(
    "--type",
    "report",
    type=click.Choice(["summary", "subject-list", "individual"]),
    default="summary",
    show_default=True,
    help="Sums; the same with lists of people; or one report for each person, with the events it rests on.",
)
@click.option("--base", default="", metavar="URL", help="Below which the measures stand, https://county.example/fhir.")
@click.option("--patient-system", default="", metavar="URI", help="System of the identifiers people are called by.")
@click.option("--reporter", default="", help="Who reports, in words.")
@click.option(
    "--bundle",
    type=click.Choice(["collection", "transaction"]),
    default="collection",
    show_default=True,
    help="A transaction can be posted to a server.",
)
@click.option(
    "--out",
    required=True,
    type=options.OUTPUT_FILE,
    help="The file: .json is a bundle, .ndjson a resource a line.",
)
def measure_report(*, source: SourceArguments, question: Question, by: tuple[str, ...], out: Path, **how: Any) -> None:
    """上报 / Write the measures of DATA and their reports as FHIR R4."""
    score = question.evaluate(source.registry(question.diseases), by)
    with output.working("正在写入 / writing"):
        sd.write_fhir(score, out, diseases=question.diseases, **how)
    left_out = without_people(score) if how["report"] != "summary" else ()
    if left_out:
        output.tell(f"没有患者名单的指标 / measures of rows, which have no people: {', '.join(left_out)}")
    output.tell(f"{out}: 已写入 / written")
