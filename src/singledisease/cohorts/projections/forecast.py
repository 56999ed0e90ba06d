"""From a cohort to a scenario: its last stocks, its matrix of one step, who keeps coming, and how sure that is."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from singledisease.cohorts.cohort import Cohort
from singledisease.cohorts.names import DIED, LEFT
from singledisease.cohorts.steps.resample import bootstrap_counts
from singledisease.errors import UsageError, require_kind
from singledisease.multistate.arrays import Floats
from singledisease.multistate.scenarios.scenario import Scenario
from singledisease.multistate.uncertainty.draws import dirichlet_draws

Uncertainty = Literal["dirichlet", "bootstrap", "none"]
UNCERTAINTIES: tuple[Uncertainty, ...] = ("dirichlet", "bootstrap", "none")
Empty = Literal["refuse", "stay"]


def forecast(
    cohort: Cohort,
    *,
    uncertainty: Uncertainty = "bootstrap",
    draws: int = 1000,
    seed: int = 0,
    inflow: bool = True,
    empty: Empty = "refuse",
) -> Scenario:
    """Make a scenario that goes on as the cohort did: states, then ``left`` and ``died``, which nobody leaves.

    Who comes back after having left counts among those who enter.

    Parameters
    ----------
    cohort
        Its steps should be alike in length: they are taken together.
    uncertainty
        ``bootstrap``: by drawing people, which also makes the inflow uncertain; ``dirichlet``: of each row of the
        matrix on its own, with a prior of ½ on what the pathway allows, the matrix itself being the mean of that;
        ``none``.
    draws, seed
        How many, and from which seed.
    inflow
        Whether as many go on entering in each step as did on average.
    empty
        A state in which nobody began a step has no estimate.  ``refuse`` as soon as somebody comes into it, or
        take them to ``stay``.

    Raises
    ------
    UsageError
        If there is no such kind of uncertainty or of treating empty rows.

    >>> import singledisease as sd
    >>> people = [{"patient_id": f"P{i}"} for i in range(4)]
    >>> start = {"date": "2023-12-31", "kind": "enrolment", "disease": "hypertension"}
    >>> rows = [{**one, **start} for one in people] + [{"patient_id": "P0", "date": "2024-02-01", "kind": "exit"}]
    >>> log = sd.read_frames([{**one, "birth_date": "1950-03-01"} for one in people], rows)
    >>> half = sd.cohort("hypertension", log, "2024-01-01", "2024-06-30", every="quarter")
    >>> plan = forecast(half, uncertainty="none", empty="stay")
    >>> plan.project(2).stocks[:, plan.states.index("enrolled")].round(2).tolist()
    [3.0, 2.57, 2.2]
    """
    require_kind(cohort, Cohort, way="sd.forecast(cohort, …)", named="cohort")
    if uncertainty not in UNCERTAINTIES or empty not in ("refuse", "stay"):
        raise UsageError(f"uncertainty is one of {', '.join(UNCERTAINTIES)}, empty is refuse or stay")
    k, steps = len(cohort.states), len(cohort.periods)
    counted = cohort.transitions.total
    arrive = np.append(counted[k, :k] / steps, (0.0, 0.0)) if inflow else np.zeros(k + 2)
    again = bootstrap_counts(cohort.steps, draws, seed) if uncertainty == "bootstrap" else None
    shares: Floats | None = None
    allowed: NDArray[np.bool_] | None = None
    if again is not None:
        shares = _shares(again[:, :k])
    elif uncertainty == "dirichlet":
        allowed = cohort.allowed()[:k] | (counted[:k] > 0)
        shares = dirichlet_draws(counted[:k], draws, seed, allowed=allowed)
    # The prior moves the matrix: were the plain shares projected, they could fall outside their own interval.
    usual = cohort.transitions.dirichlet(_with_entered(allowed))[0][:k] if allowed is not None else counted[:k]
    matrix = _closed(_shares(np.asarray(usual)[None]), empty, None)[0]
    return Scenario(
        states=(*cohort.states, LEFT, DIED),
        start=np.append(cohort.steps.stocks[-1], (0, 0)),
        matrix=matrix,
        inflow=arrive,
        uncertain=None if shares is None else _closed(shares, empty, matrix),
        uncertain_inflow=None if again is None or not inflow else _wide(again[:, k, :k] / steps),
        names=cohort.names,
    )


def _with_entered(allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.concatenate((allowed, np.ones((1, allowed.shape[1]), dtype=bool)))


def _shares(counts: NDArray[Any]) -> Floats:
    number = counts.astype(np.float64)
    rows = number.sum(2, keepdims=True)
    return np.asarray(np.divide(number, rows, out=np.full_like(number, np.nan), where=rows > 0))


def _wide(inflow: Floats) -> Floats:
    return np.concatenate((inflow, np.zeros((len(inflow), 2))), axis=1)


def _closed(shares: Floats, empty: Empty, usual: Floats | None) -> Floats:
    """Add the rows of who has left or died, and say what becomes of a row without an estimate.

    A sample of people may lack all who were ever in a state: its row is then that of everybody, if there is one.
    """
    n, k = shares.shape[:2]
    closed = np.concatenate((shares, np.broadcast_to(np.eye(k + 2)[k:], (n, 2, k + 2))), axis=1)
    unknown = np.asarray(np.isnan(closed).any(axis=2))
    if usual is not None:
        closed = np.where(unknown[:, :, None], usual, closed)
        unknown = np.asarray(np.isnan(closed).any(axis=2))
    return np.where(unknown[:, :, None], np.eye(k + 2), closed) if empty == "stay" else closed
