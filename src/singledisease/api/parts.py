"""A registry in parts: partitioned once, then read, walked and counted a part at a time, or by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from singledisease.api.counted_part import CountedPart, Work, counted_part
from singledisease.api.data import read
from singledisease.api.kept_counts import key_of, read_counted, write_counted
from singledisease.dates import day_of
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.report import LoadReport, Slip, TableReport
from singledisease.frozen_mapping import frozen_mapping
from singledisease.io.partition import (
    Manifest,
    part_folder,
    part_of,
    partition_files,
    partition_log,
    read_manifest,
)
from singledisease.language import nodes as n
from singledisease.language.traversal import inside
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Counts
from singledisease.scorecard.evaluate import AnyMeasure, resolve_all
from singledisease.scorecard.log_contents import together
from singledisease.scorecard.part import Part
from singledisease.scorecard.parts_on_demand import PartsOnDemand

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
        return read(part_folder(self.folder, number), **self.reading)

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
    source: EventLog | str | Path,
    folder: str | Path,
    *,
    parts: int = 64,
    encoding: str = "utf-8",
    progress: Progress | None = None,
) -> Parts:
    """Write a registry in parts, each person whole in one of them, and give it as ``parts`` does.

    Files are sent to parts some rows at a time, so that they need not fit into memory, and as they stand: a row is
    accepted or refused when its part is read.  A log is written as it is.

    Parameters
    ----------
    source
        A folder with ``patients`` and ``events`` (CSV, Parquet), or a log.
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
        If there is something in the folder, or there are to be no parts.
    DataError
        If the source is no registry, or a file cannot be read.
    MissingExtraError
        If pyarrow is not installed.

    >>> import singledisease as sd
    >>> made = partition(sd.simulate(patients=50, seed=1).log(), "registry-in-parts", parts=4)
    >>> len(made), sum(len(log.people) for log in made)
    (4, 50)
    """
    target = Path(folder)
    if isinstance(source, EventLog):
        return Parts(folder=target, manifest=partition_log(source, target, parts, progress))
    return Parts(folder=target, manifest=partition_files(Path(source), target, parts, encoding, progress))


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
    """
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
    _refuse_places(work.measures)
    people, done = registry.manifest.rows["patients"], 0
    found: dict[int, CountedPart] = {}
    for one in _counted(work, len(registry), workers, None if keep is None else Path(keep)):
        found[one.number] = one
        done += one.contents.people
        if progress is not None:
            progress(done, max(people, done))
    return _whole(work, [found[number] for number in sorted(found)])


def _refuse_places(measures: Iterable[AnyMeasure]) -> None:
    """Refuse measures of institutions: an institution's people are in several parts."""
    of_places = [one.id for one in measures if not isinstance(one, Derived) and _counts_places(one)]
    if of_places:
        names = ", ".join(of_places)
        raise UsageError(
            f"{names}: 以机构为统计对象，不能按分片统计 / count institutions, whose people are in several parts; "
            "evaluate them once, over the whole registry"
        )


def _counts_places(measure: Countable) -> bool:
    return measure.of is not None and any(inside(measure.of, n.Institutions, n.Activities))


def _counted(work: Work, number: int, workers: int, keep: Path | None) -> Iterator[CountedPart]:
    """Count every part that was not counted before, in any order, and keep its counts as soon as they are there."""
    if keep is None:
        yield from _fresh(work, range(number), workers)
        return
    keep.mkdir(parents=True, exist_ok=True)
    key = key_of(work)
    before = {i: read_counted(keep, key, i) for i in range(number)}
    yield from (one for one in before.values() if one is not None)
    for one in _fresh(work, [i for i, kept in before.items() if kept is None], workers):
        write_counted(keep, key, one)
        yield one


def _fresh(work: Work, numbers: Sequence[int], workers: int) -> Iterator[CountedPart]:
    if workers == 1 or len(numbers) < 2:
        yield from (counted_part(work, number) for number in numbers)
        return
    alone = evolve(work, threads=1)
    with ProcessPoolExecutor(min(workers, len(numbers)), get_context("spawn")) as pool:
        waiting = [pool.submit(counted_part, alone, number) for number in numbers]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            for one in waiting:
                one.cancel()


def _whole(work: Work, counted: Sequence[CountedPart]) -> Scorecard:
    listed = [one for one in work.measures if not isinstance(one, Derived)]
    on_demand = PartsOnDemand(
        number=len(counted),
        make=partial(_part, work),
        whose=partial(part_of, parts=len(counted)),
        contents=together([one.contents for one in counted]),
        report=joined_reports([one.report for one in counted]),
        institutions=work.log(0).institutions,
    )
    return Scorecard(
        measures=resolve_all(listed, work.diseases, work.policy),
        periods=work.periods,
        by=counted[0].by,
        known_until=None if work.as_of is None else day_of(work.as_of),
        counts=sum((one.counts for one in counted), Counts()),
        parts=on_demand,
        derived=tuple(one for one in work.measures if isinstance(one, Derived)),
    )


def _part(work: Work, number: int) -> Part:
    (part,) = work.score(number).parts
    return part


def joined_reports(reports: Sequence[LoadReport]) -> LoadReport:
    """Give the report of all parts; tables about no person stand in every part, and are told of once."""
    names = dict.fromkeys(table.table for report in reports for table in report.tables)
    return LoadReport(
        tables=tuple(_joined_table(name, reports) for name in names),
        refusals=tuple(_told_once(reports, lambda report: report.refusals)),
        readings=tuple(one for report in reports for one in report.readings),
        not_done=tuple(one for report in reports for one in report.not_done),
        slips=tuple(_joined_slips(reports)),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
    )


_OF_PERSONS = ("patients", "events")


def _joined_table(name: str, reports: Sequence[LoadReport]) -> TableReport:
    tables = [report.table(name) for report in reports]
    if name not in _OF_PERSONS:
        return tables[0]
    counted = ("read", "accepted", "duplicates", "refused", "skipped", "not_done", "readings")
    return TableReport(name, **{what: sum(getattr(table, what) for table in tables) for what in counted})


def _told_once(reports: Sequence[LoadReport], of: Callable[[LoadReport], Iterable[Any]]) -> Iterator[Any]:
    for i, report in enumerate(reports):
        yield from (one for one in of(report) if one.table in _OF_PERSONS or i == 0)


def _joined_slips(reports: Sequence[LoadReport]) -> Iterator[Slip]:
    found: dict[tuple[str, str, str, str], list[Slip]] = {}
    for one in _told_once(reports, lambda report: report.slips):
        found.setdefault((one.table, one.column, one.value, one.check), []).append(one)
    for same in found.values():
        yield evolve(same[0], count=sum(one.count for one in same))
