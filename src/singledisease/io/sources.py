"""A folder of a record system's own tables, read by a mapping that says which file is which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve

from singledisease.errors import DataError, Fault
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.csv import DEFAULT_ENCODING
from singledisease.io.layout import Layout
from singledisease.io.mapping.apply_source import Taken, take
from singledisease.io.mapping.combine import gather
from singledisease.io.mapping.names import called_so, fits
from singledisease.io.mapping.skip_rows import of_no_source
from singledisease.io.mapping.source import RecordSystem, Source
from singledisease.io.misplaced_headings import misplaced
from singledisease.io.passed_over import beside, is_blank, said_if_empty
from singledisease.io.tables import (
    FOREIGN_SUFFIXES,
    OTHER_PROGRAMS,
    SAVE_AS,
    encoding_of,
    header_of,
    read_table,
    refuse_wrapped,
)
from singledisease.io.whole_files import refuse_incomplete

PathLike = str | Path
_HEAD_BYTES = 1 << 16
"""How much of a file is looked at for its line of headings."""
_FEW = 5
"""How many folders inside a folder are named."""
Progress = Callable[[int, int], None]


class FileTables:
    """Files that have been read, so that none is read twice: by file, encoding and layout.

    ``passed_over`` says which of those that ``files`` was asked for are not among them: what is empty, what another
    program wrote.
    """

    def __init__(self) -> None:
        self.passed_over: tuple[str, ...] = ()
        self._tables: dict[tuple[Path, str, Layout], RawTable] = {}
        self._headers: dict[tuple[Path, str, Layout], tuple[str, ...] | DataError] = {}

    def files(self, path: PathLike | Sequence[PathLike]) -> list[Path]:
        """Give the files of a folder that are not empty, or those that were named; see ``list_files``."""
        files = list_files(path)
        full = [file for file in files if not is_blank(file)]
        if not isinstance(path, str | Path) or not Path(path).is_dir() or not full:
            return files
        self.passed_over = tuple(beside(Path(path), set(full)))
        return full

    def called(self, file: Path) -> str:
        """Give what a file is called, as tables are here."""
        return file.stem

    def coding(self, encoding: str) -> str:
        """Give the encoding of what ``head`` gives of a file in an encoding."""
        return encoding

    def head(self, file: Path, size: int) -> bytes:
        """Give the first bytes of a file."""
        with open(file, "rb") as stream:
            return stream.read(size)

    def read(self, file: Path, encoding: str, layout: Layout, name: TableName = "events") -> RawTable:
        """Read a file as a raw table."""
        return read_table(file, name, encoding, layout)

    def read_header(self, file: Path, encoding: str, layout: Layout) -> tuple[str, ...]:
        """Read the names of the columns of a file."""
        return header_of(file, encoding, layout)

    def table(self, file: Path, encoding: str, layout: Layout) -> RawTable:
        """Give a file as a raw table, read once."""
        key = (file, encoding, layout)
        if key not in self._tables:
            self._tables[key] = self.read(file, encoding, layout)
        return self._tables[key]

    def header(self, file: Path, encoding: str, layout: Layout) -> tuple[str, ...] | DataError:
        """Give the names of the columns of a file, or why they cannot be read."""
        key = (file, encoding, layout)
        if key not in self._headers:
            try:
                self._headers[key] = self.read_header(file, encoding, layout)
            except DataError as error:
                self._headers[key] = error
        return self._headers[key]


def read_sources(
    path: PathLike | Sequence[PathLike],
    system: RecordSystem,
    *,
    encoding: str = DEFAULT_ENCODING,
    rules: LoadRules | None = None,
    known: FileTables | None = None,
    progress: Progress | None = None,
) -> EventLog:
    """Read a record system's tables as one log.

    Parameters
    ----------
    path
        The folder, or the paths of the files.
    system
        Which file is which table, and what its columns and codes mean.
    encoding
        Of CSV files; plain UTF-8 gives way to what the mapping names.
    rules
        What else the tables are read by.
    known
        Files that have been read already.
    progress
        Called with how many files are done, and how many there are.

    Raises
    ------
    DataError
        If no file is a table of patients, or none is one of events.
    """
    read = FileTables() if known is None else known
    files = read.files(path)
    found = {file: list(_sources_of(file, system, encoding, read)) for file in files}
    _check_found(found, system, path)
    _check_headings(found, system, encoding, read)
    taken: list[Taken] = []
    left: list[str] = []
    for done, (file, sources) in enumerate(found.items(), 1):
        taken += _taken(file, sources, system, encoding, read)
        if sources and all(source.where for source in sources):
            left += _left(file, of_no_source(sources, read.table(file, *_how(sources[0], system, encoding))))
        if progress is not None:
            progress(done, len(found))
    log = gather(taken, rules, [*read.passed_over, *_notes(found, system), *_not_taken(taken), *left])
    return evolve(log, report=evolve(log.report, notes=(*log.report.notes, *_not_managed(log))))


def list_files(path: PathLike | Sequence[PathLike]) -> list[Path]:
    """Give the CSV and Parquet files of a folder in the order of their names, or those that were named.

    Raises
    ------
    DataError
        If there is no such folder or file, or none that can be read.
    """
    if not isinstance(path, str | Path):
        files = [Path(one) for one in path]
    elif Path(path).is_dir():
        refuse_incomplete(Path(path))
        files = sorted(file for file in Path(path).iterdir() if file.suffix.lower() in FOREIGN_SUFFIXES)
    else:
        files = [Path(path)]
    faults = [
        Fault("no_file", str(file), "没有这个文件或文件夹 / there is no such file or folder")
        for file in files
        if not file.is_file()
    ]
    if not files:
        others = sorted(file.name for file in Path(str(path)).iterdir() if file.suffix.lower() in OTHER_PROGRAMS)
        kinds = ", ".join(suffix[1:] for suffix in FOREIGN_SUFFIXES)
        faults = [Fault("no_file", str(path), f"没有可读的文件 / holds no file that can be read ({kinds})", SAVE_AS)]
        faults += [Fault("spreadsheet", name, "不能直接读取 / is not read", SAVE_AS) for name in others]
        faults += [
            Fault(
                "subfolder", str(one), "子文件夹不会被读取 / folders inside are not looked into", f"pass {one} itself"
            )
            for one in sorted(file for file in Path(str(path)).iterdir() if file.is_dir())[:_FEW]
        ]
    if faults:
        raise DataError(f"{path}: 无法读取 / cannot be read", faults)
    for file in files:
        refuse_wrapped(file)
    return files


def _sources_of(file: Path, system: RecordSystem, encoding: str, read: FileTables) -> Iterator[Source]:
    """Give the tables that a file is; of one that is no text in the encoding of a table it is not that table."""
    headers: list[tuple[str, ...] | DataError] = []
    for source in system.sources:
        if called_so(source, file.name):
            header = read.header(file, *_how(source, system, encoding))
            headers.append(header)
            if isinstance(header, tuple) and fits(source, file.name, header):
                yield source
    unread = [header for header in headers if isinstance(header, DataError)]
    if unread and len(unread) == len(headers):
        raise unread[0]


def _taken(
    file: Path, sources: Sequence[Source], system: RecordSystem, encoding: str, read: FileTables
) -> Iterator[Taken]:
    for i, source in enumerate(sources):
        table = read.table(file, *_how(source, system, encoding))
        # What is to be said of the file itself is said once.
        yield take(source, said_if_empty(table) if i == 0 else evolve(table, notes=()))


def _how(source: Source, system: RecordSystem, encoding: str) -> tuple[str, Layout]:
    return encoding_of(encoding, source.encoding, system.encoding), Layout(
        source.header, source.separator, header_lines=source.header_lines
    )


def _check_found(
    found: Mapping[Path, Sequence[Source]], system: RecordSystem, path: PathLike | Sequence[PathLike]
) -> None:
    given = {source.table for sources in found.values() for source in sources}
    faults = [
        Fault(
            "no_source",
            str(path),
            f"没有文件是{words} / no file is a table of {table}: {', '.join(file.name for file in found)}",
            f"looked for: {'; '.join(_looked_for(system, table)) or 'nothing: the mapping names none'}",
        )
        for table, words in (("patients", "人员表"), ("events", "事件表"))
        if table not in given
    ]
    if faults:
        raise DataError(f"{path}: 对照表与文件不符 / the mapping does not fit the files", faults)


def _check_headings(
    found: Mapping[Path, Sequence[Source]], system: RecordSystem, encoding: str, read: FileTables
) -> None:
    faults: list[Fault] = []
    for file, sources in found.items():
        for source in sources if file.suffix.lower() != ".parquet" else ():
            coding, layout = _how(source, system, encoding)
            header = read.header(file, coding, layout)
            lines = read.head(file, _HEAD_BYTES).decode(read.coding(coding), "replace").splitlines()
            fault = misplaced(source, file.name, header, lines, layout) if isinstance(header, tuple) else None
            if fault is not None:
                faults.append(fault)
    if faults:
        raise DataError("表头不在对照表所说的行 / headings are not where the mapping says", faults)


def _looked_for(system: RecordSystem, table: str) -> Iterator[str]:
    for source in system.sources:
        if source.table == table:
            columns = f" with {', '.join(source.has)}" if source.has else ""
            yield f"{source.name} = {' | '.join(source.files) or 'any name'}{columns}"


def _notes(found: Mapping[Path, Sequence[Source]], system: RecordSystem) -> Iterator[str]:
    for file, sources in found.items():
        if not sources:
            yield f"{file.name}: 对照表未提及，未读 / not named by the mapping, not read"
    names = {source.name for sources in found.values() for source in sources}
    if unused := [source.name for source in system.sources if source.name not in names and not system.title]:
        yield f"没有文件的表 / tables without a file: {', '.join(unused)}"


def _not_taken(taken: Sequence[Taken]) -> Iterator[str]:
    """Say which columns of a file are taken by none of the tables that it is."""
    unused: dict[str, dict[str, None]] = {}
    for one in taken:
        left = dict.fromkeys(one.unused)
        before = unused.setdefault(one.table.file, left)
        unused[one.table.file] = {column: None for column in before if column in left}
    for file, columns in unused.items():
        if columns:
            yield f"{file}: 未取用的列 / columns not taken: {', '.join(columns)}"


def _left(file: Path, rows: Mapping[str, int]) -> Iterator[str]:
    """Say which rows of a file that is chosen from by row are taken by none of the tables that it is."""
    if rows:
        most = sorted(rows.items(), key=lambda one: (-one[1], one[0]))
        shown = "; ".join(f"{what} × {number}" for what, number in most[:_FEW])
        more = " …" if len(most) > _FEW else ""
        yield f"{file.name}: 未取用的行 / rows not taken, {sum(rows.values())}: {shown}{more}"


def _not_managed(log: EventLog) -> Iterator[str]:
    """Say that nobody can count as managed; a rate of nobody would be the only sign of it."""
    if len(log) and "enrolment" not in {log.kind.categories[code] for code in np.unique(log.kind.codes)}:
        yield (
            "没有纳入管理（建档）记录，无人算作在管，各率无分母：请在对照表中写明哪个文件、哪一列是纳入管理日期"
            " / no file says when management began, so nobody counts as managed and no rate has a denominator:"
            ' name one in the mapping, with constants = { kind = "enrolment", disease = … }'
        )
