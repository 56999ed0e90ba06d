"""One cell of text: read as a number, a day, a flag or a code, or say why not.

Texts come stripped and not blank; blank is missing, and is never read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from singledisease.dates import day_of
from singledisease.eventlog.event import disease_tag
from singledisease.eventlog.validation_rules import (
    DATE_WITH_TIME,
    DAY_OR_MONTH,
    DECIMAL_COMMA,
    IMPOSSIBLE_DATE,
    NOT_A_DATE,
    NOT_A_FLAG,
    NOT_A_NUMBER,
    NOT_FINITE,
    UNWRITABLE,
    ValidationIssue,
    not_in_list,
    out_of_bounds,
    outside,
)
from singledisease.vocabulary import SEX_CODES, Quantity

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}", re.ASCII)
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})[T ](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})[T ]0?0:00(?::00(?:\.0+)?)?", re.ASCII)
_DATE_WITH_MORE = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})[T ].*|(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}.*)", re.ASCII)
_DAY_OR_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}", re.ASCII)
_MONTHS = 12
_NO_YEAR = re.compile(r"[+-]?\d{5,}-\d{2}-\d{2}(?:[T ].*)?", re.ASCII)
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
DECIMAL_COMMA_FORM = re.compile(r"[+-]?\d+,\d{1,2}", re.ASCII)
"""A number with a comma for decimals; with three digits behind it, the comma might part off thousands."""
_NON_FINITE = frozenset({"nan", "inf", "infinity"})
_FLAGS = {"true": 1, "1": 1, "yes": 1, "是": 1, "false": 0, "0": 0, "no": 0, "否": 0}


def read_number(text: str) -> float | ValidationIssue:
    """Read a plain decimal number.

    >>> read_number("152.5"), read_number("1e3").check, read_number("NaN").check
    (152.5, 'not_a_number', 'not_finite')
    """
    if _NUMBER.fullmatch(text) is None:
        if DECIMAL_COMMA_FORM.fullmatch(text) is not None:
            return DECIMAL_COMMA
        return NOT_FINITE if text.lstrip("+-").lower() in _NON_FINITE else NOT_A_NUMBER
    value = float(text) + 0.0  # -0.0 becomes 0.0: they are equal but would be written differently
    return value if math.isfinite(value) else NOT_FINITE


def quantity_reader(quantity: Quantity) -> Callable[[str], float | ValidationIssue]:
    """Make the reader of one quantity, which also minds its bounds."""
    beyond = out_of_bounds(quantity)

    def read(text: str) -> float | ValidationIssue:
        value = read_number(text)
        return beyond if not isinstance(value, ValidationIssue) and outside(quantity, value) else value

    return read


def read_date(text: str, local_dates: bool = False) -> int | ValidationIssue:
    """Read a day, or a time stamp at midnight without a time zone, which is one.

    Parameters
    ----------
    text
        The cell.
    local_dates
        Whether a time stamp at another time of day stands for its date too; one in a time zone never does.

    >>> read_date("20240229"), read_date("2024-02-29 00:00:00"), read_date("2023-02-29").check
    (19782, 19782, 'impossible_date')
    >>> read_date("2024-02-29T10:00").check, read_date("2024-02-29T10:00", local_dates=True)
    ('date_with_time', 19782)
    """
    if _DATE.fullmatch(text) is None:
        stamp = (_STAMP if local_dates else _MIDNIGHT).fullmatch(text)
        if stamp is None and _NO_YEAR.fullmatch(text):
            return IMPOSSIBLE_DATE
        if stamp is None:
            return _no_date(text)
        text = stamp[1]
    try:
        return day_of(text)
    except ValueError:
        return IMPOSSIBLE_DATE


def _no_date(text: str) -> ValidationIssue:
    if _DATE_WITH_MORE.fullmatch(text):
        return DATE_WITH_TIME
    turned = _DAY_OR_MONTH.fullmatch(text)
    return DAY_OR_MONTH if turned is not None and max(int(turned[1]), int(turned[2])) <= _MONTHS else NOT_A_DATE


def read_flag(text: str) -> int | ValidationIssue:
    """Read a flag as 1 or 0.

    >>> read_flag("Yes"), read_flag("否"), read_flag("maybe").check
    (1, 0, 'not_a_flag')
    """
    return _FLAGS.get(text.lower(), NOT_A_FLAG)


def writable(text: str) -> bool:
    """Tell whether a text can stand in a file: no NUL, no half of a character."""
    return _UNWRITABLE.search(text) is None


def text_reader(
    column: str, lists: Mapping[str, tuple[str, ...]], normal_forms: NormalForms | None = None
) -> Callable[[str], str | ValidationIssue]:
    """Make the reader of one column of text, which minds the column's list of codes, if it has one."""
    normal = (NORMAL_FORM if normal_forms is None else normal_forms).get(column, str)

    def read(text: str) -> str | ValidationIssue:
        if not writable(text):
            return UNWRITABLE
        return not_in_list(column, text, lists) or normal(text)

    return read


def _sex(text: str) -> str:
    return SEX_CODES.get(text, text)


NormalForms = Mapping[str, Callable[[str], str]]
NORMAL_FORM: NormalForms = {"disease": disease_tag, "sex": _sex}
"""How the texts of some columns are brought into one form."""
