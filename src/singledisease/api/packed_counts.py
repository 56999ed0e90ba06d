"""Counts as plain values of little size, and back: texts of strata once each, and numbers as packed arrays.

A table of counts has a row for every cell.  A part of a county by a thousand institutions has two million cells, most
of them 0: as rows they take longer to write than the part takes to count.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.scorecard.amounts import AmountPlaces, Sums, Tallies
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.strata import Stratum


def packed_counts(counts: Counts) -> dict[str, Any]:
    """Give counts as objects, lists, texts and whole numbers, which JSON can hold."""
    strata = _Numbered()
    return {
        "blocks": [
            {**_counted(counted), **_placed(block.periods, block.strata, strata), "people": _packed(block.array)}
            for counted, block in counts.blocks.items()
        ],
        "amounts": [
            {**_counted(counted), **_placed(amounts.places.periods, amounts.places.strata, strata), **_added(amounts)}
            for counted, amounts in counts.amounts.items()
        ],
        "strata": [list(stratum) for stratum in strata.number],
    }


def unpacked_counts(said: Mapping[str, Any]) -> Counts:
    """Give the counts that ``packed_counts`` wrote."""
    strata = [tuple(stratum) for stratum in said["strata"]]
    blocks = {}
    for one in said["blocks"]:
        places = _places(one, strata)
        blocks[_counted_of(one)] = Block(places.periods, places.strata, _unpacked(one["people"]))
    return Counts(blocks, {_counted_of(one): _added_of(one, strata) for one in said["amounts"]})


class _Numbered:
    """Strata, each with the number under which it is written."""

    def __init__(self) -> None:
        self.number: dict[Stratum, int] = {}

    def of(self, strata: Iterable[Stratum]) -> list[int]:
        """Give the numbers of some strata."""
        return [self.number.setdefault(stratum, len(self.number)) for stratum in strata]


def _counted(counted: Counted) -> dict[str, Any]:
    return {
        "measure": counted.measure,
        "version": counted.version,
        "policy": [list(pair) for pair in counted.policy],
        "groups": list(counted.groups),
        "by": list(counted.by),
        "of": counted.of,
    }


def _counted_of(said: Mapping[str, Any]) -> Counted:
    policy = tuple((str(name), str(option)) for name, option in said["policy"])
    return Counted(said["measure"], said["version"], policy, tuple(said["groups"]), tuple(said["by"]), said["of"])


def _placed(periods: Iterable[Period], strata: Iterable[Stratum], numbered: _Numbered) -> dict[str, Any]:
    return {"periods": [[period.start, period.end] for period in periods], "at": numbered.of(strata)}


def _places(said: Mapping[str, Any], strata: list[Stratum]) -> AmountPlaces:
    periods = tuple(Period(start, end) for start, end in said["periods"])
    return AmountPlaces(periods=periods, strata=tuple(strata[number] for number in said["at"]))


def _added(amounts: Sums | Tallies) -> dict[str, Any]:
    """Write sums, which are whole numbers of any length, as they are, and counts by value as arrays."""
    if isinstance(amounts, Sums):
        sums = [int(one) for one in amounts.array.ravel()]
        return {"digits": amounts.digits, "width": amounts.array.shape[2], "sums": sums}
    return {"values": [float(one) for one in amounts.values], "counts": _packed(amounts.counts)}


def _added_of(said: Mapping[str, Any], strata: list[Stratum]) -> Sums | Tallies:
    places = _places(said, strata)
    if "sums" not in said:
        return Tallies(places=places, values=np.array(said["values"], np.float64), counts=_unpacked(said["counts"]))
    shape = len(places.periods), len(places.strata), said["width"]
    return Sums(places=places, digits=said["digits"], array=np.array(said["sums"], object).reshape(shape))


def _packed(array: NDArray[np.int64]) -> list[Any]:
    """Give the shape and the compressed bytes, which are the same on every machine."""
    return [list(array.shape), b64encode(zlib.compress(array.astype("<i8").tobytes(), 1)).decode("ascii")]


def _unpacked(said: list[Any]) -> NDArray[np.int64]:
    shape, text = said
    return np.frombuffer(zlib.decompress(b64decode(text)), "<i8").astype(np.int64).reshape(shape)
