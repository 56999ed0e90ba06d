"""A folder of a record system's own tables, read by a mapping that says which file is which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import evolve

from singledisease.errors import DataError, Fault
from singledisease.events.log import EventLog
from singledisease.events.raw import RawTable
from singledisease.io.csv import DEFAULT_ENCODING
from singledisease.io.mapping.gather import gather
from singledisease.io.mapping.names import called_so, fits
from singledisease.io.mapping.source import RecordSystem, Source
from singledisease.io.mapping.take import Taken, take
from singledisease.io.tables import SUFFIXES, encoding_of, header_of, read_table
from singledisease.vocabulary import Quantity

PathLike = str | Path


def read_sources(
    path: PathLike | Sequence[PathLike],
    system: RecordSystem,
    *,
    encoding: str = DEFAULT_ENCODING,
    quantities: Sequence[Quantity] = (),
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
    quantities
        Further quantities that columns of events hold.

    Raises
    ------
    DataError
        If no file is a table of patients, or none is one of events.
    """
    files = list_files(path)
    found = {file: list(_sources_of(file, system, encoding)) for file in files}
    _check_found(found, system, path)
    taken = [one for file, sources in found.items() for one in _taken(file, sources, system, encoding)]
    return gather(taken, quantities, [*_notes(found, system), *_not_taken(taken)])


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
        files = sorted(file for file in Path(path).iterdir() if file.suffix.lower() in SUFFIXES)
    else:
        files = [Path(path)]
    faults = [
        Fault("no_file", str(file), "没有这个文件或文件夹 / there is no such file or folder")
        for file in files
        if not file.is_file()
    ]
    if not files:
        hint = "export the tables as CSV (UTF-8) or Parquet; a spreadsheet has to be saved as CSV first"
        faults = [Fault("no_file", str(path), "没有 CSV 或 Parquet 文件 / holds no CSV or Parquet file", hint)]
    if faults:
        raise DataError(f"{path}: 无法读取 / cannot be read", faults)
    return files


def _sources_of(file: Path, system: RecordSystem, encoding: str) -> Iterator[Source]:
    """Give the tables that a file is; of one that is no text in the encoding of a table it is not that table."""
    headers: dict[str, tuple[str, ...] | DataError] = {}
    for source in system.sources:
        used = encoding_of(encoding, source.encoding, system.encoding)
        if called_so(source, file.name):
            header = headers[used] if used in headers else _header(file, used)
            headers[used] = header
            if isinstance(header, tuple) and fits(source, file.name, header):
                yield source
    unread = [header for header in headers.values() if isinstance(header, DataError)]
    if unread and len(unread) == len(headers):
        raise unread[0]


def _header(file: Path, encoding: str) -> tuple[str, ...] | DataError:
    try:
        return header_of(file, encoding)
    except DataError as error:
        return error


def _taken(file: Path, sources: Sequence[Source], system: RecordSystem, encoding: str) -> Iterator[Taken]:
    read: dict[str, RawTable] = {}
    for i, source in enumerate(sources):
        used = encoding_of(encoding, source.encoding, system.encoding)
        if used not in read:
            read[used] = read_table(file, source.table, used)
        # What is to be said of the file itself is said once.
        yield take(source, read[used] if i == 0 else evolve(read[used], notes=()))


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
