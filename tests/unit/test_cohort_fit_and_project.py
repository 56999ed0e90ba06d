"""From a cohort to a generator to a projection, as in the contract: ``fit_generator(cohort).project(24)``."""

from __future__ import annotations

import pytest

import singledisease as sd
from singledisease.cohort.fit import fit_generator
from singledisease.errors import UsageError


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


def test_visits_need_times_and_states():
    """Ids alone are neither visits nor a cohort."""
    with pytest.raises(UsageError, match="id, time and state"):
        sd.fit_generator([1, 2])


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
