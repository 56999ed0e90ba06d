"""``reconcile``: somebody else's numbers beside ours."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import evolve

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.comparison.policy_product import LIMIT

EXAMPLES = """\b
Examples / 例:
  singledisease reconcile DATA theirs.csv --period 2024 \\
      --measure hypertension.control
  singledisease reconcile DATA theirs.csv --period 2024 \\
      --measure hypertension.control --readings
  singledisease reconcile DATA theirs.csv --period 2024 \\
      --measure hypertension.control --one-at-a-time \\
      --format csv > differences.csv
"""


@click.command(epilog=EXAMPLES)
@reads_data
@click.argument("theirs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--measure", required=True, help="The measure asked about, such as hypertension.control.")
@click.option("--readings", is_flag=True, help="Say under each reading on how many people both agree.")
@options.varied
@click.option("--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="Of readings.")
@asks
@click.option("--their-encoding", default="utf-8", show_default=True, help="Of THEIRS, such as gb18030.")
@options.form
@options.lang
def reconcile(
    *,
    source: SourceArguments,
    theirs: Path,
    measure: str,
    readings: bool,
    vary: dict[str, tuple[str, ...]] | None,
    one_at_a_time: bool,
    limit: int,
    question: Question,
    their_encoding: str,
    form: str,
    lang: str,
) -> None:
    """对账 / Compare THEIRS (patient_id, group or numerator) with DATA by person."""
    chosen = question.measure(measure)
    one = evolve(question, measures=(chosen,), policy=question.policy_of(chosen))
    score = one.evaluate(source.registry(question.diseases))
    with output.working("正在计算 / computing"):
        found = sd.reconcile(
            score, theirs, vary=vary, one_at_a_time=one_at_a_time, limit=limit, encoding=their_encoding
        )
    (output.show if form == "table" else output.tell)(found.summary(lang))
    output.show_table(found.by_reading() if readings else found.table(lang), form, lang)
