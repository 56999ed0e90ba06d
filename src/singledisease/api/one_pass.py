"""Several questions asked of every part of a registry while it is in memory, so that each part is read once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from singledisease.api.counted_part import CountedPart, CountRequest, Work, counted_log
from singledisease.api.data import read
from singledisease.api.joined_parts import GatheredParts, refuse_places
from singledisease.api.kept_counts import counted_of_said, json_text, key_of, said_of_counted
from singledisease.api.parts import Parts, Progress, in_any_order
from singledisease.api.places_of_parts import of_kinds, without_events
from singledisease.eventlog.institutions import ActivityColumns
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping
from singledisease.io.whole_files import whole_folder, write_whole
from singledisease.io.write import write_folder
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.part import Part
from singledisease.tables import Table

Listed = Callable[[EventLog], Table]
"""Makes a table of whole numbers, texts and blanks of the log of a part; one of a module, or ``partial`` of one."""

_SAID, _ROWS = "counted.json", "rows"


@frozen(kw_only=True)
class OnePass:
    """What is asked of every part.

    Attributes
    ----------
    asked
        What is counted, by name.
    tables
        What else is made of the log of each part, by name.
    kinds
        Events of these kinds are kept as they are: what measures of institutions ask for.
    """

    asked: Mapping[str, CountRequest] = field(converter=frozen_mapping)
    tables: Mapping[str, Listed] = field(factory=dict, converter=frozen_mapping)
    kinds: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Passed:
    """What was found: the scorecard of each question, the tables of all parts, and the events that were kept."""

    scores: Mapping[str, Scorecard] = field(converter=frozen_mapping)
    tables: Mapping[str, tuple[Table, ...]] = field(converter=frozen_mapping)
    rows: EventLog


@frozen(kw_only=True)
class _OfPart:
    number: int
    people: int
    counted: Mapping[str, CountedPart]
    tables: Mapping[str, Table]
    rows: EventLog | None


def pass_over(
    what: OnePass, registry: Parts, *, keep: str | Path, workers: int = 1, progress: Progress | None = None
) -> Passed:
    """Ask everything of each part; what an interrupted pass over the same parts kept is not asked again.

    Parameters
    ----------
    what
        What is asked.
    registry
        The parts.
    keep
        A folder for what was found in each part.
    workers
        How many processes.
    progress
        Told how many people of how many are done.

    Raises
    ------
    UsageError
        If a measure of ``asked`` counts institutions, whose people are in several parts.
    """
    for asked in what.asked.values():
        refuse_places(asked.measures)
    scores = {name: GatheredParts() for name in what.asked}
    tables: dict[str, dict[int, Table]] = {name: {} for name in what.tables}
    first = registry.log(0)
    rows, done = without_events(first), 0
    for one in _each(what, registry, Path(keep), workers):
        for name, counted in one.counted.items():
            scores[name].take(counted)
        for name, table in one.tables.items():
            tables[name][one.number] = table
        if one.rows is not None:
            rows += evolve(one.rows, activities=ActivityColumns())
        done += one.people
        if progress is not None:
            progress(done, max(registry.manifest.rows["patients"], done))
    return Passed(
        scores={
            name: found.score(what.asked[name], partial(_people, registry, what.asked[name]), first.institutions)
            for name, found in scores.items()
        },
        tables={name: tuple(found[number] for number in sorted(found)) for name, found in tables.items()},
        rows=rows,
    )


def _people(registry: Parts, asked: CountRequest, number: int) -> Part:
    (part,) = asked.score(registry.log(number)).parts
    return part


# EACH PART, ONCE


def _each(what: OnePass, registry: Parts, keep: Path, workers: int) -> Iterator[_OfPart]:
    """Give what was found in each part, in any order: first what was kept, then what is asked now, and kept."""
    folder = keep / _key(what, registry)
    missing: list[int] = []
    for number in range(len(registry)):
        target = _folder(folder, number)
        if (target / _SAID).is_file():
            yield _read(target, number, registry.reading)
        else:
            missing.append(number)
    ask = partial(_asked, what, registry, folder)
    for number in in_any_order(ask, missing, workers):
        yield _read(_folder(folder, number), number, registry.reading)


def _asked(what: OnePass, registry: Parts, folder: Path, number: int) -> int:
    """Ask everything of a part, and keep what was found."""
    log = registry.log(number)
    said = {
        "people": len(log.people),
        "counted": {name: said_of_counted(counted_log(asked, log, number)) for name, asked in what.asked.items()},
        "tables": {name: dict(listed(log).columns) for name, listed in what.tables.items()},
    }
    with whole_folder(_folder(folder, number)) as made:
        kept = of_kinds(log, what.kinds)
        if len(kept):
            write_folder(kept, made / _ROWS, "parquet")
        write_whole(made / _SAID, json_text(said))
    return number


def _read(folder: Path, number: int, reading: Mapping[str, Any]) -> _OfPart:
    said = json.loads((folder / _SAID).read_text("utf-8"))
    return _OfPart(
        number=number,
        people=said["people"],
        counted={name: counted_of_said(one, number) for name, one in said["counted"].items()},
        tables={name: Table(columns) for name, columns in said["tables"].items()},
        rows=read(folder / _ROWS, **reading) if (folder / _ROWS).exists() else None,
    )


def _key(what: OnePass, registry: Parts) -> str:
    """Give a short text that differs whenever anything differs that is asked, or of which it is."""
    of_counts = [
        key_of(Work(folder=registry.folder, reading=registry.reading, asked=asked)) for asked in what.asked.values()
    ]
    said = [*what.asked, *of_counts, *what.tables, *sorted(what.kinds)]
    return sha256(json.dumps(said).encode()).hexdigest()[:16]


def _folder(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05d}"
