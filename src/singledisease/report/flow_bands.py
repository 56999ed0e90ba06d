"""Who went where as a picture: the stocks of two days as blocks, and the bands between them, on a desk or in a hand."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from singledisease.cohorts.names import DIED, ENTERED, LEFT
from singledisease.multistate.arrays import Floats
from singledisease.multistate.names import Called
from singledisease.report.charts import NARROW
from singledisease.report.diagrams.svg_shapes import FONT, Line, height_of, lines, texts
from singledisease.report.figure_setup import COLOURS
from singledisease.report.sankey import spread, tops
from singledisease.tables import Heading, named

LEFTMOST, WIDE, BESIDE = 290.0, 420.0, 33.0
"""Where the columns stand, how far apart, and how far apart names in two languages are."""
BLOCK, ROOM = 10.0, 165.0
"""The width of a block, and how wide a name may be that stands upon the bands."""


@frozen(eq=False)
class _Side:
    """One column of blocks: its states with their people, the lines of their names, where it stands, how far apart.

    ``outwards`` is -1 for the left column, and 1 for the right; ``inside`` has the names stand upon the bands.
    """

    names: tuple[str, ...]
    people: Floats
    labels: tuple[tuple[Line, ...], ...]
    x: float
    outwards: int
    inside: bool = False
    apart: float = BESIDE

    @property
    def used(self) -> list[int]:
        """The blocks that are not empty."""
        return np.flatnonzero(self.people).tolist()

    @property
    def anchor(self) -> str:
        return "end" if (self.outwards < 0) != self.inside else "start"

    @property
    def beside(self) -> float:
        """Where names begin or end."""
        return self.x - self.outwards * 5 if self.inside else self.x + self.outwards * 34

    def edges(self, scale: float) -> Floats:
        """Give where each block begins, going down; with names inside, each has the room that its name needs."""
        sizes = self.people * scale
        if not self.inside:
            return -tops(sizes)
        return np.concatenate(([0.0], np.cumsum((np.maximum(sizes, self.apart) + 4)[:-1] * (sizes > 0)[:-1])))

    def tops_of_names(self, scale: float) -> Floats:
        """Give where the names of the blocks that are not empty begin, moved apart so that they can be read."""
        sizes, heights = self.people * scale, np.array([height_of(label) for label in self.labels])
        if self.inside:
            return np.asarray((self.edges(scale) + np.maximum(sizes - heights, 0) / 2)[self.used])
        return -spread(-(self.edges(scale) + sizes / 2)[self.used], self.apart) - heights[self.used] / 2


def picture(states: Sequence[str], called: Called, flows: Floats, fills: Sequence[str] = COLOURS) -> str:
    """Draw the stocks of both ends and the bands between them; a hint says how many each band is."""
    left, right = (_beside(side, called) for side in _sides(states, flows, LEFTMOST, LEFTMOST + WIDE))
    return _drawn(called, flows, (left, right), fills, 2 * LEFTMOST + WIDE)


def on_a_telephone(states: Sequence[str], called: Called, flows: Floats, fills: Sequence[str] = COLOURS) -> str:
    """Draw the same for a screen as wide as a hand: names stand upon the bands, which are paler for it."""
    sides = [_upon(side, called) for side in _sides(states, flows, BLOCK, NARROW - BLOCK)]
    apart = max(height_of(side.labels[k]) for side in sides for k in side.used) + 3
    left, right = (evolve(side, apart=apart) for side in sides)
    return _drawn(called, flows, (left, right), fills, NARROW)


def _sides(states: Sequence[str], flows: Floats, left: float, right: float) -> tuple[_Side, _Side]:
    return (
        _Side((*states, ENTERED), flows.sum(1), (), left, -1),
        _Side((*states, LEFT, DIED), flows.sum(0), (), right, 1),
    )


def _beside(side: _Side, called: Called) -> _Side:
    labels = []
    for name, people in zip(side.names, side.people, strict=True):
        zh, en = _name(called, name)
        first = Line(f"{zh} {int(people):,}", 11.5, "ink")
        labels.append((first, Line(en, 9.5, "soft")) if en != zh else (first,))
    return evolve(side, labels=tuple(labels))


def _upon(side: _Side, called: Called) -> _Side:
    labels = []
    for name, people in zip(side.names, side.people, strict=True):
        zh, en = _name(called, name)
        first = lines(f"{zh} {int(people):,}", 12.5, "ink", ROOM)
        labels.append((*first, *(lines(en, 10.5, "ink", ROOM) if en != zh else ())))
    return evolve(side, labels=tuple(labels), inside=True)


def _name(called: Called, state: str) -> Heading:
    return called.get(state, (state, state))


# WHAT IS DRAWN


def _drawn(called: Called, flows: Floats, sides: tuple[_Side, _Side], fills: Sequence[str], width: float) -> str:
    high = 360.0 if sides[0].inside else max(360.0, *(side.apart * len(side.used) for side in sides))
    scale = 0.8 * high / flows.sum()
    parts = [
        *_bands(called, flows, scale, sides, fills),
        *(part for side in sides for part in _column(side, scale)),
    ]
    names = np.concatenate([side.tops_of_names(scale) for side in sides])
    ends = np.concatenate([side.edges(scale) + side.people * scale for side in sides])
    apart, narrow = sides[0].apart, " sd-narrow" if sides[0].inside else ""
    top = min(0.0, float(names.min()) - 8)
    height = max(float(names.max()) + apart, float(ends.max())) + 8 - top
    return (
        f'<svg class="sd-chart{narrow}" viewBox="0 {top:.0f} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{FONT}" role="img">{"".join(parts)}</svg>'
    )


def _bands(
    called: Called, flows: Floats, scale: float, sides: tuple[_Side, _Side], fills: Sequence[str]
) -> Iterator[str]:
    ups, downs = (side.edges(scale) for side in sides)
    (a, b), middle = (side.x for side in sides), sum(side.x for side in sides) / 2
    opacity = ".35" if sides[0].inside else ".65"
    for i, j in np.argwhere(flows):
        size, y, z = flows[i, j] * scale, ups[i], downs[j]
        one, other = (named(_name(called, side.names[k]), "both") for side, k in zip(sides, (i, j), strict=True))
        hint = html.escape(f"{one} → {other}: {int(flows[i, j]):,}")
        path = (
            f"M{a:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {z:.1f} {b:.1f} {z:.1f}"
            f"V{z + size:.1f}C{middle:.1f} {z + size:.1f} {middle:.1f} {y + size:.1f} {a:.1f} {y + size:.1f}Z"
        )
        yield f'<path d="{path}" fill="{fills[i % len(fills)]}" fill-opacity="{opacity}"><title>{hint}</title></path>'
        ups[i] += size
        downs[j] += size


def _column(side: _Side, scale: float) -> Iterator[str]:
    """Draw the blocks of one side with their names; a line leads to a name that had to stand aside."""
    sizes, edges = side.people * scale, side.edges(scale)
    edge = side.x + side.outwards * BLOCK
    for k, top in zip(side.used, side.tops_of_names(scale), strict=True):
        yield (
            f'<rect class="sd-block" x="{min(side.x, edge):.1f}" y="{edges[k]:.1f}" width="{BLOCK:g}" '
            f'height="{sizes[k]:.1f}" fill="#4a5a6a"/>'
        )
        if not side.inside:
            middle, end = edges[k] + sizes[k] / 2, side.beside - side.outwards * 4
            line = f"M{edge:.1f} {middle:.1f}L{end:.1f} {top + height_of(side.labels[k]) / 2:.1f}"
            yield f'<path class="sd-grid" d="{line}" stroke="#dfe5eb"/>'
        yield texts(side.labels[k], side.beside, top, side.anchor)
