"""One row for each person, institution or team: identical rows are duplicates, different ones refuse each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded, Numbers
from singledisease.eventlog.parse_column import CellProblem
from singledisease.eventlog.raw import Lines
from singledisease.eventlog.report import Refusal
from singledisease.eventlog.validation_rules import ValidationIssue, different_rows

_ID_COLUMN = {"person": "patient_id", "institution": "institution", "team": "team"}
_OF_TABLE = {"patients": "person", "institutions": "institution", "teams": "team"}
Of = Literal["person", "institution", "team"]


@frozen(eq=False)
class OneEach:
    """Which rows stand, which only repeat one that stands, and which contradict each other."""

    keep: NDArray[np.int64]
    duplicates: int
    wrong: tuple[CellProblem, ...]


def differs(column: AnyColumn, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell where two lists of rows hold different values; missing equals missing."""
    values = column.codes if isinstance(column, Coded) else column.values
    unequal = values[rows] != values[others]
    if isinstance(column, Numbers):
        unequal &= column.known[rows] | column.known[others]
    return np.asarray(unequal)


def one_each(
    what: Of,
    ids: Coded,
    columns: Iterable[AnyColumn],
    *,
    bad: NDArray[np.bool_],
    line: NDArray[np.int64] | Lines,
) -> OneEach:
    """Settle which row stands for each id.

    Parameters
    ----------
    what
        Whose rows they are, for the message.
    ids
        The ids; rows without one must be among ``bad``.
    columns
        All columns: rows that differ in any of them contradict each other.
    bad
        Rows refused already.  A good row of the same id differs from them, so it is refused too.
    line
        The line of each row, for the message.
    """
    count = len(ids)
    rows = np.arange(count)
    first = np.zeros(len(ids.categories), np.int64)
    first[ids.codes[::-1]] = rows[::-1]
    standing = first[ids.codes]
    later = np.flatnonzero(standing != rows)
    different = np.zeros(len(ids.categories), np.bool_)
    for values in columns:
        different[ids.codes[later[differs(values, later, standing[later])]]] = True
    different |= _any(ids, bad) & _any(ids, ~bad)
    different[0] = False
    contradicting = different[ids.codes]
    wrong = _contradictions(what, ids, np.flatnonzero(contradicting), line)
    good = ~bad & ~contradicting
    keep = np.flatnonzero(good & (standing == rows))
    return OneEach(keep, int(good.sum()) - len(keep), wrong)


def restated(before: Sequence[Refusal], after: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """Say of rows that contradict each other where they stand, once they have got a file and line of their own.

    Parameters
    ----------
    before
        Refusals of rows by their number in a stack of tables.
    after
        The same ones with their places; a file that is blank is none.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, one in enumerate(before):
        if one.check == "different_rows":
            groups[one.table, one.key].append(i)
    said = list(after)
    for (table, _), members in groups.items():
        what = _OF_TABLE[table]
        old = different_rows(what, [before[i].line for i in members]).reason
        new = different_rows(what, _places([after[i] for i in members])).reason
        for i in members:
            said[i] = evolve(said[i], reason=said[i].reason.replace(old, new))
    return tuple(said)


def _places(refusals: Sequence[Refusal]) -> list[int | str]:
    """Give the lines of refusals, with their files if there are several."""
    files = {one.file for one in refusals}
    if files == {""}:
        return []
    return [one.line if len(files) == 1 else f"{one.file}:{one.line}" for one in refusals]


def _any(ids: Coded, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.bincount(ids.codes[rows], minlength=len(ids.categories)) > 0


def _contradictions(
    what: Of, ids: Coded, rows: NDArray[Any], line: NDArray[np.int64] | Lines
) -> tuple[CellProblem, ...]:
    codes = ids.codes[rows].tolist()
    lines: dict[int, list[int]] = defaultdict(list)
    for code, number in zip(codes, line[rows].tolist(), strict=True):
        lines[code].append(number)
    problems: Mapping[int, ValidationIssue] = {code: different_rows(what, numbers) for code, numbers in lines.items()}
    return tuple(
        CellProblem(row, _ID_COLUMN[what], ids.categories[code], problems[code])
        for row, code in zip(rows.tolist(), codes, strict=True)
    )
