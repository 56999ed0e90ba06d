"""Workbooks opened: every sheet that holds something, as a table that mappings and inspection take for a text file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from singledisease.errors import DataError, Fault
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.csv import header_of_text, read_text
from singledisease.io.layout import Layout
from singledisease.io.optional_imports import needed
from singledisease.io.passed_over import beside, blank_file
from singledisease.io.sources import FileTables, PathLike
from singledisease.io.tables import SAVE_AS
from singledisease.io.workbooks.cells import laid_out

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OPEN_ELSEWHERE = "~$"
"""How the file begins that a program puts beside a workbook as long as it is open."""

CALLED: Mapping[TableName, tuple[str, ...]] = {
    "patients": ("患者", "居民", "人员"),
    "events": ("事件", "服务记录"),
    "institutions": ("机构",),
    "teams": ("团队",),
    "activities": ("活动",),
}
"""What a sheet may be called in Chinese that is a table here."""


@frozen(eq=False)
class Sheet:
    """One sheet: its name, what refusals call it, and its cells as comma-separated text."""

    name: str
    file: str
    text: str


class Sheets(FileTables):
    """The sheets of workbooks, in the place of files: read when they are listed, and kept."""

    def __init__(self) -> None:
        super().__init__()
        self._sheets: dict[Path, Sheet] = {}

    def files(self, path: PathLike | Sequence[PathLike]) -> list[Path]:
        """Give a path for every sheet that is not empty: that of its workbook, with the sheet in brackets.

        Raises
        ------
        DataError
            If there is no workbook, or one cannot be read.
        MissingExtraError
            If python-calamine is not installed.
        """
        empty: list[str] = []
        for book in books_of(path):
            for sheet in _sheets_of(book):
                if sheet.text.strip():
                    self._sheets[book.with_name(sheet.file)] = sheet
                else:
                    empty.append(blank_file(sheet.file))
        inside = isinstance(path, str | Path) and Path(path).is_dir()
        self.passed_over = (*empty, *(beside(Path(str(path)), set(books_of(path))) if inside else ()))
        if not self._sheets:
            fault = Fault("empty_file", str(path), "没有一张非空的工作表 / every sheet is empty")
            raise DataError(f"{path}: 文件为空 / the workbook is empty", [fault])
        return list(self._sheets)

    def sheet(self, file: Path) -> Sheet:
        """Give a sheet by its path."""
        return self._sheets[file]

    def called(self, file: Path) -> str:
        """Give the name of a sheet, or of the table here whose Chinese name it has."""
        name = self._sheets[file].name.strip().lower()
        return next((table for table, called in CALLED.items() if name in called), name)

    def coding(self, encoding: str) -> str:
        """Give the encoding of what ``head`` gives, whatever a file's would be."""
        return "utf-8"

    def head(self, file: Path, size: int) -> bytes:
        """Give the first bytes of a sheet's text."""
        return self._sheets[file].text[:size].encode()

    def read(self, file: Path, encoding: str, layout: Layout, name: TableName = "events") -> RawTable:
        """Read a sheet as a raw table; which encoding and separator its text would have as a file plays no part."""
        sheet = self._sheets[file]
        return read_text(io.StringIO(sheet.text, newline=""), name, sheet.file, evolve(layout, separator=","))

    def read_header(self, file: Path, encoding: str, layout: Layout) -> tuple[str, ...]:
        """Give the names of the columns of a sheet."""
        sheet = self._sheets[file]
        return header_of_text(io.StringIO(sheet.text, newline=""), sheet.file, evolve(layout, separator=","))


def books_of(path: PathLike | Sequence[PathLike]) -> list[Path]:
    """Give the workbooks of a folder in the order of their names, or those that were named.

    Raises
    ------
    DataError
        If there are none.
    """
    if not isinstance(path, str | Path):
        books = [Path(one) for one in path]
    elif Path(path).is_dir():
        inside = (file for file in Path(path).iterdir() if file.suffix.lower() in SUFFIXES)
        books = sorted(file for file in inside if not file.name.startswith(_OPEN_ELSEWHERE))
    else:
        books = [Path(path)]
    faults = [
        Fault("no_file", str(book), "没有这个文件 / there is no such file") for book in books if not book.is_file()
    ]
    if not books:
        faults = [Fault("no_file", str(path), f"没有电子表格 / holds no workbook ({', '.join(SUFFIXES)})")]
    if faults:
        raise DataError(f"{path}: 无法读取 / cannot be read", faults)
    return books


def _sheets_of(book: Path) -> Iterator[Sheet]:
    opened = _opened(book)
    for name in opened.sheet_names:
        try:
            sheet = opened.get_sheet_by_name(name)
            text = laid_out(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ())
        except needed("python_calamine", "excel").WorksheetNotFound:
            continue  # a page with a chart alone
        yield Sheet(name, f"{book.name}[{name}]", text)


def _opened(book: Path) -> Any:
    calamine = needed("python_calamine", "excel")
    try:
        return calamine.CalamineWorkbook.from_path(str(book))
    except calamine.PasswordError:
        fault = Fault("password", book.name, "有打开密码 / is protected by a password", "save it without one")
    except (calamine.CalamineError, OSError) as error:
        fault = Fault("spreadsheet", book.name, f"不是可读的工作簿 / is no workbook that can be read: {error}", SAVE_AS)
    raise DataError(f"{book}: 无法读取 / cannot be read", [fault])
