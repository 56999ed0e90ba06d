"""Several foreign tables gathered into one log, with every row of every one of them accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.eventlog.build import build
from singledisease.eventlog.columns import AnyColumn, Coded, blank_like, together
from singledisease.eventlog.deduplicate import restated
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog, Provenance
from singledisease.eventlog.parse_column import as_text, recoded
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.eventlog.report import LoadReport, NotDone, Refusal, Slip, TableReport
from singledisease.eventlog.validation_rules import PRESSURES_CROSSED
from singledisease.io.mapping.aliases import called_alike
from singledisease.io.mapping.apply_source import Taken

_ID: dict[TableName, str] = {"patients": "patient_id", "institutions": "institution", "teams": "team"}


def gather(taken: Sequence[Taken], rules: LoadRules | None = None, notes: Iterable[str] = ()) -> EventLog:
    """Make one log of foreign tables.

    Where several of them describe a person, what one leaves blank another may fill in; if they contradict each
    other the person is refused, as always.

    Parameters
    ----------
    taken
        At least one table of patients and one of events.
    rules
        What else the tables are read by.
    notes
        What the load report says besides.

    Raises
    ------
    DataError
        If a table lacks a column it must have.
    """
    taken = called_alike(taken)
    stacks = {name: _Stack(name, tuple(one for one in taken if one.table.name == name)) for name in _names(taken)}
    tables = {name: stack.filled() for name, stack in stacks.items()}
    log = build(
        tables["patients"],
        tables["events"],
        tables.get("institutions"),
        teams=tables.get("teams"),
        activities=tables.get("activities"),
        rules=rules,
    )
    found = log.report
    report = LoadReport(
        tables=tuple(count for stack in stacks.values() for count in stack.counts(log)),
        refusals=tuple(refusal for stack in stacks.values() for refusal in stack.refusals(found)),
        readings=tuple(reading for stack in stacks.values() for reading in stack.moved(found.readings)),
        not_done=tuple(rows for stack in stacks.values() for rows in stack.not_done(found)),
        slips=tuple(slip for stack in stacks.values() for slip in stack.slips(found)),
        notes=(*notes, *(note for one in taken for note in one.table.notes), *found.notes),
    )
    return evolve(log, source=stacks["events"].places(log.source.line), report=report)


def _names(taken: Sequence[Taken]) -> tuple[TableName, ...]:
    order: tuple[TableName, ...] = ("patients", "institutions", "teams", "activities", "events")
    return tuple(name for name in order if any(one.table.name == name for one in taken))


@frozen(eq=False)
class _Stack:
    """Tables that become one table here, one under the other; a row's line is its place in the stack."""

    name: TableName
    parts: tuple[Taken, ...]

    def __len__(self) -> int:
        return sum(len(part.table) for part in self.parts)

    @property
    def starts(self) -> NDArray[np.int64]:
        """The place of the first row of each part, and the number of all rows."""
        return np.cumsum([0, *(len(part.table) for part in self.parts)], dtype=np.int64)

    def table(self) -> RawTable:
        """Give the stack as one table."""
        names = dict.fromkeys(name for part in self.parts for name in part.table.columns)
        return RawTable(
            name=self.name,
            columns={name: self._column(name) for name in names},
            file=", ".join(dict.fromkeys(part.table.file for part in self.parts)),
            line=np.arange(len(self), dtype=np.int64),
        )

    def _column(self, name: str) -> AnyColumn:
        given = [part.table.columns.get(name) for part in self.parts]
        known = [column for column in given if column is not None]
        if len({type(column) for column in known}) > 1:
            given = [None if column is None else as_text(column) for column in given]
            known = [column for column in given if column is not None]
        sizes = [len(part.table) for part in self.parts]
        columns = [
            blank_like(known[0], size) if column is None else column for column, size in zip(given, sizes, strict=True)
        ]
        whole = columns[0]
        for column in columns[1:]:
            whole = together(whole, column)
        return whole

    def filled(self) -> RawTable:
        """Give the stack, with the blanks of a person, institution or team filled from their other rows.

        Left blank, the two rows would differ, and the person would be refused for what no file says.
        """
        table = self.table()
        if len(self.parts) == 1 or _ID.get(self.name) not in table.columns:
            return table
        who = _stripped(as_text(table.columns[_ID[self.name]]))
        columns = {name: _fill(as_text(column), who) for name, column in table.columns.items()}
        return evolve(table, columns={**columns, _ID[self.name]: who})

    # WHAT BECAME OF EVERY ROW

    def places(self, rows: NDArray[np.int64]) -> Provenance:
        """Give file and line of rows of the stack."""
        files = tuple(dict.fromkeys(part.table.file for part in self.parts))
        of_part = np.array([files.index(part.table.file) for part in self.parts], np.uint16)
        part = np.searchsorted(self.starts, rows, side="right") - 1
        lines = np.concatenate([np.empty(0, np.int64), *(one.table.line for one in self.parts)])
        return Provenance(files=files, file=of_part[part], line=lines[rows])

    def refusals(self, report: LoadReport) -> tuple[Refusal, ...]:
        """Give every refusal of these tables, with file and line of its own."""
        return (*(refusal for part in self.parts for refusal in part.table.refused), *self.moved(report.refusals))

    def moved(self, refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
        """Give refusals of rows or readings of the stack, with file and line of their own."""
        found = [refusal for refusal in refusals if refusal.table == self.name]
        source = self.places(np.array([refusal.line for refusal in found], np.int64))
        moved = [
            evolve(self._as_it_stood(refusal), file=source.files[file], line=line)
            for refusal, file, line in zip(found, source.file.tolist(), source.line.tolist(), strict=True)
        ]
        return restated(found, moved)

    def not_done(self, report: LoadReport) -> Iterator[NotDone]:
        """Give the rows that did not happen, by the files in which they stand."""
        for one in report.not_done:
            if one.table == self.name:
                source = self.places(np.array(one.lines, np.int64))
                for number in np.unique(source.file).tolist():
                    lines = source.line[source.file == number].tolist()
                    yield evolve(one, file=source.files[number], lines=tuple(lines))

    def slips(self, report: LoadReport) -> Iterator[Slip]:
        """Give the likely slips of these tables, with file and line of their own; of a heading the files stand."""
        for one in report.slips:
            if one.table == self.name:
                source = self.places(np.array([one.line], np.int64)) if one.column else None
                yield (
                    one if source is None else evolve(one, file=source.files[source.file[0]], line=int(source.line[0]))
                )

    def _as_it_stood(self, refusal: Refusal) -> Refusal:
        """Give a refusal with the cell that stands in the file, if what was refused is what became of it."""
        i = int(np.searchsorted(self.starts, refusal.line, side="right")) - 1
        row = refusal.line - int(self.starts[i])
        cell = _stood(self.parts[i], _shown(refusal), row)
        if not cell or cell == refusal.value:
            return refusal
        return evolve(refusal, value=cell, reason=f"{refusal.reason}（{cell} = {refusal.value}）")

    def counts(self, log: EventLog) -> tuple[TableReport, ...]:
        """Count the rows of each part: accepted, duplicates, refused, skipped, not done."""
        if self.name == "activities":
            return (self._all_counted(log.report.table(self.name)),)
        aside = np.zeros(len(self), np.bool_)
        aside[[line for one in log.report.not_done if one.table == self.name for line in one.lines]] = True
        read = np.zeros(len(self), np.int64)
        np.add.at(read, [one.line for one in log.report.readings if one.table == self.name], 1)
        refused = np.zeros(len(self), np.bool_)
        refused[[refusal.line for refusal in log.report.refusals if refusal.table == self.name]] = True
        accepted = np.zeros(len(self), np.bool_)
        accepted[log.source.line if self.name == "events" else self._first_rows(refused)] = True
        starts = self.starts
        return tuple(
            evolve(
                _counted(part, self._called(part), accepted[lo:hi], refused[lo:hi] | aside[lo:hi]),
                refused=int(refused[lo:hi].sum()) + len(part.table.refused),
                not_done=int(aside[lo:hi].sum()),
                readings=int(read[lo:hi].sum()),
            )
            for part, lo, hi in zip(self.parts, starts, starts[1:], strict=False)
        )

    def _first_rows(self, refused: NDArray[np.bool_]) -> NDArray[np.int64]:
        ids = _stripped(as_text(self._column(_ID[self.name]))).codes
        sound = np.flatnonzero(~refused)
        _, first = np.unique(ids[sound], return_index=True)
        return sound[first]

    def _all_counted(self, built: TableReport) -> TableReport:
        """Count the rows of all parts together: where each row of activities came from is not kept."""
        unread, skipped = (
            sum(n) for n in zip(*((len(one.table.refused), one.skipped) for one in self.parts), strict=True)
        )
        return evolve(built, read=built.read + unread + skipped, refused=built.refused + unread, skipped=skipped)

    def _called(self, part: Taken) -> str:
        alone = sum(other.source is part.source for other in self.parts) == 1
        return part.source.name if alone else f"{part.source.name} ({part.table.file})"


def _shown(refusal: Refusal) -> tuple[str, ...]:
    return ("sbp", "dbp") if refusal.check == PRESSURES_CROSSED.check else (refusal.column,)


def _stood(part: Taken, names: tuple[str, ...], row: int) -> str:
    """Give cells as they stand in the file, blank if they were read as they stand."""
    if not any(name in part.cells for name in names):
        return ""
    columns = {**part.table.columns, **part.cells}
    return "/".join(dict.fromkeys(as_text(columns[name]).text(row) or "" for name in names))


def _counted(part: Taken, name: str, accepted: NDArray[np.bool_], gone: NDArray[np.bool_]) -> TableReport:
    return TableReport(
        table=name,
        read=len(part.table) + len(part.table.refused) + part.skipped,
        accepted=int(accepted.sum()),
        duplicates=int((~accepted & ~gone).sum()),
        skipped=part.skipped,
    )


def _stripped(column: Coded) -> Coded:
    return recoded(column.codes, [category.strip() for category in column.categories])


def _fill(column: Coded, who: Coded) -> Coded:
    """Fill blanks from the first known value of the same person; nobody's blanks stay."""
    stripped = _stripped(column)
    known = np.flatnonzero(stripped.known & who.known)[::-1]
    value = np.zeros(len(who.categories), stripped.codes.dtype)
    value[who.codes[known]] = stripped.codes[known]
    return Coded(np.where(stripped.known, stripped.codes, value[who.codes]), stripped.categories)
