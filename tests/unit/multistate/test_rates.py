"""Fitting a chain to visits: the likelihood against hand-written sums, and what is refused."""

import datetime as dt

import numpy as np
import pytest
from scipy.linalg import expm

from singledisease.definitions.pathway import Pathway, State, Transition
from singledisease.errors import DataError, DefinitionError, UsageError
from singledisease.multistate.rates.fit import fit_generator
from singledisease.testing.panels import simulate_panel

Q = np.array([[0.0, 0.25, 0.05], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
VISITS = {
    "id": [1, 1, 1, 2, 2, 2, 3, 3, 3, 3],
    "time": [0.0, 1.5, 4.0, 0.0, 2.0, 3.5, 1.0, 2.0, 2.5, 6.0],
    "state": ["w", "i", "d", "w", "w", "i", "i", "w", "i", "d"],
    "allowed": [("w", "i"), ("i", "w"), ("w", "d"), ("i", "d")],
    "states": ["w", "i", "d"],
}


def by_hand(fit, rows, start, emission):
    """Add up the likelihood of one person by plain matrix products; ``rows`` are (length, label)."""
    share = np.array(start, dtype=float)
    for length, label in rows:
        share = (share @ expm(fit.rates * length)) * emission(label)
    return np.log(share.sum())


def unit(*codes):
    """Give 1 for each code of three."""
    return np.isin(np.arange(3), codes).astype(float)


def test_a_visit_in_a_state():
    """Without exact deaths each pair of visits contributes log P_ij(t)."""
    fit = fit_generator(**VISITS)
    seen = {"w": unit(0), "i": unit(1), "d": unit(2)}.__getitem__
    total = by_hand(fit, [(1.5, "i"), (2.5, "d")], unit(0), seen)
    total += by_hand(fit, [(2, "w"), (1.5, "i")], unit(0), seen)
    total += by_hand(fit, [(1, "w"), (0.5, "i"), (3.5, "d")], unit(1), seen)
    assert fit.log_likelihood == pytest.approx(total, abs=1e-11)


def test_an_exact_death():
    """A death at a known time contributes log Σ_k P_ik(t) q_kD, whether named or called exact."""
    fit = fit_generator(**VISITS, death="exact")
    q = fit.rates

    def seen(label):
        return {"w": unit(0), "i": unit(1), "d": q[:, 2] * [1, 1, 0]}[label]

    total = by_hand(fit, [(1.5, "i"), (2.5, "d")], unit(0), seen)
    total += by_hand(fit, [(2, "w"), (1.5, "i")], unit(0), seen)
    total += by_hand(fit, [(1, "w"), (0.5, "i"), (3.5, "d")], unit(1), seen)
    assert fit.log_likelihood == pytest.approx(total, abs=1e-11)
    assert fit_generator(**VISITS, death="d").deviance == pytest.approx(fit.deviance, abs=1e-9)


def test_the_deviance_shifts_with_the_unit():
    """In another unit of time -2 log L moves by 2 log(factor) for each exact death, and by nothing without."""
    scaled = {**VISITS, "time": np.array(VISITS["time"]) * 12}
    shift = fit_generator(**scaled, death="exact").deviance - fit_generator(**VISITS, death="exact").deviance
    assert shift == pytest.approx(2 * 2 * np.log(12), abs=1e-8)
    assert fit_generator(**scaled).deviance == pytest.approx(fit_generator(**VISITS).deviance, abs=1e-8)


def test_a_censored_state():
    """A label that stands for several states is a sum over them, at the first visit with weight 1 each."""
    given = {**VISITS, "state": ["?", "i", "d", "w", "?", "i", "i", "w", "i", "?"]}
    fit = fit_generator(**given, censored={"?": ["w", "i"]})
    seen = {"w": unit(0), "i": unit(1), "d": unit(2), "?": unit(0, 1)}.__getitem__
    total = by_hand(fit, [(1.5, "i"), (2.5, "d")], unit(0, 1), seen)
    total += by_hand(fit, [(2, "?"), (1.5, "i")], unit(0), seen)
    total += by_hand(fit, [(1, "w"), (0.5, "i"), (3.5, "?")], unit(1), seen)
    assert fit.log_likelihood == pytest.approx(total, abs=1e-11)


def test_rates_that_change():
    """An interval across cuts is a product over the periods it touches."""
    panel = simulate_panel(Q, 60, [0.0, 0.5, 2.0, 4.0], seed=8)
    fit = fit_generator(**panel.arguments(), cuts=[1.0, 2.25])
    early, middle, late = (expm(fit.q(at=t) * span) for t, span in ((0.5, 0.5), (1.0, 1.0), (3.0, 1.75)))
    rest = expm(fit.q(at=1.0) * 0.25)
    steps = {0.0: early, 0.5: early @ middle, 2.0: rest @ late}
    total = sum(
        np.log(steps[panel.time[i]][panel.state[i], panel.state[i + 1]])
        for i in np.flatnonzero(panel.id[1:] == panel.id[:-1])
    )
    assert fit.log_likelihood == pytest.approx(total, abs=1e-9)
    whole = early @ early @ middle @ rest @ late
    assert np.abs(fit.probabilities([4.0], start=0.0)[0] - whole).max() < 1e-12


def test_results_need_a_time_where_rates_change():
    """Nothing is given of rates that change without saying when."""
    fit = fit_generator(**VISITS, cuts=[1.0])
    for ask in (lambda: fit.rates, lambda: fit.probabilities([1.0]), fit.sojourn, lambda: fit.draws(3, 1)):
        with pytest.raises(UsageError, match="rates change at"):
            ask()


def test_a_covariate_holds_from_the_left_visit_and_is_centred():
    """The rate is exp(log q + β (z - mean)), with z of the visit before and the mean over such visits."""
    z = np.array([0, 2, 99, 1, 0, 99, 0, 1, 3, 99.0])
    fit = fit_generator(**VISITS, covariates={"z": z}, effects={"z": [("w", "i")]})
    effect = fit.parameters["z on w → i"]
    mean = np.mean([0, 2, 1, 0, 0, 1, 3])
    assert fit.q({"z": 2})[0, 1] == pytest.approx(fit.rates[0, 1] * np.exp(effect * (2 - mean)), rel=1e-12)
    assert fit.q({"z": 2})[1, 0] == fit.rates[1, 0]
    total = sum(
        np.log(expm(fit.q({"z": value}) * length)[i, j])
        for value, length, i, j in [
            (0, 1.5, 0, 1),
            (2, 2.5, 1, 2),
            (1, 2, 0, 0),
            (0, 1.5, 0, 1),
            (0, 1, 1, 0),
            (1, 0.5, 0, 1),
            (3, 3.5, 1, 2),
        ]
    )
    assert fit.log_likelihood == pytest.approx(total, abs=1e-10)


def test_levels_of_a_text():
    """A text has an effect per level against the first; an unknown level or name is refused."""
    panel = simulate_panel(Q, 200, [0, 1, 2, 3], seed=4)
    ward = np.where(panel.id % 2 == 0, "a", "b")
    fit = fit_generator(**panel.arguments(), covariates={"ward": ward})
    halves = [
        fit_generator(
            panel.id[ward == w], panel.time[ward == w], panel.state[ward == w], allowed=panel.allowed, states=range(3)
        )
        for w in "ab"
    ]
    assert fit.deviance == pytest.approx(sum(half.deviance for half in halves), abs=1e-8)
    for w, half in zip("ab", halves, strict=True):
        assert np.abs(fit.q({"ward": w}) - half.rates).max() < 1e-6
    for wrong in ({"ward": "c"}, {"war": "a"}):
        with pytest.raises(UsageError):
            fit.q(wrong)


def test_dates_count_in_days():
    """Dates give rates per day, or per year if asked, and -2 log L without exact deaths is the same."""
    days = np.array([0, 400, 800, 0, 500, 900, 100, 300, 450, 1500])
    start = dt.date(2020, 1, 1)
    given = {**VISITS, "time": [start + dt.timedelta(days=int(d)) for d in days]}
    by_day, by_year = fit_generator(**given), fit_generator(**given, unit="year")
    plain = fit_generator(**{**VISITS, "time": days})
    assert np.allclose(by_day.rates, plain.rates, rtol=1e-7, atol=0)
    assert np.allclose(by_year.rates, by_day.rates * 365.25, rtol=1e-6, atol=0)
    assert by_year.deviance == pytest.approx(by_day.deviance, abs=1e-8)
    assert (by_day.unit, by_year.unit) == ("day", "year")


def test_cuts_in_dates():
    """Cuts of dates are dates, and so are the times asked for."""
    days = np.array([0, 400, 800, 0, 500, 900, 100, 300, 450, 1500])
    dates = np.datetime64("2020-01-01", "D") + days.astype("timedelta64[D]")
    dated = fit_generator(**{**VISITS, "time": dates}, cuts=[dt.date(2021, 1, 1)])
    plain = fit_generator(**{**VISITS, "time": days}, cuts=[366])
    assert dated.deviance == pytest.approx(plain.deviance, abs=1e-9)
    assert np.allclose(dated.q(at=dt.date(2021, 1, 1)), plain.q(at=366), rtol=1e-5, atol=1e-12)
    assert "[from 2021-01-01] on w → i" in dated.parameters
    assert np.allclose(dated.q(at="20210101"), dated.q(at=dt.date(2021, 1, 1)))
    assert fit_generator(**{**VISITS, "time": dates}, cuts="2021-01-01").deviance == dated.deviance
    for wrong in (366, "2021", np.datetime64("NaT")):
        with pytest.raises(UsageError, match="a date is needed"):
            dated.q(at=wrong)
    with pytest.raises(UsageError, match="2021-01-01; say at which time"):
        dated.q()
    with pytest.raises(UsageError, match="a number is needed, not '2021-01-01'"):
        plain.q(at="2021-01-01")


def test_times_with_noise_are_grouped():
    """Intervals that differ in the last binary digits only are one."""
    panel = simulate_panel(Q, 300, np.arange(0, 40) / 365.25, seed=2)
    assert len(fit_generator(**panel.arguments()).likelihood.plan.sequences.intervals.times) == 1


@pytest.mark.parametrize(
    ("change", "check", "where"),
    [
        ({"time": [0.0, 1.5, 1.5, 0.0, 2.0, 3.5, 1.0, 2.0, 2.5, 6.0]}, "same_time", "person 1, rows 1 and 2"),
        ({"state": ["w", "d", "i", "w", "w", "i", "i", "w", "i", "d"]}, "after_the_end", "person 1, rows 1 and 2"),
        ({"allowed": [("w", "i"), ("i", "d")]}, "impossible_jump", "person 3, rows 6 and 7"),
        ({"state": ["w", "", "d", "w", "w", "i", "i", "w", "i", "d"]}, "missing_state", "person 1, rows 0 and 1"),
        ({"state": ["w", "x", "d", "w", "w", "i", "i", "w", "i", "d"]}, "unknown_state", "person 1, rows 0 and 1"),
    ],
)
def test_visits_that_cannot_be_are_named(change, check, where):
    """A fault names the person and the rows."""
    with pytest.raises(DataError) as caught:
        fit_generator(**{**VISITS, **change})
    assert (caught.value.faults[0].check, caught.value.faults[0].where) == (check, where)


def test_a_death_without_a_path():
    """A death at a known time that no transition leads to names the patient."""
    with pytest.raises(DataError, match="person 1, rows 0 and 1") as caught:
        fit_generator([1, 1, 2, 2], [0, 3, 0, 2], ["w", "d", "w", "i"], allowed=[("w", "i"), ("x", "d")], death="d")
    assert caught.value.faults[0].check == "impossible_jump"


def test_censored_visits_impossible_together():
    """Pairs of visits that are possible but not in a row name the patient too."""
    with pytest.raises(DataError, match=r"person 7, rows 0, 1, 2"):
        fit_generator(
            [7, 7, 7, 8, 8],
            [0, 1, 2, 0, 1],
            ["a", "?", "c", "a", "b"],
            allowed=[("a", "b"), ("a", "d"), ("e", "c")],
            censored={"?": ["d", "e"]},
            states=["a", "b", "c", "d", "e"],
        )


def test_more_visits_in_an_absorbing_state():
    """Seeing an absorbing state again adds nothing, unless it is a death at a known time."""
    given = {"id": [1, 1, 1, 2, 2], "time": [0, 1, 2, 0, 3], "allowed": [("w", "i")]}
    once = fit_generator([1, 1, 2, 2], [0, 1, 0, 3], ["w", "i", "w", "w"], allowed=[("w", "i")])
    twice = fit_generator(**given, state=["w", "i", "i", "w", "w"])
    assert twice.deviance == pytest.approx(once.deviance, abs=1e-10)
    with pytest.raises(DataError, match="after_the_end"):
        fit_generator(**given, state=["w", "i", "i", "w", "w"], death="i")


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"allowed": [("w", "w"), ("w", "i"), ("i", "w"), ("i", "d"), ("w", "d")]}, "loop"),
        ({"allowed": [("w", "q")]}, "unknown_state"),
        ({"death": "i"}, "exact_not_absorbing"),
        ({"death": "exact", "misclassification": [("i", "d")]}, "exact_misclassified"),
        ({"censored": {"i": ["w", "d"]}}, "censored_is_state"),
        ({"censored": {"?": []}}, "censored_empty"),
        ({"allowed": []}, "no_transition"),
    ],
)
def test_models_that_cannot_be(change, check):
    """A model that makes no sense is refused by name."""
    with pytest.raises(DefinitionError) as caught:
        fit_generator(**{**VISITS, **change})
    assert check in {fault.check for fault in caught.value.faults}


@pytest.mark.parametrize("cuts", [[0.0], [6.0], [2.0, 1.0], [9.0]])
def test_cuts_lie_inside(cuts):
    """Cuts that do not ascend or lie outside the visits are refused."""
    with pytest.raises(DefinitionError, match="cuts"):
        fit_generator(**VISITS, cuts=cuts)


def test_a_missing_covariate_is_named():
    """A covariate must be known at visits that start an interval, and only there."""
    z = np.array([0, 2, np.nan, 1, 0, np.nan, 0, 1, 3, np.nan])
    fit_generator(**VISITS, covariates={"z": z}, effects={"z": "shared"})
    z[3] = np.nan
    with pytest.raises(DataError, match="person 2, row 3: z is missing"):
        fit_generator(**VISITS, covariates={"z": z})


@pytest.mark.parametrize(
    "allowed",
    [
        {"w": ["i", "d"], "i": ["w", "d"]},
        np.array([[0, 1, 1], [1, 0, 1], [0, 0, 0]]),
        [[0, 1, 1], [1, 0, 1], [0, 0, 0]],
        {("w", "i"), ("i", "w"), ("w", "d"), ("i", "d")},
    ],
)
def test_ways_to_say_what_is_allowed(allowed):
    """Pairs, a mapping and a table mean the same."""
    assert fit_generator(**{**VISITS, "allowed": allowed}).deviance == pytest.approx(
        fit_generator(**VISITS).deviance, abs=1e-9
    )


def test_nobody_seen_twice():
    """Visits of which nobody has two are refused."""
    with pytest.raises(DataError, match="nobody has two visits"):
        fit_generator([1, 2], [0, 1], [0, 1], allowed=[(0, 1)])


def test_the_transitions_of_a_pathway():
    """A pathway allows its own moves and death from everywhere, but nothing out of death."""
    names = {"zh": "态", "en": "state"}
    pathway = Pathway(
        initial="w",
        died="d",
        states=tuple(State(id=s, names=names, stage="s") for s in "wid"),
        signals=(),
        transitions=(
            Transition(sources=("w", "i"), signal="x", target="i"),
            Transition(sources=("i", "d"), signal="y", target="w"),
        ),
    )
    assert pathway.moves() == [("i", "d"), ("i", "w"), ("w", "d"), ("w", "i")]
    given = {**VISITS, "allowed": pathway}
    assert fit_generator(**given).deviance == pytest.approx(fit_generator(**VISITS).deviance, abs=1e-9)
