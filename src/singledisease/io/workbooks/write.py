"""Tables written as an ``.xlsx`` workbook: headings that stay in sight, numbers as numbers, text never as a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from singledisease.errors import Fault, UsageError
from singledisease.io.optional_imports import needed
from singledisease.io.whole_files import whole_file
from singledisease.tables import Cell, Table, named
from singledisease.text_layout import width_of

MOST_ROWS = 1_048_575
"""Of a sheet, below its headings."""
LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
_FORMAT = re.compile(r"\.(\d+)([%f])")
_FIRST_DAY = dt.date(1900, 3, 1)
"""Before it spreadsheets count days differently: such a day is written as text."""
_EXACT = 10**15
_MADE = dt.datetime(2000, 1, 1)
"""What the file says of when it was made: the same results are the same file on any day."""
_WIDEST, _LOOKED_AT = 60, 200


def write_sheets(sheets: Mapping[str, Table], path: str | Path, language: str) -> None:
    """Write tables as the sheets of a workbook, whole or not at all.

    Parameters
    ----------
    sheets
        Tables by the name of their sheet, in order.
    path
        An ``.xlsx`` file; what stood there stays until the new one is whole.
    language
        Of headings and names, ``zh`` or ``en``.

    Raises
    ------
    UsageError
        If the file is called otherwise, or a sheet cannot have its name or hold its table.
    OutputError
        If it cannot be written.
    MissingExtraError
        If xlsxwriter is not installed.
    """
    file = Path(path)
    flat = {name: table.flat() for name, table in sheets.items()}
    faults = [*_of_file(file), *_of_names(flat), *(fault for one in flat.items() for fault in _of_table(*one))]
    if faults:
        raise UsageError(f"{path}: 不能写成工作簿 / cannot be written as a workbook", faults)
    with whole_file(file) as whole:
        whole.write_bytes(_workbook(flat, language))


def _of_file(file: Path) -> Iterator[Fault]:
    if file.suffix.lower() != ".xlsx":
        yield Fault("file_name", file.name, "应为 .xlsx 文件 / is no .xlsx file", "call it so")
    if not file.parent.is_dir():
        yield Fault("no_folder", str(file.parent), "没有这个文件夹 / there is no such folder", "make it first")
    if file.is_dir():
        yield Fault("is_folder", str(file), "是文件夹 / is a folder", "name a file in it")


def _of_names(sheets: Mapping[str, Table]) -> Iterator[Fault]:
    if not sheets:
        yield Fault("no_sheet", "", "没有要写的结果 / there is nothing to write", "pass score=, people=, worklist= …")
    same = Counter(name.casefold() for name in sheets)
    for name in sheets:
        if not name or len(name) > _LONGEST_NAME or _FORBIDDEN.search(name) or same[name.casefold()] > 1:
            message = (
                r"工作表名须各不相同，1–31 字，不含 / sheets have different names of 1 to 31 letters without []:*?/\ "
            )
            yield Fault("sheet_name", name, message.strip(), "choose another name")


def _of_table(name: str, table: Table) -> Iterator[Fault]:
    if len(table) > MOST_ROWS:
        message = f"{len(table):,} 行，工作表至多 {MOST_ROWS:,} 行 / rows, where a sheet holds {MOST_ROWS:,}"
        yield Fault("too_many_rows", name, message, "write it in parts, or as CSV: table.to_csv()")
    for column, cells in table.columns.items():
        if any(isinstance(cell, str) and len(cell) > LONGEST_TEXT for cell in cells):
            message = f"有超过 {LONGEST_TEXT:,} 字的文本 / holds a text longer than a cell may be"
            yield Fault("too_long", f"{name}, {column}", message, "write it as CSV: table.to_csv()")


def _workbook(sheets: Mapping[str, Table], language: str) -> bytes:
    made = io.BytesIO()
    with needed("xlsxwriter", "excel").Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        looks = {"head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})}
        for name, table in sheets.items():
            _fill(book, book.add_worksheet(name), table, language, looks)
    return made.getvalue()


def _fill(book: Any, sheet: Any, table: Table, language: str, looks: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for j, (name, cells) in enumerate(table.columns.items()):
        heading = table.heading(name, language)
        sheet.write_string(0, j, heading, looks["head"])
        number, day = (_look(book, looks, form) for form in (_number_format(table.formats.get(name)), "yyyy-mm-dd"))
        called = table.called.get(name, {})
        shown = [named(called[cell], language) if cell in called else cell for cell in cells] if called else cells
        for i, cell in enumerate(shown, 1):
            _write(sheet, (i, j), cell, number, day)
        widest = max((width_of(str(cell)) for cell in shown[:_LOOKED_AT] if not isinstance(cell, float)), default=0)
        sheet.set_column(j, j, min(_WIDEST, max(widest, width_of(heading), 8) + 2))
    if table.columns:
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _look(book: Any, looks: dict[str, Any], form: str) -> Any:
    if form not in looks:
        looks[form] = book.add_format({"num_format": form})
    return looks[form]


def _number_format(form: str | None) -> str:
    """Give a spreadsheet's word for how numbers are written.

    >>> _number_format(".1%"), _number_format(".2f"), _number_format(None)
    ('0.0%', '0.00', 'General')
    """
    found = _FORMAT.fullmatch(form or "")
    if found is None:
        return "General"
    places = int(found[1])
    return f"0{'.' if places else ''}{'0' * places}{'%' if found[2] == '%' else ''}"


def _write(sheet: Any, place: tuple[int, int], cell: Cell, number: Any, day: Any) -> None:
    """Write a cell by what it is: a text that begins with ``=`` is a text, and so is a number of sixteen digits."""
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(*place, cell)
        case int() | float() if abs(cell) < _EXACT:
            sheet.write_number(*place, cell, number)
        case dt.date() if not isinstance(cell, dt.datetime) and cell >= _FIRST_DAY:
            sheet.write_datetime(*place, cell, day)
        case tuple():
            sheet.write_string(*place, ", ".join(map(str, cell)))
        case _:
            sheet.write_string(*place, str(cell))
