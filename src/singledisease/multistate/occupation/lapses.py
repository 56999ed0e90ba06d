"""Where an estimate rests on nobody: a state in which people should be, and in which nobody is under observation.

The product integral carries a probability over such a time unchanged, as if nothing could happen in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DataError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.inputs.times import Dated, time_shown
from singledisease.multistate.occupation.risk_sets import RiskSets

SMALL = 1e-9


@frozen(kw_only=True)
class Lapse:
    """A time in which nobody was at risk in a state (``None``: in any), though people should have been in it.

    ``start`` to ``stop`` is the time, ``probability`` that of being there, ``dated`` whether times are days.
    """

    state: Any
    start: float
    stop: float
    probability: float
    dated: Dated = ""

    def __str__(self) -> str:
        where = "under observation" if self.state is None else f"at risk in {self.state}"
        start, stop = (time_shown(time, self.dated) for time in (self.start, self.stop))
        return f"nobody was {where} from {start} to {stop}, with probability {self.probability:.3g} there"


def lapses_of(stays: Histories, risk: RiskSets, held: Floats, *, since: float, last: float) -> list[Lapse]:
    """Find the lapses after ``since`` that bear on what is asked up to ``last``, by state and time.

    Parameters
    ----------
    stays, risk
        Stays and their risk sets after ``since``.
    held
        p before each step and after the last, (T + 1, K).
    since, last
        From when, and to when.
    """
    found = []
    for state in np.flatnonzero(_suspected(stays, risk, held, since, last)):
        mine = stays.source == state
        for start, stop in gaps(stays.start[mine], stays.stop[mine], since, last):
            p = held[np.searchsorted(risk.times, start, side="right"), state]
            if p > SMALL:
                found.append(
                    Lapse(state=stays.states[state], start=start, stop=stop, probability=float(p), dated=stays.dated)
                )
    return found


def refuse_nobody(stays: Histories, risk: RiskSets, held: Floats, *, since: float, last: float) -> None:
    """Refuse an estimate over a time in which nobody at all was under observation.

    Parameters
    ----------
    stays, risk
        Stays and their risk sets after ``since``.
    held
        p before each step and after the last, (T + 1, K).
    since, last
        From when, and to when.

    Raises
    ------
    DataError
        If there is such a time, and not everybody had arrived by then.
    """
    waiting = np.isin(np.arange(held.shape[1]), stays.source)
    for start, stop in gaps(stays.start, stays.stop, since, last):
        p = float(held[np.searchsorted(risk.times, start, side="right"), waiting].sum())
        if p > SMALL:
            lapse = Lapse(state=None, start=start, stop=stop, probability=p, dated=stays.dated)
            raise DataError(
                f"P({time_shown(since, stays.dated)}, {time_shown(last, stays.dated)}) cannot be estimated: {lapse}; "
                "choose a later `since` or earlier times, or give `initial` to carry it over that time"
            )


def _suspected(stays: Histories, risk: RiskSets, held: Floats, since: float, last: float) -> NDArray[np.bool_]:
    """Say which states may lapse: those that no stay holds all the time from one event time to the next.

    Cheap, and enough for nearly all data: only what is suspected is looked at stay by stay.
    """
    through = risk.at_risk - risk.began
    thin = ((through <= SMALL * np.maximum(risk.at_risk, 1.0)) & (held[:-1] > SMALL)).any(0)
    end = risk.times[-1] if len(risk.times) else since
    if last > end:
        staying = stays.source[(stays.start <= end) & (stays.stop >= last)]
        thin |= (np.bincount(staying, minlength=held.shape[1]) == 0) & (held[-1] > SMALL)
    return np.asarray(thin & np.isin(np.arange(held.shape[1]), stays.source))


def gaps(start: Floats, stop: Floats, since: float, last: float) -> list[tuple[float, float]]:
    """Return the times from ``since`` to ``last`` that no interval covers."""
    order = np.argsort(start, kind="stable")
    begin = np.append(start[order], last)
    reached = np.maximum(np.maximum.accumulate(np.append(since, stop[order])), since)
    open_ = np.flatnonzero((begin > reached) & (reached < last))
    return [(float(reached[i]), float(min(begin[i], last))) for i in open_]
