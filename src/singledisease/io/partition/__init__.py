"""A registry in parts: a folder of Parquet in which each person is whole in one part."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from singledisease.errors import UsageError
from singledisease.eventlog.content_hash import content_hashes
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.to_tables import tables_of
from singledisease.io.folder import files_in
from singledisease.io.partition.manifest import MANIFEST, Manifest, part_folder, read_manifest, write_manifest
from singledisease.io.partition.shuffle import part_of, schema_of
from singledisease.io.partition.steps import SentTable, join
from singledisease.io.partition.unfinished import MADE, SENT, unfinished
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

    What an interrupted run finished of the same files is not done again.

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
        Told how many of how many steps are done: files of people and of events, then parts.

    Raises
    ------
    UsageError
        If there is something in the folder, it was begun with other files or settings, or there are to be no parts.
    DataError
        If the source is no registry, or a file cannot be read.
    """
    every = [{str(name): file for name, file in files_in(source).items()} for source in sources]
    _check(parts)
    shared = {name: file for name, file in every[0].items() if name not in _PERSONS}
    settings = {"parts": parts, "encoding": encoding, **_as_they_are(every)}
    with unfinished(folder, settings) as here:
        tables = {name: _sent(name, every, encoding, here / SENT) for name in _PERSONS}
        told = _Told(progress, parts + sum(map(len, tables.values())))
        rows = {name: sum(told(one.send(parts)) for one in each) for name, each in tables.items()}
        for number in range(parts):
            _join(tables, shared, here / MADE, number)
            told(number)
        manifest = Manifest(parts=parts, rows=rows, shared=tuple(shared))
        write_manifest(manifest, here / MADE)
    return manifest


def _as_they_are(every: Sequence[Mapping[str, Path]]) -> dict[str, Any]:
    """Say of each file of a registry how large it is and when it was written."""
    files = [file for each in every for file in each.values()]
    return {str(file.resolve()): [file.stat().st_size, file.stat().st_mtime_ns] for file in files}


def _sent(name: str, every: Sequence[Mapping[str, Path]], encoding: str, sent: Path) -> list[SentTable]:
    files = [(each[name], encoding_of(encoding, "")) for each in every]
    schema = schema_of(*files[0])
    return [
        SentTable(file=file, encoding=read_as, schema=schema, sent=sent, name=f"{name}-{number:05d}")
        for number, (file, read_as) in enumerate(files)
    ]


def _join(tables: Mapping[str, Sequence[SentTable]], shared: Mapping[str, Path], made: Path, number: int) -> None:
    """Make a part of the rows that were sent to it, which are then let go; one that is whole already stays."""
    pieces = {name: [piece for one in each for piece in one.pieces(number)] for name, each in tables.items()}
    if not part_folder(made, number).exists():
        with whole_folder(part_folder(made, number)) as here:
            for name, each in tables.items():
                join(pieces[name], each[0].schema, here / f"{name}.parquet")
            for file in shared.values():
                shutil.copyfile(file, here / file.name)
    for piece in chain.from_iterable(pieces.values()):
        piece.unlink()


class _Told:
    """How many steps of how many are done, told with each."""

    def __init__(self, progress: Progress | None, steps: int) -> None:
        self._progress, self._steps, self._done = progress, steps, 0

    def __call__(self, made: int) -> int:
        """Tell that a step is done, and give what it made."""
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._steps)
        return made


def partition_log(log: EventLog, folder: Path, parts: int, progress: Progress | None = None) -> Manifest:
    """Write a log in parts; what it refused is not in them.

    Raises
    ------
    UsageError
        If there is something in the folder, it was begun with other files or settings, or there are to be no parts.
    """
    _check(parts)
    part = np.array([part_of(name, parts) for name in log.people.ids], np.int64)
    with unfinished(folder, {"parts": parts, **content_hashes(log)}) as here:
        told = _Told(progress, parts)
        for number in range(parts):
            if not part_folder(here / MADE, number).exists():
                write_folder(log.only(np.flatnonzero(part == number)), part_folder(here / MADE, number), "parquet")
            told(number)
        rows = {"patients": len(log.people), "events": len(log)}
        shared = tuple(str(table.name) for table in tables_of(log)[2:] if table.columns)
        manifest = Manifest(parts=parts, rows=rows, shared=shared)
        write_manifest(manifest, here / MADE)
    return manifest


def _check(parts: int) -> None:
    if parts < 1:
        raise UsageError(f"parts={parts}: 至少一个分片 / at least one part")
