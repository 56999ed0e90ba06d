"""Numbers that name people: of the Chinese identity card (GB 11643-1999), and what spreadsheets make of them."""

from __future__ import annotations

import datetime as dt
import re

from attrs import frozen

_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHORTENED = re.compile(r"\d(\.\d+)?E\+\d{2,3}", re.ASCII | re.IGNORECASE)
_CUT_TO_15_DIGITS = re.compile(r"\d{15}000", re.ASCII)


@frozen
class Identity:
    """What an identity number says of a person."""

    birth: dt.date
    sex: str


def identity_of(number: str) -> Identity | None:
    """Read an identity number; ``None`` if it is none: masked, shortened, or with a check character that is wrong.

    >>> identity_of("11010519491231002X")
    Identity(birth=datetime.date(1949, 12, 31), sex='female')
    >>> identity_of("110105194912310021") is None
    True
    """
    if _NUMBER.fullmatch(number) is None:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != number[17].upper():
        return None
    try:
        birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return Identity(birth, "male" if int(number[16]) % 2 else "female")


def one_spelling(number: str) -> str:
    """Give an identity number that ends in ``x`` with a capital one: one file writes it so, another so."""
    return number.upper() if _NUMBER.fullmatch(number) else number


def is_shortened(text: str) -> bool:
    """Tell whether a spreadsheet has put an exponent in the place of a number's last digits.

    >>> is_shortened("3.71081E+17"), is_shortened("371081197005050011")
    (True, False)
    """
    return _SHORTENED.fullmatch(text) is not None


def looks_cut(text: str) -> bool:
    """Tell whether 18 digits look like an identity number of which a spreadsheet has kept 15.

    The last three are zeros then, and the number fails its own check.

    >>> looks_cut("371081197005050000"), looks_cut("371081197005050011")
    (True, False)
    """
    return _CUT_TO_15_DIGITS.fullmatch(text) is not None and identity_of(text) is None
