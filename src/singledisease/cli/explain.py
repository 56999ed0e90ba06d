"""``explain``: why one person counts as they do."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import Source, reads_data

EXAMPLES = """\b
Examples / 例:
  singledisease explain DATA --patient P1 --period 2024 \\
      --measure hypertension.control
  singledisease explain DATA --patient P1 --period 2024 --format json
"""


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--patient", required=True, metavar="ID", help="The person asked about.")
@click.option("--measure", help="Only this measure, such as hypertension.control.")
@asks
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.lang
def explain(*, source: Source, patient: str, measure: str | None, question: Question, form: str, lang: str) -> None:
    """说明 / Explain the figures of one person, down to file and line."""
    registry = source.registry(question.diseases)
    # What is asked of one person is answered by the part they are in.
    score = question.evaluate(registry.log_of(patient) if isinstance(registry, sd.Parts) else registry)
    explanation = sd.explain(score, patient, measure)
    if form == "json":
        output.show(explanation.to_json())
    else:
        output.show_text(explanation.to_text(lang))
