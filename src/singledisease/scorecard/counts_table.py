"""Counts as a table, one row for each cell, and back without loss: how they leave a process, a file or a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.dates import Period, date_of, day_of
from singledisease.errors import Fault, UsageError
from singledisease.scorecard.amounts import AmountPlaces, Sums, Tallies
from singledisease.scorecard.amounts_table import amounts_of_cells, cells_of_amounts, is_amount
from singledisease.scorecard.counts import PEOPLE, Block, Counted, Counts
from singledisease.strata import Stratum
from singledisease.tables import Table

COLUMNS: tuple[str, ...] = (
    "measure",
    "version",
    "policy",
    "period_start",
    "period_end",
    "strata",
    "by",
    "group",
    "people",
    "of",
)
"""Columns of counts as a table.

``policy`` (name: option) and ``by`` (stratum: value) are objects; ``strata`` names the strata in their order, divided
by ``|``.  Where nobody stands in any stratum there is one row for each group, whose values of ``by`` are missing.
``of`` says what was counted: people, or rows of a source; a table without it is of people.
"""
_OBJECTS = ("policy", "by")
_MOST = 10


# INTO A TABLE


def table_of_counts(counts: Counts) -> Table:
    """Give one row for each measure, period, stratum and group, those with nobody included; then its sums or values."""
    rows = [row for counted, block in counts.blocks.items() for row in _rows(counted, block)]
    rows += [
        _row(counted, period, stratum, group, number)
        for counted, amounts in counts.amounts.items()
        for period, stratum, group, number in cells_of_amounts(amounts)
    ]
    return Table.of_rows(COLUMNS, rows)


def _rows(counted: Counted, block: Block) -> Iterator[list[Any]]:
    nowhere = (None,) * len(counted.by)
    for p, period in enumerate(block.periods):
        for s, stratum in enumerate(block.strata or (nowhere,)):
            for g, group in enumerate(counted.groups):
                yield _row(counted, period, stratum, group, int(block.array[p, s, g]) if block.strata else 0)


def _row(counted: Counted, period: Period, stratum: Sequence[str | None], group: str, number: int) -> list[Any]:
    return [
        counted.measure,
        counted.version,
        dict(counted.policy),
        date_of(period.start),
        date_of(period.end),
        "|".join(counted.by),
        dict(zip(counted.by, stratum, strict=True)),
        group,
        number,
        counted.of,
    ]


# OUT OF A TABLE

Key = tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...], str]
"""Measure, version, policy, names of strata, and what was counted."""

Place = tuple[Period, Stratum | None, str]
"""Period, stratum (``None``: nobody stands in any) and group."""


@frozen
class _Cell:
    key: Key
    place: Place
    people: int

    def __str__(self) -> str:
        period, stratum, group = self.place
        return " ".join([self.key[0], str(period), *(stratum or ()), group])


def counts_of_table(table: Table) -> Counts:
    """Make counts of a table that ``table_of_counts`` gave, or of its ``flat()``; rows may stand in any order.

    The groups of a measure stand in the order in which they come first.

    Raises
    ------
    UsageError
        With a fault for every column that is missing, and every row that is no cell, stands twice or is missing.
    """
    columns = {"of": [PEOPLE] * len(table), **_nested(table)}
    absent = [name for name in COLUMNS if name not in columns]
    if absent:
        _refuse(Fault("missing_column", name, "is missing", f"there is {', '.join(columns)}") for name in absent)
    cells: dict[Key, dict[Place, int]] = {}
    amounts: dict[Key, dict[Place, int]] = {}
    faults: list[Fault] = []
    for number, row in enumerate(zip(*(columns[name] for name in COLUMNS), strict=True), start=1):
        try:
            cell = _cell(dict(zip(COLUMNS, row, strict=True)))
        except (ValueError, TypeError) as error:
            faults.append(Fault("no_cell", f"row {number}", str(error)))
            continue
        found = (amounts if is_amount(cell.place[2]) else cells).setdefault(cell.key, {})
        if cell.place in found:
            hint = "make counts of each table and add them"
            faults.append(Fault("repeated_cell", f"row {number}", f"{cell} stands twice", hint))
        found[cell.place] = cell.people
    # A row that could not be read is missing too; it is told of once.
    faults = faults or [fault for key, places in cells.items() for fault in _missing(key, places)]
    _refuse(faults)
    blocks = {key: _counted(key, places) for key, places in cells.items()}
    return Counts(dict(blocks.values()), dict(_amounts(amounts, blocks)))


def _amounts(
    amounts: Mapping[Key, Mapping[Place, int]], blocks: Mapping[Key, tuple[Counted, Block]]
) -> Iterator[tuple[Counted, Sums | Tallies]]:
    faults = []
    for key, places in amounts.items():
        try:
            counted, block = blocks[key]
            cells = [(period, stratum or (), group, number) for (period, stratum, group), number in places.items()]
            yield counted, amounts_of_cells(AmountPlaces(periods=block.periods, strata=block.strata), cells)
        except (ValueError, KeyError) as error:
            faults.append(Fault("no_amounts", key[0], f"its sums or values cannot be read: {error}"))
    _refuse(faults)


def _refuse(faults: Iterator[Fault] | Sequence[Fault]) -> None:
    found = list(faults)
    if found:
        left = len(found) - _MOST
        more = [Fault("more_faults", "", f"… and {left} more")] if left > 0 else []
        raise UsageError("this is no table of counts:", [*found[:_MOST], *more])


def _nested(table: Table) -> dict[str, Sequence[Any]]:
    """Gather columns ``by.sex`` … into objects again."""
    columns: dict[str, Sequence[Any]] = dict(table.columns)
    for name in _OBJECTS:
        spread = {column: columns.pop(column) for column in list(columns) if column.startswith(f"{name}.")}
        if name not in columns:
            keys = [column.removeprefix(f"{name}.") for column in spread]
            rows = zip(*spread.values(), strict=True) if spread else [()] * len(table)
            columns[name] = [dict(zip(keys, row, strict=True)) for row in rows]
    return columns


def _cell(row: Mapping[str, Any]) -> _Cell:
    by = tuple(name for name in str(row["strata"]).split("|") if name)
    policy = tuple((name, str(option)) for name, option in row["policy"].items() if option is not None)
    values = [row["by"].get(name) for name in by]
    stratum = None if by and all(value is None for value in values) else tuple(map(str, values))
    people = row["people"]
    may_be_negative = str(row["group"]).startswith("sum:")
    if isinstance(people, bool) or int(people) != people or (people < 0 and not may_be_negative):
        raise ValueError(f"people={people!r} is no number of people")
    key = str(row["measure"]), str(row["version"]), policy, by, str(row["of"])
    period = Period(day_of(row["period_start"]), day_of(row["period_end"]))
    return _Cell(key, (period, stratum, str(row["group"])), int(people))


def _axes(places: Mapping[Place, int]) -> tuple[list[Period], list[Stratum | None], list[str]]:
    periods, strata, groups = zip(*places, strict=True)
    return list(dict.fromkeys(periods)), list(dict.fromkeys(strata)), list(dict.fromkeys(groups))


def _missing(key: Key, places: Mapping[Place, int]) -> Iterator[Fault]:
    for place in product(*_axes(places)):
        if place not in places:
            hint = "a table of counts has a row for every group, period and stratum of a measure"
            yield Fault("missing_cell", str(_Cell(key, place, 0)), "there is no such row", hint)


def _counted(key: Key, places: Mapping[Place, int]) -> tuple[Counted, Block]:
    measure, version, policy, by, of = key
    periods, strata, groups = _axes(places)
    shape = len(periods), len(strata), len(groups)
    array = np.array([places[place] for place in product(periods, strata, groups)], np.int64).reshape(shape)
    block = Block(periods, [], array[:, :0]) if strata == [None] else Block(periods, strata, array)  # type: ignore[arg-type]
    return Counted(measure, version, policy, tuple(groups), by, of), block
