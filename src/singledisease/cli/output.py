"""Where things go: results to standard output, everything else to standard error."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

import click

from singledisease.api.progress import working as working  # noqa: PLC0414 - where commands look for it
from singledisease.cli.fitting import fitted
from singledisease.cli.options import SPREADSHEET_SAFE
from singledisease.errors import OutputError
from singledisease.tables import Table
from singledisease.text_layout import folded


def tell(text: str) -> None:
    """Write something that is no result; on a terminal no word of it is broken."""
    click.echo(folded(text, width()) if _is_terminal(sys.stderr) else text, err=True)


def _is_terminal(stream: TextIO | None) -> bool:
    # A closed stream is none.
    return stream is not None and stream.isatty()


def show(text: str) -> None:
    """Write a result.

    Raises
    ------
    OutputError
        If there is no standard output to write it to.
    """
    if sys.stdout is None:
        raise OutputError("标准输出已关闭 / standard output is closed: the result can be written nowhere")
    click.echo(text.rstrip("\n"))


def show_text(text: str) -> None:
    """Write a result that is prose; on a terminal no word of it is broken."""
    show(folded(text, width()) if _is_terminal(sys.stdout) else text)


def show_table(table: Table, form: str, language: str) -> None:
    """Write a table as CSV or JSON, or for people to read: on a terminal fitted to its width."""
    if form == "json":
        show(table.to_json())
    elif form == "csv":
        context = click.get_current_context(silent=True)
        show(table.to_csv(spreadsheet_safe=context is not None and bool(context.meta.get(SPREADSHEET_SAFE))))
    elif _is_terminal(sys.stdout):
        _show_fitted(table, language)
    else:
        show(table.to_text(language))


def _show_fitted(table: Table, language: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second, and is for terminals only
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in fitted(table, language, width()):
        console.print(Text(line.text, style="bold" if line.head else ""), soft_wrap=True)


def width() -> int:
    """Give how many places a line of text for people may take: those of the terminal, 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def show_title(text: str) -> None:
    """Write the title of a part of a page."""
    show(f"\n━━ {text} ━━")
