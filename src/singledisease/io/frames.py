"""Dataframes in and out, through narwhals (extra ``frames``): pandas, polars, Arrow, and what offers Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from singledisease.errors import DataError, Fault, UsageError, did_you_mean
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import AnyColumn, Flags, Numbers, coded
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.io.arrow import raw_from_arrow
from singledisease.io.arrow_scalars import WHOLE, days_of, numbers_of, type_fault
from singledisease.io.cell_text import cell_text
from singledisease.io.optional_imports import needed
from singledisease.io.passed_over import said_if_empty

Backend = Literal["pandas", "polars", "pyarrow"]
BACKENDS: tuple[Backend, ...] = ("pandas", "polars", "pyarrow")


def read_frames(
    patients: Any,
    events: Any,
    institutions: Any = None,
    *,
    teams: Any = None,
    activities: Any = None,
    rules: LoadRules | None = None,
) -> EventLog:
    """Make an event log of dataframes.

    Parameters
    ----------
    patients, events, institutions, teams, activities
        pandas, polars or Arrow tables, anything with ``__arrow_c_stream__``, or lists of dictionaries by column name.
    rules
        What else the tables are read by.

    Raises
    ------
    DataError
        If a frame lacks a column it must have.  Single rows are refused and
        stand in ``log.report``.
    UsageError
        If something is no dataframe.
    MissingExtraError
        If narwhals is not installed.
    """
    return build(
        said_if_empty(raw_table(patients, "patients")),
        said_if_empty(raw_table(events, "events")),
        None if institutions is None else raw_table(institutions, "institutions"),
        teams=None if teams is None else raw_table(teams, "teams"),
        activities=None if activities is None else raw_table(activities, "activities"),
        rules=rules,
    )


def raw_table(native_frame: Any, name: TableName) -> RawTable:
    """Make a raw table of a dataframe; rows are numbered from 1.

    A moment without a time zone is taken as local: at midnight it is a day, at another time of day what it is in a
    file, a time stamp that is refused unless the rules take its date.

    Parameters
    ----------
    native_frame
        A pandas, polars or Arrow table, a lazy one, anything with ``__arrow_c_stream__``, or a list of dictionaries,
        in which a name that a row lacks is blank.
    name
        Which table it is; refusals call it ``<name> frame``.

    Raises
    ------
    DataError
        If a column is named twice, holds a time zone, or is of a type that means nothing here.
    UsageError
        If it is no dataframe.
    MissingExtraError
        If narwhals is not installed.
    """
    file = f"{name} frame"
    if isinstance(native_frame, list | tuple):
        return _of_records(native_frame, name, file)
    frame = _frame(native_frame, name)
    if frame.implementation.is_pyarrow():
        return raw_from_arrow(frame.to_native(), name, file)
    nw = needed("narwhals.stable.v2", "frames")
    columns: dict[str, AnyColumn] = {}
    faults: list[Fault] = []
    for column in map(str, frame.columns):
        made = _column(frame.get_column(column), column, file, nw)
        if isinstance(made, Fault):
            faults.append(made)
        else:
            columns[column] = made
    return _raw(name, columns, faults, len(frame))


def _of_records(records: Sequence[Any], name: TableName, file: str) -> RawTable:
    if wrong := next((one for one in records if not isinstance(one, Mapping)), None):
        raise UsageError(f"{name}: 应为字典的列表 / a list of dictionaries is wanted, it holds {type(wrong).__name__}")
    made = {
        column: _objects([record.get(column) for record in records], str(column), file)
        for column in dict.fromkeys(column for record in records for column in record)
    }
    columns = {str(column): one for column, one in made.items() if not isinstance(one, Fault)}
    if not records and name == "events":
        # A list without a row names no column: nothing has happened yet.
        columns = {column: coded([]) for column in ("patient_id", "date", "kind")}
    return _raw(name, columns, [one for one in made.values() if isinstance(one, Fault)], len(records))


def _raw(name: TableName, columns: Mapping[str, AnyColumn], faults: Sequence[Fault], count: int) -> RawTable:
    file = f"{name} frame"
    if faults:
        raise DataError(f"{file}: 不能作为 {name} 表读取 / cannot be read as {name}", faults)
    return RawTable(name=name, columns=columns, file=file, line=np.arange(1, count + 1))


def _frame(native: Any, name: TableName) -> Any:
    nw = needed("narwhals.stable.v2", "frames")
    try:
        found = nw.from_native(native)
    except TypeError:
        if not hasattr(native, "__arrow_c_stream__"):
            raise UsageError(
                f"{name}: 不是数据框 / a {type(native).__name__} is no dataframe; pass pandas, polars or Arrow"
            ) from None
        return nw.from_arrow(native, backend="pyarrow")
    except needed("narwhals.exceptions", "frames").DuplicateError as error:
        fault = Fault("duplicate_column", f"{name} frame", str(error), "rename one")
        raise DataError(f"{name} frame: 列名重复 / two columns of one name", [fault]) from None
    if isinstance(found, nw.LazyFrame):
        found = found.collect()
    if not all(isinstance(column, str) for column in found.columns):
        fault = Fault("column_name", f"{name} frame", f"列名不是文本 / column names that are no text: {found.columns}")
        raise DataError(f"{name} frame: 列名应为文本 / column names must be text", [fault])
    return found


# COLUMNS


def _column(series: Any, name: str, file: str, nw: Any) -> AnyColumn | Fault:
    kind = series.dtype
    if kind in (nw.String, nw.Categorical, nw.Enum):
        return coded(_values(series.cast(nw.String)))
    if kind == nw.Boolean:
        return Flags(np.array([-1 if flag is None else flag for flag in _values(series)], np.int8))
    if kind.is_integer():
        return _integers(series, nw)
    if kind.is_float():
        return numbers_of(series.to_numpy())
    if kind == nw.Date or (kind == nw.Datetime and kind.time_zone is None):
        moments = series.cast(nw.Datetime("us")).to_numpy().astype(np.int64)
        return days_of(moments, ~series.is_null().to_numpy(), "us")
    if kind in (nw.Object, nw.Unknown, nw.Decimal, nw.Datetime):
        # A moment in a time zone is written as in a file, where its row is refused.
        return _objects(_values(series), name, file)
    return type_fault(name, str(kind), file)


def _values(series: Any) -> list[Any]:
    """Give plain values, ``None`` where missing: each backend has its own word for that."""
    return [None if gone else value for value, gone in zip(series.to_list(), series.is_null().to_list(), strict=True)]


def _integers(series: Any, nw: Any) -> AnyColumn:
    known = series.drop_nulls()
    if len(known) and max(-int(known.min()), int(known.max())) > WHOLE:
        return coded(_values(series.cast(nw.String)))
    return Numbers(np.asarray(series.to_numpy(), np.float64))


def _objects(values: list[Any], name: str, file: str) -> AnyColumn | Fault:
    texts: list[str | None] = []
    for value in values:
        text = cell_text(value)
        if text is None and value is not None:
            return type_fault(name, type(value).__name__, file)
        texts.append(text)
    return coded(texts)


# OUT


def to_frame(columns: Mapping[str, Sequence[Any]], backend: Backend) -> Any:
    """Make a dataframe of columns.

    Parameters
    ----------
    columns
        Lists of one length, by name; ``None`` is missing.
    backend
        ``pandas``, ``polars`` or ``pyarrow``.

    Raises
    ------
    UsageError
        If there is no such backend.
    MissingExtraError
        If narwhals or the backend is not installed.

    >>> to_frame({"state": ["managed"], "people": [3]}, "pyarrow").to_pylist()
    [{'state': 'managed', 'people': 3}]
    """
    if backend not in BACKENDS:
        raise UsageError(f"没有 / there is no backend {backend!r}; {did_you_mean(str(backend), BACKENDS)}")
    nw = needed("narwhals.stable.v2", "frames")
    needed(backend)
    return nw.from_dict(columns, backend=backend).to_native()
