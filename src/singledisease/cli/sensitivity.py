"""``sensitivity``: one measure under every reading of its contested words."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.cli.target import TargetArguments, writes_database
from singledisease.comparison.policy_product import LIMIT

EXAMPLES = """\b
Examples / 例:
  singledisease sensitivity DATA --period 2024 \\
      --measure hypertension.control
  singledisease sensitivity DATA --period 2024 \\
      --measure hypertension.control --vary lost --vary lost_after=6,12,24
  singledisease sensitivity DATA --period 2024 \\
      --measure hypertension.control --one-at-a-time --people \\
      --format csv > who.csv
"""


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--measure", required=True, help="The measure asked about, such as hypertension.control.")
@options.varied
@click.option("--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="Of readings.")
@click.option("--people", is_flag=True, help="List who is in another group than under the first reading.")
@asks
@writes_database
@options.form
@options.lang
def sensitivity(
    *,
    source: SourceArguments,
    measure: str,
    vary: dict[str, tuple[str, ...]] | None,
    one_at_a_time: bool,
    limit: int,
    people: bool,
    question: Question,
    target: TargetArguments | None,
    form: str,
    lang: str,
) -> None:
    """敏感性 / Compute one measure under every reading of its contested words."""
    chosen, log = question.measure(measure), source.registry(question.diseases)
    with output.working("正在计算 / computing"):
        found = sd.sensitivity(
            chosen,
            log,
            period=question.periods,
            vary=vary,
            one_at_a_time=one_at_a_time,
            limit=limit,
            policy=question.policy_of(chosen),
            as_of=question.as_of,
            engine=question.engine,
            diseases=question.diseases,
        )
    if target is not None:
        target.write(found.people() if people else found.table())
    elif people:
        output.show_table(found.people(), form, lang)
    elif form == "table":
        output.show(found.to_text(lang))
    else:
        output.show_table(found.table(), form, lang)
