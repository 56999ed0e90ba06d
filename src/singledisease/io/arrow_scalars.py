"""What columns of dataframes and Arrow tables have in common on their way to a raw table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.errors import Fault
from singledisease.eventlog.columns import Coded, Dates, Numbers

WHOLE = 2**53
"""Whole numbers up to here are exact as float64; a column that goes beyond is taken as text."""

PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
"""Ticks of a day, by unit."""

_NO_DAY = np.iinfo(np.int32).max
"""A day no calendar has: what lies outside int32 is refused as impossible, not wrapped around."""


def numbers_of(values: NDArray[Any]) -> Numbers:
    """Widen floating numbers to float64; narrower ones by what they are printed as.

    The float32 nearest to 6.1 is 6.0999999, which is below a threshold of 6.1.
    """
    if values.dtype == np.float64:
        return Numbers(values)
    distinct, inverse = np.unique(values, return_inverse=True)
    return Numbers(distinct.astype(np.str_).astype(np.float64)[inverse])


def days_of(ticks: NDArray[np.int64], known: NDArray[np.bool_], unit: str) -> Dates | Coded:
    """Give moments without a time zone as days, if all are midnights; otherwise as a CSV file would hold them.

    Then each is read by the rule for time stamps in files: one at a time of day is refused, or stands for its date.
    """
    per_day = PER_DAY[unit]
    if not (ticks[known] % per_day).any():
        days = ticks // per_day
        days = np.where(np.abs(days) < _NO_DAY, days, _NO_DAY)
        return Dates(np.where(known, days, MISSING).astype(np.int32))
    distinct, inverse = np.unique(ticks[known], return_inverse=True)
    codes = np.zeros(len(ticks), np.int32)
    codes[known] = inverse + 1
    moments: Any = distinct.astype(f"datetime64[{unit}]")
    texts = np.datetime_as_string(moments)
    return Coded(codes, ("", *texts.tolist()))


def type_fault(column: str, kind: str, file: str) -> Fault:
    """Say that a column is of a type that means nothing here."""
    return Fault(
        "column_type",
        f"{file}, {column}",
        f"不支持的列类型 / columns of type {kind} are not supported",
        "make it text, a number, a date or true/false, or leave it out",
    )
