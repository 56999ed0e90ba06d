"""``verify``: whether a frozen result can be reproduced."""

from __future__ import annotations

from pathlib import Path

import click

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.source import SourceArguments, reads_data
from singledisease.definitions.aggregate import Countable

EXAMPLES = """\b
Examples / 例:
  singledisease verify DATA published.jsonl
  singledisease verify DATA published.jsonl --entry 1 --format json
  singledisease verify DATA published.jsonl --measures mine.toml

\b
Exit status / 退出码:
  0  reproduced / 可以重现
  1  not reproduced, or the file was changed / 不能重现，或文件被改动
"""
NOT_REPRODUCED = 1


@click.command(epilog=EXAMPLES)
@reads_data
@click.argument("frozen", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--entry", type=click.IntRange(min=1), help="Which entry of FROZEN; the last if not said.")
@click.option("--measures", "measure_set", help="A set or TOML file that defines measures of FROZEN.")
@options.for_diseases
@options.form
@options.lang
@click.pass_context
def verify(
    context: click.Context,
    *,
    source: SourceArguments,
    frozen: Path,
    entry: int | None,
    measure_set: str | None,
    diseases: tuple[str, ...],
    form: str,
    lang: str,
) -> None:
    """核对 / Say whether DATA still gives the figures of a FROZEN file.

    The log as it was known then, the definitions and the counts are compared with what was frozen.
    """
    chosen = tuple(sd.disease(name) for name in diseases)
    log = source.registry(chosen)
    with output.working("正在核对 / verifying"):
        found = sd.verify(frozen, log, measures=defined_in(measure_set, chosen), diseases=chosen or None, entry=entry)
    said = "可以重现 / reproduced" if found.reproduced else "不能重现 / not reproduced"
    (output.show if form == "table" else output.tell)(f"{frozen}, {found.entry}: {said}")
    output.show_table(found.table(), form, lang)
    if not found.reproduced:
        context.exit(NOT_REPRODUCED)


def defined_in(measure_set: str | None, diseases: tuple[sd.Disease, ...]) -> tuple[Countable, ...] | None:
    """Give the measures of a set or file that count something; ``None``, those of the catalogue, if none is named."""
    if measure_set is None:
        return None
    found = sd.measures(measure_set, diseases=diseases or None)
    return tuple(one for one in found if not isinstance(one, sd.Derived))
