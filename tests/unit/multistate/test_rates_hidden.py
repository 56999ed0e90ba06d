"""Hidden states: errors in what is seen, against sums over all courses."""

from itertools import product

import numpy as np
import pytest
from scipy.linalg import expm

from singledisease.errors import UsageError
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results.most_likely_states import most_likely_states
from singledisease.multistate.rates.results.state_probabilities import state_probabilities
from singledisease.testing.panels import misread, simulate_panel

Q = np.array([[0.0, 0.25, 0.05], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
ERRORS = [(0, 1), (1, 0)]


def blurred(people=300, seed=1):
    """Give a panel in which a tenth of the living is seen in the other state, except at first, and its arguments."""
    panel = simulate_panel(Q, people, [0, 1, 2, 3, 5, 7], seed=seed, exact=True)
    wrong = (np.random.default_rng(seed).random(len(panel.id)) < 0.1) & (panel.state < 2) & (panel.time > 0)
    return panel, {**panel.arguments(), "state": np.where(wrong, 1 - panel.state, panel.state)}


PANEL, SEEN = blurred()
FIT = fit_generator(**SEEN, death="exact", misclassification=ERRORS)


def courses(fit, time, seen, start):
    """Give the likelihood of every course of true states of one person, by course."""
    q, e = fit.rates, fit.errors
    steps = [expm(q * length) for length in np.diff(time)]
    out = {}
    for path in product(range(3), repeat=len(seen)):
        p = start[path[0]] if fit.initial is None else start[path[0]] * e[path[0], seen[0]]
        for k in range(1, len(seen)):
            step = steps[k - 1][path[k - 1]]
            if seen[k] == 2:
                p *= step @ (q[:, 2] * [1, 1, 0]) if path[k] == 2 else 0.0
            else:
                p *= step[path[k]] * e[path[k], seen[k]]
        out[path] = p
    return out


def each_person(fit, given, start_of, people):
    """Give (rows, likelihoods by course) of some people."""
    for who in people:
        rows = np.flatnonzero(given["id"] == who)
        seen = given["state"][rows]
        yield rows, courses(fit, given["time"][rows], seen, start_of(seen[0]))


def test_the_likelihood_is_a_sum_over_courses():
    """The scaled forward pass gives the sum over all true courses, the first visit being true."""
    few = {key: value[SEEN["id"] < 12] if isinstance(value, np.ndarray) else value for key, value in SEEN.items()}
    fit = fit_generator(**few, death="exact", misclassification=ERRORS)
    total = sum(
        np.log(sum(by_course.values())) for _, by_course in each_person(fit, few, lambda s: np.eye(3)[s], range(12))
    )
    assert fit.log_likelihood == pytest.approx(total, abs=1e-10)


@pytest.mark.parametrize("initial", [[0.8, 0.2, 0.0], {0: 0.8, 1: 0.2}, "estimated"])
def test_the_first_state_may_be_hidden(initial):
    """With a distribution of the first state, given or estimated, it is summed over too."""
    few = {key: value[SEEN["id"] < 12] if isinstance(value, np.ndarray) else value for key, value in SEEN.items()}
    fit = fit_generator(**few, death="exact", misclassification=ERRORS, initial=initial)
    start = fit.initial
    total = sum(np.log(sum(by_course.values())) for _, by_course in each_person(fit, few, lambda _: start, range(12)))
    assert fit.log_likelihood == pytest.approx(total, abs=1e-10)


def test_errors_are_found_again():
    """Simulated errors and rates are inside their intervals, and ignoring the errors fits worse."""
    rows = {row["parameter"]: row for row in FIT.table(level=0.999)}
    for (a, b), truth in {(0, 1): 0.25, (1, 0): 0.1, (0, 2): 0.05, (1, 2): 0.2}.items():
        row = rows[f"{a} → {b}"]
        assert row["ci_low"] < truth < row["ci_high"]
    assert FIT.errors[0, 1] == pytest.approx(0.1, abs=0.04)
    assert FIT.errors.sum(1) == pytest.approx([1, 1, 1])
    plain = fit_generator(**SEEN, death="exact")
    assert plain.deviance > FIT.deviance + 20


def test_certain_visits():
    """If every visit shows the true state, errors have nothing to say and the rates are those without them."""
    sure = np.ones(len(PANEL.id), dtype=bool)
    hidden = fit_generator(**PANEL.arguments(), death="exact", misclassification=[(0, 1)], certain=sure)
    plain = fit_generator(**PANEL.arguments(), death="exact")
    assert hidden.deviance == pytest.approx(plain.deviance, abs=1e-8)
    assert [u.name for u in hidden.unidentified] == ["0 seen as 1"]


def test_the_most_likely_course():
    """Viterbi's course is the best of all courses of each person, deaths counting with their density."""
    found = most_likely_states(FIT)
    for rows, by_course in each_person(FIT, SEEN, lambda s: np.eye(3)[s], range(40)):
        assert by_course[tuple(found[rows].tolist())] == pytest.approx(max(by_course.values()), rel=1e-9)
    assert (found != PANEL.state).mean() < (SEEN["state"] != PANEL.state).mean()


def test_the_most_likely_course_in_the_order_given():
    """Shuffled rows get their own states back."""
    order = np.random.default_rng(0).permutation(len(PANEL.id))
    shuffled = fit_generator(
        SEEN["id"][order],
        SEEN["time"][order],
        SEEN["state"][order],
        allowed=PANEL.allowed,
        death="exact",
        misclassification=ERRORS,
    )
    assert (most_likely_states(shuffled) == most_likely_states(FIT)[order]).all()


def test_arguments_that_need_hidden_states():
    """``initial`` and ``certain`` without errors, and a distribution that is none, are refused."""
    with pytest.raises(UsageError, match="hidden"):
        fit_generator(**PANEL.arguments(), initial="observed")
    for wrong in ("guessed", [0.5, 0.6, 0.0], [1.0]):
        with pytest.raises(UsageError, match="initial"):
            fit_generator(**SEEN, misclassification=ERRORS, initial=wrong)


# PROBABILITIES OF STATES, AND LIMITS OF ERRORS


def smoothed(by_course, length):
    """Return the probability of each state at each visit: the courses with it there, of all courses."""
    total, found = sum(by_course.values()), np.zeros((length, 3))
    for path, chance in by_course.items():
        found[range(length), path] += chance / total
    return found


@pytest.mark.parametrize("options", [{}, {"initial": [0.8, 0.2, 0.0]}, {"initial": "estimated"}])
def test_state_probabilities_are_sums_over_courses(options):
    """The probability of a state at a visit is that of all courses that are in it then, given what was seen."""
    few = {key: value[SEEN["id"] < 12] if isinstance(value, np.ndarray) else value for key, value in SEEN.items()}
    fit = fit_generator(**few, death="exact", misclassification=ERRORS, **options)
    found = state_probabilities(fit)
    assert found.sum(1) == pytest.approx(np.ones(len(found)))
    start = (lambda seen: np.eye(3)[seen]) if fit.initial is None else lambda _: fit.initial
    for rows, by_course in each_person(fit, few, start, range(12)):
        np.testing.assert_allclose(found[rows], smoothed(by_course, len(rows)), atol=1e-10)


def test_state_probabilities_in_any_order_of_rows():
    """Rows come back as they were given, and agree with the most likely states where these are all but certain."""
    order = np.random.default_rng(1).permutation(len(SEEN["id"]))
    given = {key: value[order] if isinstance(value, np.ndarray) else value for key, value in SEEN.items()}
    turned = fit_generator(**given, death="exact", misclassification=ERRORS)
    np.testing.assert_allclose(state_probabilities(turned), state_probabilities(FIT)[order], atol=1e-6)
    sure = state_probabilities(FIT).max(1) > 0.99
    assert sure.any()
    assert (state_probabilities(FIT).argmax(1)[sure] == most_likely_states(FIT)[sure]).all()


def test_state_probabilities_without_errors():
    """What is seen is certain; a label that may stand for several states is not, one seen once least of all."""
    seen = np.array(["a", "?", "b", "a", "a", "?"], dtype=object)
    fit = fit_generator([1, 1, 1, 2, 2, 3], [0, 1, 2, 0, 3, 0], seen, allowed=[("a", "b")], censored={"?": ["a", "b"]})
    found = state_probabilities(fit)
    assert found[[0, 2, 3, 4]].tolist() == [[1, 0], [0, 1], [1, 0], [1, 0]]
    rate = fit.rates[0, 1]
    stays = np.exp(-rate) * (1 - np.exp(-rate)), 1 - np.exp(-rate)
    assert found[1] == pytest.approx(np.array(stays) / sum(stays))
    assert found[5].tolist() == [0.5, 0.5]


def test_limits_of_errors_are_probabilities():
    """With one error out of a state its limits are those of its logit; what is seen right has the other side."""
    low, high = FIT.error_interval()
    index = [parameter.kind for parameter in FIT.layout.parameters].index("error")
    logit, width = FIT.maximum.theta[index], 1.959963984540054 * np.sqrt(FIT.covariance[index, index])
    assert (low[0, 1], high[0, 1]) == pytest.approx(tuple(1 / (1 + np.exp(-(logit + s * width))) for s in (-1, 1)))
    assert (low[0, 0], high[0, 0]) == pytest.approx((1 - high[0, 1], 1 - low[0, 1]))
    assert (low[2].tolist(), high[2].tolist()) == ([0, 0, 1], [0, 0, 1])
    table = FIT.error_table()
    assert [(row["true"], row["seen"]) for row in table] == [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")]
    assert table["ci_low"][1] == low[0, 1]
    assert str(table) in str(FIT)


def test_limits_of_several_errors_agree_with_draws():
    """With several errors out of a state, and covariates of them, limits are near those of draws of the parameters."""
    rng = np.random.default_rng(4)
    panel = simulate_panel(np.array([[0, 0.3, 0.1], [0.2, 0, 0.3], [0.1, 0.2, 0]]), 400, np.arange(8) / 4, seed=4)
    blur = np.array([[0.75, 0.15, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    z = rng.normal(size=len(panel.id))
    seen = misread(panel, blur, seed=4)
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    fit = fit_generator(
        **{**panel.arguments(), "state": seen},
        misclassification=pairs,
        misclassification_covariates={"z": z},
        misclassification_effects={"z": "shared"},
    )
    drawn = np.array(
        [
            fit.layout.misclassification_model.probabilities(theta, fit.plan.errors.centred({"z": 1.0})[None])[0]
            for theta in fit.drawn(4000, 1)
        ]
    )
    for found, expected in zip(fit.error_interval({"z": 1.0}), np.quantile(drawn, (0.025, 0.975), axis=0), strict=True):
        np.testing.assert_allclose(found, expected, atol=0.02)


def test_limits_of_an_error_that_is_fixed():
    """What is fixed has no width."""
    few = {key: value[SEEN["id"] < 12] if isinstance(value, np.ndarray) else value for key, value in SEEN.items()}
    fit = fit_generator(**few, death="exact", misclassification=ERRORS, fixed=["0 seen as 1"])
    low, high = fit.error_interval()
    assert low[0, 1] == pytest.approx(fit.errors[0, 1])
    assert high[0, 1] == pytest.approx(fit.errors[0, 1])
