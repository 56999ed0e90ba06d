"""Which event stands in which row of which table, and what of it has no place there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from singledisease.io.data_sets.sheets import IDENTITY, DataSetTable, foreign_cell, read_besides, says_it
from singledisease.io.mapping.source import Source

Values = Mapping[str, str]
"""A row by the names used here, blanks left out."""

NO_TABLE = "数据集没有这样的表 / the data set has no table for it"
NO_ROW = "当天没有可依附的随访行 / no follow-up of that day in whose row it could stand"
TAKEN_BACK = "已撤回 / it was taken back"
THE_SAME = "与另一行在数据集中完全相同 / in the data set the same as another row"
NOT_DONE = "状态或编码系统无处可写 / its status or system of codes has no place"
_DECIDES = ("status", "system")
"""Columns without which an event would be read as something else."""
_OF_ROW = frozenset({"patient_id", "date", *IDENTITY})


@frozen(eq=False)
class Placed:
    """Rows in the making, and the account of what has a place in them.

    Attributes
    ----------
    rows
        Of each table by name, its cells by identifier.
    written
        Events that have a place, by kind and disease.
    left
        Places of the events that have none, with why.
    lost
        Cells of events that are written without them, by column here.
    gained
        Cells that will be read though the log does not have them, by column here.
    """

    rows: dict[str, list[dict[str, str]]]
    written: Counter[tuple[str, str]] = field(factory=Counter)
    left: dict[int, str] = field(factory=dict)
    lost: Counter[str] = field(factory=Counter)
    gained: Counter[str] = field(factory=Counter)

    def take(self, values: Values, cells: Mapping[str, str], source: Source) -> None:
        """Count an event that is written, and what of it is not."""
        self.written[values["kind"], values.get("disease", "")] += 1
        for wanted, names in source.columns.items():
            self.gained.update(read_besides(source, names, cells.get(wanted, ""), values))
        kept = {name for wanted, names in source.columns.items() if cells.get(wanted) for name in names}
        self.lost.update(name for name in values if name not in kept | _OF_ROW)


def place_events(sheets: Sequence[DataSetTable], events: Sequence[Values]) -> Placed:
    """Find the row of every event: first those that make rows, then those that stand in rows of others."""
    placed = Placed({sheet.name: [] for sheet in sheets})
    of_day: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    seen: set[tuple[str, ...]] = set()
    waiting = []
    for i, values in enumerate(events):
        why = _cannot_stand(values)
        sheet = next((one for one in sheets if one.main.table == "events" and says_it(one.main, values)), None)
        if why:
            placed.left[i] = why
        elif sheet is None:
            waiting.append(i)
        else:
            cells = _cells(sheet, sheet.main, values)
            key = (sheet.name, *(cells.get(one, "") for one in sheet.columns))
            if key in seen:
                placed.left[i] = THE_SAME
                continue
            seen.add(key)
            placed.rows[sheet.name].append(cells)
            placed.take(values, cells, sheet.main)
            of_day.setdefault((sheet.name, values["patient_id"], values["date"]), []).append(cells)
    for i in waiting:
        placed.left.update(_beside(sheets, events[i], i, placed, of_day))
    return placed


def _cannot_stand(values: Values) -> str:
    if values.get("withdrawn"):
        return TAKEN_BACK
    return NOT_DONE if any(values.get(name) for name in _DECIDES) else ""


def _cells(sheet: DataSetTable, source: Source, values: Values) -> dict[str, str]:
    """Give the cells that a source reads of an event; what no code says is left blank."""
    cells = {}
    for wanted, names in source.columns.items():
        cell = foreign_cell(source, names, values)
        cells[wanted] = sheet.columns[wanted].written(cell) if cell else ""
    return cells


def _beside(
    sheets: Sequence[DataSetTable],
    values: Values,
    i: int,
    placed: Placed,
    of_day: Mapping[tuple[str, str, str], list[dict[str, str]]],
) -> Iterator[tuple[int, str]]:
    """Put an event into the row of a follow-up of its day, or say why it has none."""
    could = [(sheet, source) for sheet in sheets for source in sheet.beside if says_it(source, values)]
    for sheet, source in could:
        cells = _cells(sheet, source, values)
        own = [wanted for wanted, names in source.columns.items() if set(names) & set(source.only_with)]
        for row in of_day.get((sheet.name, values["patient_id"], values["date"]), ()):
            if not any(row.get(one) for one in own) and all(cells[one] for one in own):
                row.update({one: cells[one] for one in own})
                placed.take(values, {**cells}, source)
                return
    yield i, NO_ROW if could else NO_TABLE
