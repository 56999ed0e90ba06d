"""``explain``: why one person counts as they do."""

from __future__ import annotations

import json

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.report.joint_timeline import joint_timeline

EXAMPLES = """\b
Examples / 例:
  singledisease explain DATA --patient P1 --period 2024 \\
      --measure hypertension.control
  singledisease explain DATA --patient P1 --period 2024 --format json
  singledisease explain DATA --patient P1 --period 2024 --joint
  singledisease explain DATA --patient P1 --period 2024 --joint \\
      --format html > P1.html
"""


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--patient", required=True, metavar="ID", help="The person asked about.")
@click.option("--measure", help="Only this measure, such as hypertension.control.")
@asks
@click.option("--joint", is_flag=True, help="All diseases of the person side by side, on the last day, not figures.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="html: a drawing along time, with --joint.",
)
@options.lang
def explain(
    *, source: SourceArguments, patient: str, measure: str | None, joint: bool, question: Question, form: str, lang: str
) -> None:
    """说明 / Explain the figures of one person, down to file and line."""
    if form == "html" and not joint:
        raise click.UsageError("--format html 须与 --joint 同用 / needs --joint")
    registry = source.registry(question.diseases)
    # What is asked of one person is answered by the part they are in.
    log = registry.log_of(patient) if isinstance(registry, sd.Parts) else registry
    if joint:
        _joint(question, log, patient, form, lang)
        return
    score = question.evaluate(log)
    explanation = sd.explain(score, patient, measure)
    if form == "json":
        output.show(explanation.to_json())
    else:
        output.show_text(explanation.to_text(lang))


def _joint(question: Question, log: sd.EventLog, patient: str, form: str, lang: str) -> None:
    """Show the diseases of a person side by side, as they stand on the last day of the period that is known."""
    day = question.periods[-1].end if question.as_of is None else min(question.periods[-1].end, question.as_of)
    person = sd.joint_courses(log, patient, policy=question.policy, as_of=question.as_of)
    if form == "html":
        output.show(joint_timeline(person, day))
        return
    way = sd.joint_way(person, day, log)
    if form == "json":
        output.show(json.dumps(way.to_dict(), ensure_ascii=False, indent=2))
    else:
        output.show_text(way.to_text(lang))
