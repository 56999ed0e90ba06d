"""A pathway as an SVG picture that needs nothing from anywhere and is the same each time it is drawn."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.terms import STAGE_NAMES
from singledisease.report.diagrams.edges import Point, plan
from singledisease.report.diagrams.layout import Link, Piece, Port
from singledisease.report.diagrams.model import Box
from singledisease.report.diagrams.statechart import BlockArrow, Entry, Run, Scheme, StateBox, scheme
from singledisease.report.diagrams.svg_shapes import FONT, Line, arrow, height_of, lines, rectangle, texts

WIDE = 204.0
PAD = 9.0
HEM = 26.0
"""Where a frame has its name."""

SMALLEST = 0.74
"""How far a page may shrink the picture before it has to be moved: smaller letters cannot be read."""

LANE, TOP = 110.0, 44.0
"""Where lanes have their names, and the picture has its title."""

COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "managed": ("#edf6ee", "#2e7d32"),
        "refer": ("#fdeceb", "#b3261e"),
        "plain": ("#ffffff", "#5b6b7c"),
        "final": ("#f0f1f3", "#6b7280"),
    }
)
MARKED: Mapping[str, Names] = MappingProxyType(
    {
        "managed": Names("在管", "managed"),
        "refer": Names("须转诊", "to be referred"),
        "plain": Names("未在管", "not managed"),
        "final": Names("终止", "nothing leads out"),
    }
)
BY_SIGNAL, BY_TIME = Names("信号", "on a signal"), Names("到期", "when time is up")
NOTE = Names(
    "⇢ 由多个状态进入；* 个别状态除外，见路径表。粗框为起始状态。",
    "⇢ entered from many states; * but not from each of them: see the table of the pathway. "
    "Everybody begins in the heavy box.",
)


def svg(disease: Disease, language: str = "en") -> str:
    """Draw the pathway of a disease; the stages are named in both languages."""
    return _Picture(scheme(disease, language), language, disease.pathway.initial).text()


@frozen
class _Card:
    """What is written in a box: in its strip what leads there from many, in its body its name and next step."""

    look: str
    strip: tuple[Line, ...]
    body: tuple[Line, ...]
    hint: str
    first: bool

    @property
    def strip_height(self) -> float:
        return height_of(self.strip) + 6 if self.strip else 0.0

    @property
    def height(self) -> float:
        return self.strip_height + height_of(self.body) + 2 * PAD - 2


def _card(box: Box, entries: Sequence[Entry], colon: str, *, first: bool) -> _Card:
    name, *others = box.lines
    body = lines(name, 13, "ink", WIDE - 2 * PAD, bold=True)
    body += [line for text in others if text.startswith("→") for line in lines(text, 11, "soft", WIDE - 2 * PAD)]
    merged: dict[tuple[str, bool], list[str]] = {}
    for entry in entries:
        merged.setdefault((entry.origin + ("" if entry.whole else "*"), entry.timed), []).append(entry.text)
    strip = [
        line
        for (origin, timed), said in merged.items()
        for line in lines(f"⇢ {origin}{colon}{', '.join(said)}", 10.5, "timed" if timed else "signal", WIDE - 2 * PAD)
    ]
    look = next((mark for mark in ("refer", "managed", "final") if mark in box.marks), "plain")
    hint = "\n".join([name, *others, *(f"⇢ {entry.meaning}" for entry in entries)])
    return _Card(look, tuple(strip), tuple(body), hint, first)


class _Picture:
    """A scheme with sizes and places."""

    def __init__(self, drawn: Scheme, language: str, initial: str) -> None:
        self.drawn, self.language = drawn, language
        runs = [run for row in drawn.rows for run in row]
        colon = "：" if language == "zh" else ": "
        self.cards = {
            box.id: _card(box, drawn.entries.get(box.id, ()), colon, first=box.id == initial)
            for run in runs
            for block in run
            for box in block.boxes
        }
        neighbours = {frozenset((one.id, other.id)) for run in runs for one, other in pairwise(run)}
        self.flat = [way for way in drawn.ways if {way.source, way.target} in neighbours]
        self.ways = [way for way in drawn.ways if way not in self.flat]
        self.labels = {way: _label(way) for way in drawn.ways}
        self.stacks: dict[str, float] = {}
        for one, other in (pair for run in runs for pair in pairwise(run)):
            for block in (one, other):
                self.stacks[block.id] = max(self.stacks.get(block.id, 0.0), self.stack(one, other))
        rows = [[self._piece(run) for run in row] for row in drawn.rows]
        self.plan = plan(rows, [Link(way.source, way.target, *_size(self.labels[way])) for way in self.ways])

    # SIZES

    def width_of(self, block: StateBox) -> float:
        return self.insides(block)[-1] + WIDE + (PAD if block.framed else 0.0)

    def height_of(self, block: StateBox) -> float:
        """Give the height of a block: what is written in it, and beside it the arrows to its neighbours, has room."""
        inside = max(self.cards[box.id].height for box in block.boxes) + (2 * PAD if block.framed else 0.0)
        return max(inside, self.stacks.get(block.id, 0.0))

    def stack(self, one: StateBox, other: StateBox) -> float:
        """Give how high the arrows between two neighbours are with their labels, below each other."""
        return sum(_size(self.labels[way])[1] + 10 for way in self.between(one, other))

    def insides(self, block: StateBox) -> list[float]:
        """Give the left edges of the boxes in a block."""
        return [HEM + i * (WIDE + 10) if block.framed else 0.0 for i in range(len(block.boxes))]

    def between(self, one: StateBox, other: StateBox) -> list[BlockArrow]:
        """Give the arrows between two neighbours of a run."""
        return [way for way in self.flat if {way.source, way.target} == {one.id, other.id}]

    def gap(self, one: StateBox, other: StateBox) -> float:
        return max(_size(self.labels[way])[0] for way in self.between(one, other)) + 18

    def lefts(self, run: Run) -> list[float]:
        """Give the left edges of the blocks of a run, and last its right edge."""
        lefts = [0.0]
        for one, other in pairwise(run):
            lefts.append(lefts[-1] + self.width_of(one) + self.gap(one, other))
        return [*lefts, lefts[-1] + self.width_of(run[-1])]

    def _piece(self, run: Run) -> Piece:
        *lefts, width = self.lefts(run)
        spots: dict[str, Port] = {}
        for block, left in zip(run, lefts, strict=True):
            half = self.height_of(block) / 2
            spots[block.id] = Port(left + 14, left + self.width_of(block) - 14, half)
            for box, x in zip(block.boxes, self.insides(block), strict=True) if block.framed else ():
                spots[box.id] = Port(left + x + 24, left + x + WIDE - 24, half - PAD)
        return Piece(width, max(map(self.height_of, run)), spots)

    # WRITING

    def text(self) -> str:
        width, height = self.plan.width + LANE + 20, self.plan.height + TOP + 22
        key, deep = self._key(height, width)
        size = f"{width:.0f} {height + deep:.0f}".split()
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="sd-pathway" viewBox="0 0 {" ".join(size)}" '
            f'width="{size[0]}" height="{size[1]}" font-family="{FONT}" role="img" '
            f'style="max-width:100%;min-width:{SMALLEST * width:.0f}px;height:auto">',
            f"<title>{html.escape(self.drawn.title)}</title>",
            '<rect class="sd-paper" width="100%" height="100%" rx="8" fill="#ffffff"/>',
            texts([Line(self.drawn.title, 17, "ink", bold=True)], 14, 8),
            *self._lanes(width),
            f'<g transform="translate({LANE:.0f} {TOP:.0f})">',
            *(
                part
                for way, line in zip(self.ways, self.plan.lines, strict=True)
                for part in arrow(line, timed=way.timed)
            ),
            *(self._written(way, at) for way, at in zip(self.ways, self.plan.labels, strict=True)),
            *self._runs(),
            "</g>",
            *key,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _lanes(self, width: float) -> Iterator[str]:
        spans: dict[int, tuple[float, float]] = {}
        for row, (top, bottom) in zip(self.drawn.rows, self.plan.rows, strict=True):
            lane = row[0][0].lane
            spans[lane] = (spans.get(lane, (top, bottom))[0], bottom)
        for lane, (top, bottom) in spans.items():
            names = STAGE_NAMES[self.drawn.lanes[lane]]
            size = width - 12, bottom - top + 18
            yield rectangle("sd-lane", (6, TOP + top - 9), size, ("#f4f6f9", "none"))
            yield texts([Line(names.zh, 14, "ink", bold=True), Line(names.en, 11, "soft")], 16, TOP + top - 1)

    def _written(self, way: BlockArrow, at: Point) -> str:
        """Write the label of an arrow over it, on a ground of its own."""
        width, height = _size(self.labels[way])
        corner = at[0] - width / 2, at[1] - height / 2
        ground = rectangle("sd-ground", corner, (width, height), ("#ffffff", "none"), ' fill-opacity=".9"')
        return ground + texts(self.labels[way], at[0], corner[1] + 1, anchor="middle")

    def _runs(self) -> Iterator[str]:
        for row, places in zip(self.drawn.rows, self.plan.pieces, strict=True):
            for run, (x, y) in zip(row, places, strict=True):
                *lefts, width = self.lefts(run)
                for block, left in zip(run, lefts, strict=True):
                    yield from self._block(block, x - width / 2 + left, y)
                for (one, other), left in zip(pairwise(run), lefts, strict=False):
                    yield from self._flat(one, other, x - width / 2 + left + self.width_of(one), y)

    def _flat(self, one: StateBox, other: StateBox, x: float, y: float) -> Iterator[str]:
        """Draw the arrows between two neighbours, below each other."""
        ways, end = self.between(one, other), x + self.gap(one, other)
        top = y - self.stack(one, other) / 2
        for way in ways:
            level = top + _size(self.labels[way])[1] + 2
            ends = (x, level), (end, level)
            yield from arrow(ends if way.source == one.id else ends[::-1], timed=way.timed)
            yield texts(self.labels[way], (x + end) / 2, top, anchor="middle")
            top = level + 8

    def _block(self, block: StateBox, x: float, y: float) -> Iterator[str]:
        height, edge = self.height_of(block), COLOURS["refer"][1]
        if block.framed:
            size = self.width_of(block), height
            yield rectangle("sd-frame", (x, y - height / 2), size, ("none", edge), ' stroke-dasharray="2 3"')
            yield (
                f'<text class="sd-frame-name" transform="translate({x + 16:.1f} {y:.1f}) rotate(-90)" '
                f'text-anchor="middle" font-size="12" fill="{edge}">{self._say(MARKED["refer"])}</text>'
            )
            height -= 2 * PAD
        for box, left in zip(block.boxes, self.insides(block), strict=True):
            yield from _boxed(self.cards[box.id], (x + left, y - height / 2), height)

    def _say(self, names: Names) -> str:
        return names.in_language(self.language)

    def _key(self, y: float, width: float) -> tuple[list[str], float]:
        """Give the parts of the key, and how high it is."""
        parts, x = [], 14.0
        for mark in [mark for mark in MARKED if mark in {card.look for card in self.cards.values()}]:
            name = Line(self._say(MARKED[mark]), 11, "soft")
            parts += [rectangle(f"sd-{mark}", (x, y), (22, 13), COLOURS[mark]), texts([name], x + 28, y - 1)]
            x += name.width + 46
        for timed, names in ((False, BY_SIGNAL), (True, BY_TIME)):
            name = Line(self._say(names), 11, "soft")
            parts += [*arrow(((x, y + 7), (x + 30, y + 7)), timed=timed), texts([name], x + 36, y - 1)]
            x += name.width + 56
        note = lines(self._say(NOTE), 11, "soft", width - 30)
        return [*parts, texts(note, 14, y + 19)], 28 + height_of(note)


def _label(way: BlockArrow) -> list[Line]:
    said = [f"• {text}" for text in way.texts] if len(way.texts) > 1 else way.texts
    return [line for text in said for line in lines(text, 10.5, "timed" if way.timed else "ink", 122)]


def _size(label: Sequence[Line]) -> tuple[float, float]:
    return max(line.width for line in label) + 8, height_of(label) + 4


def _boxed(card: _Card, at: Point, height: float) -> Iterator[str]:
    (x, y), edge = at, COLOURS[card.look][1]
    yield f"<g><title>{html.escape(card.hint)}</title>"
    heavy = ' stroke-width="2.6"' if card.first else ""
    yield rectangle(f"sd-{card.look}", at, (WIDE, height), COLOURS[card.look], heavy)
    beneath = y + card.strip_height
    if card.strip:
        yield texts(card.strip, x + PAD, y + 4)
        yield f'<path d="M{x + 1:.1f} {beneath:.1f}h{WIDE - 2:.1f}" stroke="{edge}" stroke-opacity=".35"/>'
    free = height - card.strip_height - height_of(card.body)
    yield texts(card.body, x + PAD, beneath + free / 2) + "</g>"
