"""One foreign table taken: its columns and codes under the names used here, and what became of every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable
from singledisease.eventlog.report import Refusal
from singledisease.io.mapping.codes import Recoded, recode, unmapped
from singledisease.io.mapping.columns import named
from singledisease.io.mapping.skip_rows import skipped_rows
from singledisease.io.mapping.source import RecordSystem, Source


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
    also
        Of a table of patients, other numbers by which other tables call each.
    cells
        Of columns whose cells were changed on the way, converted for one, the cells of ``table``'s rows as they stand
        in the file.
    """

    source: Source
    table: RawTable
    skipped: int = 0
    unused: tuple[str, ...] = ()
    also: tuple[Coded, ...] = ()
    cells: Mapping[str, Coded] = field(factory=dict)


def apply(system: RecordSystem, table: RawTable) -> RawTable:
    """Give a table that is named as it is here under the names used here, by the short form of a mapping.

    Raises
    ------
    DataError
        If two columns would have the same name.
    """
    return taken(system, table).table


def taken(system: RecordSystem, table: RawTable) -> Taken:
    """Take a table that is named as it is here, by the short form of a mapping.

    Raises
    ------
    DataError
        If two columns would have the same name.
    """
    source = system.tables.get(table.name)
    if source is None:
        return Taken(source=Source(name=table.name, table=table.name, others="keep"), table=table)
    return take(source, table)


def take(source: Source, raw: RawTable) -> Taken:
    """Give a foreign table under the names used here.

    Raises
    ------
    DataError
        If two columns would have the same name.
    """
    found = named(source, raw)
    columns = dict(found.columns)
    skips = skipped_rows(source, raw, columns)
    skipped = np.any([np.zeros(len(raw), np.bool_), *skips.values()], axis=0)
    recoded_columns = {
        name: recode(name, as_text(columns[name]), codes) for name, codes in source.codes.items() if name in columns
    }
    columns |= {name: made.column for name, made in recoded_columns.items()}
    refused = tuple(_unknown_codes(source, raw, columns, recoded_columns, skipped))
    gone = np.any([skipped, *(made.unknown for made in recoded_columns.values())], axis=0)
    keep = np.flatnonzero(~gone)
    where = f"{raw.file} ({source.name})"
    told = [f"{where}: 略过 {int(rows.sum())} 行 skipped: {why}" for why, rows in skips.items() if rows.any()]
    table = RawTable(
        name=source.table,
        columns={name: column[keep] for name, column in columns.items()} if gone.any() else columns,
        file=raw.file,
        line=raw.line[keep],
        refused=(*(evolve(one, table=source.table) for one in raw.refused), *refused),
        notes=(*raw.notes, *found.notes, *told),
    )
    cells = {name: cells[keep] for name, cells in found.cells.items()}
    return Taken(
        source=source,
        table=table,
        skipped=int(skipped.sum()),
        unused=found.unused,
        also=tuple(column[keep] for column in found.also),
        cells=cells,
    )


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
