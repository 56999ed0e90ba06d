"""Where things go: results to standard output, everything else to standard error."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

import click

from singledisease.cli.fitting import fitted
from singledisease.tables import Table
from singledisease.wrapping import folded

PATIENCE = 2.0
"""Seconds before it is shown that something goes on."""


def tell(text: str) -> None:
    """Write something that is no result; on a terminal no word of it is broken."""
    click.echo(folded(text, width()) if sys.stderr.isatty() else text, err=True)


def show(text: str) -> None:
    """Write a result."""
    click.echo(text.rstrip("\n"))


def show_text(text: str) -> None:
    """Write a result that is prose; on a terminal no word of it is broken."""
    show(folded(text, width()) if sys.stdout.isatty() else text)


def show_table(table: Table, form: str, language: str) -> None:
    """Write a table as CSV or JSON, or for people to read: on a terminal fitted to its width."""
    if form == "json":
        show(table.to_json())
    elif form == "csv":
        show(table.to_csv())
    elif sys.stdout.isatty():
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


@contextmanager
def working(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal that something goes on, once it takes more than two seconds; nobody watching, nothing.

    Gives what is to be told how many of how many people are done, ``None`` where nobody is watching.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second, and is for terminals only
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Progress(*columns, console=console, transient=True)
    task = shown.add_task(what, total=None)
    patience = Timer(PATIENCE, shown.start)
    patience.daemon = True
    patience.start()
    try:
        yield lambda done, people: shown.update(task, completed=done, total=people)
    finally:
        patience.cancel()
        patience.join()
        if shown.live.is_started:
            shown.stop()
