"""``catalogue review``, ``sign`` and ``diff``: clinical numbers, who stands for them, what a county changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

import singledisease as sd
from singledisease import dates
from singledisease.cli import options, output
from singledisease.definitions.citation import STATUSES

REVIEWED = """\b
Examples / 例:
  singledisease catalogue review hypertension --status proposal
  singledisease catalogue review --unsigned --format csv > numbers.csv
"""
SIGNED = """\b
Examples / 例:
  singledisease catalogue sign county.toml --disease hypertension \\
      --by "县级首席专家团队" --on 2024-05-01 --remark "同意"
"""
COMPARED = """\b
Examples / 例:
  singledisease catalogue diff hypertension county.toml
"""


@click.command("review", epilog=REVIEWED)
@click.argument("names", metavar="[ID]...", nargs=-1, shell_complete=options.complete_disease)
@click.option(
    "--status", "statuses", type=click.Choice(STATUSES), multiple=True, help="Only numbers of this status; repeatable."
)
@click.option("--unsigned", is_flag=True, help="Only numbers that nobody has signed as they stand.")
@options.form
@options.lang
def review(names: tuple[str, ...], statuses: tuple[str, ...], unsigned: bool, form: str, lang: str) -> None:
    """审阅 / List the clinical numbers of diseases (ids, files, overlays), the least sure first."""
    table = sd.review_catalogue(names or None, statuses=statuses or STATUSES, language=lang, signed=not unsigned)
    output.show_table(table, form, lang)


@click.command("sign", epilog=SIGNED)
@click.argument("overlay", metavar="OVERLAY.toml", type=options.OUTPUT_FILE)
@click.option(
    "--disease", "of", help="The disease, if the file is not there yet.", shell_complete=options.complete_disease
)
@click.option("--by", required=True, help="Who signs.")
@click.option("--on", required=True, callback=options.read_day, metavar="DATE", help="The day of signing.")
@click.option("--remark", default="", help="What there is to say.")
@click.option("--parameter", "parameters", multiple=True, help="A number that was looked at; repeatable. None: all.")
def sign(*, overlay: Path, of: str | None, by: str, on: int, remark: str, parameters: tuple[str, ...]) -> None:
    """签名 / Sign a definition in an overlay file beside it; a change of the definition makes the signature void."""
    sd.sign_definition(overlay, of=of, by=by, on=dates.date_of(on), remark=remark, parameters=parameters)
    output.tell(f"{overlay}: 已签名 / signed")


@click.command("diff", epilog=COMPARED)
@click.argument("one", shell_complete=options.complete_disease)
@click.argument("other", shell_complete=options.complete_disease)
@options.form
@options.lang
def diff(one: str, other: str, form: str, lang: str) -> None:
    """差异 / Say in words how two diseases (ids, files, overlays) differ, part by part."""
    table = sd.definition_difference(one, other, language=lang)
    if form == "table":
        output.show("\n".join(in_lines(table)) or {"zh": "没有差异", "en": "no difference"}[lang])
        return
    output.show_table(table, form, lang)


def in_lines(table: sd.Table) -> Iterator[str]:
    """Write what was before and what is after below one another: sentences are too long for columns."""
    for row in table.rows():
        yield row["part"]
        yield from (f"  {mark} {row[name]}" for mark, name in (("-", "before"), ("+", "after")) if row[name])
