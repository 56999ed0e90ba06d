"""``kpi``: a scorecard."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.cli.target import TargetArguments, writes_database
from singledisease.scorecard.show import notes_of, readable_of

EXAMPLES = """\b
Examples / 例:
  singledisease kpi DATA --period 2024 --by institution
  singledisease kpi DATA --period 2024/month --policy lost=exclude
  singledisease kpi DATA --period 2024 --by institution --roll-up \\
      --suppress-below 10 --format csv > published.csv
  singledisease kpi DATA --period 2024Q3 --as-of 2024-10-10 --format json
  singledisease kpi export/ --period 2024 \\
      --mapping bphs-forms --encoding gb18030 --format csv > kpi.csv
  singledisease kpi duckdb:///cdm.duckdb --format-in omop --period 2024 \\
      --out-database duckdb:///results.duckdb --out-table kpi_2024
"""


@click.command(epilog=EXAMPLES)
@reads_data
@asks
@options.grouped
@click.option("--roll-up", is_flag=True, help="Give every institution the sum of itself and all below it.")
@options.disclosing
@writes_database
@options.form
@options.lang
def kpi(
    *,
    source: SourceArguments,
    question: Question,
    by: tuple[str, ...],
    roll_up: bool,
    suppress_below: int | None,
    round_to: int | None,
    target: TargetArguments | None,
    form: str,
    lang: str,
) -> None:
    """指标 / Compute the measures of DATA."""
    score = question.evaluate(source.registry(question.diseases), by)
    if roll_up:
        score = sd.roll_up(score)
    if suppress_below is None and round_to is None:
        _show(score, (), target, form, lang)
    else:
        published = sd.disclose(score, suppress_below=suppress_below, round_to=round_to)
        _show(published, tuple(published.notes(lang)), target, form, lang)


def _show(
    score: sd.Scorecard | sd.Disclosed, notes: tuple[str, ...], target: TargetArguments | None, form: str, lang: str
) -> None:
    if target is not None:
        target.write(score.table())
    elif form == "table":
        output.show_table(readable_of(score, lang), form, lang)
        output.show_text("\n".join(["", *notes_of(score, lang), *notes]))
    else:
        output.show_table(score.table(), form, lang)
    if target is not None or form != "table":
        for remark in score.remarks:
            output.tell(f"注意 / mind: {remark.zh} / {remark.en}")
        for note in notes:
            output.tell(note)
