"""Charts of a report as SVG: institutions beside each other with their intervals.

Few institutions stand in a row each, by rate; of many a funnel shows which lie further from the whole than chance
alone would put institutions of their size.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence

from attrs import frozen

from singledisease.report.diagrams.svg_shapes import FONT, Line, texts

ROWS = 40
"""More institutions than this are drawn as a funnel."""

LEFT, WIDE, ROW = 270.0, 560.0, 22.0
HIGH = 300.0
NARROW, TALL = 360.0, 42.0
"""Width of a picture for a telephone, and height of a row of it."""
BLUE, GREY, RED = "#2f6f9f", "#8a97a5", "#b3261e"


@frozen
class Rate:
    """A rate of one institution, or of the whole, with its interval."""

    name: str
    numerator: int
    denominator: int
    rate: float
    low: float
    high: float

    @property
    def hint(self) -> str:
        """What stands in its hint."""
        return f"{self.name}: {self.numerator:,}/{self.denominator:,} = {100 * self.rate:.1f} %"


def compared(rates: Sequence[Rate], whole: Rate) -> str:
    """Draw institutions beside each other; those without a denominator have no rate and are left out.

    Of few there are two pictures, of which the page shows one: on a telephone names stand above their row.
    """
    known = [one for one in rates if one.denominator]
    if len(known) > ROWS:
        return _funnel(known, whole, 720.0) + _funnel(known, whole, NARROW - 52, "sd-chart sd-narrow")
    return _caterpillar(known, whole) + on_a_telephone(known, whole)


def _caterpillar(rates: Sequence[Rate], whole: Rate) -> str:
    ordered = sorted(rates, key=lambda one: (-one.rate, one.name))
    bottom = 26 + ROW * len(ordered)
    parts = [*scale_below(bottom)]
    x = x_of(whole.rate)
    parts.append(f'<path class="sd-whole" d="M{x:.1f} 12V{bottom:.1f}" stroke="{GREY}" stroke-dasharray="4 3"/>')
    parts.append(texts([Line(f"总体 / all {100 * whole.rate:.1f} %", 11, "soft")], x, -2, anchor="middle"))
    for i, one in enumerate(ordered):
        parts += _whisker(one, 26 + ROW * (i + 0.5), whole)
    return framed(parts, LEFT + WIDE + 110, bottom + 26)


def on_a_telephone(rates: Sequence[Rate], whole: Rate) -> str:
    """Draw the same for a screen as wide as a hand: each name above its row, with its figure at the right."""
    bottom = 26 + TALL * len(rates)
    parts = [*narrow_scale(bottom)]
    x = NARROW * whole.rate
    parts.append(f'<path class="sd-whole" d="M{x:.1f} 12V{bottom:.1f}" stroke="{GREY}" stroke-dasharray="4 3"/>')
    anchor = "start" if whole.rate < 0.25 else "end" if whole.rate > 0.75 else "middle"
    parts.append(texts([Line(f"总体 / all {100 * whole.rate:.1f} %", 12, "soft")], x, -3, anchor=anchor))
    for i, one in enumerate(sorted(rates, key=lambda one: (-one.rate, one.name))):
        y = 26 + TALL * i
        figure = Line(f"{100 * one.rate:.1f} %  ({one.numerator:,}/{one.denominator:,})", 12, "soft")
        parts.append(texts([shortened(one.name, NARROW - figure.width - 12, 12)], 0, y))
        parts.append(texts([figure], NARROW, y, anchor="end"))
        parts += _interval(one, y + 26, whole, 0, NARROW)
    return framed(parts, NARROW, bottom + 28, "sd-chart sd-narrow")


def _interval(one: Rate, y: float, whole: Rate, left: float, wide: float) -> Iterator[str]:
    apart = one.high < whole.rate or one.low > whole.rate
    colour, look = (RED, "apart") if apart else (BLUE, "within")
    span = f"M{left + wide * one.low:.1f} {y:.1f}H{left + wide * one.high:.1f}"
    yield f'<path class="sd-{look}" d="{span}" stroke="{colour}" stroke-width="2"/>'
    yield f'<circle class="sd-{look}" cx="{left + wide * one.rate:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'


def _whisker(one: Rate, y: float, whole: Rate) -> Iterator[str]:
    yield f"<g><title>{html.escape(one.hint)}</title>"
    yield texts([shortened(one.name)], LEFT - 12, y - 9, anchor="end")
    yield from _interval(one, y, whole, LEFT, WIDE)
    figure = f"{100 * one.rate:.1f} %  ({one.numerator:,}/{one.denominator:,})"
    yield texts([Line(figure, 10.5, "soft")], LEFT + WIDE + 10, y - 8) + "</g>"


def shortened(name: str, room: float = 250.0, size: float = 11.5) -> Line:
    """Write a name so that it has room beside what stands there; left out, that to the left of a row."""
    line = Line(name, size, "ink")
    while line.width > room and len(line.text) > 1:
        line = Line(line.text.rstrip("…")[:-1] + "…", size, "ink")
    return line


def x_of(rate: float) -> float:
    """Give the place of a rate along a row."""
    return LEFT + WIDE * rate


def scale_below(y: float) -> Iterator[str]:
    """Draw the scale of rates below rows."""
    for percent in range(0, 101, 20):
        x = x_of(percent / 100)
        yield f'<path class="sd-grid" d="M{x:.1f} 18V{y:.1f}" stroke="#dfe5eb"/>'
        yield texts([Line(f"{percent} %", 10.5, "soft")], x, y + 4, anchor="middle")


def narrow_scale(y: float) -> Iterator[str]:
    """Draw the scale of rates below rows that are as wide as the screen of a telephone."""
    ends = {0: "start", 100: "end"}
    for percent in range(0, 101, 20):
        x = NARROW * percent / 100
        yield f'<path class="sd-grid" d="M{x:.1f} 18V{y:.1f}" stroke="#dfe5eb"/>'
        yield texts([Line(f"{percent} %", 12, "soft")], x, y + 4, anchor=ends.get(percent, "middle"))


# MANY INSTITUTIONS


def _funnel(rates: Sequence[Rate], whole: Rate, wide: float, look: str = "sd-chart") -> str:
    largest = max(one.denominator for one in rates)
    step = 10 ** (len(str(largest)) - 1) / 2
    most = step * math.ceil(largest / step)
    left = 60.0 if wide > NARROW else 44.0

    def place(size: float, rate: float) -> str:
        return f"{left + wide * size / most:.1f},{20 + HIGH * (1 - rate):.1f}"

    parts = list(scale_beside(left, wide))
    sizes = [most * (i + 1) ** 2 / 3600 for i in range(60)]
    for z, dashes in ((1.96, "3 4"), (3.09, "")):
        for sign in (-1, 1):
            limits = [min(max(whole.rate + sign * z * _spread(whole.rate, size), 0.0), 1.0) for size in sizes]
            line = " ".join(place(size, limit) for size, limit in zip(sizes, limits, strict=True))
            parts.append(
                f'<polyline class="sd-whole" points="{line}" fill="none" stroke="{GREY}" stroke-dasharray="{dashes}"/>'
            )
    start, end = place(0, whole.rate), place(most, whole.rate)
    parts.append(f'<path class="sd-whole" d="M{start}L{end}" stroke="{GREY}"/>')
    for one in rates:
        far = abs(one.rate - whole.rate) > 3.09 * _spread(whole.rate, one.denominator)
        colour, kind = (RED, "apart") if far else (BLUE, "within")
        x, y = place(one.denominator, one.rate).split(",")
        parts.append(
            f'<circle class="sd-{kind}" cx="{x}" cy="{y}" r="3.5" fill="{colour}" fill-opacity=".75">'
            f"<title>{html.escape(one.hint)}</title></circle>"
        )
    ticks = 4 if most / step % 4 == 0 else 5 if most / step % 5 == 0 else round(most / step)
    for i in range(ticks + 1):
        size = Line(f"{most * i / ticks:,g}", 10.5, "soft")
        parts.append(texts([size], left + wide * i / ticks, HIGH + 24, anchor="middle"))
    parts.append(
        texts([Line("分母人数 / people in the denominator", 11, "soft")], left + wide / 2, HIGH + 42, "middle")
    )
    return framed(parts, left + wide + (40 if wide > NARROW else 8), HIGH + 64, look)


def _spread(rate: float, size: float) -> float:
    return math.sqrt(rate * (1 - rate) / size)


def scale_beside(left: float, wide: float) -> Iterator[str]:
    """Draw the scale of rates to the left of a picture, with lines across it."""
    for percent in range(0, 101, 20):
        y = 20 + HIGH * (1 - percent / 100)
        yield f'<path class="sd-grid" d="M{left:.1f} {y:.1f}H{left + wide:.1f}" stroke="#dfe5eb"/>'
        yield texts([Line(f"{percent} %", 10.5, "soft")], left - 8, y - 8, anchor="end")


def framed(parts: Sequence[str], width: float, height: float, look: str = "sd-chart") -> str:
    """Put shapes into a picture."""
    return (
        f'<svg class="{look}" viewBox="0 -6 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{FONT}" role="img">{"".join(parts)}</svg>'
    )
