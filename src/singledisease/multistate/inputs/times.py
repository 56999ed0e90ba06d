"""Columns as they are handed over: times that are numbers or dates, and people by any kind of id.

Times that differ by rounding alone are one time: 65 + 13/12 and 66 + 1/12 years are the same day, yet not the same
number, and would be two events with a risk set each.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import date_of, day_of
from singledisease.errors import DataError, Fault, UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.missing import missing

DAY = np.timedelta64(1, "D")
EPOCH = dt.datetime(1970, 1, 1)
ROUNDING_OFF = 2
"""Microseconds by which a time of our days may be off as a number of days."""
_LONG = ("generic", "Y", "M", "W", "D")
"""Units of dates without hours."""
_TEXT = re.compile(r"\s*(\d{4}-\d{2}-\d{2}|\d{8})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*", re.ASCII)
_UNEVEN = ("Y", "M")
"""Units of time that are no number of days."""
SHOWN = 10
"""Texts that are no dates named in one error."""


Dated = Literal["", "date", "datetime"]
"""What times were given as: numbers, dates, or dates with a time of day; true where they are days since 1970-01-01."""


@frozen(eq=False)
class Times:
    """A column of times.

    Attributes
    ----------
    values
        float64 (rows); NaN where a date is missing.
    dated
        Whether they were dates, with a time of day or without, and are days since 1970-01-01.
    """

    values: Floats
    dated: Dated = ""


def read_times(values: Any, name: str) -> Times:
    """Read times: numbers, spans of time, dates, their texts, or dates with hours, which become parts of a day.

    Raises
    ------
    DataError
        If the column is none of these, has a time zone, or is not one time per row; with every text that is no date.

    >>> read_times(np.array(["1970-01-02T12", "1970-01-05T00"], dtype="datetime64[h]"), "start").values.tolist()
    [1.5, 4.0]
    """
    refuse_zone(values, name)
    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError(f"{name} must be one time per row, not an array of shape {array.shape}")
    if array.dtype.kind == "O":
        array = _plain(array, name)
    elif array.dtype.kind == "U":
        array = _written(array, name)
    if array.dtype.kind == "M":
        whole = np.datetime_data(array.dtype)[0] in _LONG
        array = array.astype("datetime64[D]") if whole else array
        since = array - np.datetime64(0, "D").astype(array.dtype)
        days = np.asarray(np.where(np.isnat(array), np.nan, since / DAY), dtype=np.float64)
        return Times(days, dated="date" if whole else "datetime")
    if array.dtype.kind == "m":
        if np.datetime_data(array.dtype)[0] in _UNEVEN:
            raise DataError(f"{name} counts in months or years, which are not a fixed number of days; give days")
        return Times(np.asarray(np.where(np.isnat(array), np.nan, array / DAY), dtype=np.float64))
    if array.dtype.kind not in "iufb" and len(array):
        raise DataError(f"{name} must be numbers or dates, not {array.dtype}")
    return Times(array.astype(np.float64))


def _plain(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Return a column of Python's dates, spans, texts or numbers a type; a missing one becomes NaT or NaN."""
    gap = missing(array)
    whole = array[~gap]
    refuse_zone(whole, name)
    if len(whole) and all(isinstance(text, str) for text in whole):
        return _written(array, name)
    if len(whole) and all(isinstance(span, dt.timedelta) for span in whole):
        typed = np.full(array.shape, np.timedelta64("NaT", "us"))
        typed[~gap] = whole.astype(typed.dtype)
        return typed
    dates = len(whole) > 0 and all(hasattr(day, "toordinal") for day in whole)
    kind: Any = "datetime64[us]" if any(isinstance(day, dt.datetime) for day in whole) else "datetime64[D]"
    typed = np.full(array.shape, "NaT", dtype=kind) if dates else np.full(array.shape, np.nan)
    try:
        typed[~gap] = whole.astype(typed.dtype)
    except (TypeError, ValueError):
        raise DataError(f"{name} must be numbers or dates, not objects such as {whole[0]!r}") from None
    return typed


def refuse_zone(values: Any, name: str) -> None:
    """Refuse times with a zone: which day they mean depends on where one stands.

    Raises
    ------
    DataError
        If the column, or one of its objects, has one.
    """
    kind = getattr(values, "dtype", getattr(values, "type", None))
    zoned = getattr(kind, "tz", None) or getattr(kind, "time_zone", None)
    if getattr(kind, "kind", "") == "O" or isinstance(values, list | tuple):
        zoned = any(getattr(day, "tzinfo", None) is not None for day in values)
    if zoned:
        raise DataError(f"{name} has dates with a time zone; say which day is meant, without one")


def day_in_text(text: str) -> np.datetime64:
    """Read ``YYYY-MM-DD`` or ``YYYYMMDD``, with a time of day or without, as a day; NaT where it is neither.

    NumPy would take 20240229 for a year, and 2024 for its first day.

    >>> [str(day_in_text(text)) for text in ("2024-02-29", "20240229 10:30", "2024-02-30", "2024")]
    ['2024-02-29', '2024-02-29', 'NaT', 'NaT']
    """
    found = _TEXT.fullmatch(text)
    try:
        return np.datetime64(day_of(found[1]), "D") if found else np.datetime64("NaT", "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def moment_in_text(text: str) -> np.datetime64:
    """Read a day in a text, and the time of day if it has one."""
    day, found = day_in_text(text), _TEXT.fullmatch(text)
    if found is None or found[2] is None or np.isnat(day):
        return day
    try:
        return np.datetime64(f"{day}T{found[2][1:]}", "us")
    except ValueError:
        return np.datetime64("NaT", "us")


def _written(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Read texts as dates, each that occurs once."""
    gap = missing(array)
    texts, place = np.unique(array[~gap].astype(str), return_inverse=True)
    found = [moment_in_text(text) for text in texts.tolist()]
    with_hours = any(np.datetime_data(moment.dtype)[0] == "us" for moment in found)
    kind: Any = "datetime64[us]" if with_hours else "datetime64[D]"
    moments, read = np.array(found, dtype=kind), np.full(array.shape, "NaT", dtype=kind)
    read[~gap] = moments[place]
    wrong = np.flatnonzero(np.isnat(read) & ~gap)
    if len(wrong):
        faults = [Fault("no_date", f"row {i}", f"{str(array[i])!r} is not a date", "YYYY-MM-DD") for i in wrong[:SHOWN]]
        raise DataError(f"{name} must be numbers or dates; {len(wrong)} texts are not dates", faults)
    return read


def one_time(value: Any, name: str, dated: Dated) -> Floats:
    """Read the times an estimate is asked at; of dated stays a date, its text, or days since 1970-01-01.

    Raises
    ------
    UsageError
        If one is no time, or a date where the stays have none.
    """
    try:
        found = read_times(np.atleast_1d(np.asarray(value)), name)
    except DataError as error:
        said = f"{name}: expected a date such as 2024-01-31, got {value!r}" if error.faults else error.summary
        raise UsageError(said) from None
    if found.dated and not dated:
        raise UsageError(f"{name} is a date, but the times of the stays are numbers; give a number")
    if np.isnan(found.values).any():
        raise UsageError(f"{name}: expected a time, got {value!r}")
    return found.values


def only_time(value: Any, name: str, dated: Dated) -> float:
    """Read one time; raises ``UsageError`` if there are several, or it is none."""
    found = one_time(value, name, dated)
    if len(found) != 1:
        raise UsageError(f"{name}={value!r}: name one time")
    return float(found[0])


def not_finite(times: Times, row: int) -> str:
    """Name a time that is none: of dates it can only be missing."""
    return "missing" if times.dated else f"{times.values[row]:g}"


def time_shown(time: float, dated: Dated) -> str:
    """Write a time as it was given: a day as a date, with the time of day where there was one.

    >>> time_shown(1.0, "date"), time_shown(1.5, "datetime"), time_shown(1.5, "")
    ('1970-01-02', '1970-01-02 12:00:00', '1.5')
    """
    cell = time_cell(time, dated)
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell)


def time_cell(time: float, dated: Dated) -> Any:
    """Return a time as the cell of a table: a date or a date with a time of day where times were given as such.

    >>> time_cell(1.0, "date"), time_cell(1.5, "datetime"), time_cell(1.5, "")
    (datetime.date(1970, 1, 2), datetime.datetime(1970, 1, 2, 12, 0), 1.5)
    """
    if dated == "date" and float(time).is_integer():
        return date_of(int(time))
    if not dated or not np.isfinite(time):
        return float(time)
    return EPOCH + dt.timedelta(microseconds=_microseconds(time))


def _microseconds(days: float) -> int:
    """Turn days into microseconds; what is within rounding of a whole millisecond is one."""
    exact = round(days * 86_400_000_000)
    whole = round(exact, -3)
    return whole if abs(exact - whole) <= ROUNDING_OFF else exact


def either(one: Dated, other: Dated) -> Dated:
    """Return what two columns of times are together: with a time of day if one of them has it."""
    return "datetime" if "datetime" in (one, other) else one or other
