"""DATA: where a registry is, how it is read, and what is said about its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import click
from attrs import frozen

import singledisease as sd
from singledisease.cli.options import complete_mapping
from singledisease.cli.output import tell, working
from singledisease.errors import DataError
from singledisease.eventlog.report import TableReport


@frozen
class Source:
    """DATA as it stands on the command line."""

    path: Path
    format: Literal["folder", "synthea"]
    encoding: str
    mapping: str | None
    options: Mapping[str, Any]

    def read(self, diseases: Iterable[sd.Disease] = ()) -> sd.EventLog:
        """Read it, and say on standard error what became of its rows.

        Raises
        ------
        DataError
            If it cannot be read, or nothing at all of a table could be accepted.
        """
        with working("正在读取 / reading"):
            log = sd.read(
                self.path,
                format=self.format,
                encoding=self.encoding,
                mapping=self.mapping,
                diseases=tuple(diseases),
                **self.options,
            )
        tell(log.report.summary())
        if nothing := [table.table for table in log.report.tables if _refused_whole(table)]:
            raise DataError(f"{self.path}: 没有一行可以接受 / not one row could be accepted: {', '.join(nothing)}")
        return log


def _refused_whole(table: TableReport) -> bool:
    return table.refused > 0 and table.accepted == 0


def reads_data(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command DATA and the options that say how to read it, as ``source``."""

    @click.argument("data", type=click.Path(exists=True, path_type=Path))
    @click.option("--format-in", type=click.Choice(["folder", "synthea"]), default="folder", help="What DATA is.")
    @click.option("--encoding", default="utf-8", show_default=True, help="Of CSV files, such as gb18030.")
    @click.option(
        "--mapping",
        metavar="FILE|NAME",
        shell_complete=complete_mapping,
        help="What names foreign tables, columns and codes: a TOML file (begin one with inspect), or a shipped one.",
    )
    @click.option("--time-zone", metavar="ZONE", help="Synthea: the clinic's, such as Asia/Shanghai.  [UTC]")
    @click.option("--enrolment", metavar="HOW", help="Synthea: first_condition, first_follow_up or none.")
    @click.option("--follow-up", metavar="WHICH", help="Synthea: encounter_with_reading, encounter or none.")
    @click.option("--glucose", metavar="AS", help="Synthea: take unspecific glucose as glucose or as fpg.")
    @wraps(command)
    def with_source(
        *args: Any,
        data: Path,
        format_in: Literal["folder", "synthea"],
        encoding: str,
        mapping: str | None,
        time_zone: str | None,
        enrolment: str | None,
        follow_up: str | None,
        glucose: str | None,
        **others: Any,
    ) -> Any:
        given = {"time_zone": time_zone, "enrolment": enrolment, "follow_up": follow_up, "glucose": glucose}
        options = {name: option for name, option in given.items() if option is not None}
        return command(*args, source=Source(data, format_in, encoding, mapping, options), **others)

    return with_source
