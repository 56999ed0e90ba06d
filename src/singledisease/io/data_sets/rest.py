"""What a data set has no place for, in files of this library beside it, and the mapping that reads both."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable, TableName

MAPPING = "mapping.toml"
_PREFIX = "rest_"


def rest_files() -> list[str]:
    """Give the names that these files may have."""
    return [*(f"{_PREFIX}{name}.csv" for name in get_args(TableName)), MAPPING]


def write_rest(
    folder: Path,
    data_set: str,
    people: Sequence[Mapping[str, str]],
    left: Sequence[Mapping[str, str]],
    others: Iterable[RawTable],
) -> None:
    """Write everybody with all that is known of them, the events without a place, the further tables, the mapping."""
    tables: dict[str, tuple[list[str], list[list[str]]]] = {}
    for name, rows in (("patients", people), ("events", left)):
        if rows:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            tables[name] = columns, [[row.get(column, "") for column in columns] for row in rows]
    for table in others:
        if len(table):
            cells = [as_text(column) for column in table.columns.values()]
            texts = [[column.categories[code] for code in column.codes.tolist()] for column in cells]
            tables[table.name] = list(table.columns), [list(row) for row in zip(*texts, strict=True)]
    for name, (columns, rows_of) in tables.items():
        with open(folder / f"{_PREFIX}{name}.csv", "w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([columns, *rows_of])
    (folder / MAPPING).write_text("\n".join(_mapping(data_set, tables)), "utf-8")


def _mapping(data_set: str, tables: Mapping[str, tuple[list[str], list[list[str]]]]) -> Iterable[str]:
    yield f"# 数据集之外的内容在 {_PREFIX}*.csv / what the data set has no place for stands in {_PREFIX}*.csv"
    yield f'extends = "{data_set}"'
    for name, (columns, _) in tables.items():
        yield ""
        yield f"[sources.{_PREFIX}{name}]"
        yield f'table = "{name}"'
        yield f'files = ["{_PREFIX}{name}"]'
        yield 'others = "keep"'
        named = ", ".join(f"{_quoted(column)} = {_quoted(column)}" for column in columns)
        yield f"columns = {{ {named} }}"
    yield ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
