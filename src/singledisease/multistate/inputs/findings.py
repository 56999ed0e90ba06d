"""Faulty rows, and how they are refused: all kinds at once, with the person and the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault

SHOWN = 10
"""Faulty rows named in one error, of every kind some; the rest are counted."""


@frozen(eq=False, kw_only=True)
class FaultyRows:
    """What is wrong with some rows: ``check`` its kind, ``rows`` which, ``text`` what is said of one of them."""

    check: str
    rows: NDArray[np.intp]
    text: Callable[[int], str]
    hint: str = ""


def refuse(found: Sequence[FaultyRows], where: Callable[[int], str], what: str) -> None:
    """Refuse rows that are faulty.

    Parameters
    ----------
    found
        What was found.
    where
        Names the person and the row.
    what
        What a row is: a row, a stay, a visit.

    Raises
    ------
    DataError
        If there is any: with some faults of every kind, and how many there are of each.
    """
    kinds = [one for one in found if len(one.rows)]
    if not kinds:
        return
    total = sum(len(one.rows) for one in kinds)
    noun = what if total == 1 else f"{what}s"
    lists = [[(kind, int(i)) for i in kinds[kind].rows[:SHOWN]] for kind in range(len(kinds))]
    in_turn = [one for turn in zip_longest(*lists) for one in turn if one is not None]
    faults = [
        Fault(kinds[kind].check, where(i), kinds[kind].text(i), kinds[kind].hint) for kind, i in sorted(in_turn[:SHOWN])
    ]
    number = ", ".join(f"{len(one.rows)} {one.check}" for one in kinds)
    rest = f"; {len(faults)} are shown" if total > len(faults) else ""
    raise DataError(f"{total} faulty {noun} ({number}{rest})", faults)
