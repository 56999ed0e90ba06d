"""Yardsticks of histories: state occupation against lifelines on competing risks, and how it grows."""

from __future__ import annotations

import warnings

import numpy as np
from attrs import frozen
from lifelines import AalenJohansenFitter
from numpy.typing import NDArray

from benchmarks.clock import Timed, interleaved
from singledisease.multistate.histories.histories import Histories, histories
from singledisease.multistate.occupation.aalen_johansen import aalen_johansen, occupation

DAYS = 3914
CLOSE = 1e-3
"""lifelines moves tied causes apart at random, so that its curve is not quite the estimator's."""


@frozen(eq=False)
class Risks:
    """People who fall ill, die or are censored, whichever comes first: ``day``, and ``cause`` 0 censored, 1, 2."""

    day: NDArray[np.float64]
    cause: NDArray[np.int64]


def risks_of(people: int) -> Risks:
    """Draw competing risks in whole days."""
    rng = np.random.default_rng(3)
    times = np.ceil(rng.exponential((2500.0, 4000.0), (people, 2)))
    end = rng.integers(500, DAYS, people)
    first = times.argmin(1)
    day = np.minimum(times.min(1), end)
    return Risks(day, np.where(times.min(1) <= end, first + 1, 0))


def competing(people: int, runs: int) -> dict[str, Timed]:
    """Time all states with their covariance from columns, checks included, beside one cause with its variance."""
    risks = risks_of(people)
    start, source = np.zeros(people), np.zeros(people, np.int64)
    target = np.where(risks.cause > 0, risks.cause, -1)

    def ours() -> NDArray[np.float64]:
        return aalen_johansen(start, risks.day, source, target, states=(0, 1, 2)).probability[:, 1]

    def lifelines() -> NDArray[np.float64]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitter = AalenJohansenFitter(calculate_variance=True, seed=0)
            fitter.fit(risks.day, risks.cause, event_of_interest=1)
        return fitter.cumulative_density_.to_numpy()[:, 0]

    if abs(ours()[-1] - lifelines()[-1]) > CLOSE:
        raise SystemExit("lifelines estimates something else")
    return interleaved({"ours": ours, "lifelines": lifelines}, runs)


def stays_of(people: int) -> Histories:
    """Draw a reversible illness-death history in days, with censoring."""
    rng = np.random.default_rng(2)
    start, stop, source, target, who = [], [], [], [], []
    now, state = np.zeros(people), np.zeros(people, np.int64)
    alive, end = np.arange(people), rng.integers(500, DAYS, people).astype(float)
    while len(alive):
        leave = now[alive] + 1 + rng.exponential(1500, len(alive)).astype(np.int64)
        goes = np.where(rng.random(len(alive)) < 0.4, 2, 1 - state[alive])
        cut = leave > end[alive]
        start.append(now[alive])
        stop.append(np.minimum(leave, end[alive]))
        source.append(state[alive])
        target.append(np.where(cut, -1, goes))
        who.append(alive)
        now[alive], state[alive] = leave, goes
        alive = alive[~cut & (goes < 2)]
    columns = [np.concatenate(column) for column in (start, stop, source, target, who)]
    return histories(*columns[:4], id=columns[4], states=(0, 1, 2))


def growing(people: int, runs: int) -> dict[int, Timed]:
    """Time state occupation with Greenwood's covariance at every event day, for a tenth, all, and ten times as many."""
    sizes = {size: stays_of(size) for size in (people // 10, people, 10 * people)}
    works = {str(size): lambda stays=stays: occupation(stays) for size, stays in sizes.items()}
    return {int(size): timed for size, timed in interleaved(works, runs).items()}


def checking(people: int, runs: int) -> Timed:
    """Time the checks of stays handed over as columns, which come before any estimate."""
    stays = stays_of(people)
    columns = (stays.start, stays.stop, stays.source, stays.target)
    work = {"histories": lambda: histories(*columns, id=stays.person, states=(0, 1, 2))}
    return interleaved(work, runs)["histories"]
