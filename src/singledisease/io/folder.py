"""A registry as it is handed over: a folder, or a pair of paths, of CSV and Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve

from singledisease.errors import DataError, Fault, UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.csv import DEFAULT_ENCODING
from singledisease.io.layout import LAYOUT, Layout
from singledisease.io.mapping import RecordSystem, read_mapping
from singledisease.io.mapping.apply_source import taken
from singledisease.io.mapping.combine import gather
from singledisease.io.passed_over import beside, is_blank, said_if_empty
from singledisease.io.sources import PathLike, read_sources
from singledisease.io.tables import FOREIGN_SUFFIXES, SUFFIXES, encoding_of, read_table
from singledisease.io.whole_files import refuse_incomplete

_NAMES: tuple[TableName, ...] = ("patients", "events", "institutions", "teams", "activities")
_NEEDED: tuple[TableName, ...] = ("patients", "events")


def read_folder(
    path: PathLike | Sequence[PathLike],
    *,
    encoding: str = DEFAULT_ENCODING,
    rules: LoadRules | None = None,
    mapping: PathLike | None = None,
) -> EventLog:
    """Read a registry.

    Parameters
    ----------
    path
        A folder with ``patients`` and ``events``, optionally ``institutions``, ``teams`` and ``activities``, each
        ``.csv`` or ``.parquet``; or the paths of two to five files, in this order.
    encoding
        Of CSV files.
    rules
        What else the tables are read by.
    mapping
        A file that names foreign tables, columns and codes, or the name of a shipped one; see ``io.mapping``.

    Raises
    ------
    DataError
        If a file is missing, is there twice, or cannot be read as its table.  Single rows are refused and
        stand in ``log.report``.
    UsageError
        If ``path`` is neither, or there is no such encoding.
    """
    system = RecordSystem() if mapping is None else read_mapping(mapping)
    if system.sources:
        return read_sources(path, system, encoding=encoding, rules=rules)
    files = files_in(Path(path)) if isinstance(path, str | Path) else _given(path)
    encoding = encoding_of(encoding, system.encoding)
    layout = LAYOUT if not system.tables else Layout(system.header, system.separator, header_lines=system.header_lines)
    log = registry_of({name: read_table(file, name, encoding, layout) for name, file in files.items()}, system, rules)
    left = tuple(beside(Path(path), set(files.values()))) if isinstance(path, str | Path) else ()
    return evolve(log, report=evolve(log.report, notes=(*log.report.notes, *left))) if left else log


def registry_of(tables: Mapping[TableName, RawTable], system: RecordSystem, rules: LoadRules | None) -> EventLog:
    """Make a log of the tables of a registry, whose columns and codes the short form of a mapping may name."""
    if system.tables:
        return gather([taken(system, said_if_empty(table)) for table in tables.values()], rules)
    given = {name: said_if_empty(table) for name, table in tables.items()}
    # Held by nobody else, a table is let go of as soon as its columns have been read.
    del tables
    return build(
        given.pop("patients"),
        given.pop("events"),
        given.get("institutions"),
        teams=given.get("teams"),
        activities=given.get("activities"),
        rules=rules,
    )


def _given(paths: Sequence[PathLike]) -> dict[TableName, Path]:
    if not 2 <= len(paths) <= len(_NAMES):
        raise UsageError(
            f"应为二至五个路径 / pass the paths of patients and events, perhaps {', '.join(_NAMES[2:])}: {paths!r}"
        )
    return dict(zip(_NAMES, map(Path, paths), strict=False))


def files_in(folder: Path) -> dict[TableName, Path]:
    """Give the files of a registry's folder by the name of their table.

    Raises
    ------
    DataError
        If one is missing, is there twice, or the folder is none.
    """
    if not folder.is_dir():
        fault = Fault("no_folder", str(folder), "没有这个文件夹 / there is no such folder")
        raise DataError(f"{folder}: 无法读取 / cannot be read", [fault])
    refuse_incomplete(folder)
    faults: list[Fault] = []
    found: dict[TableName, Path] = {}
    for name in _NAMES:
        present = [folder / f"{name}{suffix}" for suffix in SUFFIXES if (folder / f"{name}{suffix}").is_file()]
        if len(present) > 1:
            faults.append(
                Fault(
                    "two_files",
                    str(folder),
                    f"同时有 / there are both {' 和/and '.join(p.name for p in present)}",
                    "remove one",
                )
            )
        elif present and (name in _NEEDED or not is_blank(present[0])):
            found[name] = present[0]
        elif name in _NEEDED:
            faults.append(Fault("missing_file", str(folder), f"缺少 / there is no {name}.csv or {name}.parquet"))
    if not found and any(file.suffix.lower() in FOREIGN_SUFFIXES for file in folder.iterdir()):
        hint = (
            f"如是其他系统导出的文件 / files of another system need a mapping: "
            f"singledisease inspect {folder} --out mapping.toml, --mapping mapping.toml"
        )
        faults[-1] = evolve(faults[-1], hint=hint)
    if faults:
        raise DataError(f"{folder}: 不是数据文件夹 / is no registry", faults)
    return found
