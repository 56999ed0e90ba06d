"""``transitions``: what happens to a population, step by step."""

from __future__ import annotations

from typing import Any

import click
from attrs import evolve

import singledisease as sd
from singledisease import dates
from singledisease.api.cohort_in_parts import table_in_parts
from singledisease.cli import options, output
from singledisease.cli.followed import CohortArguments, follows
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.cli.target import TargetArguments, writes_database
from singledisease.tables import Table

EXAMPLES = """\b
Examples / 例:
  singledisease transitions DATA --disease hypertension \\
      --from 2024-01-01 --to 2024-12-31 --show flows --by institution
  singledisease transitions DATA --disease hypertension --every quarter \\
      --from 2024-01-01 --to 2024-12-31 \\
      --attribute hypertension.control --carry-days 365
"""
SHOWN = ("counts", "flows", "occupancy", "matrix", "incidence", "person-time", "sequences", "occupation")


def table_of(cohort: sd.Cohort, show: str) -> Table:
    """Give one of the tables of a cohort, by name."""
    if show == "sequences":
        return cohort.per_stratum(lambda part: part.sequences().table())
    if show == "occupation":
        return cohort.per_stratum(occupation_of)
    found = getattr(cohort, show.replace("-", "_"))
    return found if isinstance(found, Table) else found()


def occupation_of(cohort: sd.Cohort) -> Table:
    """Give the probability of each state at the end of each step, with the day."""
    days = cohort.steps.days
    table = cohort.aalen_johansen(since=0, at=days[1:] - days[0]).table()
    named = {"day": [dates.iso(int(days[0] + time)) for time in table["time"]], **table.columns}
    return evolve(table, columns=named, headings={**table.headings, "day": ("日期", "day"), "time": ("天数", "days")})


@click.command(epilog=EXAMPLES)
@reads_data
@follows
@click.option(
    "--show",
    type=click.Choice(SHOWN),
    metavar="TABLE",
    default="counts",
    show_default=True,
    help=f"{', '.join(SHOWN)}.",
)
@click.option(
    "--attribute",
    metavar="NAME",
    help="Follow groups of this instead of states: a measure, a column such as institution, or stage.",
)
@click.option(
    "--carry-days",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="For how many days a reading stands, where the attribute is a measure.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes, of a registry in parts."
)
@options.grouped
@writes_database
@options.form
@options.lang
def transitions(
    *,
    source: SourceArguments,
    followed: CohortArguments,
    show: str,
    attribute: str | None,
    carry_days: int | None,
    by: tuple[str, ...],
    target: TargetArguments | None,
    form: str,
    lang: str,
    workers: int,
) -> None:
    """转移 / Count who moved from state to state, entered, left and died, step by step."""
    asked: dict[str, Any] = {"by": by, "attribute": attribute, "carry_days": carry_days}
    registry = source.registry([followed.disease]) if source.in_parts else None
    if isinstance(registry, sd.Parts):
        with output.working("正在随访 / following"):
            table, report = table_in_parts(registry, show, {**followed.asked, **asked}, workers=workers)
        output.tell(report.summary())
    else:
        table = table_of(followed.cohort(source, **asked), show)
    if target is not None:
        target.write(table)
    else:
        output.show_table(by_period(table) if form == "table" else table, form, lang)


def by_period(table: Table) -> Table:
    """Name each step instead of giving its first and last day, where a table has them."""
    if "period_start" not in table.columns:
        return table
    days = zip(table["period_start"], table["period_end"], strict=True)
    steps = [dates.Period(dates.day_of(first), dates.day_of(last)).name for first, last in days]
    columns = {name: values for name, values in table.columns.items() if not name.startswith("period_")}
    return evolve(
        table, columns={"period": steps, **columns}, headings={**table.headings, "period": ("时期", "period")}
    )
