"""From a cohort to a generator to a projection, as in the contract: ``fit_generator(cohort).project(24)``."""

from __future__ import annotations

import numpy as np
import pytest

import singledisease as sd
from singledisease.errors import UsageError
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results import outcomes
from singledisease.multistate.rates.results.resampled import bootstrap
from singledisease.testing.panels import simulate_panel


@pytest.fixture(scope="module", name="followed")
def _followed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    sd.simulate(folder, patients=400, seed=3)
    log = sd.read(folder)
    states = [state.id for state in sd.disease("hypertension").pathway.states if state.managed]
    grouped = {"lost": ["lost"], "managed": [state for state in states if state != "lost"]}
    return sd.cohort("hypertension", log, start="2024-01-01", end="2024-12-31", every="month", states=grouped)


def test_a_cohort_is_fitted_and_goes_on_from_its_last_stocks(followed):
    """The projection starts with the people in the states they were last seen in, and nobody is lost on the way."""
    projected = sd.fit_generator(followed).project(24)
    before, after = (sum(row["people"] for row in _rows(projected, step)) for step in (0, 24))
    assert before == pytest.approx(after)
    last = followed.steps.stocks[-1]
    stock = {row["state"]: row["people"] for row in _rows(projected, 0)}
    assert [stock[name] for name in followed.states] == pytest.approx(last.tolist())


def _rows(projection, step):
    return [row for row in projection.table().rows() if row["step"] == step]


def test_rates_that_are_not_identified_leave_no_interval():
    """Nobody ever comes back, so that rate is not identified: the projection has figures and no limits."""
    fit = fit_generator([1, 1, 2, 2], [0, 1, 0, 1], ["a", "b", "a", "a"], allowed=[("a", "b"), ("b", "a")])
    assert fit.unidentified
    assert {row["ci_low"] for row in fit.project(2).table().rows()} == {None}
    assert "nothing was drawn" in str(fit.project(2))
    with pytest.raises(UsageError, match="not identified"):
        fit.project(2, draws=10)


def test_people_drawn_again_give_limits_where_a_rate_is_not_identified():
    """A projection by refits to people drawn again has limits although one rate is only known to be small."""
    panel = simulate_panel([[0.0, 0.3], [1e-9, 0.0]], 40, [0, 1, 2], seed=1)
    fit = fit_generator(**panel.arguments())
    assert [one.name for one in fit.unidentified] == ["1 → 0"]
    again = bootstrap(fit, n=30)
    assert again.failed == 0
    found = again.project(3, start=[100, 0])
    low, high = found.interval()
    assert (low[1:, 1] < found.stocks[1:, 1]).all()
    assert (found.stocks[1:, 1] < high[1:, 1]).all()
    assert np.allclose(found.draws.sum(2), 100)
    assert again.project(1).stocks[0].sum() == 40


def test_limits_are_asked_by_name():
    """What follows from rates is asked by its name, with what it needs; a name that is none is refused."""
    panel = simulate_panel([[0.0, 0.3], [0.2, 0.0]], 60, [0, 1, 2], seed=1)
    fit = fit_generator(**panel.arguments())
    asked = {
        ("probabilities", (1.0, 2.0)): lambda course: outcomes.probabilities(course, (1.0, 2.0)),
        ("sojourn",): outcomes.sojourn,
        ("passage", 1, (2.0,)): lambda course: outcomes.passage(course, np.array([1]), (2.0,)),
        ("mean_passage", 1): lambda course: outcomes.mean_passage(course, np.array([1])),
    }
    for name, plain in asked.items():
        for one, other in zip(fit.interval(*name, n=50), fit.interval(plain, n=50), strict=True):
            np.testing.assert_array_equal(one, other)
    with pytest.raises(UsageError, match="did you mean sojourn"):
        fit.interval("sojurn")
    with pytest.raises(UsageError, match="'passage', to, times"):
        fit.interval("passage", 1)


def test_visits_need_times_and_states(followed):
    """Ids alone are neither visits nor a cohort, and a cohort needs no times."""
    with pytest.raises(UsageError, match="id, time and state"):
        sd.fit_generator([1, 2])
    with pytest.raises(UsageError, match="own times and states"):
        sd.fit_generator(followed, [1, 2])


def test_an_uncertain_last_state_needs_stocks():
    """Somebody last seen alive, in a state not known, cannot be put into a stock."""
    fit = fit_generator(
        [1, 1, 1, 2, 2, 2],
        [0, 1, 2, 0, 1, 2],
        ["a", "b", "b", "a", "a", "?"],
        censored={"?": ["a", "b"]},
        allowed=[("a", "b")],
    )
    with pytest.raises(UsageError, match="give `start`"):
        fit.project(2)
    assert fit.project(1, start=[2, 0]).table()


def test_prevalence_of_a_cohort_and_of_its_fit(followed):
    """One question for both: people add up at every step, and each says what it needs."""
    steps = sd.prevalence(followed).rows()
    present = followed.steps.stocks[0].sum()
    for step in range(13):
        people = [(row["observed"], row["expected"]) for row in steps if row["step"] == step]
        assert [sum(column) for column in zip(*people, strict=True)] == pytest.approx([present, present])
    fit = sd.fit_generator(id=[1, 1, 2, 2], time=[0, 1, 0, 1], state=[1, 2, 1, 1], allowed=[(1, 2)])
    assert sd.prevalence(fit, [1])["observed"] == (1, 1)
    with pytest.raises(sd.UsageError, match="say when"):
        sd.prevalence(fit)
    with pytest.raises(sd.UsageError, match="without times"):
        sd.prevalence(followed, [1])
