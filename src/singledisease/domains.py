"""What a value belongs to when it belongs to no person: the rows that a measure counts.

Values of people are arrays (periods, people) and need no domain.  Values of rows have one dimension, and a
``RowDomain`` that says of each element which row it is, whose, and of which period.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from attrs import field, frozen
from attrs.validators import in_
from numpy.typing import NDArray

from singledisease.read_only import holds_arrays, read_only

RowSource = Literal["events", "spells", "services", "breaches", "sequences", "institutions", "activities"]


@holds_arrays
@frozen(eq=False, kw_only=True)
class RowDomain:
    """The rows of a selection, by period, owner and canonical order; a row stands in every period that it is in.

    Attributes
    ----------
    source
        What they are rows of.
    period
        (elements) int32: index of the period.
    owner
        (elements) int64: the person, as index into ``log.people``; of institutions and activities the institution,
        as index into ``log.institutions``.
    row
        (elements) int64: of events the row of the log; of spells, services and breaches the place among the courses'
        spells or obligations; of sequences that among the courses; of institutions and activities that in the log.
    date
        (elements) int32: the row's date, ``dates.MISSING`` where it has none.

    >>> domain = RowDomain(
    ...     source="events", period=np.zeros(2, np.int32), owner=np.array([0, 3]), row=np.array([1, 9]),
    ...     date=np.array([19_000, 19_001], np.int32),
    ... )
    >>> len(domain)
    2
    """

    source: RowSource = field(validator=in_(get_args(RowSource)))
    period: NDArray[np.int32] = field(converter=read_only)
    owner: NDArray[np.int64] = field(converter=read_only)
    row: NDArray[np.int64] = field(converter=read_only)
    date: NDArray[np.int32] = field(converter=read_only)

    def __len__(self) -> int:
        return len(self.row)
