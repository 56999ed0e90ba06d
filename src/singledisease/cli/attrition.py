"""``attrition``: how many people each rule of a measure took."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.question import Question, asks
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.tables import Table

EXAMPLES = """\b
Examples / 例:
  singledisease attrition DATA --period 2024 --measure hypertension.control
  singledisease attrition DATA --period 2024 --by institution \\
      --measure hypertension.control --format csv > flow.csv
"""
_OF_ONE = {"zh": ("rule_en", "rule", "version"), "en": ("rule_zh", "rule", "version")}
"""Columns that people who read one language need not see."""


@click.command(epilog=EXAMPLES)
@reads_data
@click.option("--measure", help="Only this one, such as hypertension.control; otherwise all.")
@asks
@options.grouped
@options.form
@options.lang
def attrition(
    *, source: SourceArguments, measure: str | None, question: Question, by: tuple[str, ...], form: str, lang: str
) -> None:
    """逐条规则 / Count whom each rule of a measure took."""
    chosen = question if measure is None else question.only(measure)
    score = chosen.evaluate(source.registry(question.diseases), by)
    with output.working("正在逐条计数 / counting rule by rule"):
        found = sd.attrition(score, engine=question.engine)
    output.show_table(for_people(found, lang) if form == "table" else found, form, lang)


def for_people(found: Table, language: str) -> Table:
    """Leave out the names in the other language, and ids."""
    columns = {name: cells for name, cells in found.columns.items() if name not in _OF_ONE[language]}
    return Table(columns, headings={**found.headings, "rule_zh": ("规则", "Rule"), "rule_en": ("规则", "Rule")})
