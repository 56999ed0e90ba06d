"""Exact times: the closed form of fully observed paths, against matrices and against a search."""

from __future__ import annotations

import time

import numpy as np
import pytest
from attrs import evolve

import singledisease as sd
from singledisease.multistate.rates.search.maximise import maximise

K = 4
RNG = np.random.default_rng(3)
Q = RNG.uniform(0.1, 0.5, (K, K)) * (1 - np.eye(K))
Q[3] = 0


def paths(q, people=60, moves=6, seed=1):
    """Return the moves of people through a chain with their times: id, time, state; each ends with being seen again."""
    rng, rows = np.random.default_rng(seed), []
    for who in range(people):
        state, now = int(rng.integers(len(q))), 0.0
        rows.append((who, now, state))
        for _ in range(moves):
            out = q[state].sum()
            if out == 0:
                break
            now += rng.exponential(1 / out)
            state = int(rng.choice(len(q), p=q[state] / out))
            rows.append((who, now, state))
        if q[state].sum() > 0:
            rows.append((who, now + rng.uniform(0.1, 1), state))
    who, when, seen = map(np.array, zip(*rows, strict=True))
    return {"id": who, "time": when, "state": seen, "allowed": [(i, j) for i, j in np.argwhere(q > 0).tolist()]}


PATHS = paths(Q)
Z = np.random.default_rng(2).normal(size=len(PATHS["id"]))
MODELS = {
    "plain": {},
    "equal": {"equal": [[(0, 1), (1, 0)]]},
    "cuts": {"cuts": [2.0]},
    "cuts_equal": {"cuts": [2.0], "equal": [[(0, 1), (1, 0)]]},
    "covariate": {"covariates": {"z": Z}},
    "one_effect": {"covariates": {"z": Z}, "effects": {"z": "shared"}, "cuts": [2.0]},
    "death": {"death": [3]},
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_closed_form_is_the_likelihood_by_matrices(model):
    """Value, gradient, second derivatives and transitions are those by matrices of each interval, anywhere."""
    made = sd.fit_generator(**PATHS, exact_times=True, **model).likelihood
    assert made.observed is not None
    other = evolve(made, observed=None)
    theta = np.linspace(-1.5, 0.5, len(made.layout.parameters))
    assert made.value(theta) == pytest.approx(other.value(theta), rel=1e-12)
    for found, expected in (
        (made.slope(theta)[1], other.slope(theta)[1]),
        (made.hessian(theta), other.hessian(theta)),
        (made.transitions(theta), other.transitions(theta)),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_maximum_is_that_of_a_search(model):
    """The fit has the maximum that a search by matrices finds, and the same covariance."""
    fit = sd.fit_generator(**PATHS, exact_times=True, **model)
    searched = maximise(evolve(fit.likelihood, observed=None), np.full(len(fit.parameters), -1.0), fit.box)
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(searched.total, abs=1e-8)
    np.testing.assert_allclose(fit.maximum.theta, searched.theta, atol=1e-5)
    np.testing.assert_allclose(fit.covariance, evolve(fit, maximum=searched).covariance, rtol=1e-3, atol=1e-8)


def test_rates_are_moves_by_time():
    """Each rate is the number of its moves by the time spent where they start, with variance 1 / moves of its log."""
    fit = sd.fit_generator([1, 1, 1, 2, 2], [0.0, 2.0, 3.5, 0.0, 1.5], ["a", "b", "a", "a", "a"], exact_times=True)
    assert fit.rates[0, 1] == pytest.approx(1 / 3.5)
    assert fit.rates[1, 0] == pytest.approx(1 / 1.5)
    assert np.diag(fit.covariance) == pytest.approx([1.0, 1.0])
    assert fit.maximum.evaluations == 1


def test_a_move_that_nobody_made():
    """Its rate lies at the edge, and is named with how often it could have been; nobody in a state: no rate at all."""
    fit = sd.fit_generator(
        [1, 1, 2, 2], [0, 1, 0, 2], ["a", "b", "a", "a"], allowed=[("a", "b"), ("b", "a"), ("c", "a")], exact_times=True
    )
    named = {one.name: one for one in fit.unidentified}
    assert set(named) == {"b → a", "c → a"}
    assert fit.rates[0, 1] == pytest.approx(1 / 3)
    assert fit.rates[1, 0] >= 0


def test_what_is_not_all_observed_is_not_closed():
    """Some visits of unknown course, a label for several states, or errors: the general way is taken."""
    some = np.arange(len(PATHS["id"])) % 3 > 0
    assert sd.fit_generator(**PATHS, exact_times=some, fixed=True).likelihood.observed is None
    blurred = {**PATHS, "state": np.where(np.arange(len(Z)) % 7 == 3, 9, PATHS["state"])}
    assert sd.fit_generator(**blurred, censored={9: [0, 1]}, exact_times=True, fixed=True).likelihood.observed is None
    wrong = sd.fit_generator(**PATHS, misclassification=[(0, 1)], exact_times=True, fixed=True)
    assert wrong.likelihood.observed is None


def test_values_that_are_given():
    """What is fixed stays, the others follow; with all fixed the likelihood is that of the values given."""
    fit = sd.fit_generator(**PATHS, exact_times=True, start={(0, 1): 0.3}, fixed=[(0, 1)])
    free = sd.fit_generator(**PATHS, exact_times=True)
    assert fit.rates[0, 1] == pytest.approx(0.3)
    assert fit.rates[1, 0] == pytest.approx(free.rates[1, 0], rel=1e-6)
    held = sd.fit_generator(**PATHS, exact_times=True, start=Q, fixed=True)
    moves, spent = held.likelihood.observed.totals(held.likelihood.weight)
    rates = Q[held.layout.sources, held.layout.targets]
    assert held.log_likelihood == pytest.approx(float((moves[0] * np.log(rates) - spent[0] * rates).sum()))


def test_people_drawn_again():
    """Each refit is the closed form of its people; hidden states there are none."""
    fit = sd.fit_generator(**PATHS, exact_times=True)
    drawn = sd.bootstrap(fit, n=30, seed=2)
    assert drawn.failed == 0
    spread = drawn.theta.std(0)
    np.testing.assert_allclose(spread, np.sqrt(np.diag(fit.covariance)), rtol=0.6)
    assert (sd.most_likely_states(fit) == PATHS["state"]).all()
    assert (sd.state_probabilities(fit) == np.eye(K)[PATHS["state"]]).all()


def test_a_course_that_cannot_be_is_refused():
    """A move that is not allowed at an exact time is refused with the person."""
    with pytest.raises(sd.DataError, match="no allowed path"):
        sd.fit_generator([1, 1], [0.0, 1.0], ["a", "c"], allowed=[("a", "b"), ("b", "c")], exact_times=True)
    made = sd.fit_generator(**PATHS, exact_times=True).likelihood
    theta = np.full(len(made.layout.parameters), -800.0)
    assert made.value(theta) == -np.inf
    assert (made.slope(theta)[1] == 0).all()
    assert len(made.impossible(theta)) == (made.observed.move >= 0).sum()


@pytest.mark.parametrize(("states", "seconds"), [(20, 10), (60, 60)])
def test_many_states_end(states, seconds):
    """Twenty states are a matter of a second, and sixty end: 3540 rates with their limits."""
    q = np.random.default_rng(1).uniform(0.1, 1, (states, states)) * (1 - np.eye(states))
    seen = paths(q / q.sum(1, keepdims=True), people=100, moves=40)
    began = time.perf_counter()
    fit = sd.fit_generator(**seen, exact_times=True)
    assert len(fit.table()) == states * (states - 1)
    assert time.perf_counter() - began < seconds
    assert fit.converged
