"""The page's figures as JSON and as one picture: ``python -m benchmarks.plot FIGURES.json`` draws it again.

Bars of one panel share a scale that begins at 0; a whisker goes from the shortest to the longest turn.  Walking is
drawn as events a second, because the peer walks a sample, and growth as time per person, because straight growth is
then one length.
"""

from __future__ import annotations

import argparse
import html
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.page import Section
from singledisease.report.diagrams.svg_shapes import FONT, Line, texts

UNITS = {"µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
TIME = re.compile(r"(\d+(?:\.\d+)?) (µs|ms|s|min)\b")
SIZE = re.compile(r"([\d,]+) MB")
SPEED = re.compile(r": ([\d,]+) events a second")
PEOPLE = re.compile(r"^(?:evaluate|walk) ([\d,]+) people")
PEERS = ("duckdb", "lifelines", "one likelihood, scipy", "polars", "pyarrow", "transitions")

LEFT, WIDE, ROW, HEAD = 330.0, 380.0, 20.0, 30.0


@frozen
class Bar:
    """One bar: what was done, how much of what, and from where to where its turns went."""

    name: str
    value: float
    unit: str
    low: float
    high: float


def figures_of(sections: Iterable[Section], people: int, events: int) -> dict[str, Any]:
    """Give what the page says, its times in seconds as median, shortest and longest."""
    return {
        "people": people,
        "events": events,
        "sections": [
            {
                "title": section.title,
                "rows": [
                    {"work": row.work, "taken": row.taken, "seconds": seconds_of(row.taken), "ratio": row.ratio}
                    for row in section.rows
                ],
            }
            for section in sections
        ],
    }


def seconds_of(taken: str) -> list[float]:
    """Read ``517 ms (459 ms to 808 ms)``; nothing of what is no time.

    >>> seconds_of("517 ms (459 ms to 1.2 s)")
    [0.517, 0.459, 1.2]
    """
    return [round(float(number) * UNITS[unit], 6) for number, unit in TIME.findall(taken)]


def bars_of(row: dict[str, Any]) -> Iterator[Bar]:
    """Give the bar of a row, if it has a figure that can be drawn beside the others of its section."""
    work, seconds = row["work"], row["seconds"]
    name = work.replace("`", "").split(": ")[0]
    if speed := SPEED.search(work):
        median, low, high = seconds
        rate = _number(speed[1])
        yield Bar(name, rate / 1e6, "million events a second", rate * median / high / 1e6, rate * median / low / 1e6)
    elif size := PEOPLE.search(work):
        median, low, high = (one / _number(size[1]) * 1e6 for one in seconds)
        yield Bar(name, median, "µs a person", low, high)
    elif len(seconds) == 3:
        median, low, high = seconds
        yield Bar(name, median, "s", low, high)
    elif megabytes := SIZE.search(row["taken"]):
        yield Bar(name, *(_number(megabytes[1]), "MB"), *2 * (_number(megabytes[1]),))


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def picture(figures: dict[str, Any]) -> str:
    """Draw every section that has bars, one below the other."""
    parts, y = [], 8.0
    for section in figures["sections"]:
        bars = [bar for row in section["rows"] for bar in bars_of(row)]
        if bars:
            parts += _panel(section["title"], bars, y)
            y += HEAD + ROW * len(bars) + 18
    width = LEFT + WIDE + 120
    note = f"{figures['people']:,} people, {figures['events']:,} events; whiskers: shortest and longest turn"
    parts.append(texts([Line(note, 10.5, "soft")], 14, y - 4))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {y + 18:.0f}" width="{width:.0f}" '
        f'height="{y + 18:.0f}" font-family="{FONT}" role="img"><rect width="100%" height="100%" rx="8" '
        f'fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _panel(title: str, bars: list[Bar], y: float) -> Iterator[str]:
    most = max(bar.high for bar in bars)
    better = "longer" if "second" in bars[0].unit else "shorter"
    yield texts([Line(f"{title} ({bars[0].unit}; {better} is better)", 13, "ink", bold=True)], 14, y)
    for i, bar in enumerate(bars):
        top = y + HEAD + ROW * i
        peer = bar.name.lower().startswith(PEERS)
        colour = "#9aa7b4" if peer else "#2f6f9f"
        yield f"<g><title>{html.escape(f'{bar.name}: {bar.value:.4g} {bar.unit}')}</title>"
        yield texts([Line(bar.name, 11, "ink")], LEFT - 10, top - 2, anchor="end")
        yield f'<rect x="{LEFT:.0f}" y="{top:.0f}" width="{WIDE * bar.value / most:.1f}" height="12" fill="{colour}"/>'
        low, high = (LEFT + WIDE * end / most for end in (bar.low, bar.high))
        yield f'<path d="M{low:.1f} {top + 6:.0f}H{high:.1f}" stroke="#1f2933" stroke-width="1.2"/>'
        yield (
            texts(
                [Line(f"{bar.value:,.0f}" if bar.value >= 100 else f"{bar.value:.3g}", 10.5, "soft")],
                max(high, LEFT) + 8,
                top - 2,
            )
            + "</g>"
        )


def main() -> None:
    """Draw the picture of figures beside them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plot", description=__doc__)
    parser.add_argument("figures", type=Path, help="the JSON file that a run wrote beside its page")
    path = parser.parse_args().figures
    path.with_suffix(".svg").write_text(picture(json.loads(path.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
