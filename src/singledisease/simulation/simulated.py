"""What a simulation gives: tables as a clinic would hand them over, and the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.whole_files import whole_folder
from singledisease.io.write import FORMATS, Format, registry_files, write_csv, write_tables
from singledisease.tables import Table
from singledisease.vocabulary import Quantity

Columns = Mapping[str, AnyColumn]
Progress = Callable[[int, int], None]

TRUTH = "truth.json"
"""The file by which a folder is known to be simulated."""


@frozen(eq=False, kw_only=True)
class Simulated:
    """A simulated registry: its tables, and the truth.

    Attributes
    ----------
    tables
        Columns of patients, events and institutions, as they are written.
    stays
        True stays in states, as columns patient_id, disease, state, entered, left (the first day no longer in it), by
        disease, person and time.
    figures
        What is true of the whole: the rates that made it; what will become of the rows of events when they are read;
        of each institution how many pressures it wrote and rounded; by disease and year how many people were managed,
        lost, without a reading and at goal under the default policies, in all and by institution.
    quantities
        Those that the diseases declare beyond the built-in ones.
    assumptions
        Every number behind it, and whether it was published, worked out of what was published, or assumed.
    """

    tables: Mapping[TableName, Columns]
    stays: Columns
    figures: Mapping[str, Any]
    quantities: tuple[Quantity, ...] = ()
    assumptions: Table = field(factory=lambda: Table({}))

    def __repr__(self) -> str:
        people, events = (len(next(iter(self.tables[name].values()))) for name in ("patients", "events"))
        return f"<Simulated registry: {people:,} people, {events:,} events>"

    @property
    def truth(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """True stays in states as rows of text, the days as ``YYYY-MM-DD``."""
        return tuple(zip(*map(_texts, self.stays.values()), strict=True))

    def log(self) -> EventLog:
        """Give the registry as an event log, as if it had been read from files."""
        raw = {
            name: RawTable(name=name, columns=columns, file=name, line=np.arange(2, _length(columns) + 2))
            for name, columns in self.tables.items()
        }
        return build(
            raw["patients"],
            raw["events"],
            raw["institutions"],
            self.quantities,
            teams=raw.get("teams"),
            activities=raw.get("activities"),
        )

    def write(self, folder: str | Path, format: Format = "csv") -> Path:
        """Write patients, events and institutions, and beside them ``truth.csv`` and ``truth.json``.

        What was simulated into the folder before is replaced, all of it at once: stopped in between, the folder is as
        it was, or is refused by ``read`` until it is written again.

        Raises
        ------
        UsageError
            If there is no such format, or the folder holds a registry that was not simulated.
        OutputError
            If the files cannot be written; what stood there is as it was.
        MissingExtraError
            If Parquet is asked for and pyarrow is not installed.
        """
        path, format = Path(folder), checked_format(format)
        check_simulated(path)
        # The truth stands first: whatever is there beside it is known to be simulated.
        with whole_folder(path, [TRUTH, "truth.csv", *registry_files()]) as made:
            write_tables({str(name): columns for name, columns in self.tables.items()}, made, format)
            write_csv(self.stays, made / "truth.csv")
            text = json.dumps(self.figures, ensure_ascii=False, indent=2)
            (made / TRUTH).write_text(text + "\n", encoding="utf-8")
        return path


def check_simulated(folder: Path) -> None:
    """Refuse to write over a registry that was not simulated.

    Raises
    ------
    UsageError
        If the folder holds one.
    """
    present = [name for name in registry_files() if (folder / name).exists()]
    if present and not (folder / TRUTH).exists():
        raise UsageError(
            f"{folder}: 已有并非模拟的数据，不覆盖 / holds data that was not simulated ({', '.join(present)}); "
            "name another folder"
        )


def checked_format(format: str) -> Format:
    """Give a format that can be written.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    for known in FORMATS:
        if format == known:
            return known
    raise UsageError(f"没有格式 / there is no format {format!r}; {did_you_mean(str(format), FORMATS)}")


def _texts(column: AnyColumn) -> list[str]:
    if isinstance(column, Dates):
        return [str(day) for day in column.values.astype("datetime64[D]")]
    assert isinstance(column, Coded)
    return [column.categories[code] for code in column.codes.tolist()]


def _length(columns: Columns) -> int:
    return len(next(iter(columns.values())))
