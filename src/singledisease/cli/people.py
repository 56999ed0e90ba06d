"""``people``: who stands behind a figure."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.cli.target import TargetArguments, writes_database

EXAMPLES = """\b
Examples / 例:
  singledisease people DATA --period 2024 --measure hypertension.control \\
      --group not_numerator
  singledisease people DATA --period 2024 --measure hypertension.control \\
      --group denominator --format csv > denominator.csv
"""


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--measure", required=True, help="The measure asked about, such as hypertension.control.")
@click.option(
    "--group",
    required=True,
    help="A group of it (numerator, not_numerator, unknown, excluded:…), or denominator, initial_population, excluded, "
    "undetermined.",
)
@asks
@options.grouped
@writes_database
@options.form
@options.lang
def people(
    *,
    source: SourceArguments,
    measure: str,
    group: str,
    question: Question,
    by: tuple[str, ...],
    target: TargetArguments | None,
    form: str,
    lang: str,
) -> None:
    """名单 / List the people (or the rows) behind a figure."""
    score = question.evaluate(source.registry(question.diseases), by)
    found = sd.people(score, measure, group)
    if target is not None:
        target.write(found)
    else:
        output.show_table(found, form, lang)
