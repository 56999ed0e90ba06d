"""``--out-database``: a result into a table of a database, in the place of standard output."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from attrs import frozen

from singledisease.api.database import write_database
from singledisease.cli.output import tell, working
from singledisease.errors import UsageError
from singledisease.io.database.url import check_url, connected, without_password
from singledisease.tables import Table


class DatabaseUrl(click.ParamType[str]):
    """The URL of a database; whether there is such a kind of database is asked before anything is computed."""

    name = "url"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> str:
        """Give the URL; click tells the user if it is none."""
        try:
            check_url(value)
        except UsageError as error:
            self.fail(str(error), parameter, context)
        return str(value)


@frozen
class TargetArguments:
    """A table of a database that a result is written to."""

    url: str
    table: str
    overwrite: bool

    def write(self, result: Table) -> None:
        """Write a result as the table, whole or not at all, and say how many rows it has.

        Raises
        ------
        DataError
            If the table is there already and is not to be replaced, or the database refuses it.
        """
        with working("正在写入 / writing"), connected(self.url, write=True) as connection:
            rows = write_database(result, connection, self.table, overwrite=self.overwrite)
        place = without_password(self.url)
        tell(f"{place}: {self.table}: 已写入 {rows[self.table]} 行 / {rows[self.table]} rows written")


def writes_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that write its result to a database, as ``target``, ``None`` if it is not wanted."""

    @click.option(
        "--out-database",
        type=DatabaseUrl(),
        metavar="URL",
        help="Write the result to a table there, whatever --format: sqlite:///FILE, duckdb:///FILE, postgresql://…",
    )
    @click.option("--out-table", metavar="NAME", help="What that table is called.  [default: as the command]")
    @click.option("--overwrite", is_flag=True, help="Replace that table if it is there.")
    @wraps(command)
    def with_target(*args: Any, out_database: str | None, out_table: str | None, overwrite: bool, **others: Any) -> Any:
        if out_database is None and (out_table or overwrite):
            raise UsageError("--out-table, --overwrite: 需要 --out-database / need --out-database URL")
        name = out_table or command.__name__
        return command(*args, target=TargetArguments(out_database, name, overwrite) if out_database else None, **others)

    return with_target
