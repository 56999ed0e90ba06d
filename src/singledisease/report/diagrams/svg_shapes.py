"""The strokes of a picture: lines of text as wide as they will be, boxes, and arrows with rounded corners.

Colours stand as attributes, which any style sheet overrides: a page can give the classes ``sd-…`` its own.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from singledisease.report.diagrams.edges import Point
from singledisease.text_layout import width_of, wrapped

FONT = "'Helvetica Neue',Arial,'Liberation Sans','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
INKS: Mapping[str, str] = MappingProxyType(
    {"ink": "#1f2933", "soft": "#566474", "signal": "#1f4e79", "timed": "#8a4b08", "way": "#4a5a6a"}
)


@frozen
class Line:
    """A line of text: its size, the class of its ink, and whether it is bold."""

    text: str
    size: float
    ink: str
    bold: bool = False

    @property
    def width(self) -> float:
        """Give about how wide it is; a Chinese character is a little wider than it is high."""
        return width_of(self.text) * self.size * _place(self.bold)

    @property
    def height(self) -> float:
        """Give how much of the height it takes."""
        return self.size * 1.36


def _place(bold: bool) -> float:
    """Give the width of half a Chinese character, or of a Latin letter, by the size of the letters."""
    return 0.56 if bold else 0.53


def lines(text: str, size: float, ink: str, width: float, *, bold: bool = False) -> list[Line]:
    """Break a text into lines that are no wider than ``width``."""
    return [Line(part, size, ink, bold) for part in wrapped(text, int(width / (size * _place(bold))))]


def height_of(text: Iterable[Line]) -> float:
    """Give the height of some lines."""
    return sum(line.height for line in text)


def texts(text: Iterable[Line], x: float, y: float, anchor: str = "start") -> str:
    """Write lines below each other, from ``y`` on."""
    parts = []
    for line in text:
        bold = ' font-weight="bold"' if line.bold else ""
        parts.append(
            f'<text class="sd-{line.ink}" x="{x:.1f}" y="{y + line.size:.1f}" font-size="{line.size:g}"{bold} '
            f'text-anchor="{anchor}" fill="{INKS[line.ink]}">{html.escape(line.text)}</text>'
        )
        y += line.height
    return "".join(parts)


def rectangle(name: str, at: Point, size: Point, colours: tuple[str, str], more: str = "") -> str:
    """Write a box with rounded corners: ``at`` its upper left corner, filled and edged in two colours."""
    fill, edge = colours
    return (
        f'<rect class="{name}" x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" rx="6" '
        f'fill="{fill}" stroke="{edge}"{more}/>'
    )


def arrow(points: Sequence[Point], *, timed: bool = False) -> Iterator[str]:
    """Write an arrow through some corners, its head at the last; dashed if time leads along it."""
    look, dashes = ("timed", ' stroke-dasharray="5 4"') if timed else ("way", "")
    (x0, y0), (x1, y1) = points[-2:]
    step = _sign(x1 - x0), _sign(y1 - y0)
    end = x1 - 6 * step[0], y1 - 6 * step[1]
    path = _path([*points[:-1], end])
    yield f'<path class="sd-line-{look}" d="{path}" fill="none" stroke="{INKS[look]}" stroke-width="1.3"{dashes}/>'
    base = [(end[0] + 4 * step[1] * side, end[1] + 4 * step[0] * side) for side in (1, -1)]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in ((x1, y1), *base))
    yield f'<polygon class="sd-{look}" points="{corners}" fill="{INKS[look]}"/>'


def _sign(number: float) -> float:
    return 0.0 if abs(number) < 1.5 else (1.0 if number > 0 else -1.0)


def _path(points: Sequence[Point]) -> str:
    """Write a line, its corners rounded."""
    said = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(5.0, _length(before, corner) / 2, _length(corner, after) / 2)
        (a, b), (c, d) = _towards(corner, before, radius), _towards(corner, after, radius)
        said.append(f"L{a:.1f} {b:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {c:.1f} {d:.1f}")
    return "".join([*said, f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"])


def _length(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(one: Point, other: Point, far: float) -> Point:
    length = _length(one, other) or 1.0
    return one[0] + (other[0] - one[0]) * far / length, one[1] + (other[1] - one[1]) * far / length
