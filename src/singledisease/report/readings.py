"""A measure under other readings, in a report: one policy changed at a time as a picture, all readings as a table."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from attrs import evolve

from singledisease.comparison.sensitivity import Sensitivity
from singledisease.definitions.citation import Names
from singledisease.report.charts import (
    BLUE,
    GREY,
    LEFT,
    NARROW,
    RED,
    ROW,
    TALL,
    WIDE,
    framed,
    narrow_scale,
    scale_below,
    shortened,
    x_of,
)
from singledisease.report.diagrams.svg_shapes import Line, texts
from singledisease.report.sections import Grid, grid

_LEFT_OUT = ("reading", "policy", "initial_population", "excluded", "unknown")
AS_IT_STANDS = "基准 / as it stands"


def section(found: Sensitivity) -> dict[str, Any]:
    """Give what the page shows of a measure: its names, a picture, the table of single changes, that of all."""
    single = found.single()
    more = len(found.readings) > len(single.readings)
    return {
        "names": found.title,
        "summary": Names(" · ".join(found.notes_in("zh")), " · ".join(found.notes_in("en"))),
        "picture": picture(found),
        "single": _grid(single),
        "all": _grid(found) if more else None,
        "count": len(found.readings),
    }


def _grid(found: Sensitivity) -> Grid:
    table = found.table()
    named = {name: table[name] for name in table.columns if name not in _LEFT_OUT}
    named["changed"] = tuple(text or AS_IT_STANDS for text in named["changed"])
    return grid(evolve(table, columns=named))


def picture(found: Sensitivity) -> str:
    """Draw the rate under each single change beside the rate as it stands; blank if there is no rate."""
    rows = [row for row in found.single().table() if row["rate"] is not None]
    if not rows or found.range is None or rows[0]["changed"]:
        return ""
    return _drawn(found.range, rows) + on_a_telephone(found.range, rows)


def _drawn(ends: tuple[float, float], rows: list[dict[str, Any]]) -> str:
    base, bottom = rows[0]["rate"], 26 + ROW * len(rows)
    low, high = ends
    band = f'x="{x_of(low):.1f}" y="18" width="{max(WIDE * (high - low), 1):.1f}" height="{bottom - 18:.1f}"'
    parts = [f'<rect class="sd-range" {band} fill="#f4f7fa"/>', *scale_below(bottom)]
    line = f"M{x_of(base):.1f} 12V{bottom:.1f}"
    parts.append(f'<path class="sd-whole" d="{line}" stroke="{GREY}" stroke-dasharray="4 3"/>')
    for i, row in enumerate(rows):
        parts += _row(row, base, 26 + ROW * (i + 0.5))
    return framed(parts, LEFT + WIDE + 150, bottom + 26)


def on_a_telephone(ends: tuple[float, float], rows: list[dict[str, Any]]) -> str:
    """Draw the same for a screen as wide as a hand: each reading above its row, with its figure at the right."""
    base, bottom = NARROW * rows[0]["rate"], 26 + TALL * len(rows)
    low, high = ends
    band = f'x="{NARROW * low:.1f}" y="18" width="{max(NARROW * (high - low), 1):.1f}" height="{bottom - 18:.1f}"'
    parts = [f'<rect class="sd-range" {band} fill="#f4f7fa"/>', *narrow_scale(bottom)]
    parts.append(f'<path class="sd-whole" d="M{base:.1f} 12V{bottom:.1f}" stroke="{GREY}" stroke-dasharray="4 3"/>')
    for i, row in enumerate(rows):
        y, x = 26 + TALL * i, NARROW * row["rate"]
        colour, look = (RED, "apart") if row["rate"] != rows[0]["rate"] else (BLUE, "within")
        figure = Line(_figure(row), 12, "soft")
        parts.append(texts([shortened(row["changed"] or AS_IT_STANDS, NARROW - figure.width - 12, 12)], 0, y))
        parts.append(texts([figure], NARROW, y, anchor="end"))
        span = f"M{base:.1f} {y + 26:.1f}H{x:.1f}"
        parts.append(f'<path class="sd-{look}" d="{span}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle class="sd-{look}" cx="{x:.1f}" cy="{y + 26:.1f}" r="4.5" fill="{colour}"/>')
    return framed(parts, NARROW, bottom + 28, "sd-chart sd-narrow")


def _figure(row: dict[str, Any]) -> str:
    return f"{100 * row['rate']:.1f} %  ({row['numerator']:,}/{row['denominator']:,})"


def _row(row: dict[str, Any], base: float, y: float) -> Iterator[str]:
    moved = row["rate"] != base
    colour, look = (RED, "apart") if moved else (BLUE, "within")
    name = row["changed"] or AS_IT_STANDS
    hint = f"{name}: {row['numerator']:,}/{row['denominator']:,} = {100 * row['rate']:.1f} %"
    yield f"<g><title>{html.escape(hint)}</title>"
    yield texts([shortened(name)], LEFT - 12, y - 9, anchor="end")
    span = f"M{x_of(base):.1f} {y:.1f}H{x_of(row['rate']):.1f}"
    yield f'<path class="sd-{look}" d="{span}" stroke="{colour}" stroke-width="2"/>'
    yield f'<circle class="sd-{look}" cx="{x_of(row["rate"]):.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
    yield texts([Line(_figure(row), 10.5, "soft")], LEFT + WIDE + 10, y - 8) + "</g>"
