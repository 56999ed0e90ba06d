"""A registry in parts: a folder of Parquet in which each person is whole in one part."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.to_tables import tables_of
from singledisease.io.folder import files_in
from singledisease.io.partition.manifest import MANIFEST, Manifest, part_folder, read_manifest, write_manifest
from singledisease.io.partition.shuffle import batches_of, part_of, send
from singledisease.io.tables import encoding_of
from singledisease.io.whole_files import whole_folder
from singledisease.io.write import write_folder

__all__ = ["MANIFEST", "Manifest", "part_folder", "part_of", "partition_files", "partition_log", "read_manifest"]

Progress = Callable[[int, int], None]
_PERSONS = ("patients", "events")


def partition_files(
    sources: Sequence[Path], folder: Path, parts: int, encoding: str, progress: Progress | None = None
) -> Manifest:
    """Send the rows of a registry's files to parts, as they stand: they are judged when a part is read.

    Parameters
    ----------
    sources
        Folders with ``patients`` and ``events``, CSV or Parquet; the tables about no person are those of the first.
    folder
        Made; it must not hold anything yet.
    parts
        How many.
    encoding
        Of CSV files.
    progress
        Told how many of how many tables are done.

    Raises
    ------
    UsageError
        If there is something in the folder, or there are to be no parts.
    DataError
        If the source is no registry, or a file cannot be read.
    """
    every: list[Mapping[str, Path]] = [
        {str(name): file for name, file in files_in(source).items()} for source in sources
    ]
    files = every[0]
    _check_new(folder, parts)
    with whole_folder(folder) as made:
        for number in range(parts):
            part_folder(made, number).mkdir()
        rows: dict[str, int] = {}
        for done, name in enumerate(_PERSONS, 1):
            batches = (batches_of(each[name], encoding_of(encoding, "")) for each in every)
            rows[name] = send(chain.from_iterable(batches), name, made, parts)
            if progress is not None:
                progress(done, len(_PERSONS))
        shared = tuple(name for name in files if name not in _PERSONS)
        for name in shared:
            for number in range(parts):
                shutil.copyfile(files[name], part_folder(made, number) / files[name].name)
        manifest = Manifest(parts=parts, rows=rows, shared=shared)
        write_manifest(manifest, made)
    return manifest


def partition_log(log: EventLog, folder: Path, parts: int, progress: Progress | None = None) -> Manifest:
    """Write a log in parts; what it refused is not in them.

    Raises
    ------
    UsageError
        If there is something in the folder, or there are to be no parts.
    """
    _check_new(folder, parts)
    part = np.array([part_of(name, parts) for name in log.people.ids], np.int64)
    with whole_folder(folder) as made:
        for number in range(parts):
            here = log.only(np.flatnonzero(part == number))
            write_folder(here, part_folder(made, number), "parquet")
            if progress is not None:
                progress(number + 1, parts)
        rows = {"patients": len(log.people), "events": len(log)}
        shared = tuple(str(table.name) for table in tables_of(log)[2:] if table.columns)
        manifest = Manifest(parts=parts, rows=rows, shared=shared)
        write_manifest(manifest, made)
    return manifest


def _check_new(folder: Path, parts: int) -> None:
    if parts < 1:
        raise UsageError(f"parts={parts}: 至少一个分片 / at least one part")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: 已有内容，请另选文件夹 / there is something already; name a new folder")
