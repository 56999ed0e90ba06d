"""One foreign table taken: its columns and codes under the names used here, and what became of every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.errors import DataError, Fault
from singledisease.events.columns import AnyColumn, Coded
from singledisease.events.raw import RawTable
from singledisease.events.reading import as_text, read_dates, recoded
from singledisease.events.report import Refusal
from singledisease.io.mapping.codes import Recoded, recode, unmapped
from singledisease.io.mapping.names import find_column
from singledisease.io.mapping.source import RecordSystem, Source
from singledisease.vocabulary import DATES, PERSON_COLUMNS

DATE_COLUMNS = frozenset({*DATES, *(name for name, kind in PERSON_COLUMNS.items() if kind == "date")})
_SLASHES = str.maketrans({"／": "/", "＼": "/", "\\": "/"})


@frozen(eq=False, kw_only=True)
class Taken:
    """A foreign table as it is called here.

    Attributes
    ----------
    source
        Which table of the record system it is.
    table
        The rows that say something; ``refused`` holds those with a code that the mapping does not know.
    skipped
        How many rows say nothing that is asked for.
    unused
        Foreign columns that are not taken.
    """

    source: Source
    table: RawTable
    skipped: int = 0
    unused: tuple[str, ...] = ()


def apply(system: RecordSystem, table: RawTable) -> RawTable:
    """Give a table that is named as it is here under the names used here, by the short form of a mapping.

    Raises
    ------
    DataError
        If two columns would have the same name.
    """
    source = system.tables.get(table.name)
    return table if source is None else take(source, table).table


def take(source: Source, raw: RawTable) -> Taken:
    """Give a foreign table under the names used here.

    Raises
    ------
    DataError
        If two columns would have the same name.
    """
    columns, unused, notes = _named(source, raw)
    for name, text in source.constants.items():
        columns.setdefault(name, _constant(text, len(raw)))
    for name in DATE_COLUMNS & columns.keys():
        columns[name] = _dated(columns[name], source.dates)
    skipped = _skipped(source, columns, len(raw))
    recoded_columns = {
        name: recode(name, as_text(columns[name]), codes) for name, codes in source.codes.items() if name in columns
    }
    columns |= {name: made.column for name, made in recoded_columns.items()}
    refused = list(_unknown_codes(source, raw, columns, recoded_columns, skipped))
    gone = skipped.copy()
    for made in recoded_columns.values():
        gone |= made.unknown
    if skipped.any():
        notes.append(f"{raw.file} ({source.name}): 略过 {int(skipped.sum())} 行 skipped: {_why_skipped(source)}")
    keep = np.flatnonzero(~gone)
    table = RawTable(
        name=source.table,
        columns={name: column[keep] for name, column in columns.items()} if gone.any() else columns,
        file=raw.file,
        line=raw.line[keep],
        refused=(*(evolve(one, table=source.table) for one in raw.refused), *refused),
        notes=(*raw.notes, *notes),
    )
    return Taken(source=source, table=table, skipped=int(skipped.sum()), unused=unused)


# COLUMNS


def _named(source: Source, raw: RawTable) -> tuple[dict[str, AnyColumn], tuple[str, ...], list[str]]:
    """Give the columns that are taken by their names here, those that are not, and notes."""
    columns: dict[str, AnyColumn] = {}
    found = {wanted: find_column(wanted, names, raw.columns) for wanted, names in source.columns.items()}
    spare = []
    for wanted, foreign in found.items():
        if foreign is not None:
            names = source.columns[wanted]
            spare += [foreign] if all(name in columns for name in names) else []
            columns |= {name: raw.columns[foreign] for name in names if name not in columns}
    used = {foreign for foreign in found.values() if foreign is not None} | _divided(source, raw, columns)
    rest = [column for column in raw.columns if column not in used]
    notes = {"同义的列已另有一列 / columns whose name another one has taken": spare}
    if source.others == "keep":
        _refuse_doubles(raw.file, columns, rest)
        columns = {**{column: raw.columns[column] for column in rest}, **columns}
        notes["对照表里的列不在文件中 / mapped columns that are not there"] = [
            wanted for wanted, foreign in found.items() if foreign is None
        ]
        rest = []
    where = f"{raw.file} ({source.name})"
    said = [f"{where}: {what}: {', '.join(named)}" for what, named in notes.items() if named]
    return columns, tuple(rest), said


def _divided(source: Source, raw: RawTable, columns: dict[str, AnyColumn]) -> set[str]:
    """Add the parts of columns that are divided, unless they have columns of their own; give the columns used."""
    used = set()
    for wanted, names in source.split.items():
        foreign = find_column(wanted, (), raw.columns)
        if foreign is not None and not any(name in columns for name in names):
            used.add(foreign)
            columns |= dict(zip(names, _parts(as_text(raw.columns[foreign]), len(names)), strict=True))
    return used


def _refuse_doubles(file: str, columns: Mapping[str, AnyColumn], rest: Iterable[str]) -> None:
    faults = [
        Fault("duplicate_column", f"{file}, {column}", f"两列都成为 / two columns become {column!r}", "map one of them")
        for column in rest
        if column in columns
    ]
    if faults:
        raise DataError(f"{file}: 对照后列名重复 / the mapping gives two columns one name", faults)


def _constant(text: str, count: int) -> Coded:
    return Coded(np.full(count, 1 if text else 0, np.uint8), ("", text) if text else ("",))


def _parts(column: Coded, count: int) -> Iterator[Coded]:
    """Divide ``152/95``; a text that has not so many parts goes whole to each, to be refused as no number."""
    divided = []
    for category in column.categories:
        parts = [part.strip() for part in category.translate(_SLASHES).split("/")]
        divided.append(parts if len(parts) == count else [category] * count)
    for i in range(count):
        yield recoded(column.codes, [parts[i] for parts in divided])


def _dated(column: AnyColumn, formats: tuple[str, ...]) -> AnyColumn:
    """Write dates as ``YYYY-MM-DD`` where a text is one in a given format; others stay, to be refused."""
    if not isinstance(column, Coded) or not formats:
        return column
    return recoded(column.codes, [_as_iso(category.strip(), formats) for category in column.categories])


def _as_iso(text: str, formats: tuple[str, ...]) -> str:
    for form in formats if text else ():
        try:
            return dt.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return text


# ROWS


def _skipped(source: Source, columns: Mapping[str, AnyColumn], count: int) -> NDArray[np.bool_]:
    skipped = np.zeros(count, np.bool_)
    for name in source.only_with:
        column = columns.get(name)
        if column is None:
            skipped[:] = True
        else:
            skipped |= ~_filled(column)
    if source.once and {"patient_id", "date"} <= columns.keys():
        skipped |= ~_earliest(columns, ~skipped)
    return skipped


def _filled(column: AnyColumn) -> NDArray[np.bool_]:
    if not isinstance(column, Coded):
        return column.known
    filled = np.array([bool(category.strip()) for category in column.categories], np.bool_)
    return np.asarray(filled[column.codes])


def _earliest(columns: Mapping[str, AnyColumn], wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the earliest row of each person; of several on a day the first.  A day that is none comes last."""
    ids = as_text(columns["patient_id"])
    person = recoded(ids.codes, [category.strip() for category in ids.categories]).codes
    day = read_dates("date", columns["date"])[0].values.astype(np.int64)
    day[day == MISSING] = np.iinfo(np.int64).max
    order = np.lexsort((day, person, ~wanted))
    order = order[wanted[order]]
    first = np.ones(len(order), np.bool_)
    first[1:] = person[order][1:] != person[order][:-1]
    marked = np.zeros(len(wanted), np.bool_)
    marked[order[first]] = True
    return marked


def _why_skipped(source: Source) -> str:
    blank = f"空 / blank: {', '.join(source.only_with)}" if source.only_with else ""
    once = "每人只取最早一行 / only the earliest row of each person" if source.once else ""
    return "; ".join(text for text in (blank, once) if text)


def _unknown_codes(
    source: Source,
    raw: RawTable,
    columns: Mapping[str, AnyColumn],
    made: Mapping[str, Recoded],
    skipped: NDArray[np.bool_],
) -> Iterator[Refusal]:
    """Refuse rows whose code is not known, each once: by the first such column."""
    told = skipped.copy()
    ids = as_text(columns["patient_id"]) if "patient_id" in columns else None
    for name, column in made.items():
        rows = np.flatnonzero(column.unknown & ~told)
        told |= column.unknown
        for row in rows.tolist():
            text = column.column.text(row) or ""
            problem = unmapped(source.name, name, text, source.codes[name])
            key = (ids.text(row) or "") if ids is not None else ""
            line = int(raw.line[row])
            yield Refusal(source.table, raw.file, line, name, text, problem.check, problem.reason, key)
