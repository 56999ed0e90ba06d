"""Numbers of the Chinese identity card: the birth date and sex that stand in them (GB 11643-1999)."""

from __future__ import annotations

import datetime as dt
import re

from attrs import frozen

_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


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
