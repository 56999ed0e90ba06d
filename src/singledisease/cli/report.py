"""``report``: one page that can be passed on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from attrs import evolve

import singledisease as sd
from singledisease import dates
from singledisease.cli import options, output
from singledisease.cli.difference import moved_since
from singledisease.cli.passages import passages
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.comparison.policy_product import LIMIT
from singledisease.comparison.verify import entry_of
from singledisease.io.whole_files import write_whole
from singledisease.report.html import MOST_PEOPLE, page
from singledisease.report.published import published_page

EXAMPLES = """\b
Examples / 例:
  singledisease report DATA --period 2024 --out report.html
  singledisease report DATA --period 2024 --disease hypertension \\
      --policy lost=exclude --out report.html
  singledisease report DATA --period 2024 --out report.html \\
      --sensitivity hypertension.control
  singledisease report DATA --period 2024 --out report.html \\
      --beside hearts360 --beside who-hearts --since published.jsonl
  singledisease report DATA --period 2024 --disease hypertension \\
      --with-rows --rows-limit 50 --out for-the-doctor.html
  singledisease report DATA --period 2024 --out published.html \\
      --suppress-below 10 --round-to 5
"""


@click.command(epilog=EXAMPLES)
@reads_data
@asks
@click.option("--out", required=True, type=options.OUTPUT_FILE, help="The HTML file to write.")
@click.option(
    "--sensitivity",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help="Show this measure under other readings of its contested words; repeatable.",
)
@options.disclosing
@click.option(
    "--beside", "sets", multiple=True, metavar="SET", help="Put another set of measures beside it; repeatable."
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A frozen file: show what moved since.",
)
@click.option("--entry", type=click.IntRange(min=1), help="Which entry of the frozen file; the last if not said.")
@click.option(
    "--with-rows",
    is_flag=True,
    help="From each figure to its people and their explanations, with refused rows: it names people, and says so.",
)
@click.option(
    "--rows-limit",
    type=click.IntRange(min=1),
    default=MOST_PEOPLE,
    show_default=True,
    help="How many people at most.",
)
def report(
    *,
    source: SourceArguments,
    question: Question,
    out: Path,
    measures: tuple[str, ...],
    suppress_below: int | None,
    round_to: int | None,
    sets: tuple[str, ...],
    since: Path | None,
    entry: int | None,
    with_rows: bool,
    rows_limit: int,
) -> None:
    """报告 / Write one self-contained HTML page, in Chinese and English; it names no person."""
    is_published = suppress_below is not None or round_to is not None
    if is_published and (measures or sets or since is not None or with_rows):
        shown = "--sensitivity, --beside, --since and --with-rows"
        raise sd.UsageError(f"{shown} show counts that are neither withheld nor rounded")
    varied = [question.measure(name) for name in measures]
    further = {name: question.of_set(name) for name in sets}
    if since is not None:
        entry_of(since, entry)  # a wrong number is told of before anything is computed
    log = source.registry(question.diseases)
    first = log if isinstance(log, sd.EventLog) else log.log(0)
    by = ("institution",) if "institution" in first.people.attributes else ()
    score = question.evaluate(log, by)
    if is_published:
        write_whole(out, published_page(score, suppress_below=suppress_below, round_to=round_to))
        output.tell(f"{out}: 已写入 / written")
        return
    to_date = months_to_date(question.periods, score.known_until)
    months = evolve(question, periods=to_date).evaluate(log) if to_date else None
    passed = passages(question, log, first)
    readings = [_sensitivity(measure, question, log) for measure in varied]
    beside = {question.measure_set: score} | {name: one.evaluate(log) for name, one in further.items()}
    compared = None if since is None else moved_since(since, log, question, entry)
    with output.working("正在写入 / writing"):
        text = page(
            score,
            months=months,
            cohorts=passed.states,
            sensitivities=readings,
            coloured=passed.colours,
            beside=beside if further else None,
            since=compared,
            rows=with_rows,
            most=rows_limit,
        )
    write_whole(out, text)
    output.tell(f"{out}: 已写入 / written")
    if with_rows:
        output.tell("报告含个人记录，勿随意转发 / it holds rows of people: give it only to those who may see them")


def _sensitivity(measure: Any, question: Question, log: sd.EventLog | sd.Parts) -> sd.Sensitivity:
    """Vary every policy of a measure in the last period; if that were too many readings, one at a time."""
    vary = partial(
        sd.sensitivity,
        measure,
        log,
        period=question.periods[-1],
        policy=question.policy_of(measure),
        as_of=question.as_of,
        engine=question.engine,
        diseases=question.diseases,
    )
    with output.working("正在计算 / computing"):
        return vary(one_at_a_time=question.readings_of(measure) > LIMIT)


def months_to_date(periods: Sequence[sd.Period], known_until: int | None) -> tuple[sd.Period, ...]:
    """Give the first day of a period up to the end of each of its months that is over; nothing for several periods."""
    if len(periods) != 1:
        return ()
    first = periods[0].start
    ends = [month.end for month in dates.periods(f"{periods[0]}/month")]
    over = [end for end in ends if known_until is None or end <= known_until]
    return tuple(sd.Period(first, end) for end in over) if len(over) > 1 else ()
