"""A table fitted to the width of a screen without ever cutting an id, a date or a number.

Four layouts, the first that fits: rows as they are; rows whose names of ids take several lines; rows of the first
columns, with the others and the long texts beneath them; one record under the other.  A Chinese character takes two
places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from singledisease.tables import Table
from singledisease.text_layout import levels, longest_word, narrowed, width_of, wrapped

_INDENT = "    "
BETWEEN = "; "
NARROWEST = 16
"""A first column is folded to a third of the screen, but not to less than this."""


@frozen
class FittedLine:
    """A line of a fitted table; ``head``: it belongs to the heading."""

    text: str
    head: bool = False


def fitted(table: Table, language: str, width: int) -> list[FittedLine]:
    """Lay a table out in lines of at most ``width`` places."""
    flat = table.flat()
    rows = flat.shown(language)
    heads = [flat.heading(name, language) for name in flat.columns]
    right = flat.numeric()
    sizes = [max((width_of(row[i]) for row in rows), default=0) for i in range(len(heads))]
    everything = tuple(range(len(heads)))
    for gap, whole_heads in ((2, True), (2, False), (1, False)):
        grid = _Grid(heads, sizes, right, everything, gap, whole_heads)
        if grid.width <= width:
            return [*grid.heading(), *(FittedLine(grid.line(row)) for row in rows)]
    called = [i for i, name in enumerate(flat.columns) if flat.called.get(name)]
    floors = [max(size, longest_word(head)) for size, head in zip(sizes, heads, strict=True)]
    for gap in (2, 1) if called else ():
        grid = _Grid(heads, narrowed(floors, called, width, gap=gap), right, everything, gap)
        if grid.width <= width:
            return [*grid.heading(), *(FittedLine(line) for row in rows for line in grid.lines(row))]
    if sizes and not right[0]:
        sizes[0] = min(sizes[0], max(width // 3, NARROWEST))
    short = _fitting_columns(heads, sizes, right, width)
    if len(short) > 1:
        grid = _Grid(heads, sizes, right, short)
        return [*grid.heading(), *_hanging(grid, rows, [i for i in everything if i not in short], width)]
    return list(_records(heads, rows, width))


def _fitting_columns(heads: Sequence[str], sizes: Sequence[int], right: Sequence[bool], width: int) -> tuple[int, ...]:
    """Give the columns that stand side by side: the first, and of the short ones as many as there is room for.

    What comes first in a table is what one looks for first, and the first column says what a row is about.
    """
    chosen: tuple[int, ...] = ()
    for i, size in enumerate(sizes):
        if size > (width // 2 if i == 0 else 2 * width // 5):
            continue
        if _Grid(heads, sizes, right, (*chosen, i)).width > width:
            break
        chosen = (*chosen, i)
    return chosen


@frozen
class _Grid:
    """Some columns side by side; unless heads stay whole, one wider than what stands below it is broken."""

    heads: Sequence[str]
    sizes: Sequence[int]
    right: Sequence[bool]
    chosen: tuple[int, ...]
    gap: int = 2
    whole_heads: bool = False

    @property
    def widths(self) -> dict[int, int]:
        narrowest = width_of if self.whole_heads else longest_word
        return {i: max(self.sizes[i], narrowest(self.heads[i])) for i in self.chosen}

    @property
    def width(self) -> int:
        return sum(self.widths.values()) + self.gap * (len(self.chosen) - 1)

    def heading(self) -> Iterator[FittedLine]:
        widths = self.widths
        for level in levels([self.heads[i] for i in self.chosen], [widths[i] for i in self.chosen], below=True):
            yield FittedLine(self._joined(dict(zip(self.chosen, level, strict=True))), head=True)
        yield FittedLine(self._joined({i: "-" * widths[i] for i in self.chosen}), head=True)

    def line(self, row: Sequence[str]) -> str:
        return self._joined({i: row[i] for i in self.chosen})

    def lines(self, row: Sequence[str]) -> Iterator[str]:
        """Give a row, each cell on as many lines as it takes."""
        widths = self.widths
        for level in levels([row[i] for i in self.chosen], [widths[i] for i in self.chosen]):
            yield self._joined(dict(zip(self.chosen, level, strict=True)))

    def _joined(self, cells: dict[int, str]) -> str:
        widths = self.widths
        padded = []
        for i, text in cells.items():
            blank = " " * (widths[i] - width_of(text))
            padded.append(blank + text if self.right[i] else text + blank)
        return (" " * self.gap).join(padded).rstrip()


def _hanging(grid: _Grid, rows: Sequence[Sequence[str]], rest: Sequence[int], width: int) -> Iterator[FittedLine]:
    """Give each row with what found no room beside it: short cells after each other, a long text for itself."""
    for row in rows:
        yield from map(FittedLine, grid.lines(row))
        told = [i for i in rest if row[i] not in ("", "-")]
        short = [i for i in told if width_of(row[i]) <= width // 3]
        if short:
            yield from _folded(BETWEEN.join(f"{grid.heads[i]}: {row[i]}" for i in short), _INDENT, width)
        for i in told:
            if i not in short:
                yield from _folded(f"{grid.heads[i]}: {row[i]}", _INDENT, width)


def _records(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[FittedLine]:
    for row in rows:
        for i, (head, cell) in enumerate(zip(heads, row, strict=True)):
            if cell not in ("", "-"):
                yield from _folded(f"{head}: {cell}", "" if i == 0 else _INDENT, width)


def _folded(text: str, indent: str, width: int) -> Iterator[FittedLine]:
    first, *rest = wrapped(text, width - len(indent) - 2)
    yield FittedLine(indent + first)
    yield from (FittedLine(f"{indent}  {text}") for text in rest)
