"""A number as covariate: every interval has a generator of its own, and rows are carried instead of matrices made."""

import numpy as np
import pytest
from attrs import evolve

from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.likelihood import covariate_likelihood
from singledisease.multistate.rates.search import maximise
from singledisease.testing.panels import misread, simulate_panel

Q = np.array([[0.0, 0.25, 0.05], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
PANEL = simulate_panel(Q, 150, [0, 1, 2, 4.5], seed=3, exact=True)
Z = np.random.default_rng(5).normal(size=len(PANEL.id))
GIVEN = {**PANEL.arguments(), "covariates": {"z": Z}}
UNSURE = np.where((PANEL.state < 2) & (np.arange(len(Z)) % 5 == 2), 9, PANEL.state)
MODELS = {
    "plain": {},
    "deaths": {"death": "exact"},
    "one_effect": {"death": "exact", "effects": {"z": [(0, 1)]}},
    "equal_rates": {"death": "exact", "equal": [[(0, 1), (1, 0)]]},
    "censored": {"death": "exact", "state": UNSURE, "censored": {9: [0, 1]}},
    "piecewise": {"death": "exact", "cuts": [1.5, 4.0]},
    "watched": {"exact_times": np.arange(len(Z)) % 3 == 0, "allowed": [(0, 1), (0, 2), (1, 0), (1, 2)]},
    "hidden": {
        "death": "exact",
        "state": misread(PANEL, [[0.9, 0.1, 0], [0.1, 0.9, 0], [0, 0, 1]], seed=2),
        "misclassification": [(0, 1), (1, 0)],
    },
}


def likelihoods(**model):
    """Give the likelihood as it is, and the same by matrices, and parameters off the maximum."""
    fit = fit_generator(**{**GIVEN, **model}, fixed=True)
    made = fit.likelihood
    assert made.plan.legs is not None
    by_matrix = evolve(made, plan=evolve(made.plan, legs=None), by_covariate=None)
    return made, by_matrix, fit.maximum.theta + np.linspace(-0.3, 0.4, len(fit.maximum.theta))


def assert_same(made, other, theta):
    """Check value, gradient, second derivatives and expected transitions, each by its own size."""
    assert made.value(theta) == pytest.approx(other.value(theta), rel=1e-13)
    assert made.slope(theta)[0] == pytest.approx(other.slope(theta)[0], rel=1e-13)
    for found, expected in (
        (made.slope(theta)[1], other.slope(theta)[1]),
        (made.hessian(theta), other.hessian(theta)),
        (made.transitions(theta), other.transitions(theta)),
    ):
        assert np.abs(found - expected).max() <= 1e-11 * np.abs(expected).max()


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_carried_rows_are_rows_of_matrices(model):
    """Value, gradient, second derivatives and expected transitions are those of matrices."""
    assert_same(*likelihoods(**model))


@pytest.mark.parametrize("model", ["deaths", "hidden"])
def test_rates_too_fast_for_a_series(model):
    """With hundreds of transitions in an interval matrices are squared instead, for those intervals only."""
    made, other, theta = likelihoods(**MODELS[model])
    theta = theta.copy()
    theta[made.layout.base[:2]] = np.log(400.0), np.log(300.0)
    assert_same(made, other, theta)


def test_sequences_are_valued_side_by_side_where_they_can_be():
    """Those of one step, if nothing but rates is to be estimated: the others beside them, each sequence once."""
    shares = {}
    for name, model in MODELS.items():
        made = likelihoods(**model)[0]
        if made.by_covariate is not None:
            rest = [] if made.by_covariate.rest is None else made.by_covariate.rest.sequences
            assert sorted([*made.by_covariate.sequences, *rest]) == list(range(len(made.weight)))
            shares[name] = len(rest) / len(made.weight)
    assert {name for name, share in shares.items() if share == 0} == {"plain", "deaths", "one_effect", "equal_rates"}
    assert {name for name, share in shares.items() if 0 < share < 1} == {"censored", "piecewise", "watched"}


def test_several_blocks(monkeypatch):
    """Working on a few sequences at a time changes nothing."""
    made, _, theta = likelihoods(death="exact")
    value, slope, hessian = made.value(theta), made.slope(theta)[1], made.hessian(theta)
    monkeypatch.setattr(covariate_likelihood, "LANES", 7)
    monkeypatch.setattr(covariate_likelihood, "CHANGES", 1)
    assert made.value(theta) == pytest.approx(value, rel=1e-14)
    assert made.slope(theta)[1] == pytest.approx(slope, rel=1e-11)
    assert made.hessian(theta) == pytest.approx(hessian, rel=1e-9, abs=1e-11)


def test_impossible_at_rates_of_nothing():
    """Where every rate is 0 to the last digit the log-likelihood is minus infinity, and the slope says nothing."""
    made, _, theta = likelihoods()
    theta = np.where(np.isin(np.arange(len(theta)), made.layout.base), -800.0, 0.0)
    total, slope = made.slope(theta)
    assert total == made.value(theta) == -np.inf
    assert (slope == 0).all()


def test_the_curvature_at_the_start_shortens_the_climb(monkeypatch):
    """It leads to the same maximum in fewer evaluations; what is fixed stays."""
    fit = fit_generator(**GIVEN, death="exact")
    monkeypatch.setattr(maximise, "_guess", lambda *_: None)
    plain = fit_generator(**GIVEN, death="exact")
    assert fit.maximum.evaluations < plain.maximum.evaluations
    assert fit.maximum.theta == pytest.approx(plain.maximum.theta, abs=1e-8)
    monkeypatch.undo()
    held = fit_generator(**GIVEN, death="exact", start={"z on 0 → 1": 1.5}, fixed=["z on 0 → 1"])
    assert held.maximum.theta[held.layout.kind("effect")[0]] == np.log(1.5)
    assert held.converged
