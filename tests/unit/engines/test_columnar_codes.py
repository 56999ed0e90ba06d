"""Codes for which something holds, and the rows of some kinds."""

import itertools
import operator

import numpy as np
import pytest
from attrs import evolve

import singledisease as sd
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import event_rows, operators, stays, values, walk
from singledisease.engines.columnar.domain import Everyone, SelectedRows
from singledisease.engines.columnar.event_rows import rows_between
from singledisease.engines.columnar.filters import column_of_codes
from singledisease.engines.columnar.operands import among, both, either
from singledisease.engines.columnar.periods import are_ranges_fewer, in_periods, ranges_in_periods
from singledisease.engines.columnar.row_tables import events_table
from singledisease.engines.columnar.table import RowTable
from singledisease.engines.columnar.windows import Bounds
from singledisease.eventlog.columns import Coded
from singledisease.language import nodes as n
from singledisease.language.nodes import Status
from singledisease.scorecard.tally import tally

COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
LOG = sd.simulate(patients=40, seed=3).log()
COURSES = walk(resolve_disease(sd.disease("hypertension"), {}), LOG, int(LOG.date.max()))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("size", [1, 5, 256])
def test_codes_are_found_however_they_stand(dtype, share, size):
    """Few codes or many, side by side or scattered, the first and the last: the same as looking each up."""
    draw = np.random.default_rng(size)
    holds, codes = draw.random(size) < share, draw.integers(0, size, (3, 40)).astype(dtype)
    assert among(codes, holds).tolist() == holds[codes].tolist()


LOWEST, HIGHEST = -(2**31) + 1, 2**31 - 1


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(3, 5, [1, 2]), (5, 5, [2]), (1, 0, []), (LOWEST, 4, [0, 1]), (LOWEST, HIGHEST, [0, 1, 2, 3]), (6, HIGHEST, [3])],
)
def test_rows_are_found_between_days(first, last, expected):
    """Both days are included, a window turned round holds nothing, and one without an end all there is."""
    date, kind = np.array([-7, 3, 5, 9], np.int32), Coded(np.array([1, 1, 2, 1], np.uint8), ("", "call", "test"))
    table = RowTable(source="activities", date=date, owner=np.zeros(4, np.intp), columns={"kind": kind})
    assert rows_between(table, frozenset(), first, last).tolist() == expected
    calls = [place for place in expected if place != 2]
    assert rows_between(table, frozenset({"call"}), first, last).tolist() == calls


@pytest.mark.parametrize("coded", [0.0, 0.05, 0.9])
def test_rows_with_a_code_are_kept_where_few_have_one(coded):
    """Asked for rows with a code, whoever has none is left out, unless most rows have one: then all are given."""
    has = np.random.default_rng(1).random(len(LOG)) < coded
    log = evolve(LOG, columns={**LOG.columns, "code": Coded(has.astype(np.uint8), ("", "I21"))})
    middle = int(np.median(log.date))
    found = rows_between(events_table(log), frozenset(), LOWEST, middle, "code")
    expected = (log.date <= middle) & (has if coded < 0.25 else True)
    assert found.tolist() == np.flatnonzero(expected).tolist()
    assert log.kept.nbytes >= (8 * int(has.sum()) if coded < 0.25 else 0)


def test_without_a_column_of_codes_every_row_is_given():
    """A column that the log does not have leaves no row out, nor does that of a table that is no log's."""
    table = events_table(LOG)
    assert len(rows_between(table, frozenset(), LOWEST, HIGHEST, "nothing")) == len(LOG)
    assert len(rows_between(evolve(table, log=None), frozenset(), LOWEST, HIGHEST, "kind")) == len(LOG)


def test_conditions_on_a_code_name_its_column():
    """A row can be in a code set only where it has a code; what is asked of something else says nothing of codes."""
    listed = n.Codes("heart", "", "", "ICD-10", ("I21",), prefixes=True)
    column, blank = n.Column("code", "text"), n.Literal("", "text")
    other = n.Apply("==", (n.Column("reason", "text"), n.Literal("died", "text")))
    assert column_of_codes((other, n.HasCode(column, None, listed))) == "code"
    assert column_of_codes((other, n.HasCode(blank, None, listed))) == ""
    assert column_of_codes(()) == ""


@pytest.mark.parametrize("block", [1, 7, 2**17])
def test_rows_are_found_alike_the_first_time_and_later(block, monkeypatch):
    """What is looked for block by block the first time is what is found among the rows of a kind that are kept."""
    monkeypatch.setattr(event_rows, "_BLOCK", block)
    log = evolve(LOG)
    first, last = int(np.quantile(log.date, 0.3)), int(np.quantile(log.date, 0.6))
    names = {"follow_up", "checkup"}
    wanted = [
        row
        for row, (code, day) in enumerate(zip(log.kind.codes.tolist(), log.date.tolist(), strict=True))
        if log.kind.categories[code] in names and first <= day <= last
    ]
    assert wanted
    for _ in range(3):
        assert rows_between(events_table(log), frozenset(names), first, last).tolist() == wanted


@pytest.mark.parametrize("neutral", [True, False])
@pytest.mark.parametrize(
    ("one", "other"), [((1, 1), (3, 4)), ((3, 1), (1, 4)), ((3, 4), (3, 1)), ((1,), (4,)), ((1, 4), (3, 4))]
)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_masks_are_joined_whatever_their_shapes(neutral, one, other, share):
    """What is the same for all need not be read along: the result is that of joining element by element."""
    draw = np.random.default_rng(1)
    masks = draw.random(one) < share, draw.random(other) < 0.5
    found, join = (both(*masks), np.logical_and) if neutral else (either(*masks), np.logical_or)
    assert found.tolist() == join(*masks).tolist()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9, 1.0])
@pytest.mark.parametrize("spells", [0, 1, 60])
def test_spells_are_joined_alike_few_or_many(share, spells):
    """Looking at the spells of a status alone or at all, a stay has the same ends, and is one person's."""
    draw = np.random.default_rng(spells)
    holds, owner = draw.random(spells) < share, np.sort(draw.integers(0, 12, spells)).astype(np.int32)
    few, many = stays._join_few(holds.copy(), owner), stays._join_many(holds.copy(), owner)
    assert [each.tolist() for each in few] == [each.tolist() for each in many]
    apart = [i for i in range(spells) if holds[i] and (i == 0 or not holds[i - 1] or owner[i - 1] != owner[i])]
    assert few[0].tolist() == apart


@pytest.mark.parametrize("states", [("satisfactory", "unsatisfactory"), ("lost",), ()])
@pytest.mark.parametrize("days", [[(200, 300)], [(300, 200)], [(-(10**6), 10**6)], [(0, 90), (80, 90)], [(0, 9)] * 3])
def test_who_was_in_a_status_is_found_alike_the_first_time_and_later(states, days):
    """Asked once, every spell is looked at; asked again, the stays that are kept: of everybody the same is said."""
    courses, first = COURSES, int(np.median(LOG.date))
    status = Status("hypertension", "state" if states else "managed", states)
    begins, ends = (np.array([[first + day[i]] for day in days], np.int32) for i in (0, 1))
    window, spells = Bounds(begins, ends), courses.spells
    held = stays.codes_of(courses.disease, status)
    expected = [
        [
            begin <= end
            and any(held[spells.state[i]] and spells.entered[i] <= end and spells.left[i] > begin for i in of)
            for of in (range(a, b) for a, b in itertools.pairwise(spells.offsets.tolist()))
        ]
        for begin, end in zip(begins[:, 0].tolist(), ends[:, 0].tolist(), strict=True)
    ]
    fresh = evolve(courses)
    for _ in range(3):
        assert stays.was_anyone_in(fresh, status, window).tolist() == expected


@pytest.mark.parametrize("far", [0, 70_000])
@pytest.mark.parametrize(
    "windows", [[(0, 9), (5, 14), (3, 20)], [(-(10**6), 4), (-(10**6), 12)], [(8, 2), (0, 30)], [(40, 50)] * 2]
)
def test_rows_in_windows_that_overlap_are_the_same_written_out_or_as_ranges(windows, far):
    """Whatever the windows, in any order of time, each person's range holds the rows that are written out."""
    draw = np.random.default_rng(1)
    owner = np.sort(draw.integers(0, 7, 60)).astype(np.int32)
    date = np.concatenate([np.sort(draw.integers(0, 25, n)) for n in np.bincount(owner)]).astype(np.int32)
    date[-1] += far
    table = RowTable(source="events", date=date, owner=owner, columns={})
    day = np.zeros((len(windows), 1), np.int32)
    everyone = Everyone(owners="people", size=9, start=day, asked=day, seen=day)
    rows = SelectedRows(table=table, index=np.arange(60), root=everyone, outer=everyone)
    bounds = Bounds(*(np.array([[days[i]] for days in windows], np.int32) for i in (0, 1)))
    written, ranges = in_periods(rows, bounds, everyone), ranges_in_periods(rows, bounds, everyone).written_out()
    assert ranges.index.tolist() == written.index.tolist()
    assert ranges.cell.tolist() == written.cell.tolist()


def test_ranges_are_taken_where_windows_hold_many_rows():
    """One window, windows that follow one another and windows of hardly a row are written out."""
    date = np.arange(12, dtype=np.int32)
    table = RowTable(source="events", date=date, owner=np.zeros(12, np.int32), columns={})

    def few(*windows: tuple[int, int]) -> bool:
        day = np.zeros((len(windows), 1), np.int32)
        everyone = Everyone(owners="people", size=1, start=day, asked=day, seen=day)
        bounds = Bounds(*(np.array([[days[i]] for days in windows], np.int32) for i in (0, 1)))
        return are_ranges_fewer(SelectedRows(table=table, index=date.astype(np.intp), root=everyone), bounds, everyone)

    assert [few((0, 11)), few((0, 5), (6, 11)), few((0, 1), (1, 2)), few((0, 9), (1, 11))] == [
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("operation", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("bound", [0.0, 1.0, 2.5])
def test_days_of_few_rows_are_compared_as_those_of_many(operation, bound, monkeypatch):
    """Whether most elements have rows or hardly any does, a number of days is compared with the same outcome."""
    months, compare = sd.periods("2023/month"), COMPARE[operation]
    asked = n.Apply(operation, (sd.events("follow_up").within(sd.PERIOD).count_days().node, n.Literal(bound, "number")))
    seen = [{event.date for event in LOG.events_of(i) if event.kind == "follow_up"} for i in range(len(LOG.people))]
    expected = [[compare(sum(month.start <= day <= month.end for day in of), bound) for of in seen] for month in months]
    for sparse in (0, 10**9):
        monkeypatch.setattr(operators, "_SPARSE", sparse)
        (answer,) = values([asked], LOG, months, {})
        assert answer.value.tolist() == expected
        assert answer.known.all()


@pytest.mark.parametrize("share", [0.0, 0.02, 0.9])
def test_people_are_counted_alike_whether_few_or_many_change(share):
    """Counting those who are in another group than in the period before gives what counting everybody gives."""
    draw = np.random.default_rng(3)
    stratum, groups = draw.integers(0, 3, (1, 200)), np.zeros((5, 200), np.uint8)
    for period in range(1, 5):
        moves = draw.random(200) < share
        groups[period] = np.where(moves, draw.integers(0, 4, 200), groups[period - 1])
    (block,) = tally(sd.periods("2023/month")[:5], (("a",), ("b",), ("c",)), stratum, [groups], [4])
    expected = [[[int(((stratum[0] == s) & (of == g)).sum()) for g in range(4)] for s in range(3)] for of in groups]
    assert block.array.tolist() == expected
