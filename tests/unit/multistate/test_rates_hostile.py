"""Hostile visits: each is fitted or refused with person and rows, and none ends in anything else."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from singledisease.errors import DataError, DefinitionError, UsageError
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results.resampled import bootstrap, profile_interval
from singledisease.testing.panels import simulate_panel

PATHS = [("w", "i"), ("i", "w"), ("w", "d"), ("i", "d")]
TWO = {"id": [1, 1, 2, 2], "time": [0, 1, 0, 1], "state": ["w", "i", "w", "w"], "allowed": PATHS}
DAYS = ["2020-01-01", "2020-03-01", "2020-01-01", "2020-02-01"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"id": [1, 2, 3, 4]}, "nobody has two visits"),
        ({"time": [0, 0, 0, 1]}, "person 1, rows 0 and 1: a second visit at one time: w at 0, then i at 0"),
        ({"state": ["w", "w", "d", "d"], "death": "exact"}, "person 2, rows 2 and 3: a visit after an absorbing state"),
        ({"state": ["w", None, "w", "i"]}, "person 1, rows 0 and 1: no state"),
        ({"state": np.array([np.nan] * 4), "allowed": [(0, 1)]}, "person 1, row 0: no state"),
        (
            {"state": ["d", "w", "w", "i"]},
            "rows 0 and 1: a visit after an absorbing state: d at 0, then w at 1",
        ),
        ({"id": [1, None, 2, 2]}, "id must be known at every visit; rows \\[1\\]"),
        ({"id": np.array([1, np.nan, 2, 2])}, "id must be known"),
        ({"id": [1, 1, 2]}, "differ in length: 3, 4, 4"),
        ({"time": [0, np.nan, 0, 1]}, "rows \\[1\\] lack it"),
        ({"time": [0, np.inf, 0, 1]}, "rows \\[1\\] lack it"),
        ({"time": [dt.date(2020, 1, 1), None, dt.date(2020, 1, 1), dt.date(2020, 2, 1)]}, "rows \\[1\\] lack it"),
        ({"time": ["2020-01-01", "2020-13-01", "", "soon"]}, "row 1: '2020-13-01' is not a date"),
        ({"time": ["2020-01-01", "", "2020-01-01", "2020-02-01"]}, "rows \\[1\\] lack it"),
        ({"time": [True, False, True, False]}, "numbers or dates"),
        ({"time": ["2020", "2021", "2020", "2021"]}, "row 0: '2020' is not a date"),
        ({"time": ["0", "31", "0", "31"]}, "numbers that came as texts have to be made numbers first"),
        ({"time": [dt.datetime(2020, 1, d, tzinfo=dt.UTC) for d in (1, 2, 1, 2)]}, "time zone"),
        ({"time": pd.Series(DAYS).astype("datetime64[ns, Asia/Shanghai]")}, "time zone"),
        ({"time": pl.Series(DAYS).str.to_datetime(time_zone="Asia/Shanghai")}, "time zone"),
        ({"time": [0, 0, 0, 1], "death": "d"}, "of a visit and an entry into d, the entry"),
        (
            {"state": ["well", "ill", "well", "well"], "allowed": [("wel", "ill"), ("ill", "wel")]},
            "nobody is ever seen in 'wel': did you mean well",
        ),
        ({"states": ["w", "d"], "allowed": [("w", "d")]}, "known: w, d; name it among `states`"),
        ({"covariates": {"z": [1, 2, None, 3]}}, "person 2, row 2: z is missing"),
        ({"covariates": {"z": [1, 2, np.inf, 3]}}, "person 2, row 2: z is missing"),
        ({"covariates": {"z": [1, 2]}}, "one value per visit"),
    ],
)
def test_visits_that_are_refused(change, match):
    """What cannot be is refused with the person, the rows and the values."""
    with pytest.raises(DataError, match=match):
        fit_generator(**{**TWO, **change})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"covariates": {"z": [1, 1, 1, 1]}}, DefinitionError),
        ({"state": [1, 2, 1, 1], "allowed": [(1, "b")]}, DefinitionError),
        ({"state": [1, "b", 1, 1], "allowed": [(1, "b")]}, DataError),
    ],
)
def test_models_that_are_refused(change, error):
    """A covariate that never differs and states of two kinds are no definition, labels of two kinds no data."""
    with pytest.raises(error):
        fit_generator(**{**TWO, **change})


def test_columns_that_act_on_nothing_known():
    """Dates, columns of more texts than could act, and what is neither a mapping nor a dataframe are refused."""
    days = np.array(DAYS, dtype="datetime64[D]")
    for dates in (days, days.astype(object)):
        with pytest.raises(DefinitionError, match="z holds dates"):
            fit_generator(**TWO, covariates={"z": dates})
    many = {"id": np.repeat(range(60), 2), "time": [0, 1] * 60, "state": ["w", "i"] * 60, "allowed": PATHS}
    with pytest.raises(DefinitionError, match="z has 120 different values such as 'a0'"):
        fit_generator(**many, covariates={"z": [f"a{i}" for i in range(120)]})
    with pytest.raises(UsageError, match="covariates: name → one value per visit, or a dataframe, not list"):
        fit_generator(**TWO, covariates=[1, 2, 3, 4])


def test_columns_of_a_dataframe():
    """Columns may come as a dataframe; a category chooses the level that the others are compared with."""
    panel = simulate_panel([[0.0, 0.4], [0.2, 0.0]], 30, [0, 1, 2, 3], seed=1)
    sex = pd.Series(pd.Categorical(np.where(panel.id % 2, "m", "f"), categories=["m", "x", "f"]))
    number = np.array([None if i == len(panel.id) - 1 else i % 3 for i in range(len(panel.id))], dtype=object)
    frame = pd.DataFrame({"sex": sex, "number": number})
    fit = fit_generator(**panel.arguments(), covariates=frame)
    assert fit.plan.rates.terms == ("sex=f", "number")
    for one in (pl.DataFrame({"sex": sex.astype(str), "number": number.tolist()}), dict(frame)):
        again = fit_generator(**panel.arguments(), covariates=one)
        assert again.deviance == pytest.approx(fit.deviance, abs=1e-8)


def test_states_in_the_order_of_their_category():
    """A categorical column chooses the order of the states; a category that nobody is in is none of them."""
    state = pd.Categorical(["w", "i", "w", "d"], categories=["w", "z", "i", "d"])
    fit = fit_generator(TWO["id"], TWO["time"], state, allowed=PATHS)
    assert fit.states == ("w", "i", "d")
    square = fit_generator(TWO["id"], TWO["time"], state, allowed=[[0, 1, 1], [1, 0, 1], [0, 0, 0]])
    table = pd.DataFrame([[0, 1, 1], [1, 0, 1], [0, 0, 0]], columns=["w", "i", "d"])
    named = fit_generator(TWO["id"], TWO["time"], ["w", "i", "w", "d"], allowed=table)
    one = fit_generator(TWO["id"], TWO["time"], state, allowed={"w": "i", "i": ["w", "d"]})
    assert square.visits.space.allowed == fit.visits.space.allowed
    assert {(named.states[a], named.states[b]) for a, b in named.visits.space.allowed} == set(PATHS)
    assert len(one.visits.space.allowed) == 3
    with pytest.raises(DefinitionError, match="pairs \\(from, to\\), a mapping"):
        fit_generator(**{**TWO, "allowed": [("w", "i", "d")]})
    with pytest.raises(UsageError, match="'w' twice"):
        fit_generator(**TWO, states=["w", "i", "d", "w"])


def test_an_effect_on_one_transition():
    """One transition need not stand in a list."""
    panel = simulate_panel([[0.0, 0.4], [0.2, 0.0]], 30, [0, 1, 2, 3], seed=1)
    visits = {**panel.arguments(), "covariates": {"odd": panel.id % 2}}
    one = fit_generator(**visits, effects={"odd": (0, 1)})
    assert list(one.parameters) == ["0 → 1", "1 → 0", "odd on 0 → 1"]


@pytest.mark.parametrize(
    "time",
    [
        DAYS,
        [d.replace("-", "") for d in DAYS],
        [f"{d} 10:30" for d in DAYS],
        np.array(DAYS, dtype="datetime64[ns]"),
        [dt.datetime.fromisoformat(d) for d in DAYS],
    ],
)
def test_dates_of_any_kind(time):
    """Texts, timestamps and dates are the same days."""
    fit = fit_generator(**{**TWO, "time": time, "allowed": [("w", "i")]})
    plain = fit_generator(**{**TWO, "time": [0, 60, 0, 31], "allowed": [("w", "i")]})
    assert fit.deviance == pytest.approx(plain.deviance, rel=1e-12)
    assert fit.unit == "day"


def test_nothing_but_censored_visits():
    """If no state is ever known nothing is identified, and all of it is named."""
    fit = fit_generator(**{**TWO, "state": ["?"] * 4}, censored={"?": ["w", "i"]})
    assert {u.name for u in fit.unidentified} == {"i → d", "i → w", "w → d", "w → i"}


def test_a_covariate_that_separates():
    """Where only those with the covariate ever move, its effect has no maximum and is named."""
    state = np.ravel([("w", "i" if k % 4 == 1 else "w") for k in range(40)])
    z = np.repeat(np.arange(40) % 2, 2)
    fit = fit_generator(np.repeat(np.arange(40), 2), [0, 1] * 40, state, allowed=[("w", "i")], covariates={"z": z})
    named = {u.name: u for u in fit.unidentified}
    assert named["z on w → i"].drift == "without bound"
    assert named["z on w → i"].visits == 10
    assert str(named["w → i"]).startswith("w → i not identified: ")
    assert named["w → i"].remedy == "it is that of z on w → i"


def test_a_stiff_chain():
    """Rates from 1e-3 to 1e3 side by side are fitted, and at the true rates the likelihood is no higher."""
    q = np.array([[0, 1e3, 1e-6], [1.0, 0, 1e-3], [0, 0, 0]])
    panel = simulate_panel(q, 300, np.arange(6) * 0.5, seed=1, exact=True)
    fit = fit_generator(**panel.arguments(), death="exact")
    true = fit_generator(**panel.arguments(), death="exact", start=q, fixed=True)
    assert fit.converged
    assert fit.deviance < true.deviance
    assert {u.name for u in fit.unidentified} >= {"0 → 2"}


def test_nearly_equal_rates():
    """Rates equal but for the last binary digit, where difference quotients fail, give what equal ones give."""
    q = np.array([[0, 0.3, 0], [0, 0, 0.3 * (1 + 2**-52)], [0, 0, 0]])
    panel = simulate_panel(q, 200, np.arange(6) * 0.5, seed=1)
    near = fit_generator(**panel.arguments(), start=q, fixed=True)
    even = fit_generator(**panel.arguments(), start={(0, 1): 0.3, (1, 2): 0.3}, fixed=True)
    assert near.deviance == pytest.approx(even.deviance, rel=1e-13)
    assert np.abs(near.maximum.slope - even.maximum.slope).max() < 1e-9


def test_progress_is_told_what_is_done():
    """A fit, a profile and a bootstrap tell how much is done of how much, and end with all of it."""
    panel = simulate_panel([[0, 0.5], [0, 0]], 60, [0, 1, 2], seed=1)
    told = []

    def tell(done, total):
        told.append((done, total))

    fit = fit_generator(**panel.arguments(), progress=tell)
    assert told[-1][0] == told[-1][1]
    assert all(done <= total for done, total in told)
    told.clear()
    profile_interval(fit, "0 → 1", progress=tell)
    assert told == [(1, 2), (2, 2)]
    told.clear()
    bootstrap(fit, n=3, progress=tell)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_times_of_day_count():
    """A visit at six and one at noon are a quarter of a day apart; days stay days, and questions may be either."""
    six, noon = dt.datetime(2024, 1, 1, 6), dt.datetime(2024, 1, 1, 12)
    when = [six, noon, six, noon]
    for given in (when, np.array(when, dtype="datetime64[ns]"), [str(one) for one in when]):
        fit = fit_generator([1, 1, 2, 2], given, ["a", "b", "a", "a"], allowed=[("a", "b")])
        assert fit.rates[0, 1] == pytest.approx(4 * np.log(2))
    fine = fit_generator(
        [1, 1, 2, 2],
        [six, noon + dt.timedelta(microseconds=7)] * 2,
        ["a", "b", "a", "a"],
        allowed=[("a", "b")],
    )
    assert fine.visits.dated == "us"
    cut = fit_generator([1, 1, 1, 2, 2, 2], [six, noon, noon.replace(hour=18)] * 2, list("aabaab"), cuts=[noon])
    assert "[from 2024-01-01 12:00:00]" in str(cut.parameters)
    assert cut.q(at=dt.datetime(2024, 1, 1, 13)).shape == (2, 2)
    assert cut.q(at="2024-01-01 13:00").tolist() == cut.q(at=np.datetime64("2024-01-01T13")).tolist()
    with pytest.raises(DataError, match="a second visit at one time: a at 2024-01-01 06:00:00, then b"):
        fit_generator([1, 1, 1], [six, six, noon], ["a", "b", "b"], allowed=[("a", "b")])
    days = fit_generator([1, 1, 2, 2], [six.date(), dt.date(2024, 1, 3)] * 2, list("abaa"), allowed=[("a", "b")])
    assert days.visits.dated == "D"
    assert days.rates[0, 1] == pytest.approx(np.log(2) / 2)
