"""Pictures of cohorts: stacked occupation, a heat map of transitions, a Sankey of two dates, a forecast fan.

Each function gives a figure; ``figure.savefig(path)`` writes it.  Chinese labels need a font that has them: where none
is installed the labels are English, because boxes tell nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from singledisease.cohort.cohort import Cohort
from singledisease.cohort.counting import TransitionCounts
from singledisease.cohort.course_stays import DIED, LEFT
from singledisease.cohort.histories import Floats
from singledisease.cohort.occupation import Occupation
from singledisease.cohort.projection import Projection
from singledisease.dates import date_of
from singledisease.errors import UsageError
from singledisease.io.extras import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "Heiti SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
    "SimSun",
)
WORDS = {
    "people": ("人数", "people"),
    "share": ("比例", "share"),
    "day": ("天", "days"),
    "step": ("步", "step"),
    "from": ("从", "from"),
    "to": ("到", "to"),
    LEFT: ("离开队列", "left"),
    DIED: ("死亡", "died"),
    "entered": ("进入队列", "entered"),
}


def chinese_font() -> str | None:
    """Give the first installed font that has Chinese characters, or ``None``."""
    needed("matplotlib", "report")
    from matplotlib.font_manager import fontManager  # noqa: PLC0415 - needs the report extra

    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)


class _Canvas:
    """A figure, the language its labels can be in, and the font they need."""

    def __init__(self, language: str, size: tuple[float, float]) -> None:
        needed("matplotlib", "report")
        from matplotlib.figure import Figure  # noqa: PLC0415 - needs the report extra

        font = chinese_font() if language == "zh" else None
        self.language = "zh" if font else "en"
        self.family: dict[str, Any] = {"fontfamily": font} if font else {}
        self.figure: Figure = Figure(figsize=size, layout="constrained")
        self.axes: Axes = self.figure.add_subplot()

    def word(self, name: str) -> str:
        zh, en = WORDS.get(name, (name, name))
        return zh if self.language == "zh" else en

    def label(self, cohort: Cohort | None, state: Any) -> str:
        if cohort is not None:
            for known in cohort.courses.disease.pathway.states:
                if known.id == state:
                    return known.names.in_language(self.language)
        return self.word(str(state))

    def axis(self, x: str, y: str) -> None:
        self.axes.set_xlabel(self.word(x), **self.family)
        self.axes.set_ylabel(self.word(y), **self.family)

    def legend(self) -> None:
        legend = self.axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small", frameon=False)
        for text in legend.get_texts():
            text.set(**self.family)


def stacked(what: Occupation | Cohort, *, language: str = "en", size: tuple[float, float] = (8, 4.5)) -> Figure:
    """Draw who is in which state over time: probabilities of an occupation, or stocks of a cohort."""
    canvas = _Canvas(language, size)
    if isinstance(what, Cohort):
        times: Any = [date_of(int(day)) for day in what.steps.days]
        levels, names = what.steps.stocks.T.astype(np.float64), what.states
        canvas.axis("", "people")
        canvas.figure.autofmt_xdate()
    else:
        times = np.concatenate(([what.start], what.times))
        levels, names = np.vstack((what.initial, what.probability)).T, what.states
        canvas.axis("day", "share")
    used = [k for k in range(len(names)) if levels[k].any()]
    labels = [canvas.label(what if isinstance(what, Cohort) else None, names[k]) for k in used]
    step: Any = None if isinstance(what, Cohort) else "post"
    canvas.axes.stackplot(times, levels[used], labels=labels, step=step, colors=_colours(len(used)))
    canvas.axes.margins(0)
    canvas.legend()
    return canvas.figure


def _colours(number: int) -> list[Any]:
    from matplotlib import colormaps  # noqa: PLC0415 - needs the report extra

    return [colormaps["tab20"](i % 20) for i in range(number)]


def heat_map(what: Cohort | TransitionCounts, *, language: str = "en", size: tuple[float, float] = (8, 7)) -> Figure:
    """Draw the matrix of one step: the share of each state (row) that went to each (column)."""
    canvas = _Canvas(language, size)
    cohort = what if isinstance(what, Cohort) else None
    counted = what.transitions if isinstance(what, Cohort) else what
    shares, total = counted.matrix(), counted.total
    rows = [i for i, name in enumerate(counted.sources) if total[i].any() and name != "entered"]
    columns = [j for j in range(len(counted.targets)) if total[rows, j].any()]
    if not rows:
        raise UsageError("there is no transition to draw")
    part = shares[np.ix_(rows, columns)]
    canvas.axes.imshow(part, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for i, j in np.argwhere(total[np.ix_(rows, columns)] > 0):
        dark = part[i, j] > 0.5
        text = f"{100 * part[i, j]:.1f}"
        canvas.axes.text(j, i, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")
    labels = [canvas.label(cohort, counted.targets[j]) for j in columns]
    canvas.axes.set_xticks(range(len(columns)), labels, rotation=45, ha="right", **canvas.family)
    canvas.axes.set_yticks(range(len(rows)), [canvas.label(cohort, counted.sources[i]) for i in rows], **canvas.family)
    canvas.axis("to", "from")
    return canvas.figure


def sankey(
    cohort: Cohort,
    *,
    first: int = 0,
    last: int | None = None,
    language: str = "en",
    size: tuple[float, float] = (8, 6),
) -> Figure:
    """Draw who went where between two dates: the ends of steps ``first`` and ``last``, 0 being before the first."""
    canvas = _Canvas(language, size)
    days = len(cohort.steps.days)
    end = days - 1 if last is None else last
    if not 0 <= first < end < days:
        raise UsageError(f"a Sankey goes from one date to a later one; there are 0 to {days - 1}, not {first} to {end}")
    flows = _between(cohort, first, end)
    names_left, names_right = (*cohort.states, "entered"), (*cohort.states, LEFT, DIED)
    colours = _colours(max(flows.shape))
    gap = flows.sum() * 0.02
    tops = [_tops(flows.sum(axis), gap) for axis in (1, 0)]
    placed = [tops[0].copy(), tops[1].copy()]
    for i, j in np.argwhere(flows):
        _band(canvas.axes, placed[0][i], placed[1][j], float(flows[i, j]), colours[i])
        placed[0][i] -= flows[i, j]
        placed[1][j] -= flows[i, j]
    for side, (names, totals) in enumerate(((names_left, flows.sum(1)), (names_right, flows.sum(0)))):
        for k in np.flatnonzero(totals):
            middle = tops[side][k] - totals[k] / 2
            text = f"{canvas.label(cohort, names[k])} {int(totals[k])}"
            where: dict[str, Any] = {"x": -0.02, "ha": "right"} if side == 0 else {"x": 1.02, "ha": "left"}
            canvas.axes.text(y=middle, s=text, va="center", fontsize=8, **where, **canvas.family)
    canvas.axes.set_axis_off()
    canvas.axes.set_xlim(-0.45, 1.45)
    canvas.axes.set_ylim(-flows.sum() - gap * (max(flows.shape) + 1), gap)
    dates = " → ".join(date_of(int(cohort.steps.days[t])).isoformat() for t in (first, end))
    canvas.axes.set_title(dates, **canvas.family)
    return canvas.figure


def _between(cohort: Cohort, first: int, last: int) -> Floats:
    """Count who was where on two dates, (states + entered, states + left + died); who was never in is left out."""
    k = len(cohort.states)
    before, after = np.minimum(cohort.steps.codes[first], k), cohort.steps.codes[last]
    inside = (before < k) | (after < k)
    cell = before[inside].astype(np.int64) * (k + 2) + after[inside]
    return np.bincount(cell, minlength=(k + 1) * (k + 2)).reshape(k + 1, k + 2).astype(np.float64)


def _tops(totals: Floats, gap: float) -> Floats:
    """Give the upper edge of each block, going down, with a gap between blocks that are not empty."""
    space = totals + gap * (totals > 0)
    return np.asarray(-np.concatenate(([0.0], np.cumsum(space)[:-1])))


def _band(axes: Axes, left: float, right: float, height: float, colour: Any) -> None:
    x = np.linspace(0, 1, 40)
    bend = x * x * (3 - 2 * x)
    top = left + (right - left) * bend
    axes.fill_between(x, top, top - height, color=colour, alpha=0.6, linewidth=0)


def fan(
    projection: Projection,
    states: Sequence[Any] | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    language: str = "en",
    size: tuple[float, float] = (8, 4.5),
) -> Figure:
    """Draw projected stocks with the intervals of their draws, darker where surer.

    Parameters
    ----------
    projection
        What was projected.
    states
        Which; left out: all in which anybody ever is.
    levels
        Of the intervals.
    language, size
        Of the figure.
    """
    canvas = _Canvas(language, size)
    names = projection.scenario.states
    used = [k for k in range(len(names)) if projection.stocks[:, k].any()]
    chosen = used if states is None else projection.codes(states)
    steps = np.arange(projection.steps + 1)
    for colour, k in zip(_colours(len(chosen)), chosen, strict=True):
        canvas.axes.plot(steps, projection.stocks[:, k], color=colour, label=canvas.label(None, names[k]))
        for level in sorted(levels, reverse=True) if projection.draws is not None else ():
            low, high = projection.interval(level)
            canvas.axes.fill_between(steps, low[:, k], high[:, k], color=colour, alpha=0.2, linewidth=0)
    canvas.axis("step", "people")
    canvas.axes.set_ylim(bottom=0)
    canvas.legend()
    return canvas.figure
