"""Places side by side for boxes, labels and passing arrows, in rows one below the other.

Every arrow goes from row to row.  Between two rows lies a layer of labels, and where an arrow passes a row or a layer
it takes up room of its own, so that none goes through a box or a label.  Orders and places are found by a fixed number
of sweeps in a fixed order: the same pathway always gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from attrs import define, frozen

SWEEPS = 24
MIDDLE = 0.5
"""How much everything is drawn to the middle, an arrow's pull being 1: otherwise long ways drift to one side."""

MARGINS = {"piece": 11.0, "label": 7.0, "pass": 5.0}


@frozen
class Port:
    """Where arrows end in a piece: from ``left`` to ``right`` of its left edge, ``half`` above and below its middle."""

    left: float
    right: float
    half: float


@frozen
class Piece:
    """What stands in a row and is moved as one; ``spots`` by the ids of what arrows begin or end at."""

    width: float
    height: float
    spots: Mapping[str, Port]


@frozen
class Link:
    """An arrow from one spot to another, with room for its label."""

    source: str
    target: str
    width: float
    height: float


@define(eq=False)
class Slot:
    """Room in a layer for a piece, a label, or an arrow that passes; ``x`` is its middle."""

    kind: str
    width: float
    height: float
    spots: Mapping[str, Port]
    x: float = 0.0

    def middle(self, end: str) -> float:
        """Give how far right of its own middle an arrow should end."""
        spot = self.spots.get(end)
        return 0.0 if spot is None else (spot.left + spot.right - self.width) / 2

    def half(self, end: str) -> float:
        """Give how far above and below the middle of its layer an arrow ends."""
        spot = self.spots.get(end)
        return self.height / 2 if spot is None else spot.half


@define(eq=False)
class EdgeSegment:
    """The part of an arrow from one layer to the next.

    ``start`` and ``end`` are the ids of the spots, blank where the arrow only passes; ``out`` and ``into`` say where it
    leaves the layer above and enters that below.
    """

    above: Slot
    below: Slot
    start: str
    end: str
    out: float = 0.0
    into: float = 0.0
    track: int = 0


@frozen
class Layers:
    """The slots of each layer, pieces in the even ones, and each arrow's parts from top to bottom."""

    slots: list[list[Slot]]
    chains: tuple[tuple[EdgeSegment, ...], ...]

    def between(self, above: int) -> list[EdgeSegment]:
        """Give the parts that leave a layer downwards."""
        return [part for chain in self.chains for part in chain if part.above in self.slots[above]]


def layers_of(rows: Sequence[Sequence[Piece]], links: Sequence[Link]) -> Layers:
    """Put pieces and links into layers, and give everything in them a place from left to right.

    Parameters
    ----------
    rows
        The pieces of each row, from top to bottom.
    links
        Arrows between spots of different rows.
    """
    slots: list[list[Slot]] = [[] for _ in range(max(2 * len(rows) - 1, 0))]
    home: dict[str, tuple[int, Slot]] = {}
    for i, row in enumerate(rows):
        for piece in row:
            slots[2 * i].append(Slot("piece", piece.width, piece.height, piece.spots))
            home |= dict.fromkeys(piece.spots, (2 * i, slots[2 * i][-1]))
    found = Layers(slots, tuple(_chain(link, slots, home) for link in links))
    parts = [found.between(i) for i in range(len(slots) - 1)]
    _arrange(slots, parts)
    for chain in found.chains:
        _straighten(chain, slots)
    return found


def _chain(link: Link, slots: list[list[Slot]], home: Mapping[str, tuple[int, Slot]]) -> tuple[EdgeSegment, ...]:
    (first, above), (last, below) = home[link.source], home[link.target]
    ends = {above: link.source, below: link.target}
    if first > last:
        first, above, last, below = last, below, first, above
    passed = range(first + 1, last)
    # The label stands where there is most room, otherwise near the box that the arrow leads to.
    near = sorted(passed[::2], key=lambda k: abs(k - home[link.target][0]))
    labelled = min(near, key=lambda k: sum(slot.width for slot in slots[k]))
    for k in passed:
        size = ("label", link.width, link.height) if k == labelled else ("pass", 0.0, 0.0)
        slots[k].append(Slot(*size, {}))
    through = [above, *(slots[k][-1] for k in passed), below]
    return tuple(EdgeSegment(one, other, ends.get(one, ""), ends.get(other, "")) for one, other in pairwise(through))


# FROM LEFT TO RIGHT


def _arrange(slots: list[list[Slot]], parts: Sequence[Sequence[EdgeSegment]]) -> None:
    """Order and place the slots of every layer."""
    for layer in slots:
        _place(layer, [slot.x for slot in layer], [1.0] * len(layer))
    best = (_badness(parts), [list(layer) for layer in slots], [[slot.x for slot in layer] for layer in slots])
    for _ in range(SWEEPS):
        for layers in (range(1, len(slots)), range(len(slots) - 2, -1, -1)):
            for k in layers:
                _settle(slots[k], _pulls(k, parts, down=layers.step > 0, up=layers.step < 0), reorder=True)
        now = _badness(parts)
        if now < best[0]:
            best = (now, [list(layer) for layer in slots], [[slot.x for slot in layer] for layer in slots])
    for k, (layer, places) in enumerate(zip(*best[1:], strict=True)):
        slots[k][:] = layer
        for slot, x in zip(layer, places, strict=True):
            slot.x = x
    for _ in range(SWEEPS):
        for k in (*range(len(slots)), *range(len(slots) - 2, -1, -1)):
            _settle(slots[k], _pulls(k, parts, down=True, up=True), reorder=False)


def _straighten(chain: Sequence[EdgeSegment], slots: Sequence[Sequence[Slot]]) -> None:
    """Let an arrow pass as many layers as there is room without a bend."""
    wanted = (
        chain[0].above.x + chain[0].above.middle(chain[0].start),
        chain[-1].below.x + chain[-1].below.middle(chain[-1].end),
    )
    run: list[Slot] = []
    room = (-math.inf, math.inf)
    for slot in [*(part.below for part in chain[:-1]), None]:
        free = (math.inf, -math.inf) if slot is None else _room(slot, slots)
        both = max(room[0], free[0]), min(room[1], free[1])
        if slot is None or both[0] > both[1]:
            nearest = min(
                (min(max(x, room[0]), room[1]) for x in wanted), key=lambda x: sum(abs(x - one.x) for one in run)
            )
            for one in run:
                one.x = nearest
            run, both = [], free
        if slot is not None:
            run, room = [*run, slot], both


def _room(slot: Slot, slots: Sequence[Sequence[Slot]]) -> tuple[float, float]:
    """Give from where to where a slot can move without touching its neighbours."""
    layer = next(layer for layer in slots if slot in layer)
    k = layer.index(slot)
    left = layer[k - 1].x + _apart(layer[k - 1], slot) if k > 0 else -math.inf
    right = layer[k + 1].x - _apart(slot, layer[k + 1]) if k + 1 < len(layer) else math.inf
    return left, right


def _apart(one: Slot, other: Slot) -> float:
    """Give how far the middles of two neighbours are at least apart."""
    return (one.width + other.width) / 2 + MARGINS[one.kind] + MARGINS[other.kind]


Pulls = Mapping[Slot, Sequence[tuple[float, float]]]


def _pulls(k: int, parts: Sequence[Sequence[EdgeSegment]], *, down: bool, up: bool) -> Pulls:
    """Give where the neighbours of each slot of a layer want it, and how much: arrows should be straight."""
    found: dict[Slot, list[tuple[float, float]]] = {}
    for part in parts[k - 1] if down and k > 0 else ():
        wanted = part.above.x + part.above.middle(part.start) - part.below.middle(part.end)
        found.setdefault(part.below, []).append((wanted, _stiffness(part)))
    for part in parts[k] if up and k < len(parts) else ():
        wanted = part.below.x + part.below.middle(part.end) - part.above.middle(part.start)
        found.setdefault(part.above, []).append((wanted, _stiffness(part)))
    return found


def _stiffness(part: EdgeSegment) -> float:
    return 1.0 if "piece" in (part.above.kind, part.below.kind) else 6.0


def _settle(layer: list[Slot], pulls: Pulls, *, reorder: bool) -> None:
    """Move the slots of a layer to where their neighbours want them, as far as there is room."""
    wanted, weights = {}, {}
    for slot in layer:
        given = [*pulls.get(slot, ()), (0.0, MIDDLE)]
        weights[slot] = sum(weight for _, weight in given)
        wanted[slot] = sum(x * weight for x, weight in given) / weights[slot]
    if reorder:
        layer.sort(key=lambda slot: wanted[slot])
    _place(layer, [wanted[slot] for slot in layer], [weights[slot] for slot in layer])


def _place(layer: Sequence[Slot], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """Give the places nearest to those wanted, by least squares, at which no two slots overlap."""
    needed = [0.0]
    for one, other in pairwise(layer):
        needed.append(needed[-1] + _apart(one, other))
    places = rising([x - shift for x, shift in zip(wanted, needed, strict=False)], weights)
    for slot, x, shift in zip(layer, places, needed, strict=False):
        slot.x = x + shift


def rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Give the nearest values that never fall: what is out of order is pooled at its mean.

    >>> rising([1, 3, 2, 5], [1, 1, 1, 1])
    [1, 2.5, 2.5, 5]
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, w1, n1), (second, w2, n2) = pools[-2:]
            pools[-2:] = [((first * w1 + second * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return [value for value, _, number in pools for _ in range(number)]


def _badness(parts: Sequence[Sequence[EdgeSegment]]) -> tuple[int, float]:
    """Count the crossings of arrows, and then how far they go sideways."""
    crossings, sideways = 0, 0.0
    for between in parts:
        ends = [(p.above.x + p.above.middle(p.start), p.below.x + p.below.middle(p.end)) for p in between]
        crossings += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
        sideways += sum(abs(a - b) for a, b in ends)
    return crossings, round(sideways, 3)
