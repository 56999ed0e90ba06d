"""What is added up beside the counts: exact sums for ratios, counts by value for distributions.

Both merge by addition, whatever the parts; nothing is divided before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.read_only import holds_arrays, read_only
from singledisease.scorecard.exact_decimals import digits_of, divided, scaled, sums_by_cell
from singledisease.strata import Stratum


@frozen(kw_only=True)
class AmountPlaces:
    """Where amounts stand: the periods and strata, and for each amount the number of its period times strata."""

    periods: tuple[Period, ...]
    strata: tuple[Stratum, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.periods) * len(self.strata)

    def among(self, whole: AmountPlaces) -> Any:
        """Give the indices of these cells among those of a whole that has them all."""
        periods = [whole.periods.index(period) for period in self.periods]
        strata = {stratum: i for i, stratum in enumerate(whole.strata)}
        return np.ix_(periods, [strata[stratum] for stratum in self.strata])


def union(parts: Iterable[AmountPlaces]) -> AmountPlaces:
    """Give all periods and strata of some places, ascending."""
    listed = list(parts)
    return AmountPlaces(
        periods=tuple(sorted({period for part in listed for period in part.periods})),
        strata=tuple(sorted({stratum for part in listed for stratum in part.strata})),
    )


# SUMS


@holds_arrays
@frozen(kw_only=True, eq=False)
class Sums:
    """Sums of amounts, as whole numbers of ``10 ** -digits``.

    ``array`` holds Python's whole numbers, which never overflow: (periods, strata, amounts).
    """

    places: AmountPlaces
    digits: int
    array: NDArray[Any] = field(converter=read_only)

    def only(self, strata: tuple[Stratum, ...]) -> Sums:
        """Give the sums of some strata, in that order; in the others there is nobody."""
        kept = [self.places.strata.index(stratum) for stratum in strata]
        places = AmountPlaces(periods=self.places.periods, strata=strata)
        return Sums(places=places, digits=self.digits, array=self.array[:, kept])

    @property
    def whole(self) -> Sums:
        """The sums of all strata together."""
        places = AmountPlaces(periods=self.places.periods, strata=((),))
        return Sums(places=places, digits=self.digits, array=self.array.sum(axis=1, keepdims=True))

    def totals(self, period: Period, stratum: Stratum) -> tuple[float, ...]:
        """Give the sums of one cell, each rounded once; where nobody ever stood they are 0."""
        if stratum not in self.places.strata:
            return (0.0,) * int(self.array.shape[2])
        cell = self.array[self.places.periods.index(period), self.places.strata.index(stratum)]
        return tuple(divided(int(total), 1, self.digits) for total in cell)


def sum_amounts(places: AmountPlaces, cell: NDArray[np.int64], amounts: Sequence[NDArray[np.float64]]) -> Sums:
    """Add amounts up by cell.

    Parameters
    ----------
    places
        The periods and strata.
    cell
        (n,): number of period × strata + number of stratum.
    amounts
        One or more arrays (n,) of finite numbers.
    """
    digits = max((digits_of(values) for values in amounts), default=0)
    columns = [sums_by_cell(scaled(values, digits), cell, places.size) for values in amounts]
    shape = len(places.periods), len(places.strata), len(amounts)
    return Sums(places=places, digits=digits, array=np.stack(columns, axis=-1).reshape(shape))


def merge_sums(parts: Sequence[Sums]) -> Sums:
    """Add sums of different people up."""
    whole, digits = union(part.places for part in parts), max(part.digits for part in parts)
    array = np.zeros((len(whole.periods), len(whole.strata), parts[0].array.shape[2]), object)
    for part in parts:
        array[part.places.among(whole)] += part.array * 10 ** (digits - part.digits)
    return Sums(places=whole, digits=digits, array=array)


# COUNTS BY VALUE


@holds_arrays
@frozen(kw_only=True, eq=False)
class Tallies:
    """How often each value occurs: ``values`` ascending, ``counts`` int64 (periods, strata, values)."""

    places: AmountPlaces
    values: NDArray[np.float64] = field(converter=read_only)
    counts: NDArray[np.int64] = field(converter=read_only)

    def only(self, strata: tuple[Stratum, ...]) -> Tallies:
        """Give the counts of some strata, in that order; in the others there is nobody."""
        kept = [self.places.strata.index(stratum) for stratum in strata]
        places = AmountPlaces(periods=self.places.periods, strata=strata)
        return Tallies(places=places, values=self.values, counts=self.counts[:, kept])

    @property
    def whole(self) -> Tallies:
        """The counts of all strata together."""
        places = AmountPlaces(periods=self.places.periods, strata=((),))
        return Tallies(places=places, values=self.values, counts=self.counts.sum(axis=1, keepdims=True))

    def of(self, period: Period, stratum: Stratum) -> NDArray[np.int64]:
        """Give the counts of one cell; where nobody ever stood they are 0."""
        if stratum not in self.places.strata:
            return np.zeros(len(self.values), np.int64)
        cell = self.places.periods.index(period), self.places.strata.index(stratum)
        return np.asarray(self.counts[cell], np.int64)


def tally_values(places: AmountPlaces, cell: NDArray[np.int64], values: NDArray[np.float64]) -> Tallies:
    """Count values by cell; cells as in ``sum_amounts``."""
    # -0.0 and 0.0 are one value, and written as the latter.
    distinct, which = np.unique(values + 0.0, return_inverse=True)
    counts = np.bincount(cell * max(len(distinct), 1) + which, minlength=places.size * len(distinct))
    shape = len(places.periods), len(places.strata), len(distinct)
    return Tallies(places=places, values=distinct, counts=counts.reshape(shape))


def merge_tallies(parts: Sequence[Tallies]) -> Tallies:
    """Add counts of different people up."""
    whole = union(part.places for part in parts)
    values = np.unique(np.concatenate([part.values for part in parts]))
    counts = np.zeros((len(whole.periods), len(whole.strata), len(values)), np.int64)
    for part in parts:
        periods, strata = part.places.among(whole)
        counts[periods[..., None], strata[..., None], np.searchsorted(values, part.values)] += part.counts
    return Tallies(places=whole, values=values, counts=counts)


@frozen
class Summary:
    """A distribution in a few numbers; ``None`` where there is no value.

    Quantiles lie between the two nearest values in proportion: position ``(count - 1) * q``, counted from 0.
    """

    count: int
    mean: float | None
    median: float | None
    q25: float | None
    q75: float | None
    minimum: float | None
    maximum: float | None


def summary(values: NDArray[np.float64], counts: NDArray[np.int64]) -> Summary:
    """Summarise values that occur so many times.

    >>> summary(np.array([1.0, 2.0, 10.0]), np.array([1, 2, 1]))
    Summary(count=4, mean=3.75, median=2.0, q25=1.75, q75=4.0, minimum=1.0, maximum=10.0)
    """
    there = counts > 0
    values, counts = values[there], counts[there]
    count = int(counts.sum())
    if not count:
        return Summary(0, None, None, None, None, None, None)
    digits = digits_of(values)
    total = sum(value * number for value, number in zip(scaled(values, digits).tolist(), counts.tolist(), strict=True))
    behind = np.cumsum(counts)
    low, middle, high = (_quantile(values, behind, digits, q) for q in (1, 2, 3))
    mean = divided(total, count, digits)
    return Summary(count, mean, middle, low, high, float(values[0]), float(values[-1]))


def _quantile(values: NDArray[np.float64], behind: NDArray[np.int64], digits: int, quarters: int) -> float:
    """Give the value at a number of quarters, worked out in whole numbers and rounded once."""
    place, rest = divmod((int(behind[-1]) - 1) * quarters, 4)
    nearest = values[np.searchsorted(behind, [place, min(place + 1, int(behind[-1]) - 1)], side="right")]
    below, above = scaled(nearest, digits).tolist()
    return divided(below * (4 - rest) + above * rest, 4, digits)


def merge_amounts(parts: Sequence[Any]) -> Any:
    """Add up sums, or counts by value, of different people."""
    if len(parts) == 1:
        return parts[0]
    return merge_sums(parts) if isinstance(parts[0], Sums) else merge_tallies(parts)
