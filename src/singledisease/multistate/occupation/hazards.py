"""Cumulative hazards of transitions (Nelson–Aalen), and how sure they are.

Sources: Andersen, Borgan, Gill & Keiding, Statistical Models Based on Counting Processes (1993), IV.1 (both model
variances); the infinitesimal jackknife as in Therneau, Crowson & Atkinson, the multi-state vignette of R's survival.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.multistate.arrays import Floats
from singledisease.multistate.headings import HEADINGS
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.names import Called
from singledisease.multistate.occupation.risk_sets import RiskSets
from singledisease.multistate.occupation.variance import Variance
from singledisease.multistate.uncertainty.limits import quantile_of
from singledisease.tables import Table


def cumulative_hazards(
    stays: Histories, risk: RiskSets, variance: Variance | None, until: NDArray[np.intp]
) -> tuple[Floats, Floats | None]:
    """Return the cumulative hazard of each transition after so many event times, and its variance.

    Parameters
    ----------
    stays, risk
        Stays and their risk sets.
    variance
        ``aalen``: Σ dN/Y²; ``greenwood``: Σ dN (Y − dN)/Y³; ``jackknife``: by person or cluster; ``None``: none.
    until
        After how many event times to report, ascending.

    Returns
    -------
    tuple
        (reports, K, K) each; the variance is ``None`` if none is asked for.
    """
    safe = np.where(risk.at_risk > 0, risk.at_risk, 1.0)[:, :, None]
    share = risk.events / safe
    hazard = _summed(share)[until]
    if variance is None:
        return hazard, None
    if variance == "jackknife":
        return hazard, _jackknife(stays, risk, share, until)
    return hazard, _summed(share / safe if variance == "aalen" else share * (1 - share) / safe)[until]


def _summed(steps: Floats) -> Floats:
    return np.concatenate((np.zeros((1, *steps.shape[1:])), np.cumsum(steps, axis=0)))


def _jackknife(stays: Histories, risk: RiskSets, share: Floats, until: NDArray[np.intp]) -> Floats:
    """Sum the squares of what each person, or cluster, adds: (own events − own time at risk · dH) / Y."""
    k, number = share.shape[1], int(stays.drawn.max()) + 1
    weight = np.ones(len(stays.person)) if stays.weight is None else stays.weight
    first = np.searchsorted(risk.times, stays.start, side="right")
    last = np.searchsorted(risk.times, stays.stop, side="right")
    found = np.zeros((len(until), k, k))
    for i, j in np.argwhere(share.any(0)):
        at_risk = np.where(risk.at_risk[:, i] > 0, risk.at_risk[:, i], 1.0)
        pull = np.concatenate(([0.0], np.cumsum(share[:, i, j] / at_risk)))
        mine = np.flatnonzero((stays.source == i) & (last > first))
        gain = np.where(stays.target[mine] == j, 1 / at_risk[last[mine] - 1], 0.0)
        for n, reached in enumerate(until):
            own = np.where(last[mine] <= reached, gain, 0.0)
            own -= pull[np.minimum(last[mine], reached)] - pull[np.minimum(first[mine], reached)]
            by_person = np.bincount(stays.drawn[mine], weights=weight[mine] * own, minlength=number)
            found[n, i, j] = by_person @ by_person
    return found


def hazard_table(
    hazard: Floats,
    variance: Floats | None,
    *,
    times: Sequence[Any],
    states: Sequence[Any],
    names: Called,
    level: float,
) -> Table:
    """Write cumulative hazards, one row per time and transition that was seen, with limits on the log scale."""
    z, rows = quantile_of(level), []
    error = np.full_like(hazard, np.nan) if variance is None else np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(z * error / hazard)
    for t, time in enumerate(times):
        for i, j in np.argwhere(hazard[-1] > 0):
            cells = (
                hazard[t, i, j],
                error[t, i, j],
                hazard[t, i, j] / spread[t, i, j],
                hazard[t, i, j] * spread[t, i, j],
            )
            rows.append((time, str(states[i]), str(states[j]), *(None if np.isnan(x) else float(x) for x in cells)))
    columns = ("time", "from", "to", "hazard", "standard_error", "ci_low", "ci_high")
    formats = dict.fromkeys(columns[3:], ".4f")
    return Table.of_rows(columns, rows, headings=HEADINGS, formats=formats, called=dict.fromkeys(("from", "to"), names))
