"""The way of rates from the first day of a period to the end of each of its months, as a picture."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence

from attrs import frozen

from singledisease.dates import Period, iso
from singledisease.definitions.citation import Names
from singledisease.report.charts import HIGH, NARROW, framed, scale_beside
from singledisease.report.diagrams.layout import rising
from singledisease.report.diagrams.svg_shapes import Line, height_of, lines, texts

COLOURS = ("#2f6f9f", "#b5651d", "#2e7d32", "#7b3fa0", "#b3261e", "#4a5a6a")
BESIDE = 34.0
"""Between the names at the ends of two lines, each in two languages."""


@frozen
class _End:
    """Where a line ends: how high, what it is called, and its colour."""

    height: float
    names: Names
    colour: str


def to_date(ways: Sequence[tuple[Names, Sequence[float]]], periods: Sequence[Period]) -> str:
    """Draw the way of rates from the first day of a period to the end of each month; of nobody there is none.

    There are two pictures, of which the page shows one: on a telephone the names stand below.
    """
    desk, ends = _lines(ways, periods, 60.0, 480.0)
    hand, _ = _lines(ways, periods, 44.0, NARROW - 56)
    below, bottom = _below(ends, HIGH + 70)
    return framed([*desk, *_at_the_ends(ends, 554.0)], 870.0, HIGH + 64) + framed(
        [*hand, *below], NARROW, bottom, "sd-chart sd-narrow"
    )


def _lines(
    ways: Sequence[tuple[Names, Sequence[float]]], periods: Sequence[Period], left: float, wide: float
) -> tuple[list[str], list[_End]]:
    places = [left + wide * i / max(len(periods) - 1, 1) for i in range(len(periods))]
    parts = list(scale_beside(left, wide))
    for x, period in zip(places, periods, strict=True):
        parts.append(texts([Line(iso(period.end)[5:7], 10.5, "soft")], x, HIGH + 24, anchor="middle"))
    parts.append(
        texts([Line("截至当月末 / to the end of the month", 11, "soft")], left + wide / 2, HIGH + 42, "middle")
    )
    ends = []
    for i, (names, rates) in enumerate(ways):
        colour = COLOURS[i % len(COLOURS)]
        known = [(x, one, rate) for x, one, rate in zip(places, periods, rates, strict=True) if not math.isnan(rate)]
        parts += _line(known, colour, names)
        if known:
            ends.append(_End(_up(known[-1][2]), names, colour))
    return parts, sorted(ends, key=lambda end: end.height)


def _up(rate: float) -> float:
    return 20 + HIGH * (1 - rate)


def _line(known: Sequence[tuple[float, Period, float]], colour: str, names: Names) -> Iterator[str]:
    points = " ".join(f"{x:.1f},{_up(rate):.1f}" for x, _, rate in known)
    yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, period, rate in known:
        hint = html.escape(f"{names.zh} / {names.en}, {period}: {100 * rate:.1f} %")
        yield f'<circle cx="{x:.1f}" cy="{_up(rate):.1f}" r="3" fill="{colour}"><title>{hint}</title></circle>'


def _at_the_ends(ends: Sequence[_End], x: float) -> Iterator[str]:
    """Write the names beside the ends of their lines, moved apart where they would overlap."""
    shifts = [BESIDE * i for i in range(len(ends))]
    places = rising([end.height - shift for end, shift in zip(ends, shifts, strict=True)], [1.0] * len(ends))
    for end, place, shift in zip(ends, places, shifts, strict=True):
        y = place + shift
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{end.colour}"/>'
        yield texts([Line(end.names.zh, 11.5, "ink"), Line(end.names.en, 10, "soft")], x + 10, y - 14)


def _below(ends: Sequence[_End], y: float) -> tuple[list[str], float]:
    """Write the names below each other, the highest line's first; and how far down they go."""
    parts = []
    for end in ends:
        words = [
            *lines(end.names.zh, 12.5, "ink", NARROW - 20),
            *lines(end.names.en, 11, "soft", NARROW - 20),
        ]
        parts.append(f'<circle cx="6" cy="{y + 9:.1f}" r="4" fill="{end.colour}"/>')
        parts.append(texts(words, 16, y))
        y += height_of(words) + 4
    return parts, y + 12
