"""A registry as a workbook: sheets called as tables are, or any sheets and a mapping that says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import evolve

from singledisease.errors import DataError, Fault
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import TableName
from singledisease.io.folder import registry_of
from singledisease.io.layout import LAYOUT, Layout
from singledisease.io.mapping import RecordSystem, read_mapping
from singledisease.io.passed_over import not_a_table
from singledisease.io.sources import PathLike, read_sources
from singledisease.io.workbooks.sheets import CALLED, Sheets


def read_workbook(
    path: PathLike | Sequence[PathLike],
    *,
    rules: LoadRules | None = None,
    mapping: PathLike | None = None,
) -> EventLog:
    """Read a registry from workbooks: ``.xlsx``, ``.xlsm``, ``.xlsb``, ``.xls`` or ``.ods``.

    Parameters
    ----------
    path
        A workbook, several, or a folder of them, with sheets called ``patients`` and ``events``, optionally
        ``institutions``, ``teams`` and ``activities``, or 患者, 事件, 机构, 团队, 活动; with a mapping called anyhow.
    rules
        What else the tables are read by.
    mapping
        A file that names foreign sheets, columns and codes, or the name of a shipped one; its ``files`` are patterns
        of sheet names, and of workbooks with one sheet.

    Raises
    ------
    DataError
        If a sheet is missing, is there twice, or cannot be read as its table.  Single rows are refused and stand in
        ``log.report``, with the number of the row in its sheet.
    MissingExtraError
        If python-calamine is not installed.
    """
    system = RecordSystem() if mapping is None else read_mapping(mapping)
    sheets = Sheets()
    if system.sources:
        return read_sources(path, system, rules=rules, known=sheets)
    files = sheets.files(path)
    found = _by_table(files, sheets, path)
    layout = LAYOUT if mapping is None else Layout(system.header, header_lines=system.header_lines)
    tables = {name: sheets.read(file, "", layout, name) for name, file in found.items()}
    log = registry_of(tables, system, rules)
    notes = (*sheets.passed_over, *_not_read(files, found, sheets))
    return evolve(log, report=evolve(log.report, notes=(*log.report.notes, *notes))) if notes else log


def _by_table(files: Sequence[Path], sheets: Sheets, path: PathLike | Sequence[PathLike]) -> dict[TableName, Path]:
    found: dict[TableName, Path] = {}
    faults: list[Fault] = []
    for name, called in CALLED.items():
        present = [file for file in files if sheets.called(file) == name]
        if len(present) > 1:
            twice = " 和/and ".join(sheets.sheet(file).file for file in present)
            faults.append(Fault("two_files", str(path), f"同时有 / there are both {twice}", "remove or rename one"))
        elif present:
            found[name] = present[0]
        elif name in ("patients", "events"):
            there = ", ".join(sheets.sheet(file).file for file in files)
            message = f"没有工作表 / there is no sheet {name} ({' | '.join(called)}): {there}"
            faults.append(Fault("missing_file", str(path), message, _HINT))
    if faults:
        raise DataError(f"{path}: 不是数据工作簿 / is no registry", faults)
    return found


_HINT = (
    "rename the sheet, or name sheets of another system in a mapping: "
    "singledisease inspect BOOK --out mapping.toml, --mapping mapping.toml"
)


def _not_read(files: Sequence[Path], found: Mapping[TableName, Path], sheets: Sheets) -> Iterator[str]:
    for file in files:
        if file not in found.values():
            yield not_a_table(sheets.sheet(file).file)
