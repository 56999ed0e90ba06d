"""What became of the people of a disease from the first day of a period to the last: a Sankey, flows and a matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve, frozen

from singledisease.cohorts.cohort import Cohort
from singledisease.cohorts.tables import transitions
from singledisease.cohorts.tables.context import TableContext
from singledisease.dates import Period, iso
from singledisease.definitions.citation import Names
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.report.figure_setup import COLOURS
from singledisease.report.flow_bands import on_a_telephone, picture
from singledisease.report.sankey import between
from singledisease.report.sections import Grid, grid
from singledisease.strata import Strata
from singledisease.tables import Table


@frozen
class Passage:
    """One disease's part of a page: its names, its days, the picture, and the tables of flows and shares.

    ``narrow`` is the same picture for a screen as wide as a hand; the page shows one of the two.
    """

    names: Names
    days: str
    picture: str
    narrow: str
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
        narrow=on_a_telephone(cohort.states, cohort.names, flows, fills),
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
        narrow=on_a_telephone(step.states, step.counts.names, total.astype(np.float64), fills),
        flows=grid(_undated(transitions.flows(about, counted))),
        matrix=grid(transitions.matrix(about, counted, 0.95)),
    )


def _undated(table: Table) -> Table:
    """Leave out the days, which are those of the heading."""
    return evolve(table, columns={name: cells for name, cells in table.columns.items() if "period" not in name})
