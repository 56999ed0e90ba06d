"""``explain``: why one person counts as they do."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import Source, reads_data


@click.command()
@reads_data
@click.option("--patient", required=True, metavar="ID", help="The person asked about.")
@click.option("--measure", help="Only this measure, such as hypertension.control.")
@asks
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.lang
def explain(*, source: Source, patient: str, measure: str | None, question: Question, form: str, lang: str) -> None:
    """说明 / Explain the figures of one person, down to file and line."""
    score = question.evaluate(source.read(question.diseases))
    explanation = sd.explain(score, patient, measure)
    output.show(explanation.to_json() if form == "json" else explanation.to_text(lang))
