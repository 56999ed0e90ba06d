"""A registry in parts: partitioned once, then read, walked and counted a part at a time, or by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from singledisease.api.counted_part import CountedPart, Work, counted_part
from singledisease.api.joined_parts import refuse_places, whole_score
from singledisease.api.kept_counts import key_of, read_counted, write_counted
from singledisease.api.part_log import log_of_part
from singledisease.errors import UsageError, require_kind
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping
from singledisease.io.partition import (
    Manifest,
    part_of,
    partition_files,
    partition_log,
    read_manifest,
)
from singledisease.io.partition.folders import folders_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.part import Part

Progress = Callable[[int, int], None]
Result = TypeVar("Result")


@frozen(kw_only=True)
class Parts:
    """A partitioned registry: taken wherever ``evaluate``, ``worklist`` and ``cohort`` take a log.

    Attributes
    ----------
    folder
        Where it is.
    manifest
        How many parts, and how many rows.
    reading
        How each part is read: what ``read`` is told.

    >>> import tempfile
    >>> from pathlib import Path
    >>> import singledisease as sd
    >>> people = [{"patient_id": f"P{number}", "birth_date": "1950-03-01"} for number in range(9)]
    >>> rows = [{"patient_id": "P1", "date": "2024-04-02", "kind": "follow_up"}]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = sd.partition(sd.read_frames(people, rows), Path(folder) / "parts", parts=3)
    ...     len(made), sum(len(part.people) for part in made)
    (3, 9)
    """

    folder: Path
    manifest: Manifest
    reading: Mapping[str, Any] = field(factory=dict, converter=frozen_mapping)

    def __len__(self) -> int:
        return self.manifest.parts

    def __iter__(self) -> Iterator[EventLog]:
        return map(self.log, range(len(self)))

    def log(self, number: int) -> EventLog:
        """Read one part."""
        return log_of_part(self.folder, number, self.reading)

    def log_of(self, patient_id: str) -> EventLog:
        """Read the part that a person is in, if they are in any."""
        return self.log(part_of(patient_id, len(self)))

    def map(self, function: Callable[[EventLog], Result], workers: int = 1) -> Iterator[Result]:
        """Give what a function makes of the log of each part, part by part.

        With several ``workers`` the parts go to processes; the function then has to be one that can be sent there, such
        as one of a module.

        >>> import singledisease as sd
        >>> made = partition(sd.simulate(patients=30, seed=1).log(), "mapped-in-parts", parts=3)
        >>> sum(made.map(len)) == sum(len(log) for log in made)
        True
        """
        _check_workers(workers)
        work = partial(_of_part, self, function)
        if workers == 1:
            yield from map(work, range(len(self)))
            return
        with ProcessPoolExecutor(min(workers, len(self)), get_context("spawn")) as pool:
            yield from pool.map(work, range(len(self)))

    def __repr__(self) -> str:
        rows = self.manifest.rows
        return f"Parts({len(self)} parts, {rows['patients']:,} people, {rows['events']:,} events in {self.folder.name})"


def _of_part(registry: Parts, function: Callable[[EventLog], Result], number: int) -> Result:
    return function(registry.log(number))


def _check_workers(workers: int) -> None:
    if workers < 1:
        raise UsageError(f"workers={workers}: 至少一个进程 / at least one process")


def partition(
    source: EventLog | str | Path | Sequence[str | Path],
    folder: str | Path,
    *,
    parts: int = 64,
    encoding: str = "utf-8",
    progress: Progress | None = None,
) -> Parts:
    """Write a registry in parts, each person whole in one of them, and give it as ``parts`` does.

    Files are sent to parts some rows at a time, so that they need not fit into memory, and as they stand: a row is
    accepted or refused when its part is read.  A log is written as it is.  Until all parts are whole they stand in
    ``<folder>.unfinished``; interrupted, the same call goes on where it stopped.

    Parameters
    ----------
    source
        A folder with ``patients`` and ``events`` (CSV, Parquet), several with the same columns and different people, a
        folder of such folders, or a log.
    folder
        A new one.
    parts
        How many: so many that one part fits into memory a few times over.
    encoding
        Of CSV files.
    progress
        Told how many of how many steps are done.

    Raises
    ------
    UsageError
        If there is something in the folder; if it was begun with other files or options, or another process is at it;
        or if there are to be no parts.
    DataError
        If the source is no registry, or a file cannot be read.
    MissingExtraError
        If pyarrow is not installed.

    >>> import singledisease as sd
    >>> made = partition(sd.simulate(patients=50, seed=1).log(), "registry-in-parts", parts=4)
    >>> len(made), sum(len(log.people) for log in made)
    (4, 50)
    """
    require_kind(folder, str, Path, way="sd.partition(source, folder, …)", named="folder")
    target = Path(folder)
    if isinstance(source, EventLog):
        return Parts(folder=target, manifest=partition_log(source, target, parts, progress))
    folders = folders_of(Path(source)) if isinstance(source, str | Path) else [Path(each) for each in source]
    return Parts(folder=target, manifest=partition_files(folders, target, parts, encoding, progress))


def parts(folder: str | Path, **reading: Any) -> Parts:
    """Give a partitioned registry; nothing of it is read yet.

    Parameters
    ----------
    folder
        What ``partition`` made.
    reading
        How each part is to be read: ``diseases``, ``quantities``, ``strict`` … of ``read``.

    Raises
    ------
    DataError
        If it is none.

    >>> from tempfile import TemporaryDirectory
    >>> import singledisease as sd
    >>> log = sd.read_frames([{"patient_id": f"P{i}", "birth_date": "1950-03-01"} for i in range(9)], [])
    >>> with TemporaryDirectory() as folder:
    ...     _ = partition(log, Path(folder, "registry"), parts=2)
    ...     made = parts(Path(folder, "registry"))
    ...     len(made), sum(len(part.people) for part in made)
    (2, 9)
    """
    require_kind(folder, str, Path, way="sd.parts(folder, …)", named="folder")
    return Parts(folder=Path(folder), manifest=read_manifest(Path(folder)), reading=reading)


# COUNTING


def evaluate_parts(
    work: Work, registry: Parts, *, workers: int = 1, keep: str | Path | None = None, progress: Progress | None = None
) -> Scorecard:
    """Count every part, and give the figures of all.

    Parameters
    ----------
    work
        What is counted.
    registry
        The parts.
    workers
        How many processes.
    keep
        A folder for the counts of each part: what is there already is not counted again.
    progress
        Told how many people of how many are done.
    """
    _check_workers(workers)
    refuse_places(work.asked.measures)
    counted = _counted(work, len(registry), workers, None if keep is None else Path(keep))
    told = _telling(counted, registry.manifest.rows["patients"], progress)
    return whole_score(work.asked, told, partial(_part, work), work.log(0).institutions)


def _telling(counted: Iterator[CountedPart], people: int, progress: Progress | None) -> Iterator[CountedPart]:
    done = 0
    for one in counted:
        done += one.contents.people
        if progress is not None:
            progress(done, max(people, done))
        yield one


def _counted(work: Work, number: int, workers: int, keep: Path | None) -> Iterator[CountedPart]:
    """Count every part that was not counted before, in any order, and keep its counts as soon as they are there."""
    if keep is None:
        yield from _fresh(work, range(number), workers)
        return
    keep.mkdir(parents=True, exist_ok=True)
    key = key_of(work)
    missing: list[int] = []
    for i in range(number):
        one = read_counted(keep, key, i)
        if one is None:
            missing.append(i)
        else:
            yield one
    for one in _fresh(work, missing, workers):
        write_counted(keep, key, one)
        yield one


def _fresh(work: Work, numbers: Sequence[int], workers: int) -> Iterator[CountedPart]:
    alone = work if workers == 1 else evolve(work, asked=evolve(work.asked, threads=1))
    return in_any_order(partial(counted_part, alone), numbers, workers)


def in_any_order(work: Callable[[int], Result], numbers: Sequence[int], workers: int) -> Iterator[Result]:
    """Give what a function makes of the number of each part, as soon as it is made, by several processes if wanted."""
    if workers == 1 or len(numbers) < 2:
        yield from map(work, numbers)
        return
    with ProcessPoolExecutor(min(workers, len(numbers)), get_context("spawn")) as pool:
        waiting = [pool.submit(work, number) for number in numbers]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            for one in waiting:
                one.cancel()


def _part(work: Work, number: int) -> Part:
    (part,) = work.score(number).parts
    return part
