"""``worklist``: what is due, for whom, by when, and who does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.cli.target import TargetArguments, writes_database
from singledisease.dates import date_of
from singledisease.tables import Table

EXAMPLES = """\b
Examples / 例:
  singledisease worklist DATA --on 2024-06-30
  singledisease worklist DATA --on 2024-06-30 --ahead 7 --format csv > due.csv
  singledisease worklist DATA --on 2024-06-30 --by team --ahead all
  singledisease worklist DATA --on 2024-06-30 --format fhir-task > tasks.json
"""
EVERYTHING = "all"
FHIR: Mapping[str, Literal["Task", "CarePlan"]] = {"fhir-task": "Task", "fhir-careplan": "CarePlan"}
"""Formats that are FHIR, and what each row becomes."""


def read_ahead(_context: click.Context, parameter: click.Parameter, text: str) -> int | None:
    """Read a number of days; ``all`` is no bound."""
    if text == EVERYTHING:
        return None
    if not text.isdecimal():
        raise click.BadParameter(f"{text!r} is neither a number of days nor {EVERYTHING!r}", param=parameter)
    return int(text)


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--on", required=True, callback=options.read_day, metavar="DATE", help="The day asked about.")
@click.option(
    "--ahead",
    default="30",
    show_default=True,
    callback=read_ahead,
    metavar="DAYS|all",
    help="How many days ahead; how much is due later is told.",
)
@options.for_diseases
@click.option("--joint", is_flag=True, help="One row for a visit that serves several diseases of a person.")
@options.grouped
@writes_database
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", *FHIR]),
    default="table",
    show_default=True,
    help="fhir-task and fhir-careplan: a FHIR R4 bundle.",
)
@options.lang
def worklist(
    *,
    source: SourceArguments,
    on: int,
    ahead: int | None,
    diseases: tuple[str, ...],
    joint: bool,
    by: tuple[str, ...],
    target: TargetArguments | None,
    form: str,
    lang: str,
) -> None:
    """待办 / List what is due on a day, what needs care first standing first; --by sorts before that."""
    chosen = [sd.disease(name) for name in diseases]
    log = source.registry(chosen)
    with output.working("正在列出待办 / listing what is due"):
        due = sd.worklist(log, on=on, diseases=chosen or None, by=by, language=lang, joint=joint)
    shown = due if ahead is None else until(due, on + ahead)
    if target is not None:
        target.write(shown)
    elif form in FHIR:
        output.show(json.dumps(sd.to_fhir(shown, work=FHIR[form]), ensure_ascii=False, indent=2))
    else:
        output.show_table(for_people(shown) if form == "table" else shown, form, lang)
    if ahead is not None and len(shown) < len(due):
        later = len(due) - len(shown)
        output.tell(
            f"另有 {later} 项在 {date_of(on + ahead)} 之后到期，未列出；--ahead all 列出全部"
            f" / {later} more fall due later and are not shown: --ahead all"
        )


def for_people(due: Table) -> Table:
    """Leave out what says the same again: the id of an item beside its name, the levels beside who does it."""
    columns = {name: values for name, values in due.columns.items() if name not in ("item", "levels")}
    return Table(columns, headings=due.headings)


def until(due: Table, day: int) -> Table:
    """Give the rows that fall due by a day, the overdue among them."""
    last = date_of(day)
    keep = [i for i, date in enumerate(due["due"]) if date <= last]
    columns = {name: [values[i] for i in keep] for name, values in due.columns.items()}
    return Table(columns, headings=due.headings)
