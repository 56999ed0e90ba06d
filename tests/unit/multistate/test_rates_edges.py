"""Edges of fitting to visits: questions that have no answer, searches that are cut short, inputs of other kinds."""

import numpy as np
import pandas as pd
import pytest

from singledisease.errors import DataError, DefinitionError, UsageError
from singledisease.multistate.aggregate.scatter import scatter
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results import resampled
from singledisease.multistate.rates.results.compare import LikelihoodRatio, likelihood_ratio
from singledisease.multistate.rates.results.resampled import bootstrap, profile_interval
from singledisease.multistate.rates.search import maximise
from singledisease.testing.panels import simulate_panel

Q = np.array([[0.0, 0.25, 0.05], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
PANEL = simulate_panel(Q, 120, [0, 1, 2, 4], seed=3, exact=True)
GIVEN = {**PANEL.arguments(), "death": "exact"}
FIT = fit_generator(**GIVEN)


def test_questions_about_what_is_not_there():
    """A transition, state or parameter that does not exist is refused by name."""
    with pytest.raises(UsageError, match="no transition"):
        FIT.ratio((2, 0), (0, 1))
    with pytest.raises(UsageError, match="no state 7"):
        FIT.passage(7, [1.0])
    with pytest.raises(UsageError, match="no parameter"):
        profile_interval(FIT, "0 → 7")


def test_ratios_follow_covariates_and_cuts():
    """The ratio of two rates is that of their values at the covariates and the time asked for."""
    z = np.random.default_rng(1).normal(size=len(PANEL.id))
    fit = fit_generator(**GIVEN, covariates={"z": z}, effects={"z": [(0, 1)]}, cuts=[1.5])
    for at in (0.0, 2.0):
        q = fit.q({"z": 0.7}, at=at)
        estimate, low, high = fit.ratio((0, 1), (1, 2), covariates={"z": 0.7}, at=at)
        assert estimate == pytest.approx(q[0, 1] / q[1, 2], rel=1e-12)
        assert low < estimate < high
    assert fit.ratio((0, 1), (0, 1), at=0.0) == (1.0, 1.0, 1.0)


def test_a_likelihood_of_zero_has_no_slope():
    """Where a rate is 0 to the last digit the log-likelihood is minus infinity, and the slope says nothing."""
    total, slope = FIT.likelihood.slope(np.full(4, -800.0))
    assert total == -np.inf
    assert (slope == 0).all()


def test_a_search_goes_on_from_a_bad_guess(monkeypatch):
    """A guess of the covariance that leads downhill is given up; a climb that runs out of steps says it is not near."""
    start, box = FIT.maximum.theta + 1.0, FIT.box
    reached = maximise.climb(FIT.likelihood, start, box, metric=-np.eye(4))
    assert reached.near
    assert reached.total == pytest.approx(FIT.log_likelihood, abs=1e-7)
    told = []
    found = maximise.newton(FIT.likelihood, start, box, progress=lambda *how: told.append(how))
    assert found.total == pytest.approx(FIT.log_likelihood, abs=1e-9)
    assert told
    monkeypatch.setattr(maximise, "QUASI_NEWTON_STEPS", 1)
    assert not maximise.climb(FIT.likelihood, start, box).near


def test_profiles_that_run_out_of_steps(monkeypatch):
    """With too few steps the last point is given."""
    monkeypatch.setattr(resampled, "PROFILE_STEPS", 1)
    low, high = profile_interval(FIT, "0 → 1")
    assert low < FIT.rates[0, 1] < high


def test_failed_replicates_are_counted(monkeypatch):
    """A refit that does not come near a maximum counts as failed."""
    monkeypatch.setattr(maximise, "QUASI_NEWTON_STEPS", 0)
    drawn = bootstrap(FIT, n=3, seed=1)
    assert str(drawn) == "0 refits to resampled people, 3 more failed"


def test_fits_without_a_maximum_are_not_compared(monkeypatch):
    """Neither of two fits may be one whose maximum was not found."""
    monkeypatch.setattr(maximise.Maximum, "converged", property(lambda _: False))
    with pytest.raises(UsageError, match="maximum was not found"):
        likelihood_ratio(fit_generator(**{**GIVEN, "allowed": [(0, 1), (1, 0), (1, 2)]}), FIT)


def test_a_likelihood_ratio_prints():
    """It gives the statistic, the degrees of freedom and p."""
    assert str(LikelihoodRatio(statistic=3.84, degrees=1, p=0.05)) == (
        "likelihood ratio 3.8400, 1 degrees of freedom, p 0.05"
    )


def test_the_first_state_of_which_nothing_is_known():
    """A state in which nobody can have begun is named, with the number of people who could have."""
    fit = fit_generator(**GIVEN, misclassification=[(0, 1)], initial="estimated")
    named = {u.name: u for u in fit.unidentified}
    assert (named["starts in 1"].visits, named["starts in 1"].transitions) == (0, None)


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"misclassification": [(0, 1)], "certain": [True]}, DataError, "one truth value per visit"),
        ({"state": np.zeros((2, 2))}, DataError, "one label per row"),
        (
            {"time": np.array(["2020-01-01"] * len(PANEL.id), dtype="datetime64[D]"), "unit": "hour"},
            UsageError,
            "no unit",
        ),
        ({"allowed": np.ones((4, 4))}, DefinitionError, "matrix for 4 states"),
        ({"allowed": None, "states": None}, DefinitionError, "give `allowed` or name the states"),
    ],
)
def test_arguments_of_the_wrong_kind(change, error, match):
    """Each is refused with what it should be."""
    with pytest.raises(error, match=match):
        fit_generator(**{**GIVEN, **change})


def test_cuts_that_are_none():
    """An empty list of cuts is no cut."""
    assert fit_generator(**GIVEN, cuts=[]).deviance == pytest.approx(FIT.deviance, abs=1e-9)


def test_labels_of_many_kinds():
    """Categories are taken as they are, in their order; numbers far apart and people of any kind are sorted once."""
    seen = pd.Categorical(["w", "i", "w"], categories=["x", "w", "i"])
    assert fit_generator([1, 1, 2], [0, 1, 0], seen, allowed=[("w", "i")]).states == ("w", "i")
    assert fit_generator([1, 1, 2], [0, 1, 0], [5, 10**9, 5], allowed=[(5, 10**9)]).states == (5, 10**9)
    who = np.array([f"p{k}" for k in PANEL.id], dtype=object)[::-1]
    turned = fit_generator(who, PANEL.time[::-1], PANEL.state[::-1], allowed=PANEL.allowed, death="exact")
    assert turned.deviance == pytest.approx(FIT.deviance, abs=1e-8)


def test_people_whose_ids_are_missing_among_others():
    """A missing id is refused with its row, whatever stands for it; equal ids need not stand together."""
    for gap in (None, pd.NA, np.nan, ""):
        with pytest.raises(DataError, match=r"rows \[2\] lack it"):
            fit_generator(np.array(["a", "a", gap, "a"], dtype=object), [0, 1, 2, 3], [0, 0, 0, 0], allowed=[(0, 1)])
    apart = fit_generator(["a", "b", "a", "b"], [0, 0, 1, 1], [0, 0, 1, 0], allowed=[(0, 1)])
    assert apart.visits.ids.tolist() == ["a", "b"]
    assert apart.visits.row.tolist() == [0, 2, 1, 3]


@pytest.mark.parametrize("apart", [1, 10**9, 10**18])
def test_visits_far_apart_in_any_order(apart):
    """Neither how far apart times are nor the order of the rows changes the fit, but for the unit of time."""
    who, when, seen = np.array([7, 3, 3, 7, 7]), np.array([0, 0, 3, 2, 3]) * apart, [0, 0, 1, 0, 1]
    fit = fit_generator(who, when, seen, allowed=[(0, 1)])
    # With x = exp(-rate) the slope is 3 x³ / (1 - x³) - 2 + x / (1 - x).
    assert fit.rates[0, 1] * apart == pytest.approx(0.5634517018511489, rel=1e-9)
    assert fit.visits.row.tolist() == [1, 2, 0, 3, 4]


def test_nothing_is_added_up_to_nothing():
    """Places that nothing goes to hold 0."""
    assert scatter(np.empty(0, dtype=np.int64), 2).add(np.empty((0, 3))).tolist() == [[0.0] * 3] * 2
