"""Heights for the layers of a picture, and the corners of its arrows, which turn only between two layers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from attrs import frozen

from singledisease.report.diagrams.layout import EdgeSegment, Layers, Link, Piece, Slot, layers_of, rising

PORTS_APART = 14.0
TRACK = 9.0
LEAST = 14.0
"""Between two layers, so that an arrow head has room."""

Point = tuple[float, float]


@frozen
class DiagramPlan:
    """Places: the middle of each piece and label, the corners of each arrow from its source on, where each row is."""

    width: float
    height: float
    pieces: tuple[tuple[Point, ...], ...]
    labels: tuple[Point, ...]
    lines: tuple[tuple[Point, ...], ...]
    rows: tuple[tuple[float, float], ...]


def plan(rows: Sequence[Sequence[Piece]], links: Sequence[Link]) -> DiagramPlan:
    """Give everything a place: pieces in rows, each link with its label; places begin at 0.

    Parameters
    ----------
    rows
        The pieces of each row, from top to bottom.
    links
        Arrows between spots of different rows.
    """
    pieces = [list(row) for row in rows]
    layers = layers_of(pieces, links)
    _ports([part for chain in layers.chains for part in chain])
    given = [[slot for slot in layer if slot.kind == "piece"] for layer in layers.slots[::2]]
    given = [_as_given(slots, row) for slots, row in zip(given, pieces, strict=True)]
    depths = [_tracks(layers.between(k)) for k in range(len(layers.slots) - 1)]
    spans = _spans(layers, depths)
    every = [slot for layer in layers.slots for slot in layer]
    left = min((slot.x - slot.width / 2 for slot in every), default=0.0)
    right = max((slot.x + slot.width / 2 for slot in every), default=0.0)
    row_of = {slot: k for k, layer in enumerate(layers.slots) for slot in layer}

    def middle(slot: Slot) -> Point:
        top, bottom = spans[row_of[slot]]
        return slot.x - left, (top + bottom) / 2

    lines = []
    for link, chain in zip(links, layers.chains, strict=True):
        line = _line(chain, spans, row_of, left)
        lines.append(line if chain[0].start == link.source else line[::-1])
    return DiagramPlan(
        width=right - left,
        height=spans[-1][1] if spans else 0.0,
        pieces=tuple(tuple(middle(slot) for slot in row) for row in given),
        labels=tuple(middle(part.below) for chain in layers.chains for part in chain if part.below.kind == "label"),
        lines=tuple(lines),
        rows=tuple(spans[::2]),
    )


def _as_given(slots: Sequence[Slot], row: Sequence[Piece]) -> list[Slot]:
    """Give the slots of a row in the order in which its pieces were given."""
    found = {name: slot for slot in slots for name in slot.spots}
    return [found[next(iter(piece.spots))] for piece in row]


def _spans(layers: Layers, depths: Sequence[int]) -> list[tuple[float, float]]:
    """Give top and bottom of each layer."""
    spans, top = [], 0.0
    for k, layer in enumerate(layers.slots):
        bottom = top + max((slot.height for slot in layer), default=0.0)
        spans.append((top, bottom))
        top = bottom + (max(LEAST, TRACK * (depths[k] + 1)) if k < len(depths) else 0.0)
    return spans


def _line(
    chain: Sequence[EdgeSegment], spans: Sequence[tuple[float, float]], row_of: dict[Slot, int], left: float
) -> tuple[Point, ...]:
    """Give the corners of an arrow from the upper of its ends to the lower."""
    first, last = chain[0], chain[-1]
    top, bottom = (spans[row_of[slot]] for slot in (first.above, last.below))
    points = [(first.out - left, sum(top) / 2 + first.above.half(first.start))]
    for part in chain:
        if part.out != part.into:
            y = spans[row_of[part.above]][1] + TRACK * (part.track + 1)
            points += [(part.out - left, y), (part.into - left, y)]
    return (*points, (last.into - left, sum(bottom) / 2 - last.below.half(last.end)))


# WHERE ARROWS LEAVE AND ENTER


def _ports(parts: Sequence[EdgeSegment]) -> None:
    """Give the arrows at one side of a box places of their own, in the order of their other ends."""
    leaving: dict[Slot, list[tuple[float, float, EdgeSegment]]] = {}
    entering: dict[Slot, list[tuple[float, float, EdgeSegment]]] = {}
    for part in parts:
        out, into = part.above.x + part.above.middle(part.start), part.below.x + part.below.middle(part.end)
        leaving.setdefault(part.above, []).append((_within(part.above, part.start, into), into, part))
        entering.setdefault(part.below, []).append((_within(part.below, part.end, out), out, part))
    for ports in leaving.values():
        for part, x in _spread_out(ports):
            part.out = x
    for ports in entering.values():
        for part, x in _spread_out(ports):
            part.into = x


def _within(slot: Slot, end: str, x: float) -> float:
    """Give the place nearest to one that lies in a spot; where an arrow passes there is one only."""
    spot, left = slot.spots.get(end), slot.x - slot.width / 2
    return slot.x if spot is None else min(max(x, left + spot.left), left + spot.right)


def _spread_out(ports: list[tuple[float, float, EdgeSegment]]) -> list[tuple[EdgeSegment, float]]:
    ports.sort(key=lambda port: port[:2])
    shifts = [i * PORTS_APART for i in range(len(ports))]
    places = rising([port[0] - shift for port, shift in zip(ports, shifts, strict=True)], [1.0] * len(ports))
    return [(port[2], x + shift) for port, x, shift in zip(ports, places, shifts, strict=True)]


# BETWEEN TWO LAYERS


def _tracks(parts: Sequence[EdgeSegment]) -> int:
    """Give each part that turns a track of its own where others turn beside it; give how many there are.

    Where one leaves above the place at which another enters, it has to turn first: otherwise they would lie on each
    other.  Of those that go the same way, the foremost turns first.
    """
    for part in parts:
        if abs(part.out - part.into) < 1.0:
            part.into = part.out
    turning = [part for part in parts if part.out != part.into]
    first = {(one, other) for one, other in _pairs(turning) if abs(one.out - other.into) < TRACK}
    waiting = sorted(turning, key=lambda part: (part.into < part.out, -part.out if part.into > part.out else part.out))
    done: list[EdgeSegment] = []
    while waiting:
        free = [part for part in waiting if not any((one, part) in first for one in waiting)]
        part = (free or waiting)[0]
        waiting.remove(part)
        above = [one.track + 1 for one in done if _beside(one, part) or (one, part) in first]
        part.track = max(above, default=0)
        done.append(part)
    return max((part.track + 1 for part in turning), default=0)


def _pairs(parts: Sequence[EdgeSegment]) -> list[tuple[EdgeSegment, EdgeSegment]]:
    return [pair for one, other in combinations(parts, 2) for pair in ((one, other), (other, one))]


def _beside(one: EdgeSegment, other: EdgeSegment) -> bool:
    """Say whether two parts would touch if they turned at one height."""
    a, b = sorted((one.out, one.into))
    c, d = sorted((other.out, other.into))
    return a - TRACK < d and c - TRACK < b
