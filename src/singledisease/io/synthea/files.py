"""The files of a Synthea export, row by row, and local dates out of their timestamps."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import frozen

from singledisease.errors import DataError, Fault
from singledisease.eventlog.report import Refusal

NEEDED = {
    "patients": ("Id", "BIRTHDATE"),
    "encounters": ("Id", "START", "PATIENT", "ENCOUNTERCLASS"),
    "observations": ("DATE", "PATIENT", "ENCOUNTER", "CODE", "VALUE", "UNITS"),
    "conditions": ("START", "PATIENT", "CODE"),
    "organizations": ("Id", "NAME"),
}
"""Columns each file must have if it is there; ``patients`` must be there."""


@frozen
class SourceRow:
    """One row of a file: where it stands, and its cells."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column) or ""


@frozen
class SourceFile:
    """One file: its rows, and those that are none because they have cells without a column."""

    name: str
    rows: tuple[SourceRow, ...] = ()
    broken: tuple[Refusal, ...] = ()

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return len(self.rows) + len(self.broken)


def read_files(folder: Path) -> dict[str, SourceFile]:
    """Read every CSV file of an export, by name without ``.csv``.

    Raises
    ------
    DataError
        If there is no ``patients.csv``, a file is not UTF-8 CSV, or lacks a column.
    """
    if not (folder / "patients.csv").is_file():
        raise DataError(
            f"{folder} 不是 Synthea 导出 / is no Synthea export",
            [
                Fault(
                    "missing_file", "patients.csv", "there is no such file", "pass the folder that holds Synthea's CSV"
                )
            ],
        )
    files = {path.stem: _read_file(path) for path in sorted(folder.glob("*.csv"))}
    return {**{name: SourceFile(f"{name}.csv") for name in NEEDED}, **files}


def _read_file(path: Path) -> SourceFile:
    rows: list[SourceRow] = []
    broken: list[Refusal] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _require(path, reader.fieldnames or ())
            _refuse_doubles(path, reader.fieldnames or ())
            for cells in reader:
                if None in cells:
                    broken.append(_too_long(path.name, reader.line_num, cells[None]))
                else:
                    rows.append(SourceRow(path.name, reader.line_num, cells))
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        raise DataError(
            f"{path.name} 无法读取 / cannot be read",
            [Fault("unreadable_file", path.name, str(error), "Synthea writes UTF-8 CSV; export it again")],
        ) from None
    return SourceFile(path.name, tuple(rows), tuple(broken))


def _require(path: Path, columns: Sequence[str]) -> None:
    missing = [name for name in NEEDED.get(path.stem, ()) if name not in columns]
    if missing:
        raise DataError(
            f"{path.name} 不是 Synthea 文件 / is no file of Synthea's",
            [Fault("missing_column", path.name, f"there is no column {name}") for name in missing],
        )


def _refuse_doubles(path: Path, columns: Sequence[str]) -> None:
    """Refuse a heading that stands twice: of two values of one name nobody knows which is meant."""
    faults = [
        Fault("duplicate_column", path.name, f"列名重复 / two columns are named {column!r}", "rename one")
        for column, count in Counter(columns).items()
        if count > 1
    ]
    if faults:
        raise DataError(f"{path.name}: 表头有误 / the header is not sound", faults)


def _too_long(name: str, line: int, cells: Iterable[str]) -> Refusal:
    return Refusal(
        table=name.removesuffix(".csv"),
        file=name,
        line=line,
        column="",
        value=",".join(cells),
        check="too_many_cells",
        reason="单元格多于列 / more cells than columns",
    )


def local_time(text: str, zone: ZoneInfo) -> tuple[str, str]:
    """Give the local date and the second of the day of a timestamp; of a plain date, no second.

    Text that is neither comes back as it is, so that it is refused where every date is checked.

    >>> local_time("2023-12-31T20:30:00Z", ZoneInfo("Asia/Shanghai")), local_time("2023-12-31", ZoneInfo("UTC"))
    (('2024-01-01', '16200'), ('2023-12-31', ''))
    """
    if "T" not in text and " " not in text.strip():
        return text, ""
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return text, ""
        local = moment.astimezone(zone)
    except (ValueError, OverflowError):
        return text, ""
    return local.date().isoformat(), str(local.hour * 3600 + local.minute * 60 + local.second)
