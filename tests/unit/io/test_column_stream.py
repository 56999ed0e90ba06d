"""Parquet columns read some rows at a time: the same columns as read as a whole."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from singledisease.errors import DataError, Fault
from singledisease.eventlog.columns import Coded, Dates, value_at
from singledisease.io import column_stream, parquet
from singledisease.io.arrow import raw_from_arrow
from singledisease.io.column_stream import read_columns_of
from singledisease.io.parquet import read_parquet

MIDNIGHT, NOON = dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 1, 12)
AWARE = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
COLUMNS = {
    "ids": pa.array([f"P{i:04d}" for i in range(20)]),
    "few": pa.array(["a", None, "b", ""] * 5),
    "view": pa.array(["a", None, "b", ""] * 5, pa.string_view()),
    "coded": pa.array(["x", "y", None, "z"] * 5).dictionary_encode(),
    "coded_numbers": pa.array([1, 2, None, 3] * 5).dictionary_encode(),
    "many": pa.array([f"{i}号" for i in range(20)]),
    "number": pa.array([1.5, None, -0.0, float("inf")] * 5),
    "narrow": pa.array([6.1, None, 5.9, 7.0] * 5, pa.float32()),
    "whole": pa.array([152, None, 3, 4] * 5),
    "huge_at_the_end": pa.array([1] * 19 + [2**60]),
    "huge": pa.array([2**60] * 20),
    "flag": pa.array([True, None, False, True] * 5),
    "day": pa.array([dt.date(2024, 3, 1), None] * 10),
    "midnight": pa.array([MIDNIGHT, None] * 10),
    "noon_at_the_end": pa.array([MIDNIGHT] * 19 + [NOON]),
    "noon": pa.array([NOON] * 20),
    "aware": pa.array([AWARE, None] * 10),
    "decimal": pa.array([Decimal("1.50"), None] * 10),
    "nothing": pa.nulls(20),
    "goal": pa.array([1.0] * 20),
    "goal.sbp": pa.array([2.0] * 20),
}


def written(folder: Path, **columns: pa.Array) -> Path:
    """Write columns in row groups of seven rows."""
    path = folder / "events.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=7)
    return path


@pytest.mark.parametrize("few", [1 << 15, 2])
@pytest.mark.parametrize("rows", [3, 100])
def test_some_rows_at_a_time_are_the_whole(
    tmp_path: Path, rows: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every type of column holds what it holds when it is read as a whole, and is of the same kind."""
    monkeypatch.setattr(column_stream, "_FEW", few)
    path = written(tmp_path, **COLUMNS)
    whole = raw_from_arrow(pq.read_table(path), "events", "events.parquet").columns
    made = read_columns_of(lambda: pq.ParquetFile(path, read_dictionary=["few"]), "events.parquet", rows)
    assert list(made) == list(COLUMNS)
    for name, column in made.items():
        assert not isinstance(column, Fault)
        assert type(column) is type(whole[name]), name
        assert [value_at(column, i) for i in range(20)] == [value_at(whole[name], i) for i in range(20)], name


def test_a_whole_column_decides_what_moments_are(tmp_path: Path) -> None:
    """One moment that is no midnight makes texts of all, as in a file read as a whole."""
    path = written(tmp_path, first=COLUMNS["midnight"], second=COLUMNS["noon_at_the_end"])
    made = read_columns_of(lambda: pq.ParquetFile(path), "events.parquet", 5)
    assert isinstance(made["first"], Dates)
    assert isinstance(made["second"], Coded)


def test_many_codes_take_a_wider_type(tmp_path: Path) -> None:
    """With the 257th text, and what was coded before stays."""
    texts = [f"w{'abc'[i % 3]}{i}x" for i in range(600)]
    path = written(tmp_path, ward=pa.array(texts))
    column = read_columns_of(lambda: pq.ParquetFile(path), "events.parquet", 50)["ward"]
    assert isinstance(column, Coded)
    assert column.codes.dtype == np.uint16
    assert [column.text(i) for i in range(600)] == texts


def test_what_means_nothing_is_told_of_a_large_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every column of such a type, and a name that stands twice, as of a small file."""
    path = written(tmp_path, lists=pa.array([[1]] * 20), times=pa.array([dt.time(1)] * 20), day=COLUMNS["day"])
    with pytest.raises(DataError) as small:
        read_parquet(path, "events")
    monkeypatch.setattr(parquet, "ROWS", 5)
    with pytest.raises(DataError) as large:
        read_parquet(path, "events")
    assert str(large.value) == str(small.value)
    assert str(small.value).count("column_type") == 2
    pq.write_table(pa.Table.from_arrays([COLUMNS["day"]] * 2, names=["day", "day"]), path)
    with pytest.raises(DataError, match="duplicate_column"):
        read_parquet(path, "events")


def test_lines_of_a_large_file_count_from_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not kept, but known."""
    monkeypatch.setattr(parquet, "ROWS", 5)
    table = read_parquet(written(tmp_path, kind=COLUMNS["few"]), "events")
    assert (len(table), table.line[3], table.line[np.array([True] * 2 + [False] * 18)].tolist()) == (20, 4, [1, 2])
