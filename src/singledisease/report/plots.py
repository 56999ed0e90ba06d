"""Pictures of cohorts: stacked occupation, a heat map of transitions, a Sankey of two dates, a forecast fan.

Each function gives a figure; ``figure.savefig(path)`` writes it.  Chinese labels need a font that has them: where none
is installed the labels are English, because boxes tell nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from singledisease.cohorts.cohort import Cohort
from singledisease.cohorts.names import DIED, ENTERED, LEFT
from singledisease.dates import date_of
from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.times import time_cell
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.multistate.occupation.occupation import Occupation
from singledisease.multistate.scenarios.projection import Projection
from singledisease.report.figure_setup import COLOURS, Canvas, look_of
from singledisease.report.sankey import between, spread, tops

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABREAST = 4
"""Panels beside each other in a picture of several forecasts."""


def stacked(what: Occupation | Cohort, *, language: str = "en", size: tuple[float, float] = (8, 4.5)) -> Figure:
    """Draw who is in which state over time: probabilities of an occupation, or stocks of a cohort."""
    canvas = Canvas(language, size)
    if isinstance(what, Cohort):
        times: Any = [date_of(int(day)) for day in what.steps.days]
        levels = what.steps.stocks.T.astype(np.float64)
        canvas.axis("", "people")
        canvas.figure.autofmt_xdate()
    else:
        times = [time_cell(time, what.dated) for time in (what.start, *what.times.tolist())]
        levels = np.vstack((what.initial, what.probability)).T
        canvas.axis("" if what.dated else what.unit, "share")
        if what.dated:
            canvas.figure.autofmt_xdate()
    used = [k for k in range(len(what.states)) if levels[k].any()]
    labels = [canvas.label(what.names, what.states[k]) for k in used]
    step: Any = None if isinstance(what, Cohort) else "post"
    # Areas that end where the next one begins leave a seam of the background's colour between them.
    for area, k in zip(canvas.axes.stackplot(times, levels[used], labels=labels, step=step), used, strict=True):
        area.set(**look_of(k), edgecolor="white", linewidth=0.6)
    canvas.axes.margins(0)
    canvas.legend()
    return canvas.figure


def heat_map(what: Cohort | TransitionCounts, *, language: str = "en", size: tuple[float, float] = (9, 7)) -> Figure:
    """Draw the matrix of one step: the share of each state (row, with its people) that went to each (column)."""
    canvas = Canvas(language, size)
    counted = what.transitions if isinstance(what, Cohort) else what
    shares, total = counted.matrix(), counted.total
    rows = [i for i, name in enumerate(counted.sources) if total[i].any() and name != ENTERED]
    columns = [j for j in range(len(counted.targets)) if total[rows, j].any()]
    if not rows:
        raise UsageError("there is no transition to draw")
    part = shares[np.ix_(rows, columns)]
    canvas.axes.imshow(part, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for i, j in np.argwhere(total[np.ix_(rows, columns)] > 0):
        dark = part[i, j] > 0.5
        text = f"{100 * part[i, j]:.1f}"
        canvas.axes.text(j, i, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")
    across = [canvas.label(counted.names, counted.targets[j]) for j in columns]
    down = [f"{canvas.label(counted.names, counted.sources[i])}  n = {total[i].sum():,}" for i in rows]
    canvas.axes.set_xticks(range(len(columns)), across, rotation=90, fontsize=8, **canvas.family)
    canvas.axes.set_yticks(range(len(rows)), down, fontsize=8, **canvas.family)
    canvas.axis("to", "from")
    canvas.axes.set_title(canvas.word("percent"), fontsize=9, **canvas.family)
    return canvas.figure


def sankey(
    cohort: Cohort,
    *,
    first: int = 0,
    last: int | None = None,
    language: str = "en",
    size: tuple[float, float] = (9, 6.5),
) -> Figure:
    """Draw who went where between two dates: the ends of steps ``first`` and ``last``, 0 being before the first."""
    canvas = Canvas(language, size)
    days = len(cohort.steps.days)
    end = days - 1 if last is None else last
    if not 0 <= first < end < days:
        raise UsageError(f"a Sankey goes from one date to a later one; there are 0 to {days - 1}, not {first} to {end}")
    flows = between(cohort, first, end)
    _bands(canvas.axes, flows)
    _columns(canvas, cohort, flows)
    canvas.axes.set_axis_off()
    canvas.axes.set_xlim(0, 1)
    dates = " → ".join(date_of(int(cohort.steps.days[t])).isoformat() for t in (first, end))
    canvas.axes.set_title(dates, **canvas.family)
    return canvas.figure


def _bands(axes: Axes, flows: Floats) -> None:
    """Draw a band for each pair of states, in the colour of where it comes from."""
    x = np.linspace(0.02, 0.98, 60)
    bend = np.linspace(0, 1, 60) ** 2 * (3 - 2 * np.linspace(0, 1, 60))
    left, right = tops(flows.sum(1)), tops(flows.sum(0))
    for i, j in np.argwhere(flows):
        top = left[i] + (right[j] - left[i]) * bend
        axes.fill_between(x, top, top - flows[i, j], **look_of(i), edgecolor="white", alpha=0.75, linewidth=0.3)
        left[i] -= flows[i, j]
        right[j] -= flows[i, j]


def _columns(canvas: Canvas, cohort: Cohort, flows: Floats) -> None:
    """Draw the stocks at both ends with their names; where there is no room a name stands aside, with a line to it."""
    for side, names in enumerate(((*cohort.states, ENTERED), (*cohort.states, LEFT, DIED))):
        totals = flows.sum(1 - side)
        used, edges = np.flatnonzero(totals), tops(totals)
        middles = edges[used] - totals[used] / 2
        places = spread(middles, flows.sum() * 0.032)
        x, out = (0.0, -0.03) if side == 0 else (0.98, 1.03)
        canvas.axes.bar(x, totals[used], 0.02, edges[used] - totals[used], align="edge", color="#444444")
        for k, middle, place in zip(used, middles, places, strict=True):
            text = f"{canvas.label(cohort.names, names[k], 60)}  {int(totals[k])}"
            ends = (-0.002, out + 0.007) if side == 0 else (1.002, out - 0.007)
            canvas.axes.plot(ends, (middle, place), color="#888888", linewidth=0.5, clip_on=False)
            where: dict[str, Any] = {"x": out, "ha": "right" if side == 0 else "left"}
            canvas.axes.text(y=place, s=text, va="center", fontsize=8, **where, **canvas.family)


def fan(
    projection: Projection,
    states: Sequence[Any] | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    language: str = "en",
    size: tuple[float, float] | None = None,
) -> Figure:
    """Draw projected stocks with the intervals of their draws, darker where surer: a panel for each state.

    Parameters
    ----------
    projection
        What was projected.
    states
        Which; left out: all in which anybody ever is.
    levels
        Of the intervals.
    language, size
        Of the figure; left out, it is as large as its panels need.

    Raises
    ------
    UsageError
        If there is no such state, or nobody in any.
    """
    names = projection.scenario.states
    used = [k for k in range(len(names)) if projection.stocks[:, k].any()]
    chosen = used if states is None else projection.codes(states)
    if not chosen:
        raise UsageError("nobody is in any state of the projection: there is nothing to draw")
    across = min(ABREAST, len(chosen))
    down = -(-len(chosen) // across)
    canvas = Canvas(language, size or (max(2.7 * across, 5.0), max(2.1 * down, 3.4)), (down, across))
    limits = [projection.interval(level) for level in sorted(levels, reverse=True)]
    for axes, k in zip(canvas.panels, chosen, strict=False):
        _forecast(axes, projection.stocks[:, k], [(low[:, k], high[:, k]) for low, high in limits])
        axes.set_title(canvas.label(projection.scenario.names, names[k]), fontsize=9, **canvas.family)
    for axes in canvas.panels[len(chosen) :]:
        axes.set_axis_off()
    canvas.figure.supxlabel(canvas.word("step"), fontsize=9, **canvas.family)
    canvas.figure.supylabel(canvas.word("people"), fontsize=9, **canvas.family)
    return canvas.figure


def _forecast(axes: Axes, stocks: Floats, limits: Sequence[tuple[Floats, Floats]]) -> None:
    steps = np.arange(len(stocks))
    for low, high in limits:
        if not np.isnan(low).any():
            axes.fill_between(steps, low, high, color=COLOURS[0], alpha=0.22, linewidth=0)
    axes.plot(steps, stocks, color="black", linewidth=1.2)
    axes.set_ylim(bottom=0, top=None if axes.get_ylim()[1] > 1 else 1)
    axes.margins(x=0)
    axes.tick_params(labelsize=8)
