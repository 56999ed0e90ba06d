"""How sure a product integral is: Greenwood, Aalen, and the infinitesimal jackknife.

Sources: Andersen, Borgan, Gill & Keiding, Statistical Models Based on Counting Processes (1993), IV.4; the
infinitesimal jackknife as in Therneau, Crowson & Atkinson, the multi-state vignette of R's survival.

Greenwood weighs the noise of a step at u by P(s, u-)², Aalen by P(s, u)²: for two states this is S(t)² Σ dN/Y².
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from attrs import asdict
from numpy.typing import NDArray

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.occupation.risk_sets import RiskSets, products_after

Variance = Literal["greenwood", "aalen", "jackknife"]
VARIANCES: tuple[Variance, ...] = ("greenwood", "aalen", "jackknife")

AskedVariance = Variance | Literal["auto"] | None
"""A kind of variance, ``auto``, or ``None`` for none at all."""


def chosen_variance(asked: AskedVariance, stays: Histories) -> Variance | None:
    """Return the kind of variance that is meant, or ``None`` if none is asked for; see ``needed_variance``."""
    return None if asked is None else needed_variance(asked, stays)


def needed_variance(asked: AskedVariance, stays: Histories) -> Variance:
    """Return the kind of variance that is meant.

    ``auto`` is the jackknife where the stays have weights or clusters, of which the two others know nothing, and
    Greenwood's otherwise.

    Raises
    ------
    UsageError
        If there is no such kind.
    """
    if asked == "auto":
        return "greenwood" if stays.weight is None and stays.cluster is None else "jackknife"
    if asked is None or asked not in VARIANCES:
        kinds = ", ".join(("auto", *VARIANCES))
        raise UsageError(f"variance={asked!r}: expected one of {kinds} (robust and infinitesimal are the jackknife)")
    return asked


def model_note(variance: Variance | None, stays: Histories) -> str:
    """Say what a variance that was asked for leaves out of account; blank if nothing."""
    if variance not in ("greenwood", "aalen") or (stays.weight is None and stays.cluster is None):
        return ""
    left_out = (
        "that people of one cluster depend on each other"
        if stays.cluster is not None
        else "that weights are no numbers of people"
    )
    return f"the {variance} variance leaves out of account {left_out}; variance='jackknife' does not"


def row_covariances(risk: RiskSets, kind: Variance) -> Floats:
    """Return the covariance of each row of each step, (T, K, K, K): entry i is that of row i of dA."""
    k = risk.step.shape[1]
    safe = np.where(risk.at_risk > 0, risk.at_risk, 1.0)[:, :, None, None]
    diagonal = np.arange(k)
    if kind == "greenwood":
        rows = -risk.step[:, :, :, None] * risk.step[:, :, None, :]
        rows[:, :, diagonal, diagonal] += risk.step
        return np.asarray(rows / safe)
    rate = risk.events / safe[:, :, :, 0]
    rows = np.zeros((*rate.shape, k))
    rows[:, :, diagonal, diagonal] = rate
    for i in range(k):
        rows[:, i, i, i] = rate[:, i].sum(1)
        rows[:, i, i, :] -= rate[:, i]
        rows[:, i, :, i] -= rate[:, i]
    return np.asarray(rows / safe)


def step_noise(risk: RiskSets, path: Floats, kind: Variance) -> Floats:
    """Return the covariance that each step adds to p, (T, K, K): Σ_i p_i(t-)² · cov(row i of dA)."""
    k = path.shape[1]
    safe = np.where(risk.at_risk > 0, risk.at_risk, 1.0)
    scale = path**2 / safe
    diagonal = np.arange(k)
    if kind == "greenwood":
        noise = -np.einsum("ti,tij,til->tjl", scale, risk.step, risk.step)
        noise[:, diagonal, diagonal] += np.einsum("ti,tij->tj", scale, risk.step)
        return np.asarray(noise)
    rate = risk.events / safe[:, :, None]
    scale = np.einsum("ti,tij->tj", path, risk.step) ** 2 / safe
    noise = np.zeros((len(path), k, k))
    noise[:, diagonal, diagonal] = np.einsum("ti,tij->tj", scale, rate) + scale * rate.sum(2)
    cross = scale[:, :, None] * rate
    return np.asarray(noise - cross - np.swapaxes(cross, 1, 2))


def transition_covariance(risk: RiskSets, before: Floats, kind: Variance, until: NDArray[np.intp]) -> Floats:
    """Return the covariance of all entries of P(s, t), (reports, K, K, K, K).

    Entry ``[n, h, j, r, m]`` is Cov(P_hj, P_rm) after ``until[n]`` steps; a state that is never at risk adds
    nothing.

    Parameters
    ----------
    risk, kind
        Risk sets, and ``greenwood`` or ``aalen``.
    before
        P(s, t-) before each step, (T, K, K).
    until
        After how many steps to report, ascending.
    """
    k = before.shape[2]
    # [h, r, j, m]: the block of rows h and r moves like the covariance of p does.
    block = np.zeros((k, k, k, k))
    found = np.empty((len(until), k, k, k, k))
    done = 0
    for n, number in enumerate(until):
        rows = row_covariances(_part(risk, done, int(number)), kind)
        for t in range(done, int(number)):
            step = risk.step[t]
            block = step.T @ block @ step
            reached = before[t] @ step if kind == "aalen" else before[t]
            block += np.einsum("hi,ri,ijm->hrjm", reached, reached, rows[t - done], optimize=True)
        done = max(done, int(number))
        found[n] = block.transpose(0, 2, 1, 3)
    return found


def _part(risk: RiskSets, first: int, last: int) -> RiskSets:
    here = slice(first, last)
    return RiskSets(**{name: column[here] for name, column in asdict(risk).items()})


def initial_influence(stays: Histories, present: NDArray[np.bool_], first: Floats) -> Floats:
    """Return what each person, or cluster, adds to the estimated starting distribution, (people or clusters, K)."""
    weight = np.ones(len(stays.person)) if stays.weight is None else stays.weight
    own = np.eye(len(first))[stays.source[present]] - first
    influence = nothing(stays, len(first))
    np.add.at(influence, stays.drawn[present], weight[present, None] * own / weight[present].sum())
    return influence


def nothing(stays: Histories, k: int) -> Floats:
    """Return the influence of people, or clusters, on what is given: none, (people or clusters, K)."""
    return np.zeros((int(stays.drawn.max()) + 1, k))


def jackknife(
    stays: Histories, risk: RiskSets, path: Floats, until: NDArray[np.intp], *, influence: Floats, carrier: Floats
) -> Iterator[Floats]:
    """Return the influence of each person after so many steps, (people, L), for each number of ``until``.

    Of clusters it is that of all their people together.  A person moves dA at u in state k by (own events − own
    time at risk · dA) / Y.  Between two reported times the part of being at risk is a difference of prefix sums, so
    nothing is inverted and absorbing states are harmless.

    Parameters
    ----------
    stays, risk, path
        Stays, risk sets and p before each step, (T, K).
    until
        After how many steps to report, ascending.
    influence
        That before the first step, (people, L).
    carrier
        What carries an error over each step, (T, L, L): the step itself, or it with what is summed along the way.
    """
    done = 0
    for number in until:
        if number > done:
            influence = _advance(
                stays, risk, path, slice(done, int(number)), influence=influence, carrier=carrier[done:number]
            )
            done = int(number)
        yield influence


def _advance(
    stays: Histories, risk: RiskSets, path: Floats, part: slice, *, influence: Floats, carrier: Floats
) -> Floats:
    """Carry the influence of each person over the event times of ``part``."""
    step, times = risk.step[part], risk.times[part]
    k = step.shape[1]
    later = products_after(carrier)
    after = later[:, :k]
    safe = np.where(risk.at_risk[part] > 0, risk.at_risk[part], 1.0)
    share = path[part] / safe
    at_each = share[:, :, None] * ((step - np.eye(k)) @ after)
    pull = np.concatenate((np.zeros((1, *at_each.shape[1:])), np.cumsum(at_each, axis=0)))
    here = (stays.start < times[-1]) & (stays.stop >= times[0])
    person, source, target = stays.drawn[here], stays.source[here], stays.target[here]
    lo = np.searchsorted(times, stays.start[here], side="right")
    hi = np.searchsorted(times, stays.stop[here], side="right")
    change = pull[lo, source] - pull[hi, source]
    event = (target >= 0) & (target != source) & (stays.stop[here] <= times[-1])
    at = hi[event] - 1
    gain = after[at, target[event]] - after[at, source[event]]
    change[event] += share[at, source[event]][:, None] * gain
    if stays.weight is not None:
        change *= stays.weight[here, None]
    moved = influence @ (carrier[0] @ later[0])
    for j in range(moved.shape[1]):
        moved[:, j] += np.bincount(person, weights=change[:, j], minlength=len(moved))
    return np.asarray(moved)
