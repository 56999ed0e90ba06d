"""DATA: where a registry is, how it is read, and what is said about its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from attrs import frozen

import singledisease as sd
from singledisease.cli.output import tell, working
from singledisease.cli.reading import ReadingArguments, reads
from singledisease.errors import DataError, UsageError
from singledisease.io.database.url import is_url, without_password
from singledisease.io.partition.manifest import MANIFEST


class Data(click.Path):
    """A file or folder that is there, or the URL of a database."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """Give a path, or of a database its URL as it is."""
        return value if is_url(value) else super().convert(value, parameter, context)


DATA = Data()


@frozen
class SourceArguments:
    """DATA as it stands on the command line."""

    path: Path | str
    reading: ReadingArguments

    @property
    def in_parts(self) -> bool:
        """Whether DATA is a partitioned registry."""
        return isinstance(self.path, Path) and (self.path / MANIFEST).is_file()

    @property
    def shown(self) -> str:
        """DATA as a message names it: no password stands in it."""
        return without_password(str(self.path))

    def registry(self, diseases: Iterable[sd.Disease] = ()) -> sd.EventLog | sd.Parts:
        """Read it as ``read`` does, or if it is partitioned give its parts, of which nothing is read yet."""
        if not self.in_parts:
            return self.read(diseases)
        rules = {name: value for name, value in self.reading.rules.items() if value}
        return sd.parts(self.path, diseases=tuple(diseases), **rules)

    def read(self, diseases: Iterable[sd.Disease] = ()) -> sd.EventLog:
        """Read it, and say on standard error what became of its rows.

        Raises
        ------
        DataError
            If it cannot be read, or nothing at all of a table could be accepted.
        """
        if self.in_parts:
            raise UsageError(f"{self.shown}: 此命令不读取分片的数据 / this command reads no partitioned registry")
        with working("正在读取 / reading"):
            log = sd.read(self.path, diseases=tuple(diseases), **self.reading.arguments())
        tell(log.report.summary())
        if nothing := _refused_whole(log):
            raise DataError(f"{self.shown}: 没有一行可以接受 / not one row could be accepted: {', '.join(nothing)}")
        return log


_TABLES = ("patients", "events", "institutions")


def _refused_whole(log: sd.EventLog) -> list[str]:
    """Give the tables of which nothing was accepted, though something was refused.

    A format with a table for each type of record may lose all of one type; not all that are events.
    """
    whole = [table.table for table in log.report.tables if table.refused > 0 and table.accepted == 0]
    return whole if not len(log) else [name for name in whole if name in _TABLES]


def reads_data(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command DATA and the options that say how to read it, as ``source``."""

    @click.argument("data", type=DATA)
    @reads
    @wraps(command)
    def with_source(*args: Any, data: Path | str, reading: ReadingArguments, **others: Any) -> Any:
        return command(*args, source=SourceArguments(data, reading), **others)

    return with_source
