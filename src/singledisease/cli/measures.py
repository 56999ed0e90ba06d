"""``measures``: what the sets hold, one measure in words, and how two differ."""

from __future__ import annotations

import click

import singledisease as sd
from singledisease.catalogue import definitions, measure_sets
from singledisease.cli import options, output
from singledisease.cli.catalogue_in_words import measure_in_words, measures_of
from singledisease.cli.review import in_lines
from singledisease.definitions.aggregate import Countable
from singledisease.errors import UsageError, did_you_mean
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.tables import Table

EXAMPLES = """\b
Examples / 例:
  singledisease measures list cn-county
  singledisease measures show hypertension.control --lang zh
  singledisease measures diff hypertension.control mine.toml:control
"""
_HEADINGS = {
    "set": ("指标集", "set"),
    "id": ("编号", "id"),
    "name": ("名称", "name"),
    "version": ("版本", "version"),
    "status": ("把握程度", "status"),
}


@click.group(epilog=EXAMPLES)
def measures() -> None:
    """指标定义 / List the measures of the sets, show one in words, or say how two differ."""


@measures.command("list", epilog=EXAMPLES)
@click.argument("name", metavar="[SET]", required=False)
@options.form
@options.lang
def list_all(name: str | None, form: str, lang: str) -> None:
    """列出 / List the measures of every set, or of one (its id or a TOML file)."""
    sets = [*measure_sets()] if name is None else [name]
    rows = [
        (each, one.id, one.names.in_language(lang), one.version, one.status)
        for each in sets
        for one in sd.measures(each)
    ]
    output.show_table(Table.of_rows([*_HEADINGS], rows, headings=_HEADINGS), form, lang)


@measures.command("show", epilog=EXAMPLES)
@click.argument("name", metavar="ID")
@options.lang
def show_one(name: str, lang: str) -> None:
    """详情 / Show a measure (ID, or FILE.toml:ID) in words, with its policies and source."""
    output.show_text(measure_in_words(_found(name), definitions(), lang))


@measures.command("diff", epilog=EXAMPLES)
@click.argument("one")
@click.argument("other")
@options.form
@options.lang
def diff(one: str, other: str, form: str, lang: str) -> None:
    """差异 / Say in words how two measures (ID, or FILE.toml:ID) differ."""
    table = sd.definition_difference(_with_rules(one), _with_rules(other), language=lang)
    if form == "table":
        output.show("\n".join(in_lines(table)) or {"zh": "没有差异", "en": "no difference"}[lang])
        return
    output.show_table(table, form, lang)


def _with_rules(name: str) -> Countable:
    found = _found(name)
    if isinstance(found, sd.Derived):
        raise UsageError(f"{name}: 派生指标不能比较 / a derived figure has no rules to compare")
    return found


def _found(name: str) -> AnyMeasure:
    """Find a measure of the catalogue by id, or of a file: ``FILE.toml:ID``."""
    file, colon, id = name.rpartition(":")
    of_file = bool(colon) and file.endswith(".toml")
    known = {one.id: one for one in sd.measures(file)} if of_file else measures_of(measure_sets())
    wanted = id if of_file else name
    if wanted not in known:
        raise UsageError(f"没有此指标 / there is no measure {wanted!r}; {did_you_mean(wanted, known)}")
    return known[wanted]
