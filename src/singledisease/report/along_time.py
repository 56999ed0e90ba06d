"""Pieces of a picture along time: the axis, states as bars, events as marks, readings as lines, names beside them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, frozen

from singledisease.clinic import Course
from singledisease.dates import date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.wording.terms import KIND_NAMES
from singledisease.eventlog.event import Event
from singledisease.explanation.event_words import event_words
from singledisease.report.diagrams.svg import COLOURS, MARKED, SMALLEST
from singledisease.report.diagrams.svg_shapes import FONT, Line, rectangle, texts
from singledisease.vocabulary import QUANTITIES

LEFT, WIDE, ROW, CHART = 176.0, 860.0, 30.0, 58.0
TOP = 26.0
"""Where the first row stands, below the days."""


def both(names: Names) -> str:
    """Give a name in both languages, once where they are the same."""
    return " / ".join(dict.fromkeys((names.zh, names.en)))


@frozen
class Scale:
    """Where a day is drawn."""

    first: int
    last: int

    def __call__(self, day: int) -> float:
        """Give where a day is drawn; one outside is drawn at the edge."""
        inside = min(max(day, self.first), self.last)
        return LEFT + WIDE * (inside - self.first) / max(self.last - self.first, 1)

    def ticks(self) -> Iterator[int]:
        """Give the first and last day, and some between them."""
        number = 5 if self.last - self.first > 60 else 1
        yield from dict.fromkeys(self.first + (self.last - self.first) * i // number for i in range(number + 1))


def framed(parts: Iterable[str], height: float) -> str:
    """Put the pieces into a picture of a height."""
    width = LEFT + WIDE + 70
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sd-timeline" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{FONT}" role="img" '
        f'style="max-width:100%;min-width:{SMALLEST * width:.0f}px;height:auto">'
        f'<rect class="sd-paper" width="100%" height="100%" rx="8" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def axis(scale: Scale) -> Iterator[str]:
    """Draw the days."""
    for day in scale.ticks():
        x = scale(day)
        # A page may give the line its own colour; it stays fainter than what is drawn upon it.
        faint = 'stroke="#8a97a5" stroke-opacity=".35" stroke-width=".8"'
        yield f'<path class="sd-line-way" d="M{x:.1f} 22V4000" {faint}/>'
        yield texts([Line(iso(day), 10, "soft")], x, 6, anchor="middle")


def states_drawn(course: Course, scale: Scale) -> list[str]:
    """Give the states that were entered in the drawn time, in the order of the pathway."""
    seen = {stay.state.id for stay in course.spells if stay.left is None or stay.left > date_of(scale.first)}
    return [state.id for state in course.disease.pathway.states if state.id in seen]


def bars(course: Course, scale: Scale, y: float) -> Iterator[str]:
    """Draw a row for each state, with a bar for each stay in it."""
    rows = {state: y + ROW * i for i, state in enumerate(states_drawn(course, scale))}
    for state, top in rows.items():
        names = course.disease.pathway.state(state).names
        yield beside(names, top)
    for stay in course.spells:
        if stay.state.id not in rows:
            continue
        start = scale(stay.entered.toordinal() - _EPOCH)
        end = scale(scale.last if stay.left is None else stay.left.toordinal() - _EPOCH)
        look = "refer" if stay.state.refer else "managed" if stay.state.managed else "plain"
        hint = f"{stay.entered}–{stay.left or ''} {both(stay.state.names)}"
        bar = rectangle(f"sd-{look}", (start, rows[stay.state.id] + 4), (max(end - start, 3), 16), COLOURS[look])
        yield f"<g><title>{html.escape(hint)}</title>{bar}</g>"


def visits(events: Sequence[Event], scale: Scale, y: float) -> Iterator[str]:
    """Mark each event on one line; what it was stands in its hint."""
    yield beside(Names("事件", "events"), y)
    for event in events:
        kind = KIND_NAMES.get(event.kind, Names(event.kind, event.kind))
        hint = f"{iso(event.date)} {kind.zh} · {both(event_words(event))}"
        yield (
            f'<circle class="sd-way" cx="{scale(event.date):.1f}" cy="{y + 12:.1f}" r="4" fill="#4a5a6a">'
            f"<title>{html.escape(hint)}</title></circle>"
        )


def readings_of(course: Course) -> dict[str, list[tuple[int, float]]]:
    """Give the readings of each quantity that was measured, in the order of the vocabulary."""
    known = [*QUANTITIES, *(quantity.name for quantity in course.disease.quantities)]
    found = {
        name: [(event.date, float(value)) for event in course.counted if (value := event.get(name)) is not None]
        for name in dict.fromkeys(known)
    }
    return {name: readings for name, readings in found.items() if readings}


def chart(course: Course, column: str, readings: Sequence[tuple[int, float]], scale: Scale, y: float) -> Iterator[str]:
    """Draw the readings of one quantity, each with its number as far as there is room."""
    further = {quantity.name: quantity for quantity in course.disease.quantities}
    quantity = {**QUANTITIES, **further}[column]
    yield beside(Names(quantity.zh, f"{column} {quantity.unit}"), y + 14)
    low, high = min(value for _, value in readings), max(value for _, value in readings)
    points = [
        (scale(day), y + CHART - 12 - 26 * ((v - low) / (high - low) if high > low else 0.5)) for day, v in readings
    ]
    path = " ".join(f"{x:.1f},{at:.1f}" for x, at in points)
    yield f'<polyline class="sd-line-way" points="{path}" fill="none" stroke="#4a5a6a" stroke-width="1"/>'
    yield from _marked(readings, points)


def _marked(readings: Sequence[tuple[int, float]], points: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Mark readings, and write as many numbers as there is room for, that of the last reading in any case."""
    free = float("inf")
    for (day, value), (x, y) in zip(reversed(readings), reversed(points), strict=True):
        hint = f"{iso(day)} {value:g}"
        yield f'<circle class="sd-signal" cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f4e79"><title>{hint}</title></circle>'
        label = Line(f"{value:g}", 10, "ink")
        if x + label.width / 2 + 4 < free:
            yield texts([label], x, y - 17, anchor="middle")
            free = x - label.width / 2


@frozen
class Band:
    """A stretch of time in one colour, from a day to the day before another, and what it means."""

    start: int
    end: int
    fill: str
    names: Names


def bands(names: Names, given: Iterable[Band], scale: Scale, y: float) -> Iterator[str]:
    """Draw stretches of time in their colours, on one row."""
    yield beside(names, y)
    for band in given:
        start, end = scale(band.start), scale(band.end)
        hint = f"{iso(band.start)}–{iso(band.end - 1)} {both(band.names)}"
        yield (
            f'<rect class="sd-band" x="{start:.1f}" y="{y + 4:.1f}" width="{max(end - start, 2):.1f}" height="16" '
            f'fill="{html.escape(band.fill)}"><title>{html.escape(hint)}</title></rect>'
        )


def key(y: float) -> Iterator[str]:
    """Say what the edges of the bars mean."""
    x = LEFT
    for look in ("managed", "refer", "plain"):
        name = Line(both(MARKED[look]), 10, "soft")
        yield rectangle(f"sd-{look}", (x, y + 4), (22, 12), COLOURS[look])
        yield texts([name], x + 28, y + 3)
        x += name.width + 52


def heading(names: Names, y: float) -> str:
    """Write the name of a disease above its rows."""
    return texts([Line(both(names), 12, "ink", bold=True)], 8, y + 6)


def beside(names: Names, y: float) -> str:
    """Write a name beside its row, cut to the room there is; the whole of it stands in the tables."""
    return texts([_cut(Line(names.zh, 11, "ink")), _cut(Line(names.en, 9, "soft"))], 8, y)


def _cut(line: Line) -> Line:
    if line.width <= LEFT - 14:
        return line
    while line.width > LEFT - 24:
        line = evolve(line, text=line.text[:-1])
    return evolve(line, text=f"{line.text.rstrip()}…")


_EPOCH = date_of(0).toordinal()
