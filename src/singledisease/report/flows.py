"""What became of the people of a disease from the first day of a period to the last: a Sankey, flows and a matrix."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from singledisease.cohorts.cohort import Cohort
from singledisease.cohorts.names import DIED, ENTERED, LEFT
from singledisease.cohorts.tables import transitions
from singledisease.cohorts.tables.context import TableContext
from singledisease.dates import Period, iso
from singledisease.definitions.citation import Names
from singledisease.multistate.arrays import Floats
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.multistate.names import Called
from singledisease.report.diagrams.svg_shapes import FONT, Line, texts
from singledisease.report.figure_setup import COLOURS
from singledisease.report.sankey import between, spread, tops
from singledisease.report.sections import Grid, grid
from singledisease.strata import Strata
from singledisease.tables import Heading, Table, named

LEFTMOST, WIDE, BESIDE = 290.0, 420.0, 33.0
"""Where the columns stand, how far apart, and how far apart names in two languages are."""


@frozen
class Passage:
    """One disease's part of a page: its names, its days, the picture, and the tables of flows and shares."""

    names: Names
    days: str
    picture: str
    flows: Grid
    matrix: Grid


@frozen(eq=False, kw_only=True)
class OneStep:
    """Who went where in one step, as counts alone: what there is of a registry in parts.

    Attributes
    ----------
    names
        What the disease is called.
    period
        The step.
    counts
        What ``count_transitions`` gave for it.
    """

    names: Names
    period: Period
    counts: TransitionCounts

    @property
    def states(self) -> tuple[str, ...]:
        """The states, without the ways in."""
        return tuple(str(name) for name in self.counts.sources[:-1])


Followed = Cohort | OneStep
"""Who went from state to state: as people, or as counts alone."""


def passage(followed: Followed, fills: Sequence[str] = COLOURS) -> Passage | None:
    """Show who went where over the whole of the days; nothing if nobody ever was there.

    The bands from each state, and from outside, have the colours of ``fills``.
    """
    return _of_step(followed, fills) if isinstance(followed, OneStep) else _of_cohort(followed, fills)


def _of_cohort(cohort: Cohort, fills: Sequence[str]) -> Passage | None:
    flows = between(cohort, 0, len(cohort.steps.days) - 1)
    if not flows.any():
        return None
    first, last = cohort.periods[0].start, cohort.periods[-1].end
    return Passage(
        names=cohort.courses.disease.names,
        days=f"{iso(first)} – {iso(last)}",
        picture=picture(cohort.states, cohort.names, flows, fills),
        flows=grid(_undated(cohort.flows)),
        matrix=grid(cohort.matrix()),
    )


def _of_step(step: OneStep, fills: Sequence[str]) -> Passage | None:
    total = step.counts.total
    if not total.any():
        return None
    everybody = Strata(((),), np.zeros((1, 0), np.int64))
    about = TableContext(states=step.states, names=step.counts.names, periods=(step.period,), by=(), strata=everybody)
    counted = total[np.newaxis, np.newaxis]
    return Passage(
        names=step.names,
        days=f"{iso(step.period.start)} – {iso(step.period.end)}",
        picture=picture(step.states, step.counts.names, total.astype(np.float64), fills),
        flows=grid(_undated(transitions.flows(about, counted))),
        matrix=grid(transitions.matrix(about, counted, 0.95)),
    )


def _undated(table: Table) -> Table:
    """Leave out the days, which are those of the heading."""
    return evolve(table, columns={name: cells for name, cells in table.columns.items() if "period" not in name})


@frozen(eq=False)
class _Side:
    """One column of blocks: its states with their people, where it stands, and on which side of it their names do."""

    names: tuple[str, ...]
    people: Floats
    x: float
    outwards: int

    @property
    def anchor(self) -> str:
        return "end" if self.outwards < 0 else "start"

    def edges(self, scale: float) -> Floats:
        """Give where each block begins, going down."""
        return -tops(self.people * scale)

    def places(self, scale: float) -> Floats:
        """Give the heights of the names of the blocks that are not empty, moved apart so that they can be read."""
        used = self.people > 0
        return -spread(-(self.edges(scale) + self.people * scale / 2)[used], BESIDE)


def picture(states: Sequence[str], called: Called, flows: Floats, fills: Sequence[str] = COLOURS) -> str:
    """Draw the stocks of both ends and the bands between them; a hint says how many each band is."""
    left = _Side((*states, ENTERED), flows.sum(1), LEFTMOST, -1)
    right = _Side((*states, LEFT, DIED), flows.sum(0), LEFTMOST + WIDE, 1)
    high = max(360.0, BESIDE * max(int((side.people > 0).sum()) for side in (left, right)))
    scale = 0.8 * high / flows.sum()
    parts = [
        *_bands(called, flows, scale, (left, right), fills),
        *(part for side in (left, right) for part in _column(called, side, scale)),
    ]
    places = np.concatenate([side.places(scale) for side in (left, right)])
    ends = np.concatenate([side.edges(scale) + side.people * scale for side in (left, right)])
    top = min(0.0, float(places.min()) - BESIDE)
    width, height = 2 * LEFTMOST + WIDE, max(float(places.max()) + BESIDE, float(ends.max()) + 8) - top
    return (
        f'<svg class="sd-chart" viewBox="0 {top:.0f} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{FONT}" role="img">{"".join(parts)}</svg>'
    )


def _name(called: Called, state: str) -> Heading:
    return called.get(state, (state, state))


def _bands(
    called: Called, flows: Floats, scale: float, sides: tuple[_Side, _Side], fills: Sequence[str]
) -> Iterator[str]:
    ups, downs = (side.edges(scale) for side in sides)
    (a, b), middle = (side.x for side in sides), sum(side.x for side in sides) / 2
    for i, j in np.argwhere(flows):
        size, y, z = flows[i, j] * scale, ups[i], downs[j]
        one, other = (named(_name(called, side.names[k]), "both") for side, k in zip(sides, (i, j), strict=True))
        hint = html.escape(f"{one} → {other}: {int(flows[i, j]):,}")
        path = (
            f"M{a:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {z:.1f} {b:.1f} {z:.1f}"
            f"V{z + size:.1f}C{middle:.1f} {z + size:.1f} {middle:.1f} {y + size:.1f} {a:.1f} {y + size:.1f}Z"
        )
        yield f'<path d="{path}" fill="{fills[i % len(fills)]}" fill-opacity=".65"><title>{hint}</title></path>'
        ups[i] += size
        downs[j] += size


def _column(called: Called, side: _Side, scale: float) -> Iterator[str]:
    """Draw the blocks of one side with their names; a line leads to a name that had to stand aside."""
    sizes, edges, out = side.people * scale, side.edges(scale), side.x + side.outwards * 34
    used = np.flatnonzero(side.people)
    middles = edges[used] + sizes[used] / 2
    corner, edge = min(side.x, side.x + side.outwards * 10), side.x + side.outwards * 10
    for k, middle, place in zip(used, middles, side.places(scale), strict=True):
        zh, en = _name(called, side.names[k])
        yield (
            f'<rect class="sd-block" x="{corner:.1f}" y="{edges[k]:.1f}" width="10" height="{sizes[k]:.1f}" '
            f'fill="#4a5a6a"/><path class="sd-grid" d="M{edge:.1f} {middle:.1f}'
            f'L{out - side.outwards * 4:.1f} {place:.1f}" stroke="#dfe5eb"/>'
        )
        lines = [Line(f"{zh} {int(side.people[k]):,}", 11.5, "ink"), *([Line(en, 9.5, "soft")] if en != zh else [])]
        yield texts(lines, out, place - 14, side.anchor)
