"""Where the faults that checks find are written: the file and line of the part they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve

from singledisease.errors import Fault
from singledisease.io.definitions.elements import Element
from singledisease.io.definitions.reading import Spot


def located(faults: Iterable[Fault], parts: Mapping[str, Iterable[tuple[Element, Any]]], top: Spot) -> Iterator[Fault]:
    """Give faults with the file and line of what they name, where that is known."""
    faults = tuple(faults)
    spots = dict(_spots(parts)) if faults else {}
    for fault in faults:
        yield evolve(fault, at=_at(fault.where, spots, top))


def _spots(parts: Mapping[str, Iterable[tuple[Element, Any]]]) -> Iterator[tuple[str, Spot]]:
    # Backwards, so that of two parts of one name the first is found.
    for pairs in parts.values():
        for element, _ in reversed(tuple(pairs)):
            yield element.spot.place, element.spot
            if element.section in ("pathway.timings", "services"):
                yield f"timing {element.id}", element.spot
            if element.section == "pathway.transitions":
                yield f"the transition to {element.id.rpartition('.')[2]}", element.spot


def _at(where: str, spots: Mapping[str, Spot], top: Spot) -> str:
    """Find the part whose place a fault's begins with, then the key of it that follows."""
    place = where.partition(", ")[0]
    rest: list[str] = []
    while place and place not in spots:
        place, _, last = place.rpartition(".")
        rest.insert(0, last)
    spot = spots.get(place)
    if spot is not None:
        return spot.source.at((*spot.path, *rest))
    path = tuple(where.partition(", ")[0].split("."))
    return top.source.at(path) if top.source.line(path) else ""
