"""Dataframes in and out: every backend gives the same log."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from singledisease.errors import DataError, UsageError
from singledisease.eventlog.columns import value_at
from singledisease.eventlog.equality import equal
from singledisease.eventlog.log import EventLog
from singledisease.io.frames import raw_table, read_frames, to_frame

DAY = dt.date(2024, 3, 1)
PEOPLE = {"patient_id": ["P1", "P2"], "birth_date": [dt.date(1960, 1, 1), None], "sex": ["male", None]}
EVENTS = {
    "patient_id": ["P1", "P2"],
    "date": [DAY, dt.date(2024, 3, 2)],
    "kind": ["follow_up", "test"],
    "mode": ["clinic", None],
    "sbp": [152, None],
    "fpg": [None, 7.25],
    "emergency": [True, None],
    "ward": ["内科", ""],
}
PLACES = {"institution": ["A"], "level": ["county"]}


def log_in(make: object) -> EventLog:
    """Build the log of the same rows through one kind of frame."""
    return read_frames(make(PEOPLE), make(EVENTS), make(PLACES))


def nullable(columns: dict[str, list[object]]) -> pd.DataFrame:
    """Make a pandas frame of Arrow columns."""
    return pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)


def moments(columns: dict[str, list[object]]) -> pd.DataFrame:
    """Make a pandas frame in which days are moments."""
    frame = pd.DataFrame(columns)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("birth_date", "date") if name in frame})


class Capsule:
    """Something that offers Arrow and is no dataframe."""

    def __init__(self, columns: dict[str, list[object]]) -> None:
        self._table = pa.table(columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "make",
    [
        pd.DataFrame,
        nullable,
        moments,
        lambda columns: pd.DataFrame(columns).convert_dtypes(),
        pl.DataFrame,
        pl.LazyFrame,
        lambda columns: pl.DataFrame(columns, schema_overrides={"kind": pl.Categorical}),
        pa.table,
        Capsule,
    ],
)
def test_every_kind_of_frame_gives_the_same_log(make: object) -> None:
    """Object, nullable, Arrow, categorical and lazy columns mean the same."""
    log = log_in(make)
    assert log.report.refusals == ()
    assert equal(log, log_in(pa.table))
    assert log.event(0).get("sbp") == 152.0
    assert log.event(1).get("fpg") == 7.25
    assert [table.accepted for table in log.report.tables] == [2, 1, 2]
    assert log.place(0) == ("events frame", 1)


def column_of(values: object) -> pd.DataFrame:
    """Make a pandas frame of one event with a further column."""
    return pd.DataFrame({"patient_id": ["P1"], "date": [DAY], "kind": ["test"], "x": values})


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (np.array([2**60]), str(2**60)),
        (np.array([7], np.uint8), "7"),
        (np.array([6.1], np.float32), "6.1"),
        (pd.Series([dt.datetime(2024, 3, 1, 8)], dtype=object), "2024-03-01T08:00:00"),
        (pd.Series([np.datetime64("2024-03-01T23:00")]), "2024-03-01T23:00:00.000000"),
        (pd.Series([np.datetime64("2024-03-01T00:00")]), "2024-03-01"),
        (pd.Series([Decimal("1.50")], dtype=object), "1.50"),
        (pd.Series([1.0], dtype=object), "1"),
        (pd.Series([dt.date(2024, 3, 1)], dtype=object), "2024-03-01"),
        (pd.Series([np.int64(3)], dtype=object), "3"),
        (pd.Series([True], dtype=object), "true"),
        (pd.Series([np.bool_(False)], dtype=object), "false"),
        (pd.Series([None], dtype=object), None),
        (pd.Series([pd.NA], dtype="string"), None),
    ],
)
def test_values_of_a_pandas_column_are_read_as_text(values: object, text: str | None) -> None:
    """A further column is text whatever its type, written as a CSV file would hold it."""
    log = read_frames(pd.DataFrame(PEOPLE), column_of(values))
    assert log.event(0)["x"] == text


@pytest.mark.parametrize(
    ("frame", "check"),
    [
        (column_of(pd.Series([{1}], dtype=object)), "column_type"),
        (column_of(pd.to_timedelta([1])), "column_type"),
        (pd.DataFrame([["a", "b"]], columns=["kind", "kind"]), "duplicate_column"),
        (pd.DataFrame([["a", "b"]], columns=["kind", 1]), "column_name"),
        (pl.DataFrame({"x": [[1]]}), "column_type"),
    ],
)
def test_a_frame_that_cannot_be_read_is_a_documented_error(frame: object, check: str) -> None:
    """Nested columns and names that are none are told with the way out."""
    with pytest.raises(DataError, match=check):
        raw_table(frame, "events")


def test_what_is_no_frame_is_wrong_usage() -> None:
    """A list of what is no dictionary is not guessed at."""
    with pytest.raises(UsageError, match="a list of dictionaries is wanted"):
        raw_table([1], "events")


def test_decimals_and_nulls_of_polars_are_read() -> None:
    """A decimal column is numbers, a column of nothing is missing."""
    frame = pl.DataFrame(
        {"patient_id": ["P1"], "date": [DAY], "kind": ["test"], "fpg": [Decimal("7.10")], "mode": [None]}
    )
    event = read_frames(pl.DataFrame(PEOPLE), frame).event(0)
    assert (event["fpg"], event["mode"]) == (7.1, None)


def test_columns_become_any_frame() -> None:
    """The same columns in three libraries; missing stays missing."""
    columns = {"state": ["managed", None], "people": [3, 4], "day": [DAY, None]}
    for backend, kind in (("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("pyarrow", pa.Table)):
        frame = to_frame(columns, backend)
        assert isinstance(frame, kind)
        assert list(frame["people"].to_numpy()) == [3, 4]
    assert to_frame(columns, "polars").to_dict(as_series=False) == columns


def test_an_unknown_backend_is_wrong_usage() -> None:
    """The known ones are named."""
    with pytest.raises(UsageError, match="did you mean polars"):
        to_frame({}, "polar")


def test_a_column_of_mixed_values_is_read_value_by_value() -> None:
    """What pandas keeps as objects is written cell by cell."""
    column = raw_table(pd.DataFrame({"x": pd.Series([1, "a", None], dtype=object)}), "events").columns["x"]
    assert [value_at(column, i) for i in range(3)] == ["1", "a", None]


def test_duckdb_relations_are_frames() -> None:
    """A DuckDB relation is a frame: it gives the log that the rows give in any other."""
    duckdb = pytest.importorskip("duckdb")

    def relation(columns: dict[str, list[object]]) -> object:
        held = pa.table(columns)
        return duckdb.connect().from_arrow(held)

    assert equal(log_in(relation), log_in(pa.table))
