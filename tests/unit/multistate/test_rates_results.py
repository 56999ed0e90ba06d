"""What a fitted generator gives: intervals, passage, sojourn, comparison, resampling."""

import math

import numpy as np
import pytest
from scipy.linalg import expm

from singledisease.errors import UsageError
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results import outcomes
from singledisease.multistate.rates.results.compare import likelihood_ratio, prevalence
from singledisease.multistate.rates.results.outcomes import PiecewiseGenerator
from singledisease.multistate.rates.results.resampled import bootstrap, profile_interval
from singledisease.multistate.scenarios.changes import Change
from singledisease.testing.panels import simulate_panel

Q = np.array([[0.0, 0.25, 0.05], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
PANEL = simulate_panel(Q, 400, [0, 1, 2, 4, 7], seed=1, exact=True)
FIT = fit_generator(**PANEL.arguments(), death="exact")
TWO = PiecewiseGenerator(np.stack([FIT.rates, FIT.rates * [[3.0], [0.5], [1.0]]]), np.array([0.0, 2.0]))


def simpson(values, step):
    """Integrate equally spaced values, an odd number of them."""
    weights = np.full(len(values), 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    return np.tensordot(weights, values, axes=1) * step / 3


def test_progressive_closed_form():
    """With equal intervals and one transition the rate is -log(1 - share), with the binomial's information."""
    n, moved = 50, 13
    fit = fit_generator(
        np.repeat(np.arange(n), 2),
        np.tile([0, 2], n),
        np.ravel([(0, int(i < moved)) for i in range(n)]),
        allowed=[(0, 1)],
    )
    p = moved / n
    assert fit.rates[0, 1] == pytest.approx(-np.log1p(-p) / 2, rel=1e-12)
    slope = (1 - p) * 2 * fit.rates[0, 1]
    assert fit.covariance[0, 0] == pytest.approx(p * (1 - p) / n / slope**2, rel=1e-7)


def test_profile_limits_lie_on_the_contour():
    """At a profile limit the likelihood has fallen by half the quantile of χ², in the one-rate case to its formula."""
    n, moved = 50, 13
    fit = fit_generator(
        np.repeat(np.arange(n), 2),
        np.tile([0, 2], n),
        np.ravel([(0, int(i < moved)) for i in range(n)]),
        allowed=[(0, 1)],
    )
    for limit in profile_interval(fit, "0 → 1"):
        p = -np.expm1(-2 * limit)
        fall = fit.log_likelihood - (moved * np.log(p) + (n - moved) * np.log1p(-p))
        assert 2 * fall == pytest.approx(3.841458820694124, abs=1e-5)


def test_profile_and_wald_agree_where_much_is_known():
    """On hundreds of people both intervals are within a few per cent of each other."""
    rows = {row["parameter"]: row for row in FIT.table()}
    for name, row in rows.items():
        low, high = profile_interval(FIT, name)
        assert low == pytest.approx(row["ci_low"], rel=0.05)
        assert high == pytest.approx(row["ci_high"], rel=0.05)


def test_profile_of_a_rate_that_runs_to_zero_is_open_below():
    """A rate that nothing speaks for has a limit above and none below."""
    states = ["a", "b", "a", "a", *["b", "b"] * 20]
    fit = fit_generator(np.repeat(np.arange(22), 2), [0, 1] * 22, states, allowed=[("a", "b"), ("b", "a")])
    low, high = profile_interval(fit, "b → a")
    assert low == 0.0
    assert 0.1 < high < 100
    assert "b → a" in {u.name for u in fit.unidentified}


def test_what_is_not_identified_is_named():
    """A rate without visits has no limits, is named with the number of visits, and refuses draws."""
    fit = fit_generator(**{**PANEL.arguments(), "allowed": [*PANEL.allowed, (0, 3), (3, 2)], "states": range(4)})
    by_name = {u.name: u for u in fit.unidentified}
    assert set(by_name) == {"0 → 3", "3 → 2"}
    assert by_name["0 → 3"].drift == "to zero"
    row = next(r for r in fit.table() if r["parameter"] in by_name)
    assert row["ci_low"] is None
    assert "informative visits" in row["note"]
    with pytest.raises(UsageError, match="not identified"):
        fit.draws(10, 1)


def test_probabilities_follow_the_changes():
    """P over a change of rates is the product of both exponentials."""
    expected = expm(TWO.generators[0] * 2) @ expm(TWO.generators[1] * 3)
    found = outcomes.probabilities(TWO, [1.0, 2.0, 5.0])
    assert np.abs(found[2] - expected).max() < 1e-13
    assert np.abs(found[0] - expm(TWO.generators[0])).max() < 1e-13


def test_times_in_states_are_integrals_of_probabilities():
    """Total time is the integral of P, across a change too."""
    parts = [np.linspace(0, 2, 201), np.linspace(2, 5, 301)]
    total = sum(simpson(outcomes.probabilities(TWO, part), part[1] - part[0]) for part in parts)
    assert np.abs(outcomes.time_in_states(TWO, [5.0])[0] - total).max() < 1e-9


def test_sojourn_and_next_state():
    """Without changes they are 1/rate and the shares of the rates; with them they follow the changes."""
    q = FIT.rates
    assert FIT.sojourn()[:2] == pytest.approx(-1 / np.diag(q)[:2])
    assert FIT.sojourn()[2] == np.inf
    assert FIT.next_state()[0, 1] == pytest.approx(-q[0, 1] / q[0, 0])
    stays = np.linspace(0, 2, 2001)
    first, last = -TWO.generators[0, 0, 0], -TWO.generators[1, 0, 0]
    mean = simpson(np.exp(-first * stays), 0.001) + np.exp(-2 * first) / last
    assert outcomes.sojourn(TWO)[0] == pytest.approx(mean, rel=1e-10)
    assert outcomes.next_state(TWO)[:2].sum(1) == pytest.approx([1, 1])


def test_first_passage():
    """Its mean is the integral of not having got there, and infinite where death may come first."""
    t = np.linspace(0, 400, 40001)
    parts = (t[t <= 2], t[t >= 2])
    missing = sum(simpson(1 - outcomes.passage(TWO, np.array([2]), part)[:, 0], 0.01) for part in parts)
    assert outcomes.mean_passage(TWO, np.array([2]))[0] == pytest.approx(missing, rel=1e-8)
    assert FIT.mean_passage(1).tolist() == [np.inf, 0.0, np.inf]
    assert FIT.passage(1, [1e6])[0, 0] == pytest.approx(FIT.rates[0, 1] / -FIT.rates[0, 0])


def test_likelihood_ratio():
    """The fall of -2 log L is chi-squared; with one degree of freedom p is that of a normal deviate."""
    small = fit_generator(**{**PANEL.arguments(), "allowed": [(0, 1), (1, 0), (1, 2)]})
    large = fit_generator(**PANEL.arguments())
    test = likelihood_ratio(small, large)
    assert test.degrees == 1
    assert test.statistic == pytest.approx(small.deviance - large.deviance)
    assert test.p == pytest.approx(math.erfc(math.sqrt(test.statistic / 2)), rel=1e-10)


@pytest.mark.parametrize("change", ["unit", "visits", "order"])
def test_fits_that_cannot_be_compared(change):
    """Other units of time, other visits, and the larger fit first are refused."""
    other = {
        "unit": lambda: fit_generator(**{**PANEL.arguments(), "time": PANEL.time * 12}, death="exact", cuts=[24.0]),
        "visits": lambda: fit_generator(
            PANEL.id[:-40], PANEL.time[:-40], PANEL.state[:-40], allowed=PANEL.allowed, death="exact"
        ),
        "order": lambda: fit_generator(**{**PANEL.arguments(), "allowed": [(0, 1), (1, 0), (1, 2)]}, death="exact"),
    }[change]()
    with pytest.raises(UsageError):
        likelihood_ratio(FIT, other)


def test_prevalence_is_that_of_the_model():
    """Before anybody drops out, expected and observed agree within sampling error and add up to the people."""
    table = prevalence(FIT, [0.0, 2.0, 7.0])
    for t in (0.0, 2.0, 7.0):
        rows = [row for row in table if row["time"] == t]
        assert sum(row["observed"] for row in rows) == rows[0]["at_risk"] == 400
        assert sum(row["expected"] for row in rows) == pytest.approx(400)
        for row in rows:
            p = row["expected_share"]
            assert abs(row["observed_share"] - p) <= 4 * np.sqrt(p * (1 - p) / 400) + 1e-12


def test_prevalence_follows_covariates_and_cuts():
    """Expected numbers use each person's own covariates and the rates of their own time."""
    sex = np.where(PANEL.id % 3 == 0, "f", "m")
    fit = fit_generator(**PANEL.arguments(), death="exact", covariates={"sex": sex}, cuts=[3.0])
    share = np.mean(np.arange(400) % 3 == 0)
    each = [fit.probabilities([5.0], {"sex": s}, start=0.0)[0, 0] for s in "fm"]
    expected = 400 * (share * each[0] + (1 - share) * each[1])
    assert [row["expected"] for row in prevalence(fit, [5.0])] == pytest.approx(expected)


def test_draws():
    """Draws of the log rates have the mean and the covariance of the fit, and intervals come from them."""
    logs = np.log(FIT.draws(20000, seed=3)[:, [0, 0, 1, 1], [1, 2, 0, 2]])
    assert np.abs(logs.mean(0) - FIT.maximum.theta).max() < 0.02
    assert np.allclose(np.cov(logs.T), FIT.covariance, atol=0.003)
    low, high = FIT.interval(lambda course: outcomes.probabilities(course, [1.0, 5.0]))
    p = FIT.probabilities([1.0, 5.0])
    assert low.shape == p.shape
    assert (low[:, 0] < p[:, 0]).all()
    assert (p[:, 0] < high[:, 0]).all()


def test_bootstrap_resamples_people():
    """The spread over resampled people is near the standard error; every replicate is counted."""
    drawn = bootstrap(FIT, n=60, seed=5)
    assert len(drawn.theta) + drawn.failed == 60
    assert drawn.failed <= 3
    ratio = drawn.theta.std(0) / np.sqrt(np.diag(FIT.covariance))
    assert ((ratio > 0.7) & (ratio < 1.4)).all()
    low, high = drawn.interval(outcomes.sojourn)
    assert (low[:2] < FIT.sojourn()[:2]).all()
    assert (FIT.sojourn()[:2] < high[:2]).all()


def test_expected_transitions():
    """At the maximum the expected transitions equal each rate times the expected time at risk."""
    deaths = sum(n for (_, target), n in FIT.transitions.items() if target == 2)
    assert deaths == pytest.approx(int((PANEL.state == 2).sum()), rel=1e-9)


def test_coverage():
    """Simulated and refitted, the 95 % intervals of each rate hold the truth nearly 19 times out of 20."""
    held = np.zeros(4)
    for seed in range(100):
        panel = simulate_panel(Q, 150, [0, 1, 2, 4, 7], seed=1000 + seed, exact=True)
        rows = fit_generator(**panel.arguments(), death="exact").table()
        held += [row["ci_low"] <= Q[a, b] <= row["ci_high"] for row, (a, b) in zip(rows, panel.allowed, strict=True)]
    assert (held >= 88).all()
    assert held.sum() <= 396


def test_text():
    """A fit prints its rates, -2 log L and the unit of time it depends on."""
    text = str(FIT)
    assert "0 → 1" in text
    assert "-2 log L" in text
    assert "time in unit of time" in text
    assert text.endswith(f"4 parameters; 400 people, {len(PANEL.id)} visits")


def test_people_seen_once_are_counted():
    """Who was seen once only tells nothing of a transition; the fit says how many that are."""
    fit = fit_generator([1, 1, 2, 3], [0, 1, 0, 0], [0, 1, 0, 1], allowed=[(0, 1)])
    assert str(fit).endswith("1 parameter; 3 people, 4 visits, 2 seen once only")


def test_profile_limits_of_rates_that_compete():
    """At its limit a rate that hardly shows raises −2 log L by just so much, wherever the search looked first."""
    q = np.zeros((5, 5))
    q[[0, 0, 1, 1, 2, 2, 3], [1, 4, 2, 4, 3, 4, 4]] = [0.025, 0.0006, 0.056, 0.0014, 0.127, 0.02, 0.038]
    visits = {**simulate_panel(q, 60, np.arange(0, 121, 12), seed=1, exact=True).arguments(), "death": "exact"}
    fit = fit_generator(**visits)
    low, high = profile_interval(fit, "2 → 4")
    at_limit = fit_generator(**visits, start={"2 → 4": high}, fixed=["2 → 4"])
    assert low == 0
    assert at_limit.deviance - fit.deviance == pytest.approx(3.841458821, abs=1e-4)


def test_covariates_that_say_the_same():
    """Of two covariates one of which follows from the other, each effect names the one that it cannot be told from."""
    x = np.random.default_rng(1).normal(size=len(PANEL.id))
    fit = fit_generator(**PANEL.arguments(), death="exact", covariates={"x": x, "y": 2 * x + 1})
    notes = {one.name: one.note for one in fit.unidentified}
    assert notes["x on 0 → 1"].endswith("it cannot be told from y on 0 → 1: leave one of them out")
    assert len(notes) == 8


def test_levels_that_are_none():
    """A level in per cent, and a bootstrap of nobody, are refused; one change need not stand in a list."""
    for ask in (FIT.table, lambda level: FIT.interval("sojourn", level=level), FIT.project(1).interval):
        with pytest.raises(UsageError, match="level=95"):
            ask(level=95)
    with pytest.raises(UsageError, match="level=95"):
        profile_interval(FIT, "0 → 1", level=95)
    with pytest.raises(UsageError, match="at least 1 sample"):
        bootstrap(FIT, n=0)
    half = Change(source=0, target=1, factor=0.5)
    one, several = (FIT.project(2, changes=changes).stocks for changes in (half, [half]))
    assert (one == several).all()
