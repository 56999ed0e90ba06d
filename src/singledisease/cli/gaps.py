"""``gaps``: what would bring whom into the numerator before a period ends."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.definitions.measure import Measure
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.tables import Table

EXAMPLES = """\b
Examples / 例:
  singledisease gaps DATA --period 2024 --as-of 2024-09-30 \\
      --measure hypertension.standardized_management
  singledisease gaps DATA --period 2024 --as-of 2024-09-30 \\
      --disease hypertension --disease type2-diabetes --format csv > gaps.csv
"""
_FOR_MACHINES = ("kind", "levels", "event", "days", "group")


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--measure", "measures", multiple=True, help="Only this one, such as hypertension.control; repeatable.")
@click.option("--apart", is_flag=True, help="Do not join what one visit would serve.")
@asks
@options.form
@options.lang
def gaps(
    *, source: SourceArguments, measures: tuple[str, ...], apart: bool, question: Question, form: str, lang: str
) -> None:
    """缺口 / List what would bring people into the numerator, by whom, until when."""
    if question.as_of is None:
        raise sd.UsageError("say up to which day things have happened: --as-of 2024-09-30")
    named = tuple(question.measure(name) for name in measures)
    chosen = [one for one in named or question.measures if _has_gaps(one)]
    left_out = [one.id for one in named if not _has_gaps(one)]
    if left_out:
        raise sd.UsageError(f"only measures of people with a numerator have gaps, not {', '.join(left_out)}")
    log = source.registry(question.diseases)
    policy = {name: option for one in chosen for name, option in question.policy_of(one).items()}
    with output.working("正在试算 / trying"):
        found = sd.gaps(
            chosen,
            log,
            on=question.as_of,
            period=question.periods,
            policy=policy,
            diseases=question.diseases,
            joint=not apart,
            language=lang,
        )
    output.show_table(for_people(found) if form == "table" else found, form, lang)


def _has_gaps(measure: AnyMeasure) -> bool:
    return isinstance(measure, Measure) and measure.of is None and measure.form == "proportion"


def for_people(found: Table) -> Table:
    """Leave out what is for machines, and what nobody has."""
    kept = {
        name: cells
        for name, cells in found.columns.items()
        if name not in _FOR_MACHINES and any(cell is not None for cell in cells)
    }
    return Table(kept, headings=found.headings, called=found.called)
