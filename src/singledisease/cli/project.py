"""``project``: what happens to the stocks if things go on like this, or if something changes."""

from __future__ import annotations

import math
import re

import click
import numpy as np
from attrs import evolve

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.followed import CohortArguments, follows
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.cli.target import TargetArguments, writes_database
from singledisease.cohorts.projections.forecast import UNCERTAINTIES, Empty, Uncertainty
from singledisease.dates import iso
from singledisease.multistate.scenarios.changes import Change
from singledisease.multistate.scenarios.projection import Projection
from singledisease.tables import Table

_CHANGE = re.compile(
    r"(?P<source>[^:*=@]+):(?P<target>[^:*=@]+)(?P<how>[*=])(?P<size>[0-9.]+)(?:@(?P<start>\d{4}-\d\d-\d\d|\d+))?"
)


MONEY = dict.fromkeys(("cost", "ci_low", "ci_high"), ",.2f")
SUMMED = {"changed": ("改变后", "changed"), "unchanged": ("不变", "unchanged"), "difference": ("差", "difference")}
SHOWN = ("stocks", "workload", "difference", "cost")

Asked = tuple[Change, str | None]
"""A change that is asked for, and the day from which it holds where that was given as a day."""


def read_changes(_context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[Asked, ...]:
    """Read changes such as ``lost:enrolled*2@7``; click tells the user if one is none."""
    found = []
    for text in texts:
        match = _CHANGE.fullmatch(text.strip())
        if match is None:
            raise click.BadParameter(
                f"{text!r} is no change; write lost:enrolled*2@7 (twice as likely from step 7 on), "
                "lost:enrolled*2@2025-07-01 (from that day on) or lost:enrolled=0.3",
                param=parameter,
            )
        size, start = float(match["size"]), match["start"] or "1"
        change = Change(
            source=match["source"],
            target=match["target"],
            factor=size if match["how"] == "*" else None,
            value=size if match["how"] == "=" else None,
            start=int(start) if start.isdigit() else 1,
        )
        found.append((change, None if start.isdigit() else start))
    return tuple(found)


def read_amounts(_context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, float]:
    """Read amounts such as ``lost=12.5``; click tells the user if one is none."""
    found = {}
    for text in texts:
        name, _, amount = text.partition("=")
        try:
            found[name.strip()] = float(amount)
        except ValueError:
            raise click.BadParameter(f"{text!r} is no amount; write name=number", param=parameter) from None
    return found


def costs(changed: Projection, plain: Projection, each: dict[str, float]) -> Table:
    """Sum amounts per person and step over the steps: as changed, as it went on, and the difference."""
    values = np.zeros(len(plain.scenario.states))
    values[plain.codes(list(each))] = list(each.values())
    one, other = changed.total(values), plain.total(values)
    rows = []
    for what, estimate in (("changed", one), ("unchanged", other), ("difference", one - other)):
        low, high = estimate.interval()
        rows.append((what, estimate.value, *(None if math.isnan(x) else x for x in (low, high))))
    headings = {
        "what": ("项目", "what"),
        "cost": ("费用", "cost"),
        "ci_low": ("下限", "low"),
        "ci_high": ("上限", "high"),
    }
    return Table.of_rows(
        ("what", "cost", "ci_low", "ci_high"), rows, headings=headings, formats=MONEY, called={"what": SUMMED}
    )


def dated(table: Table, cohort: sd.Cohort) -> Table:
    """Name the days of each step beside its number, where a table has steps; step 0 is the end of what was seen."""
    if "step" not in table.columns:
        return table
    seen = {0: iso(cohort.periods[-1].end)}
    when = seen | {step: sd.period_of_step(cohort, step).name for step in set(table["step"]) - {0}}
    columns = {"step": table["step"], "period": [when[step] for step in table["step"]], **table.columns}
    return evolve(table, columns=columns, headings={**table.headings, "period": ("时期", "period")})


EXAMPLES = """\b
Examples / 例:
  singledisease project DATA --disease hypertension \\
      --from 2024-01-01 --to 2024-12-31 --steps 12

\b
Lost people found twice as often from month 4 on / 第4个月起失访找回加倍:
  singledisease project DATA --disease hypertension \\
      --from 2024-01-01 --to 2024-12-31 --steps 12 \\
      --change 'lost:enrolled*2@4' --show difference
"""


@click.command(epilog=EXAMPLES)
@reads_data
@follows
@click.option("--steps", required=True, type=click.IntRange(1), help="How many steps to look ahead.")
@click.option(
    "--change",
    "changes",
    multiple=True,
    callback=read_changes,
    metavar="FROM:TO*FACTOR[@STEP]",
    help="What if: another probability (FROM:TO=SHARE) or a multiple of it, from a step or day on; repeatable.",
)
@click.option(
    "--show",
    type=click.Choice(SHOWN),
    metavar="TABLE",
    default="stocks",
    show_default=True,
    help="stocks; workload: services due; difference: what --change changes; cost: of --cost.",
)
@click.option(
    "--interval",
    "intervals",
    callback=read_amounts,
    multiple=True,
    metavar="SERVICE=MONTHS",
    help="What if a service of the list came up at another interval (with --show workload); repeatable.",
)
@click.option(
    "--cost",
    "each",
    callback=read_amounts,
    multiple=True,
    metavar="STATE=AMOUNT",
    help="Per person and step (with --show cost); repeatable.",
)
@click.option(
    "--uncertainty",
    type=click.Choice(UNCERTAINTIES),
    metavar="HOW",
    default="bootstrap",
    show_default=True,
    help="Whence the intervals: bootstrap draws people, dirichlet rows of the matrix; or none.",
)
@click.option("--draws", type=click.IntRange(2), default=1000, show_default=True, help="How many are drawn.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draws.")
@click.option("--no-inflow", is_flag=True, help="Nobody enters any more.")
@click.option(
    "--empty",
    type=click.Choice(["refuse", "stay"]),
    default="refuse",
    show_default=True,
    help="What becomes of people in a state in which nobody began a step.",
)
@writes_database
@options.form
@options.lang
def project(
    *,
    source: SourceArguments,
    followed: CohortArguments,
    steps: int,
    changes: tuple[Asked, ...],
    show: str,
    intervals: dict[str, float],
    each: dict[str, float],
    uncertainty: Uncertainty,
    draws: int,
    seed: int,
    no_inflow: bool,
    empty: Empty,
    target: TargetArguments | None,
    form: str,
    lang: str,
) -> None:
    """预测 / Project a cohort's stocks, as they went or with something changed."""
    if show == "cost" and not each:
        raise sd.UsageError("--show cost: of what? give --cost STATE=AMOUNT, once or more")
    cohort = followed.cohort(source)
    with output.working("正在抽样 / drawing"):
        plain = sd.forecast(cohort, uncertainty=uncertainty, draws=draws, seed=seed, inflow=not no_inflow, empty=empty)
    held = [change if day is None else evolve(change, start=sd.step_on(cohort, day)) for change, day in changes]
    projected = plain.changed(*held).project(steps)
    if show == "workload":
        due = sd.workload(
            projected, followed.disease, months=followed.months, policy=followed.policy, intervals=intervals
        )
        table = due.table()
    elif show == "cost":
        table = costs(projected, plain.project(steps), each)
    else:
        table = projected.against(plain.project(steps)) if show == "difference" else projected.table()
    if target is not None:
        target.write(table)
    else:
        output.show_table(dated(table, cohort) if form == "table" else table, form, lang)
