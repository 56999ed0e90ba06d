"""How foreign files write a day: as ``strptime`` reads it, or as the number under which a spreadsheet keeps it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import cache

from singledisease.dates import MISSING, day_of
from singledisease.eventlog.parse_cell import read_date
from singledisease.eventlog.validation_rules import ValidationIssue

SERIAL = "excel"
"""The form of a day that is a spreadsheet's number: 45356 is 2024-03-05."""

_FIRST = dt.date(1899, 12, 30)
_LOW, _HIGH = 61, 73050  # 1900-03-01, before which spreadsheets count a 29 February too many, to 2099-12-31
_PLACES = {
    "%Y": r"(?P<Y>\d{4})",
    "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})",
    "%H": r"(?:[01]?\d|2[0-3])",
    "%M": r"[0-5]?\d",
    "%S": r"[0-5]?\d",
    "%f": r"\d{1,9}",
}
_PLACE = re.compile(r"%.")
_TIME = re.compile(r"(?:[01]?\d|2[0-3])(?::[0-5]?\d){1,2}(?:\.\d{1,9})?", re.ASCII)

Reader = Callable[[str], dt.date | None]


@cache
def day_reader(form: str) -> Reader:
    """Make what reads the days of one form, and gives ``None`` for a text that is none.

    >>> day_reader("%Y年%m月%d日")("2024年3月5日"), day_reader("excel")("45356.35"), day_reader("%Y/%m/%d")("2024/2/30")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5), None)
    >>> day_reader("%Y年%m月")("1957年3月")
    datetime.date(1957, 3, 1)
    """
    if form == SERIAL:
        return _serial
    pattern = _pattern(form)
    if pattern is None:
        return lambda text: _strptime(text, form)
    return lambda text: _matched(pattern, text)


@cache
def _pattern(form: str) -> re.Pattern[str] | None:
    """Give the pattern of a form of numbers; ``None`` if it has names of months, or no day."""
    places = _PLACE.findall(form)
    known = has_day(form) or set(places) == {"%Y", "%m"}
    if not known or not {"%Y", "%m"} <= set(places) <= _PLACES.keys() or len(places) != len(set(places)):
        return None
    if form == "%Y%m":
        return re.compile(r"(?P<Y>\d{4})(?P<m>\d{2})", re.ASCII)  # 20573 is a spreadsheet's number of a day
    between = _PLACE.split(form)
    pattern = "".join(re.escape(text) + _PLACES[place] for text, place in zip(between, places, strict=False))
    return re.compile(pattern + re.escape(between[-1]), re.ASCII)


def has_day(form: str) -> bool:
    """Tell whether a form says the day; one that stops at the month means the first, because a mapping says so.

    >>> has_day("%Y/%m/%d"), has_day("%Y年%m月"), has_day("excel")
    (True, False, True)
    """
    return form == SERIAL or any(place in form for place in ("%d", "%j", "%x", "%c", "%D", "%F"))


def impossible_in(text: str, forms: Sequence[str]) -> str | None:
    """Give a text that is of a form, but a day that no calendar has, as ``YYYY-MM-DD``; ``None`` if it is not.

    >>> impossible_in("2024/2/30", ("%Y/%m/%d",))
    '2024-02-30'
    """
    for form in forms:
        pattern = None if form == SERIAL else _pattern(form)
        found = pattern.fullmatch(text) if pattern is not None else None
        if found is not None:
            return f"{found['Y']}-{int(found['m']):02}-{int(found.groupdict().get('d') or 1):02}"
    return None


def _matched(pattern: re.Pattern[str], text: str) -> dt.date | None:
    # Several times as fast as strptime, and there may be a million times of day.
    found = pattern.fullmatch(text)
    if found is None:
        return None
    try:
        return dt.date(int(found["Y"]), int(found["m"]), int(found.groupdict().get("d") or 1))
    except ValueError:
        return None


def _strptime(text: str, form: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, form).date()
    except ValueError:
        return None


def _serial(text: str) -> dt.date | None:
    whole, _, part = text.partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 5 and (not part or part.isdecimal())):
        return None
    return _FIRST + dt.timedelta(int(whole)) if _LOW <= int(whole) <= _HIGH else None


def day_in(text: str, forms: Sequence[str]) -> dt.date | None:
    """Give the day that a text is in the first form it fits, ``None`` if it fits none."""
    for form in forms:
        found = day_reader(form)(text)
        if found is not None:
            return found
    return None


def is_month(text: str, forms: Sequence[str]) -> bool:
    """Tell whether a text says a month and no day, and is read because one of the forms stops there.

    >>> is_month("1957年3月", ("%Y年%m月", "%Y-%m-%d")), is_month("1957-03-01", ("%Y年%m月", "%Y-%m-%d"))
    (True, False)
    """
    fitting = [form for form in forms if day_reader(form)(text) is not None]
    return bool(fitting) and not has_day(fitting[0]) and isinstance(read_date(text), ValidationIssue)


def days_in(texts: Sequence[str], forms: Sequence[str]) -> list[int | None]:
    """Give the day of each text, ``dates.MISSING`` of a blank one, ``None`` of one that is in no form.

    ``YYYY-MM-DD`` and ``YYYYMMDD`` are read whatever the forms.  Times of day are many and days few: each day is read
    once for each shape of the time beside it.
    """
    known: dict[tuple[str, str], int | None] = {}
    return [_day(text.strip(), forms, known) for text in texts]


def _day(text: str, forms: Sequence[str], known: dict[tuple[str, str], int | None]) -> int | None:
    head, _, time = text.partition(" ")
    shape = time
    if time and _TIME.fullmatch(time):
        shape = "." if "." in time else ":" * time.count(":")
    key = (head, shape)
    if key not in known:
        known[key] = _read(text, forms)
    return known[key]


def _read(text: str, forms: Sequence[str]) -> int | None:
    if not text:
        return MISSING
    found = day_in(text, forms)
    if found is not None:
        return day_of(found)
    plain = read_date(text)
    return None if isinstance(plain, ValidationIssue) else plain
