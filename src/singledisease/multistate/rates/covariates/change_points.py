"""Cuts: the times at which all rates change, on the clock of the visits."""

from __future__ import annotations

from typing import Any

import numpy as np

from singledisease.errors import DefinitionError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.rates.visits.visits import PanelVisits


def read_cuts(visits: PanelVisits, cuts: Any) -> tuple[Floats, tuple[str, ...]]:
    """Return the times in the unit of the rates, and how they are written.

    Parameters
    ----------
    visits
        Whose clock it is.
    cuts
        Numbers, or dates where the visits have dates; one alone will do.

    Raises
    ------
    DefinitionError
        If they do not ascend, or lie outside the visits.
    UsageError
        If one is no time on that clock.
    """
    alone = isinstance(cuts, str) or np.ndim(cuts) == 0
    given = [] if cuts is None else [cuts] if alone else list(cuts)
    when = np.array([visits.time(cut) for cut in given], dtype=np.float64)
    low, high = (visits.ticks.min(), visits.ticks.max()) if len(visits.ticks) else (0, 0)
    outside = ~((when > low * visits.tick) & (when < high * visits.tick))
    if (np.diff(when) <= 0).any() or outside.any():
        raise DefinitionError(
            f"cuts must ascend and lie between the first visit, {visits.shown(low)}, and the last, "
            f"{visits.shown(high)}; got {', '.join(map(str, given))}"
        )
    return when, tuple(_written(visits, cut) for cut in when)


def _written(visits: PanelVisits, when: float) -> str:
    return visits.shown(round(when / visits.tick)) if visits.dated else f"{when:.6g}"
