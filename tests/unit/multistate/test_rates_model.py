"""What a model of visits may say: values given, parameters that are one, errors by covariates, exact times."""

import numpy as np
import pytest
from scipy.linalg import expm

from singledisease.errors import DataError, DefinitionError, UsageError
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results.compare import prevalence
from singledisease.multistate.rates.results.resampled import bootstrap, profile_interval
from singledisease.multistate.rates.search.crude_rates import crude, start_of
from singledisease.testing.panels import simulate_panel

Q = np.array([[0.0, 0.25, 0.05], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
PANEL = simulate_panel(Q, 300, [0, 1, 2, 4, 7], seed=1, exact=True)
GIVEN = {**PANEL.arguments(), "death": "exact"}
Z = np.random.default_rng(2).normal(size=len(PANEL.id))
ERRORS = [(0, 1), (1, 0)]
SURE = PANEL.id > 1


def test_a_given_generator_is_only_valued():
    """With every parameter fixed the likelihood is that of the values given, and no parameter counts as estimated."""
    fit = fit_generator(**GIVEN, start=Q, fixed=True)
    left = np.flatnonzero(PANEL.id[1:] == PANEL.id[:-1])
    q = fit.rates
    total = 0.0
    for i in left:
        p = expm(q * (PANEL.time[i + 1] - PANEL.time[i]))[PANEL.state[i]]
        total += np.log(p @ (q[:, 2] * [1, 1, 0]) if PANEL.state[i + 1] == 2 else p[PANEL.state[i + 1]])
    assert fit.log_likelihood == pytest.approx(total, rel=1e-13)
    assert fit.rates[0, 1] == pytest.approx(0.25, rel=1e-15)
    assert (fit.degrees, fit.converged, fit.unidentified) == (0, True, ())
    assert {row["note"] for row in fit.table()} == {"fixed / 固定"}
    assert np.abs(fit.draws(3, 1) - fit.rates).max() == 0


def test_one_fixed_rate():
    """A fixed rate stays, has no limits, and the others find their maximum around it."""
    fit = fit_generator(**GIVEN, start={(0, 1): 0.25, "z on 0 → 2": 2.0}, fixed=[(0, 1)], covariates={"z": Z})
    assert fit.rates[0, 1] == pytest.approx(0.25, rel=1e-15)
    free = fit_generator(**GIVEN, covariates={"z": Z})
    assert (free.degrees, fit.degrees) == (8, 7)
    low, high = profile_interval(free, "0 → 1", level=0.9)
    rise = fit_generator(**GIVEN, start={(0, 1): low}, fixed=["0 → 1"], covariates={"z": Z}).deviance - free.deviance
    assert rise == pytest.approx(2.705543454095404, abs=1e-5)
    assert low < free.rates[0, 1] < high
    with pytest.raises(UsageError, match="fixed"):
        profile_interval(fit, "0 → 1")
    drawn = bootstrap(fit, n=3)
    assert np.ptp(drawn.theta[:, 0]) == 0


def test_another_start_finds_the_same_maximum():
    """From far away the search ends in the same place; a start outside the usual bounds is taken."""
    fit = fit_generator(**GIVEN)
    far = fit_generator(**GIVEN, start={(0, 1): 3.0, (1, 0): 0.001})
    assert far.deviance == pytest.approx(fit.deviance, abs=1e-8)
    edge = fit_generator(**GIVEN, start={(0, 1): 1e-20}, fixed=["0 → 1"])
    assert edge.rates[0, 1] == pytest.approx(1e-20)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"start": {"0 → 7": 1.0}}, "no parameter"),
        ({"start": {(0, 0): 1.0}}, "no parameter"),
        ({"start": {(0, 1): -1.0}}, "above 0"),
        ({"start": {(0, 1): np.nan}}, "above 0"),
        ({"start": np.ones((2, 2))}, "table of rates"),
        ({"fixed": ["zz"]}, "no parameter"),
        ({"fixed": "0 → 1"}, "list of names"),
        ({"effects": {"y": "shared"}, "covariates": {"z": Z}}, "no covariate"),
        ({"effects": {"z": "all"}, "covariates": {"z": Z}}, '"shared"'),
        ({"misclassification_covariates": {"z": Z}}, "give `misclassification`"),
    ],
)
def test_values_that_fit_nothing(wrong, match):
    """A start, a fixed name or an effect that concerns no parameter is refused."""
    with pytest.raises(UsageError, match=match):
        fit_generator(**GIVEN, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"equal": [[(0, 1), (2, 1)]]},
        {"equal": [[(0, 1), (1, 0)], [(0, 1), (1, 2)]]},
        {"equal": [7]},
        {"equal": [[]]},
        {"equal": [[({}, []), (0, 1)]]},
        {"effects": {"z": [(0, 1), (7, 1)]}, "covariates": {"z": Z}},
    ],
)
def test_transitions_that_are_none(wrong):
    """Pairs that are no transition, or named twice, are refused."""
    with pytest.raises(DefinitionError, match=r"allowed transitions|twice"):
        fit_generator(**GIVEN, **wrong)


def test_equal_rates_and_effects():
    """What is equal has one parameter; the likelihood is that of both values given the same."""
    fit = fit_generator(
        **GIVEN,
        covariates={"z": Z},
        equal=[[(0, 1), (1, 2)]],
        effects={"z": [[(0, 2), (1, 2)], (0, 1)]},
    )
    assert list(fit.parameters) == ["0 → 1 = 1 → 2", "0 → 2", "1 → 0", "z on 0 → 2, 1 → 2", "z on 0 → 1"]
    assert fit.rates[0, 1] == fit.rates[1, 2]
    one, none = fit.q({"z": 1.0}), fit.q({"z": 0.0})
    assert one[0, 2] / none[0, 2] == pytest.approx(one[1, 2] / none[1, 2], rel=1e-14)
    assert one[1, 0] == none[1, 0]
    values = {name: np.exp(x) for name, x in fit.parameters.items()}
    split = {"0 → 1": values["0 → 1 = 1 → 2"], "1 → 2": values["0 → 1 = 1 → 2"], "0 → 2": values["0 → 2"]}
    split |= {"1 → 0": values["1 → 0"], "z on 0 → 1": values["z on 0 → 1"]}
    split |= dict.fromkeys(("z on 0 → 2", "z on 1 → 2"), values["z on 0 → 2, 1 → 2"])
    effects = {"z": [(0, 1), (0, 2), (1, 2)]}
    apart = fit_generator(**GIVEN, covariates={"z": Z}, effects=effects, start=split, fixed=True)
    assert apart.deviance == pytest.approx(fit.deviance, rel=1e-13)


def test_errors_that_depend_on_a_covariate():
    """Odds of an error are multiplied by exp(effect) per unit, at the visit itself; its mean is that of the rates."""
    rng = np.random.default_rng(5)
    sex = np.where(PANEL.id % 2 == 0, "f", "m")
    wrong = (rng.random(len(PANEL.id)) < np.where(sex == "m", 0.25, 0.08)) & (PANEL.state < 2) & (PANEL.time > 0)
    seen = {**GIVEN, "state": np.where(wrong, 1 - PANEL.state, PANEL.state)}
    fit = fit_generator(**seen, misclassification=ERRORS, misclassification_covariates={"sex": sex})
    assert fit.converged
    men, women = fit.error_probabilities({"sex": "m"}), fit.error_probabilities({"sex": "f"})
    odds = [(e[0, 1] / e[0, 0]) for e in (men, women)]
    assert odds[0] / odds[1] == pytest.approx(np.exp(fit.parameters["sex=m on 0 seen as 1"]), rel=1e-10)
    assert men[0, 1] > 1.5 * women[0, 1]
    mean = (sex[np.append(PANEL.id[1:] == PANEL.id[:-1], False)] == "m").mean()
    middle = odds[1] * np.exp(fit.parameters["sex=m on 0 seen as 1"] * mean)
    assert fit.errors[0, 1] / fit.errors[0, 0] == pytest.approx(middle, rel=1e-10)
    plain = fit_generator(**seen, misclassification=ERRORS)
    assert fit.deviance < plain.deviance - 3.84
    shared = fit_generator(
        **seen,
        misclassification=ERRORS,
        misclassification_covariates={"sex": sex},
        misclassification_effects={"sex": "shared"},
        misclassification_equal=[ERRORS],
    )
    assert list(shared.parameters)[-2:] == ["0 seen as 1 = 1 seen as 0", "sex=m on all"]
    assert fit.deviance <= shared.deviance + 1e-8
    assert sum(row["expected"] for row in prevalence(fit, [2.0])) == pytest.approx(300)
    rows = {row["parameter"]: row["what"] for row in fit.table()}
    assert (rows["0 seen as 1"], rows["sex=m on 0 seen as 1"]) == ("odds", "odds ratio")


def test_covariates_of_errors_are_asked_where_errors_happen():
    """They may be missing at the first visit, which is true, and at death; elsewhere person and row are named."""
    y = np.where((PANEL.time == 0) | (PANEL.state == 2), np.nan, Z)
    hidden = {**GIVEN, "misclassification": ERRORS}
    fit_generator(**hidden, misclassification_covariates={"y": y}, start={(0, 1): 0.2}, fixed=True)
    y[1] = np.nan
    with pytest.raises(DataError, match="person 0, row 1: y is missing"):
        fit_generator(**hidden, misclassification_covariates={"y": y})


def test_errors_of_which_nothing_is_known_by_covariate():
    """An effect on an error that never shows is named, with its way out."""
    fit = fit_generator(**GIVEN, misclassification=[(0, 1)], misclassification_covariates={"z": Z}, certain=SURE)
    named = {u.name: u for u in fit.unidentified}
    assert "misclassification_effects" in str(named["z on 0 seen as 1"])


def test_a_course_seen_without_gaps():
    """With exact times the estimate is moves over person-time, and the likelihood that of a life table."""
    who, time = [1, 1, 1, 2, 2, 3, 3], [0.0, 2.0, 3.5, 0.0, 4.0, 0.0, 1.0]
    fit = fit_generator(who, time, ["w", "i", "d", "w", "d", "w", "w"], **PATHS, exact_times=True)
    assert fit.rates[0] == pytest.approx([-2 / 7, 1 / 7, 1 / 7], rel=1e-9)
    assert fit.rates[1, 2] == pytest.approx(1 / 1.5, rel=1e-9)
    assert fit.log_likelihood == pytest.approx(2 * np.log(1 / 7) - 2 + np.log(1 / 1.5) - 1, rel=1e-12)
    assert fit.transitions[("w", "i")] == pytest.approx(1.0)
    dead = fit_generator(who, time, ["w", "i", "d", "w", "d", "w", "w"], **PATHS, exact_times=True, death="exact")
    assert dead.deviance == pytest.approx(fit.deviance, rel=1e-12)


PATHS = {"allowed": [("w", "i"), ("i", "d"), ("w", "d")], "states": ["w", "i", "d"]}


def test_some_times_are_exact():
    """A watched interval may lie between others, over a cut too: staying over the cut, moving at the end."""
    flags = np.array([False, True, False, False, True])
    fit = fit_generator(
        [1, 1, 1, 2, 2],
        [0.0, 2.0, 3.5, 0.0, 4.0],
        ["w", "i", "d", "w", "i"],
        **PATHS,
        exact_times=flags,
        cuts=[3],
    )
    early, late = fit.q(at=0), fit.q(at=3)
    total = 2 * early[0, 0] + np.log(early[0, 1]) + np.log((expm(early) @ expm(late * 0.5))[1, 2])
    total += 3 * early[0, 0] + late[0, 0] + np.log(late[0, 1])
    assert fit.log_likelihood == pytest.approx(total, rel=1e-9)


def test_exact_times_that_cannot_be():
    """A watched step over two transitions is refused by name, and so are flags that are none."""
    with pytest.raises(DataError, match="person 1, rows 0 and 1"):
        fit_generator([1, 1], [0, 1], ["a", "c"], allowed=[("a", "b"), ("b", "c")], exact_times=True)
    for flags in ([0, 1], [True]):
        with pytest.raises(DataError, match="exact_times"):
            fit_generator([1, 1], [0, 1], ["a", "b"], allowed=[("a", "b")], exact_times=flags)


def test_a_known_visit_in_the_middle_ends_what_came_before():
    """Where the first state has a distribution, it counts once per person, also if later visits show the truth."""
    seen, sure = [0, 1, 0, 0, 1], np.array([False, False, True, False, False])
    fit = fit_generator(
        [1, 1, 1, 1, 1],
        [0.0, 1.0, 2.0, 3.0, 4.0],
        seen,
        allowed=[(0, 1), (1, 0)],
        misclassification=ERRORS,
        initial=[0.8, 0.2],
        certain=sure,
        start={(0, 1): 0.3, (1, 0): 0.4, "0 seen as 1": 0.2, "1 seen as 0": 0.1},
        fixed=True,
    )
    p, e = expm(fit.rates), fit.errors
    share = np.array([0.8, 0.2]) * e[:, 0]
    for label, known in zip(seen[1:], sure[1:], strict=True):
        share = (share @ p) * (np.eye(2)[label] if known else e[:, label])
    assert fit.log_likelihood == pytest.approx(np.log(share.sum()), rel=1e-12)
    lone = fit_generator(
        [1, 1, 2], [0.0, 1.0, 0.0], [0, 1, 0], allowed=[(0, 1)], misclassification=[(0, 1)], initial=[0.8, 0.2],
        certain=[True] * 3, start={(0, 1): 0.3, "0 seen as 1": 0.2}, fixed=True,
    )  # fmt: skip
    assert lone.log_likelihood == pytest.approx(2 * np.log(0.8) + np.log(-np.expm1(-0.3)), rel=1e-12)


def test_times_far_from_zero_keep_their_precision():
    """Times like 2019.25 lose nothing: their differences are used as they are."""
    time = [2019.25, 2019.35, 2018.0, 2018.1]
    fit = fit_generator([1, 1, 2, 2], time, [0, 1, 0, 0], allowed=[(0, 1)], start={(0, 1): 2.0}, fixed=True)
    one, other = 2019.35 - 2019.25, 2018.1 - 2018.0
    assert fit.log_likelihood == pytest.approx(np.log(-np.expm1(-2 * one)) - 2 * other, rel=1e-11)


def test_the_search_starts_from_the_rates_of_each_period():
    """With cuts the search starts from each period's own crude rates; beside given values, from ratios of 1."""
    panel = simulate_panel([[0.0, 0.4], [0.0, 0.0]], 40, [0, 1, 2, 3, 4], seed=1)
    visits = {**panel.arguments(), "cuts": [2.0]}
    fit = fit_generator(**visits)
    moves, spent = crude(fit.visits, fit.plan.cuts)
    assert moves.sum(0) == pytest.approx(crude(fit.visits, np.empty(0))[0][0])
    over = (panel.id[1:] == panel.id[:-1]) & (panel.state[1:] > panel.state[:-1])
    assert moves[:, 0, 1].tolist() == [(over & (panel.time[:-1] < 2)).sum(), (over & (panel.time[:-1] >= 2)).sum()]
    logs = start_of(fit.layout, moves, spent)
    pooled = (moves[:, 0, 1].sum() + 0.5) / (spent[:, 0].sum() + 0.5 * spent.sum() / moves[:, 0, 1].sum())
    each = (moves[:, 0, 1] + 0.5) / (spent[:, 0] + 0.5 / pooled)
    assert logs == pytest.approx([np.log(each[0]), np.log(each[1] / each[0])])
    assert start_of(fit.layout, moves, spent, apart=False) == pytest.approx([np.log(pooled), 0.0])
    unsure = {**visits, "state": np.full(len(panel.id), 9), "censored": {9: [0, 1]}}
    nobody = fit_generator(**unsure, start={(0, 1): 0.4}, fixed=True)
    spans = crude(nobody.visits, nobody.plan.cuts)[1]
    assert (spans.sum(0) == crude(nobody.visits, np.empty(0))[1][0]).all()
    held = fit_generator(**visits, fixed=["[from 2] on 0 → 1"])
    assert held.parameters["[from 2] on 0 → 1"] == 0.0
