"""Where things go: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

import click

from singledisease.tables import Table

SHORT = 16
"""Columns of texts up to so many places, such as dates, are never broken on a terminal."""

PATIENCE = 2.0
"""Seconds before it is shown that something goes on."""


def tell(text: str) -> None:
    """Write something that is no result."""
    click.echo(text, err=True)


def show(text: str) -> None:
    """Write a result."""
    click.echo(text.rstrip("\n"))


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
    from rich import box  # noqa: PLC0415 - takes a tenth of a second, and is for terminals only
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as Fitted  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    flat = table.flat()
    rows = flat.shown()
    fitted = Fitted(box=box.SIMPLE_HEAD)
    for i, name in enumerate(flat.columns):
        widest = max((cell_len(row[i]) for row in rows), default=0)
        fitted.add_column(flat.heading(name, language), overflow="fold", no_wrap=widest <= SHORT)
    for row in rows:
        fitted.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(fitted)


def show_title(text: str) -> None:
    """Write the title of a part of a page."""
    show(f"\n━━ {text} ━━")


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something goes on, once it takes more than two seconds; nobody watching, nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second, and is for terminals only
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    shown = Progress(
        SpinnerColumn(), TextColumn(what), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    )
    shown.add_task(what, total=None)
    started = Timer(PATIENCE, shown.start)
    started.daemon = True
    started.start()
    try:
        yield
    finally:
        started.cancel()
        started.join()
        shown.stop()


def progress() -> Callable[[int, int], None] | None:
    """Give what shows on a terminal how many people are done; ``None`` where nobody is watching."""
    if not sys.stderr.isatty():
        return None

    def told(done: int, people: int) -> None:
        click.echo(f"\r{done:,} / {people:,} 人 / people", err=True, nl=done == people)

    return told
