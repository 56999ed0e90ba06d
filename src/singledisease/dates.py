"""Days, calendar months, ages and periods: the only place that knows a leap year.

A day is an ``int``: days since 1970-01-01, as in ``datetime64[D]``; ``MISSING`` stands for no day.
Functions named for one day take and give ``int``; those that end in ``_array`` do the same for int32
arrays, written independently, and let ``MISSING`` through.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.validators import ge, instance_of
from numpy.typing import NDArray

from singledisease.errors import Fault, UsageError, require_kind

Days = NDArray[np.int32]

MISSING = -(2**31)
"""The day that is not known, in arrays of days; sorts before every day."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{4})(\d{2})(\d{2})", re.ASCII)


def day_of(value: dt.date | str | int | np.datetime64) -> int:
    """Give the day number of a date, of ``YYYY-MM-DD`` or of ``YYYYMMDD``.

    Raises
    ------
    ValueError
        If the text is no date, or the value carries a time of day.

    >>> day_of("1970-01-02"), day_of("20240229") == day_of("2024-02-29")
    (1, True)
    """
    if isinstance(value, str):
        return _parse(value)
    if isinstance(value, dt.datetime):
        raise ValueError(f"{value!r} has a time of day; pass the clinic's local date")
    if isinstance(value, dt.date):
        return value.toordinal() - _EPOCH
    if isinstance(value, np.datetime64):
        if np.datetime_data(value.dtype)[0] != "D":
            raise ValueError(f"{value!r} is not a whole day; convert to datetime64[D] in local time first")
        return int(value.astype(np.int64))
    return int(value)


def asked_day(name: str, value: Any) -> int:
    """Give the day of an argument of a call.

    A number is a day number, as everywhere; one beyond the calendar, such as ``20240630``, was meant as a text.

    Raises
    ------
    UsageError
        If it is no day: with the name of the argument, what was given, and how a day is written.

    >>> iso(asked_day("on", "20240630"))
    '2024-06-30'
    >>> asked_day("on", 20240630)
    Traceback (most recent call last):
    ...
    singledisease.errors.UsageError: on=20240630: a number counts days since 1970-01-01; write '2024-06-30'
    """
    try:
        if isinstance(value, bool | float) or value is None:
            raise ValueError("is no date; write YYYY-MM-DD or YYYYMMDD, or pass a datetime.date")
        day = day_of(value)
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise ValueError(f"a number counts days since 1970-01-01; {_as_written(str(value))}")
    except (ValueError, TypeError, OverflowError) as error:
        raise UsageError(f"{name}={value!r}: {error}") from None
    return day


def _as_written(digits: str) -> str:
    try:
        return f"write {iso(_parse(digits))!r}"
    except ValueError:
        return "write YYYY-MM-DD"


def _parse(text: str) -> int:
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no date; write YYYY-MM-DD or YYYYMMDD")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return dt.date(year, month, day).toordinal() - _EPOCH
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar: {error}") from None


def date_of(day: int) -> dt.date:
    """Give the calendar date of a day number."""
    return dt.date.fromordinal(day + _EPOCH)


def iso(day: int | None) -> str:
    """Write a day as ``YYYY-MM-DD``; a missing one as the empty string."""
    return "" if day is None or day == MISSING else date_of(day).isoformat()


# ONE DAY


def add_months(day: int, months: int) -> int:
    """Move a day by calendar months; a month that lacks the day takes its last.

    >>> iso(add_months(day_of("2024-02-29"), 12)), iso(add_months(day_of("2024-01-31"), 1))
    ('2025-02-28', '2024-02-29')
    """
    date = date_of(day)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day_of(dt.date(year, month + 1, min(date.day, last)))


def month_number(day: int) -> int:
    """Count calendar months since January of year 0: equal for all days of one month."""
    date = date_of(day)
    return date.year * 12 + date.month - 1


def month_start(number: int) -> int:
    """Give the first day of the month that ``month_number`` names."""
    return day_of(dt.date(number // 12, number % 12 + 1, 1))


def age(birth: int, on: int) -> int:
    """Give completed years; who was born on 29 February has the birthday on 1 March in a common year.

    >>> age(day_of("1960-02-29"), day_of("2025-02-28")), age(day_of("1960-02-29"), day_of("2025-03-01"))
    (64, 65)
    """
    born, now = date_of(birth), date_of(on)
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def birthday(birth: int, years: int) -> int:
    """Give the first day on which somebody has completed so many years, possibly after the year 9999.

    >>> iso(birthday(day_of("1960-02-29"), 65)), iso(birthday(day_of("1960-02-29"), 64))
    ('2025-03-01', '2024-02-29')
    """
    return int(birthday_array(np.array([birth], np.int32), years)[0])


def months_between(start: int, end: int) -> int:
    """Count calendar months from the month of ``start`` to the month of ``end``; days do not matter."""
    return month_number(end) - month_number(start)


# MANY DAYS

_MANY = 4096


def _civil(days: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give (months since 1970-01, day of the month from 0) of each day."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64), (dates - months).astype(np.int64)


def add_months_array(days: Days, months: int | NDArray[Any]) -> Days:
    """Move each day by calendar months; a month that lacks the day takes its last."""
    known = days != MISSING
    month, offset = _civil(np.where(known, days, 0))
    target = month + months
    first = target.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    length = (target + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    moved = first + np.minimum(offset, length - 1)
    return np.where(known, moved, MISSING).astype(np.int32)


def month_number_array(days: Days) -> NDArray[np.int64]:
    """Count calendar months since January of year 0; meaningless where the day is ``MISSING``."""
    if days.size > _MANY:
        high = int(days.max())
        # A day that is missing lies far before all others.
        days = np.where(days == MISSING, np.int32(high), days)
        low = int(days.min())
        if high - low < days.size:
            # Few different days many times over: each is worked out once.
            return _month_numbers(np.arange(low, high + 1, dtype=np.int32)).take(days - low)
    return _month_numbers(days)


def _month_numbers(days: Days) -> NDArray[np.int64]:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def month_start_array(numbers: NDArray[np.int64]) -> Days:
    """Give the first day of each month that ``month_number_array`` names."""
    return (numbers - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def age_array(birth: Days, on: Days) -> NDArray[np.int32]:
    """Give completed years where both days are known, ``MISSING`` elsewhere."""
    known = (birth != MISSING) & (on != MISSING)
    born_month, born_day = _civil(np.where(known, birth, 0))
    now_month, now_day = _civil(np.where(known, on, 0))
    # A birthday on 29 February has offset 28; 1 March has a later month: no case of its own is needed.
    months = now_month - born_month - (now_day < born_day)
    return np.where(known, months // 12, MISSING).astype(np.int32)


def birthday_array(birth: Days, years: int) -> Days:
    """Give the first day on which each has completed so many years, ``MISSING`` where the day of birth is."""
    known = birth != MISSING
    month, offset = _civil(np.where(known, birth, 0))
    target = (month + 12 * years).astype("datetime64[M]")
    # Of the days of birth only 29 February may be lacking, and 1 March is the day behind the last of the month.
    found = target.astype("datetime64[D]").astype(np.int64) + offset
    return np.where(known, found, MISSING).astype(np.int32)


# MATURITY


@frozen
class Maturity:
    """How long after a period's end its question can be answered: so many calendar months, then so many days.

    >>> iso(Maturity(days=15).day_after(day_of("2024-06-30"))), bool(Maturity())
    ('2024-07-15', False)
    """

    days: int = field(default=0, validator=[instance_of(int), ge(0)])
    months: int = field(default=0, validator=[instance_of(int), ge(0)])

    def __bool__(self) -> bool:
        return bool(self.days or self.months)

    def day_after(self, end: int) -> int:
        """Give the last day that is looked at of a period that ends on a day: the calendar's last at the latest."""
        left = (dt.date.max.year - date_of(end).year) * 12 + dt.date.max.month - date_of(end).month
        return _LAST_DAY if self.months > left else min(add_months(end, self.months) + self.days, _LAST_DAY)


def maturity_of(given: object) -> Maturity:
    """Give a maturity as it is, or that of a number of days.

    Raises
    ------
    UsageError
        If it is neither.

    >>> maturity_of(15)
    Maturity(days=15, months=0)
    """
    if isinstance(given, Maturity):
        return given
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return Maturity(days=given)
    hint = "write days, as in matures=15, or matures=sd.Maturity(months=1)"
    fault = Fault("maturity", "matures", f"{given!r} is no number of days, and no Maturity", hint)
    raise UsageError("this does not say how long after a period's end a figure is complete:", [fault])


_FIRST_DAY, _LAST_DAY = day_of(dt.date.min), day_of(dt.date.max)
AT_ONCE = Maturity()
"""A question that can be answered on the period's last day."""


# PERIODS


@frozen(order=True)
class Period:
    """Days from ``start`` to ``end``, both included.

    >>> period("2024Q3").days, str(period("2024-02"))
    (92, '2024-02-01..2024-02-29')
    """

    start: int
    end: int

    @property
    def days(self) -> int:
        """How many days the period has."""
        return self.end - self.start + 1

    @property
    def name(self) -> str:
        """The shortest text that ``period`` reads as these days.

        >>> period("2024-01-01..2024-12-31").name, period("2024-07-01..2024-09-30").name, period("2024-02").name
        ('2024', '2024Q3', '2024-02')
        """
        first = iso(self.start)
        names = (first[:4], f"{first[:4]}Q{(int(first[5:7]) + 2) // 3}", first[:7])
        return next((name for name in names if period(name) == self), str(self))

    def __str__(self) -> str:
        return f"{iso(self.start)}..{iso(self.end)}"

    def __repr__(self) -> str:
        return f"Period({str(self)!r})"


MOST_PERIODS = 1200
"""Into so many periods a text may cut one: a hundred years of months."""

_PERIODS = re.compile(
    r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>\d{2}))?"
    r"|(?P<start>\d{4}-\d{2}-\d{2})\.\.(?P<end>\d{4}-\d{2}-\d{2})",
    re.ASCII,
)


def _months(year: int, month: int, count: int) -> Period:
    first = year * 12 + month - 1
    # The month after the last year that calendars have is none.
    end = day_of(dt.date.max) if first + count == 12 * (dt.MAXYEAR + 1) else month_start(first + count) - 1
    return Period(month_start(first), end)


def period(text: str) -> Period:
    """Read ``2024``, ``2024Q3``, ``2024-07`` or ``2024-01-01..2024-06-30`` (both ends included).

    Raises
    ------
    UsageError
        If the text is none of these, or the period ends before it starts.

    >>> str(period("2024Q3")), str(period("2024-01-15..2024-06-30"))
    ('2024-07-01..2024-09-30', '2024-01-15..2024-06-30')
    """
    match = _PERIODS.fullmatch(text.strip()) if isinstance(text, str) else None
    try:
        if match is None:
            raise ValueError
        if match["start"]:
            found = Period(day_of(match["start"]), day_of(match["end"]))
        elif match["quarter"]:
            found = _months(int(match["year"]), int(match["quarter"]) * 3 - 2, 3)
        elif match["month"]:
            month = int(match["month"])
            if not 1 <= month <= 12:
                raise ValueError
            found = _months(int(match["year"]), month, 1)
        else:
            found = _months(int(match["year"]), 1, 12)
    except ValueError:
        raise UsageError(
            f"{text!r} is no period; write 2024, 2024Q3, 2024-07, 2024-01-01..2024-06-30 or 2024/month"
        ) from None
    if found.end < found.start:
        raise UsageError(f"the period {text!r} ends before it starts; write the earlier day first")
    return found


def periods(text: str) -> tuple[Period, ...]:
    """Read one period, or a period cut into months, quarters or years: ``2024/month``.

    Parts that reach over an end of the whole are cut there.

    Raises
    ------
    UsageError
        If it is neither, or would be cut into too many.

    >>> len(periods("2024/month")), str(periods("2024-01-15..2024-02-10/month")[1])
    (12, '2024-02-01..2024-02-10')
    """
    require_kind(text, str, way='sd.periods("2024/month")')
    whole_text, slash, step = text.partition("/")
    whole = period(whole_text)
    if not slash:
        return (whole,)
    lengths = {"month": 1, "quarter": 3, "year": 12}
    if step not in lengths:
        raise UsageError(f"{text!r}: cannot cut a period by {step!r}; write /month, /quarter or /year")
    length = lengths[step]
    first = month_number(whole.start) // length * length
    last = month_number(whole.end)
    starts = range(first, last + 1, length)
    if len(starts) > MOST_PERIODS:
        raise UsageError(f"{text!r}: {len(starts):,} periods are too many, at most {MOST_PERIODS:,}; cut a shorter one")
    # Of the last part the end is that of the whole: the month after the last year that calendars have is none.
    ends = [*(month_start(n) - 1 for n in starts[1:]), whole.end]
    return tuple(Period(max(month_start(n), whole.start), end) for n, end in zip(starts, ends, strict=True))
