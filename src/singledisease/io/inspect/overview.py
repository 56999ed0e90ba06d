"""What was looked at, as tables: each file, and each of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from singledisease.eventlog.report import TableReport
from singledisease.io.inspect.profile import Looked
from singledisease.io.tables import SAVE_AS
from singledisease.tables import Heading, Table

_HEADINGS: dict[str, Heading] = {
    "file": ("文件", "file"),
    "encoding": ("编码", "encoding"),
    "rows": ("行数", "rows"),
    "table": ("表", "table"),
    "kind": ("事件类型", "kind"),
    "disease": ("病种", "disease"),
    "by": ("依据", "by"),
    "column": ("列", "column"),
    "name": ("本库名称", "name here"),
    "filled": ("完整率", "share filled"),
    "distinct": ("不同值", "distinct"),
}


def files_table(looked: Sequence[Looked], others: Sequence[Path]) -> Table:
    """Say what each file seems to be, and of those that are not read why."""
    rows = [
        (
            one.file,
            one.encoding or "parquet",
            one.rows,
            one.role.table if one.role else "?",
            one.role.kind if one.role else "",
            one.disease,
            one.by,
        )
        for one in looked
    ]
    rows += [(file.name, file.suffix[1:], 0, "-", "", "", SAVE_AS) for file in others]
    return Table.of_rows(("file", "encoding", "rows", "table", "kind", "disease", "by"), rows, headings=_HEADINGS)


def files_read(tables: Sequence[TableReport]) -> Table:
    """Say how many rows each table of a format had that says itself what it holds."""
    rows = [(one.table, "", one.read, one.table, "", "", "") for one in tables]
    return Table.of_rows(("file", "encoding", "rows", "table", "kind", "disease", "by"), rows, headings=_HEADINGS)


def columns_table(looked: Sequence[Looked]) -> Table:
    """Say what each column could be, by what, how full it is and how many values it has."""
    rows = []
    for one in looked:
        for foreign, content in one.contents.items():
            if not one.first and foreign not in one.guesses:
                continue
            guess = one.guesses.get(foreign)
            name = _besides(one).get(foreign)
            share = content.filled / content.rows if content.rows else None
            rows.append(
                (
                    one.file,
                    foreign,
                    guess.name if guess else name,
                    guess.how if guess else "",
                    share,
                    content.distinct,
                )
            )
    return Table.of_rows(("file", "column", "name", "by", "filled", "distinct"), rows, headings=_HEADINGS)


def _besides(one: Looked) -> dict[str, str]:
    """Give what the columns are that become something besides the row."""
    found = {
        one.pairs: "sbp/dbp",
        one.next_visit: "until",
        one.enrolled: "enrolment",
        one.diagnosed: "diagnosis",
        **{foreign: guess.name for foreign, guess in one.managed.items()},
        one.id_number: "birth_date, sex",
    }
    return {foreign: name for foreign, name in found.items() if foreign}
