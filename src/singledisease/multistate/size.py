"""Results that would not fit into memory, refused with their size before they are made."""

from __future__ import annotations

import math

from singledisease.errors import UsageError

MOST = 4 * 2**30
"""Bytes of one array at most."""


def refuse_too_large(what: str, shape: tuple[int, ...], way_out: str, most: int | None = None) -> None:
    """Refuse an array of floats that would be too large.

    Parameters
    ----------
    what
        What it is.
    shape
        How many numbers along each axis.
    way_out
        What to do instead.
    most
        Bytes at most; left out: ``MOST``.

    Raises
    ------
    UsageError
        With its shape and size.

    >>> refuse_too_large("the table", (10, 10), "take fewer rows", most=100)
    Traceback (most recent call last):
    singledisease.errors.UsageError: the table would hold 10 x 10 numbers and take 800 bytes; take fewer rows
    """
    size = 8 * math.prod(shape)
    if size > (MOST if most is None else most):
        shown = f"{size / 2**30:,.1f} GiB" if size >= 2**29 else f"{size:,} bytes"
        raise UsageError(f"{what} would hold {' x '.join(map(str, shape))} numbers and take {shown}; {way_out}")
