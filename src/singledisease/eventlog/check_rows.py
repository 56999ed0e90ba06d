"""What is wrong with a row of events as a whole: its person, its day, its kind, what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.event import is_not_done
from singledisease.eventlog.log import People
from singledisease.eventlog.parse_column import CellProblem, day_text, findings
from singledisease.eventlog.parse_table import Checked, bad_rows
from singledisease.eventlog.raw import RawTable, plain_number
from singledisease.eventlog.report import NotDone
from singledisease.eventlog.validation_rules import (
    AFTER_DEATH,
    BEFORE_BIRTH,
    BLANK_DATE,
    BLANK_KIND,
    BLANK_PERSON,
    ENROLMENT_OF_NOTHING,
    EXIT_LIST,
    PRESSURES_CROSSED,
    UNKNOWN_PERSON,
    after_death,
    before_birth,
    not_in_list,
    pressures_crossed,
)

NOBODY = -1
_RUN, _AHEAD = 256, 4096
"""How many names are compared at once, and how many people without a row may stand between two with one."""


def find_persons(ids: Coded, people: People) -> NDArray[np.int32]:
    """Give the index into ``people`` of each row, ``NOBODY`` where there is no such person."""
    names, categories = people.ids.tolist(), ids.categories
    found = _side_by_side(names, categories)
    if found is None:
        index = dict(zip(names, range(len(names)), strict=True))
        found = list(map(index.get, categories, repeat(NOBODY)))
    return np.array(found, np.int32).take(ids.codes)


def _side_by_side(names: list[str], categories: tuple[str, ...]) -> list[int] | None:
    """Find categories by going through both lists once; ``None`` if they come in another order or one is nobody's.

    Both are mostly sorted, and then this takes a fraction of looking each one up: a table of a million names is larger
    than the cache, so that nearly every look waits for memory.  Where many stand alike they are compared at once.
    """
    found, at, done = [NOBODY], 0, 1
    while done < len(categories):
        some = categories[done : done + _RUN]
        if tuple(names[at : at + len(some)]) == some:
            found.extend(range(at, at + len(some)))
            at, done = at + len(some), done + len(some)
            continue
        for name in some:
            try:
                at = names.index(name, at, at + _AHEAD) + 1
            except ValueError:
                return None
            found.append(at - 1)
        done += len(some)
    return found


def wrong_rows(ids: Coded, person: NDArray[np.int32], people: People, checked: Checked) -> Iterator[CellProblem]:
    """Give every problem of events that is not one of a single cell, and not one of a reading."""
    yield from _nobody(ids, person, checked)
    yield from _blank("date", checked)
    yield from _blank("kind", checked)
    yield from _outside_life(person, people, cast(Dates, checked.columns["date"]))
    yield from _of_kind(cast(Coded, checked.columns["kind"]), checked)


def _nobody(ids: Coded, person: NDArray[np.int32], checked: Checked) -> Iterator[CellProblem]:
    yield from _blank("patient_id", checked)
    told = bad_rows(len(ids), (finding for finding in checked.wrong if finding.column == "patient_id"))
    stranger = np.flatnonzero(ids.known & (person == NOBODY) & ~told)
    yield from findings("patient_id", stranger, UNKNOWN_PERSON, lambda row: ids.text(row) or "")


_BLANK = {"patient_id": BLANK_PERSON, "date": BLANK_DATE, "kind": BLANK_KIND}


def _blank(name: str, checked: Checked) -> Iterator[CellProblem]:
    """Find cells that must not be blank; one that could not be read is wrong already, not blank."""
    column = checked.columns[name]
    unread = bad_rows(len(column), (finding for finding in checked.wrong if finding.column == name))
    yield from findings(name, np.flatnonzero(~column.known & ~unread), _BLANK[name], lambda _: "")


def _outside_life(person: NDArray[np.int32], people: People, date: Dates) -> Iterator[CellProblem]:
    """Find events before birth or after death; nobody's row, which is -1, finds the appended missing day.

    Where everyone was born before the first event, or lived to the last, no row is looked at.
    """

    def written(row: int) -> str:
        return day_text(int(date.values[row]))

    known = date.values[date.known]
    first, last = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    if (people.birth > first).any():
        birth = np.append(people.birth, np.int32(MISSING)).take(person)
        rows = np.flatnonzero(date.known & before_birth(date.values, birth))
        yield from findings("date", rows, BEFORE_BIRTH, written)
    if after_death(last, people.death).any():
        death = np.append(people.death, np.int32(MISSING)).take(person)
        yield from findings("date", np.flatnonzero(after_death(date.values, death)), AFTER_DEATH, written)


def crossed_pressures(columns: Mapping[str, AnyColumn]) -> Iterator[CellProblem]:
    """Find pairs of pressures of which the diastolic one is not below the systolic."""
    sbp, dbp = columns.get("sbp"), columns.get("dbp")
    if isinstance(sbp, Numbers) and isinstance(dbp, Numbers):
        rows = np.flatnonzero(pressures_crossed(sbp.values, dbp.values))
        yield from findings("dbp", rows, PRESSURES_CROSSED, lambda row: _pair(sbp.values[row], dbp.values[row]))


def without_crossed(columns: Mapping[str, AnyColumn], crossed: Iterable[CellProblem]) -> dict[str, AnyColumn]:
    """Give columns in which both pressures of a crossed pair are missing."""
    rows = [one.row for one in crossed]
    kept = dict(columns)
    for name, column in columns.items() if rows else ():
        if name in ("sbp", "dbp") and isinstance(column, Numbers):
            values = column.values.copy()
            values[rows] = np.nan
            kept[name] = Numbers(values)
    return kept


def set_aside(table: RawTable, kind: Coded, status: AnyColumn | None) -> tuple[NDArray[np.bool_], tuple[NotDone, ...]]:
    """Find the rows whose status says that nothing happened.

    Returns
    -------
    rows
        bool: which they are.
    not_done
        The same by kind and status, with their lines.
    """
    rows = np.zeros(len(table), np.bool_)
    if not isinstance(status, Coded):
        return rows, ()
    found: list[NotDone] = []
    for code, text in enumerate(status.categories):
        kinds = [is_not_done(name, text) for name in kind.categories]
        if not any(kinds):
            continue
        here = (status.codes == code) & np.array(kinds, np.bool_)[kind.codes]
        rows |= here
        for number in np.unique(kind.codes[here]).tolist():
            lines = table.line[np.flatnonzero(here & (kind.codes == number))].tolist()
            found.append(NotDone(table.name, table.file, kind.categories[number], text, tuple(lines)))
    return rows, tuple(found)


def _pair(sbp: Any, dbp: Any) -> str:
    return f"{plain_number(sbp)}/{plain_number(dbp)}"


def _of_kind(kind: Coded, checked: Checked) -> Iterator[CellProblem]:
    columns = checked.columns
    reason = columns.get("reason")
    if isinstance(reason, Coded):
        yield from _unlisted_reasons(np.flatnonzero(_is(kind, "exit")), reason)
    named = bad_rows(len(kind), (finding for finding in checked.wrong if finding.column in ("disease", "code")))
    for name in ("disease", "code"):
        if name in columns:
            named |= columns[name].known
    yield from findings("disease", np.flatnonzero(_is(kind, "enrolment") & ~named), ENROLMENT_OF_NOTHING, lambda _: "")


def _unlisted_reasons(exits: NDArray[np.int64], reason: Coded) -> Iterator[CellProblem]:
    for code in np.unique(reason.codes[exits]).tolist():
        text = reason.categories[code]
        problem = not_in_list("reason", text, EXIT_LIST)
        if problem is not None:
            for row in exits[reason.codes[exits] == code].tolist():
                yield CellProblem(row, "reason", text, problem)


def _is(kind: Coded, name: str) -> NDArray[np.bool_]:
    wanted = kind.categories.index(name) if name in kind.categories else -1
    return np.asarray(kind.codes == wanted)
