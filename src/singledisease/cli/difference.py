"""``difference``: what moved between two days, two exports, two readings, or since a result was frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from attrs import evolve

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks_of_any_period
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.errors import Fault, UsageError
from singledisease.tables import Table

EXAMPLES = """\b
Examples / 例:
  singledisease difference DATA --since published.jsonl
  singledisease difference DATA --period 2024 \\
      --then 2025-01-15 --as-of 2025-06-30
  singledisease difference DATA --period 2024 --before OLD_EXPORT
  singledisease difference DATA --period 2024 --policy-then lost=exclude \\
      --show people --format csv > moved.csv
"""
SHOWN = ("cells", "people", "events", "definitions")


@click.command(epilog=EXAMPLES)
@reads_data
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A frozen file: its periods, strata and policies are taken.",
)
@click.option("--entry", type=click.IntRange(min=1), help="Which entry of the frozen file; the last if not said.")
@click.option("--then", callback=options.read_day, metavar="DATE", help="Before: what was known on that day.")
@click.option("--before", type=click.Path(exists=True, path_type=Path), help="Before: another export, read as DATA is.")
@click.option(
    "--policy-then",
    callback=options.read_policy,
    multiple=True,
    metavar="NAME=OPTION",
    help="Before: how a contested word was taken; repeatable.",
)
@asks_of_any_period
@options.grouped
@click.option("--show", "shown", type=click.Choice(SHOWN), help="Only this; of CSV and JSON the cells if not said.")
@options.form
@options.lang
def difference(
    *,
    source: SourceArguments,
    since: Path | None,
    entry: int | None,
    then: int | None,
    before: Path | None,
    policy_then: dict[str, str],
    question: Question,
    by: tuple[str, ...],
    shown: str | None,
    form: str,
    lang: str,
) -> None:
    """变化 / Say what moved between two days, two exports or readings, or since a freeze.

    Cells, the people who are in another group, and the events that moved them.
    """
    if since is not None:
        _check_alone(then=then, before=before, policy_then=policy_then, period=question.periods, by=by)
        found: Any = moved_since(since, source.registry(question.diseases), question, entry)
    else:
        found = _of_two(source, question, by, then=then, before=before, policy=policy_then)
    if shown is None and form == "table":
        output.show(found.to_text(lang))
    else:
        output.show_table(_table(found, shown or "cells"), form, lang)


def moved_since(frozen: Path, log: sd.EventLog | sd.Parts, question: Question, entry: int | None) -> sd.SinceFrozen:
    """Compare what was frozen with what is known now, under the policies of then where no other is asked for."""
    with output.working("正在比较 / comparing"):
        return sd.moved_since(
            frozen,
            log,
            measures=tuple(one for one in question.measures if not isinstance(one, sd.Derived)),
            policy=question.policy or None,
            as_of=question.as_of,
            diseases=question.diseases,
            entry=entry,
        )


def _check_alone(**given: Any) -> None:
    named = [f"--{name.replace('_', '-')}" for name, value in given.items() if value not in (None, (), {})]
    if named:
        faults = [Fault("not_together", name, "is what the frozen file says already", "leave it out") for name in named]
        raise UsageError("--since stands alone:", faults)


def _of_two(
    source: SourceArguments,
    question: Question,
    by: tuple[str, ...],
    *,
    then: int | None,
    before: Path | None,
    policy: dict[str, str],
) -> sd.ScoreDifference:
    faults = (
        [] if question.periods else [Fault("no_period", "--period", "is missing", "--period 2024, or --since FILE")]
    )
    if then is None and before is None and not policy:
        ways = "--since FILE, --then DATE, --before DATA or --policy-then NAME=OPTION"
        faults.append(Fault("nothing_to_compare", "DATA", "there is no other side", ways))
    if faults:
        raise UsageError("two sides are compared:", faults)
    log = source.registry(question.diseases)
    earlier = log if before is None else evolve(source, path=before).registry(question.diseases)
    day = then if then is not None else question.as_of
    old = evolve(question, as_of=day, policy={**question.policy, **policy})
    return old.evaluate(earlier, by).difference(question.evaluate(log, by))


def _table(found: sd.ScoreDifference | sd.SinceFrozen, shown: str) -> Table:
    if isinstance(found, sd.SinceFrozen) and shown != "cells":
        if found.difference is None:
            for remark in found.remarks:
                output.tell(f"{remark.zh} / {remark.en}")
            raise UsageError(f"冻结的结果不能重现 / what was frozen does not come out again: no {shown} can be shown")
        found = found.difference
    table: Table = getattr(found, shown)
    return table
