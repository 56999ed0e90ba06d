"""Rows said by runs of periods, and comparisons counted back from a period's end: the same as one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from singledisease.dates import MISSING, day_of, months_between
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.arithmetic import months_compared
from singledisease.engines.columnar.domain import Everyone, SelectedRows
from singledisease.engines.columnar.periods import do_move_on, in_periods, runs_in_periods
from singledisease.engines.columnar.reductions import counts, exists, outermost
from singledisease.engines.columnar.row_runs import RowRuns
from singledisease.engines.columnar.table import RowTable
from singledisease.engines.columnar.windows import Bounds

WINDOWS = [
    [(0, 9), (5, 14), (5, 20)],
    [(-(10**6), 4), (-(10**6), 12), (-(10**6), 12)],
    [(3, 2), (3, 6), (9, 8)],
    [(40, 50), (41, 51)],
]


def _rows(windows: list[tuple[int, int]], far: int = 0) -> tuple[SelectedRows, Bounds, Everyone]:
    draw = np.random.default_rng(1)
    owner = np.sort(draw.integers(0, 7, 60)).astype(np.int32)
    date = np.concatenate([np.sort(draw.integers(0, 25, n)) for n in np.bincount(owner)]).astype(np.int32)
    date[-1] += far
    table = RowTable(source="events", date=date, owner=owner, columns={})
    day = np.zeros((len(windows), 1), np.int32)
    everyone = Everyone(owners="people", size=9, start=day, asked=day, seen=day)
    bounds = Bounds(*(np.array([[days[i]] for days in windows], np.int32) for i in (0, 1)))
    return SelectedRows(table=table, index=np.arange(60), root=everyone, outer=everyone), bounds, everyone


@pytest.mark.parametrize("far", [0, 70_000])
@pytest.mark.parametrize("windows", WINDOWS)
def test_runs_say_what_rows_say_that_are_written_out(windows, far):
    """Rows, their number, whether there is one, and the first and the last of each person and period are the same."""
    rows, bounds, everyone = _rows(windows, far)
    written, runs = in_periods(rows, bounds, everyone), runs_in_periods(rows, bounds, everyone)
    assert (runs.written_out().index.tolist(), runs.written_out().cell.tolist()) == (
        written.index.tolist(),
        written.cell.tolist(),
    )
    assert runs.pairs == len(written.index)
    assert counts(runs, everyone.shape).tolist() == counts(written, everyone.shape).tolist()
    assert exists(runs, everyone.shape).tolist() == exists(written, everyone.shape).tolist()
    for which in ("first", "last"):
        one, other = outermost(runs, which, 3), outermost(written, which)
        assert isinstance(one, RowRuns)
        assert isinstance(other, SelectedRows)
        assert one.written_out().pick == 3
        assert one.written_out().index.tolist() == other.index.tolist()
        spread = one.spread(o.Day(one.rows.dates))
        expected = o.scattered(o.Day(other.dates), other.cell, everyone.shape)
        assert isinstance(spread, o.Day)
        assert isinstance(expected, o.Day)
        assert spread.values.tolist() == expected.values.tolist()


def test_every_kind_of_value_is_spread_along_its_run():
    """Of a period and person without a row each kind of value is missing."""
    rows, bounds, everyone = _rows([(0, 3), (1, 4)])
    last = runs_in_periods(rows, bounds, everyone).outermost("last")
    number, text = np.arange(len(last.rows.index), dtype=np.float64), np.ones(len(last.rows.index), np.uint8)
    there = o.known(last.spread(o.Number(number)))
    assert 0 < there.sum() < there.size
    assert o.known(last.spread(o.Text(text, ("", "x")))).tolist() == there.tolist()
    truth = last.spread(o.Truth(lambda wanted: text.astype(bool) == wanted))
    assert isinstance(truth, o.Truth)
    assert (truth.yes.tolist(), truth.no.any()) == (there.tolist(), False)


def test_windows_move_on_if_no_end_goes_back():
    """Windows of each person's own, and ends that are earlier than the one before, do not move on."""
    days = [np.array([[first], [second]], np.int32) for first, second in [(1, 1), (1, 5), (5, 1)]]
    assert [do_move_on(*pair) for pair in itertools.product(days, days)] == [True, True, False] * 2 + [False] * 3
    assert not do_move_on(np.array([[1, 2]], np.int32))


def test_rows_in_windows_that_hardly_anybody_has_are_searched_for():
    """A window of one person in one of two periods holds the same rows as when every row is looked at."""
    rows, _, everyone = _rows([(0, 0), (0, 0)])
    first, last = np.full((2, 9), 1, np.int32), np.zeros((2, 9), np.int32)
    first[1, 3], last[1, 3] = 4, 20
    found = in_periods(rows, Bounds(first, last), everyone)
    wanted = np.flatnonzero((rows.owner == 3) & (rows.dates >= 4) & (rows.dates <= 20))
    assert len(wanted) > 0
    assert found.index.tolist() == wanted.tolist()
    assert set(found.cell.tolist()) == {everyone.size + 3}
    assert set(found.period.tolist()) == {1}


@pytest.mark.parametrize("operation", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("months", [-1.0, 0.0, 2.5, 3.0, 1e9])
def test_months_counted_back_from_the_end_compare_as_months_counted(operation, months):
    """Around the first and the last of a month, and over a year's end, no day is put on the other side."""
    days = [
        day_of(text) for text in ("2023-11-30", "2023-12-01", "2024-01-31", "2024-02-29", "2024-03-01", "2024-05-31")
    ]
    end = [day_of("2024-02-29"), day_of("2024-03-31"), MISSING]
    found = months_compared(
        operation, o.Day(np.array([[*days, MISSING]], np.int32)), o.Day(np.array(end, np.int32).reshape(-1, 1)), months
    )
    compare = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}
    compare |= {"==": float.__eq__, "!=": float.__ne__}
    expected = [
        [last != MISSING and compare[operation](float(months_between(day, last)), months) for day in days] + [False]
        for last in end
    ]
    assert found.tolist() == expected
