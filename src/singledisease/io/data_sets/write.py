"""A registry written as the CSV of a data set, with an account of what has no place there."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.to_tables import tables_of
from singledisease.io.data_sets.placing import Placed, Values, place_events
from singledisease.io.data_sets.rest import rest_files, write_rest
from singledisease.io.data_sets.sheets import DataSetTable, foreign_cell, sheets_of
from singledisease.io.mapping import read_mapping
from singledisease.io.whole_files import whole_folder
from singledisease.tables import Table

DATA_SETS: tuple[str, ...] = ("ws365", "ws372")
ELEMENTS = "数据元.md"
"""The file that says what each identifier is; it is no table of the data set, and is not read."""


@frozen(eq=False)
class Written:
    """What was written: the account, and the files.

    Attributes
    ----------
    account
        A row for each kind of event, column, table and format: how many were written, how many not, and why.
    files
        The names of the files in the folder.
    """

    account: Table
    files: tuple[str, ...]

    def table(self) -> Table:
        """Give the account."""
        return self.account

    @property
    def lost(self) -> int:
        """How many events, cells and rows were not written into the data set."""
        return sum(self.account["not_written"])


def write_data_set(log: EventLog, path: str | Path, data_set: str, *, rest: bool = False) -> Written:
    """Write a log as the tables of a data set, with its identifiers, codes and formats.

    Parameters
    ----------
    log
        The log; what it refused is not in it.
    path
        The folder, made if need be.
    data_set
        ``ws365`` or ``ws372``.
    rest
        Write what the data set has no place for beside it, in files of this library, with a mapping that reads both.

    Raises
    ------
    UsageError
        If there is no such data set, or the path is a file.
    OutputError
        If the files cannot be written; what stood there is as it was.
    """
    if data_set not in DATA_SETS:
        raise UsageError(f"没有数据集 / there is no data set {data_set!r}; {did_you_mean(str(data_set), DATA_SETS)}")
    sheets = sheets_of(read_mapping(data_set))
    patients, events, *others = tables_of(log)
    people, happened = list(_values(patients)), list(_values(events))
    placed = place_events(sheets, happened)
    lost_of_people = _fill_people(sheets, people, placed)
    left = [happened[i] for i in placed.left]
    belonging = [*(f"{sheet.name}.csv" for sheet in sheets), ELEMENTS, *rest_files()]
    with whole_folder(path, belonging) as folder:
        for sheet in sheets:
            _write_sheet(folder / f"{sheet.name}.csv", sheet, placed.rows[sheet.name])
        _write_elements(folder / ELEMENTS, sheets)
        if rest:
            write_rest(folder, data_set, people, left, others)
        files = tuple(sorted(file.name for file in folder.iterdir()))
    return Written(_account(happened, placed, lost_of_people, others, sheets), files)


def _values(table: RawTable) -> Iterator[Values]:
    """Give the rows of a table by name, without their blanks."""
    names = list(table.columns)
    columns = [as_text(column) for column in table.columns.values()]
    lists = [[column.categories[code] for code in column.codes.tolist()] for column in columns]
    for row in zip(*lists, strict=True):
        yield {name: cell for name, cell in zip(names, row, strict=True) if cell}


def _fill_people(sheets: Sequence[DataSetTable], people: Sequence[Values], placed: Placed) -> Counter[str]:
    """Write what tables say of people, and count what none does."""
    by_id = {person["patient_id"]: person for person in people}
    told: dict[str, set[str]] = {who: set() for who in by_id}
    for sheet in sheets:
        if sheet.main.table == "patients":
            placed.rows[sheet.name] = [{} for _ in people]
            for person, row in zip(people, placed.rows[sheet.name], strict=True):
                _tell(sheet, person, row, told)
        elif sheet.person is not None:
            for row in placed.rows[sheet.name]:
                _tell(sheet, by_id[row[sheet.key]], row, told)
    return Counter(name for who, person in by_id.items() for name in person if name not in told[who])


def _tell(sheet: DataSetTable, person: Values, row: dict[str, str], told: Mapping[str, set[str]]) -> None:
    source = sheet.main if sheet.main.table == "patients" else sheet.person
    assert source is not None
    for wanted, names in source.columns.items():
        cell = foreign_cell(source, names, person)
        row[wanted] = sheet.columns[wanted].written(cell) if cell else ""
        if cell:
            told[person["patient_id"]].update(names)


def _write_sheet(path: Path, sheet: DataSetTable, rows: Sequence[Mapping[str, str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(sheet.columns)
        writer.writerows([row.get(one, "") for one in sheet.columns] for row in rows)


def _write_elements(path: Path, sheets: Sequence[DataSetTable]) -> None:
    """Write what each identifier is: the table, the data element, its name and format."""
    lines = ["| 数据集表 | 内部标识符 | 数据元标识符 | 数据元名称 | 表示格式 |", "|---|---|---|---|---|"]
    for sheet in sheets:
        lines += [
            f"| {sheet.name} | {one.identifier} | {one.element} | {one.name} | {one.format} |"
            for one in sheet.columns.values()
        ]
    path.write_text("\n".join([*lines, ""]), "utf-8")


# THE ACCOUNT

_HEADINGS = {
    "what": ("类别", "what"),
    "name": ("名称", "name"),
    "written": ("写入", "written"),
    "not_written": ("未写入", "not written"),
    "why": ("原因", "why"),
}


def _account(
    events: Sequence[Values],
    placed: Placed,
    lost_of_people: Mapping[str, int],
    others: Sequence[RawTable],
    sheets: Sequence[DataSetTable],
) -> Table:
    without = "写入的事件不带此列 / events are written without it"
    rows = [
        *_of_events(events, placed),
        *(("event_column", name, 0, number, without) for name, number in _most(placed.lost)),
        *(("read_besides", name, number, 0, "一码兼表 / one code says both") for name, number in _most(placed.gained)),
        *(("person_column", name, 0, number, "无处可写 / has no place") for name, number in _most(lost_of_people)),
        *(("table", one.name, 0, len(one), "数据集没有这样的表 / no such table") for one in others if len(one)),
        *_of_formats(sheets, placed),
    ]
    return Table.of_rows(tuple(_HEADINGS), rows, headings=_HEADINGS)


def _of_events(events: Sequence[Values], placed: Placed) -> Iterator[tuple[str, str, int, int, str]]:
    for (kind, disease), number in sorted(placed.written.items()):
        yield "event", f"{kind} {disease}".strip(), number, 0, ""
    left = Counter((events[i]["kind"], events[i].get("disease", ""), why) for i, why in placed.left.items())
    for (kind, disease, why), number in sorted(left.items()):
        yield "event", f"{kind} {disease}".strip(), 0, number, why


def _of_formats(sheets: Sequence[DataSetTable], placed: Placed) -> Iterator[tuple[str, str, int, int, str]]:
    for sheet in sheets:
        for identifier, element in sheet.columns.items():
            wrong = sum(not element.fits(row.get(identifier, "")) for row in placed.rows[sheet.name])
            if wrong:
                why = f"不合表示格式 {element.format}，照原值写入 / not in this format, written as it is"
                yield "format", f"{sheet.name} {identifier} {element.name}", wrong, 0, why


def _most(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))
