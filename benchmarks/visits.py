"""Yardsticks of visits: chains fitted to large panels, what grouping costs, and one likelihood beside SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from scipy.linalg import expm

from benchmarks.clock import Timed, interleaved
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.likelihood.model import Model, likelihood_of
from singledisease.multistate.rates.visits.read import read_visits
from singledisease.multistate.rates.visits.state_space import state_space
from singledisease.testing.panels import simulate_panel

RATES = np.array([[0, 0.12, 0.0, 0.04], [0.22, 0, 0.34, 0.04], [0, 0.13, 0, 0.30], [0, 0, 0, 0]])
DEAD = 3
ALLOWED = tuple((int(a), int(b)) for a, b in np.argwhere(RATES > 0))


@frozen(eq=False)
class Panel:
    """Visits by person and day, ten at most, with deaths on their day."""

    id: NDArray[np.int64]
    day: NDArray[np.int64]
    state: NDArray[np.int64]

    def arguments(self) -> dict[str, Any]:
        """Give what ``fit_generator`` takes."""
        return {"id": self.id, "time": self.day, "state": self.state, "allowed": ALLOWED, "death": "exact"}


def panel_of(people: int) -> Panel:
    """Draw ten visits one to twelve months apart, on whole days."""
    rng = np.random.default_rng(4)
    gaps = rng.choice([30, 60, 91, 182, 365], size=(people, 9)) + rng.integers(-10, 11, size=(people, 9))
    days = np.concatenate((np.zeros((people, 1)), np.cumsum(gaps, axis=1)), axis=1)
    drawn = simulate_panel(RATES / 365.25, people, days, seed=4, exact=True)
    day = np.rint(drawn.time).astype(np.int64)
    again = np.flatnonzero((drawn.id[1:] == drawn.id[:-1]) & (day[1:] <= day[:-1])) + 1
    day[again] = day[again - 1] + 1
    return Panel(drawn.id, day, drawn.state)


def fitting(people: int, runs: int) -> tuple[int, dict[str, Timed]]:
    """Time a fit from columns, its reading and grouping alone, and one likelihood with its gradient."""
    panel = panel_of(people)
    fit = fit_generator(**panel.arguments())
    if not fit.converged:
        raise SystemExit("the panel has no maximum")
    works = {
        "fit": lambda: fit_generator(**panel.arguments()),
        "grouping": lambda: _grouped(panel),
        "likelihood": lambda: fit.likelihood.slope(fit.maximum.theta),
    }
    return len(panel.id), interleaved(works, runs)


def with_a_number(people: int, runs: int) -> tuple[int, dict[str, Timed]]:
    """Time a fit with a number as covariate, so that nearly no two intervals share their rates."""
    panel = panel_of(people)
    number = np.random.default_rng(5).normal(size=len(panel.id))
    given = panel.arguments() | {"covariates": {"z": number}}
    fit = fit_generator(**given)
    if not fit.converged:
        raise SystemExit("the panel has no maximum")
    made, theta = fit.likelihood, fit.maximum.theta
    by_matrix = evolve(made, plan=evolve(made.plan, legs=None), by_covariate=None)
    works = {
        "fit": lambda: fit_generator(**given),
        "likelihood": lambda: made.slope(theta),
        "matrices": lambda: by_matrix.slope(theta),
    }
    return len(panel.id), interleaved(works, runs)


def _grouped(panel: Panel) -> Any:
    visits = read_visits(
        panel.id, panel.day, panel.state, lambda labels, _: state_space(labels, allowed=ALLOWED, death="exact")
    )
    return likelihood_of(visits, Model())


def valuing(people: int, runs: int) -> tuple[int, dict[str, Timed]]:
    """Time one likelihood from columns, everything included, beside a matrix exponential for each interval."""
    panel = panel_of(people)
    at = np.flatnonzero(panel.id[1:] == panel.id[:-1])
    days, before, after = np.diff(panel.day)[at], panel.state[at], panel.state[at + 1]
    q = RATES / 365.25
    q = q - np.diag(q.sum(1))

    def ours() -> float:
        return fit_generator(**panel.arguments(), start=q, fixed=True).log_likelihood

    def scipy() -> float:
        rows = expm(q * days[:, None, None])[np.arange(len(at)), before]
        seen = np.where(after == DEAD, rows[:, :DEAD] @ q[:DEAD, DEAD], rows[np.arange(len(at)), after])
        return float(np.log(seen).sum())

    if abs(ours() - scipy()) > 1e-9 * abs(scipy()):
        raise SystemExit("SciPy's matrices give another likelihood")
    return len(at), interleaved({"ours": ours, "scipy": scipy}, runs)
