"""State occupation: the variance that is meant, codes for censored, questions, hazards, pictures, and its size."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import singledisease as sd
from singledisease.multistate import size
from singledisease.multistate.histories.histories import histories
from singledisease.multistate.occupation.aalen_johansen import occupation

START = [0, 4, 0, 3, 0, 0, 2]
STOP = [4, 9, 3, 5, 7, 6, 8]
STATE = ["well", "ill", "well", "ill", "well", "well", "well"]
THEN = ["ill", "dead", "ill", "well", "dead", None, "ill"]
WHO = [1, 1, 2, 2, 3, 4, 5]
STAYS = {"start": START, "stop": STOP, "from_state": STATE, "to_state": THEN, "id": WHO}
VILLAGE = [1, 1, 1, 1, 2, 2, 2]


# THE VARIANCE


def test_clusters_and_weights_make_the_jackknife_the_default():
    """Greenwood's variance knows of neither: where one is given the default is the jackknife."""
    weights = np.linspace(1, 2, 7)
    assert sd.aalen_johansen(**STAYS).variance == "greenwood"
    for more in ({"cluster": VILLAGE}, {"weights": weights}):
        fit = sd.aalen_johansen(**STAYS, **more)
        assert fit.variance == "jackknife"
        np.testing.assert_array_equal(
            fit.covariance, sd.aalen_johansen(**STAYS, **more, variance="jackknife").covariance
        )
        assert sd.cumulative_incidence(**STAYS, **more, into=["ill"]).variance == "jackknife"
        assert sd.time_in_states(**STAYS, **more, until=6).variance == "jackknife"
    whole, apart = (sd.time_in_states(**STAYS, until=6, **more) for more in ({"cluster": VILLAGE}, {}))
    assert not np.allclose(whole.covariance, apart.covariance)


@pytest.mark.parametrize("kind", ["greenwood", "aalen"])
def test_what_a_model_variance_leaves_out_is_said(kind):
    """Asked for by name it is given, with what it knows nothing of."""
    fit = sd.aalen_johansen(**STAYS, cluster=VILLAGE, variance=kind)
    assert fit.variance == kind
    assert any(f"the {kind} variance leaves out of account that people of one cluster" in note for note in fit.notes)
    time = sd.time_in_states(**STAYS, weights=np.ones(7), until=6, variance=kind)
    assert time.notes == (
        f"the {kind} variance leaves out of account that weights are no numbers of people; "
        "variance='jackknife' does not",
    )
    assert time.notes[0] in str(time)
    assert not any("leaves out" in note for note in sd.aalen_johansen(**STAYS, variance=kind).notes)


def test_the_full_covariance_of_weighted_people_has_to_be_named():
    """It is a model variance: with weights the default is none, and one of the two has to be named."""
    with pytest.raises(sd.UsageError, match="is greenwood or aalen, not 'jackknife'"):
        sd.aalen_johansen(**STAYS, weights=np.ones(7), full=True)
    assert sd.aalen_johansen(**STAYS, weights=np.ones(7), full=True, variance="aalen").transition_error.shape[0] == 6


def test_unknown_kinds_of_variance():
    """A kind that there is not is refused with those that there are."""
    with pytest.raises(sd.UsageError, match="expected one of auto, greenwood, aalen, jackknife"):
        sd.aalen_johansen(**STAYS, variance="robust")


# CODES FOR CENSORED


@pytest.mark.parametrize("zero", [0, "0"])
def test_zero_among_codes_of_causes_is_named(zero):
    """Where people only ever enter 0, beside other states, it is taken for a forgotten code of a censored time."""
    causes = [zero, type(zero)(1), type(zero)(2)]
    fit = sd.aalen_johansen([0] * 3, [1, 2, 3], [type(zero)(9)] * 3, causes)
    (note,) = [note for note in fit.notes if "competes" in note]
    assert note.startswith(f"{zero!r} is a state here")
    assert "competing_risks" in note
    assert any("competes" in note for note in sd.time_in_states([0] * 3, [1, 2, 3], [9] * 3, [0, 1, 2], until=2).notes)
    assert any("competes" in note for note in sd.person_time([0] * 3, [1, 2, 3], [9] * 3, [0, 1, 2]).notes)


@pytest.mark.parametrize(
    ("state", "then"), [([0, 0, 0], [1, 2, None]), ([9, 9, 9], [0, None, 0]), ([0, 1, 1], [1, 0, 0])]
)
def test_zero_that_is_a_state_is_not_named(state, then):
    """Where people are in 0, or nothing else is entered, it is a state like any other."""
    assert not any("competes" in note for note in sd.aalen_johansen([0] * 3, [1, 2, 3], state, then).notes)


# QUESTIONS


def test_a_state_by_name():
    """``fit[state]`` is the curve of one state, with its error and limits."""
    fit = sd.aalen_johansen(**STAYS)
    ill = fit["ill"]
    assert ill.probability.tolist() == fit.probability[:, fit.states.index("ill")].tolist()
    np.testing.assert_array_equal(ill.interval(0.9)[0], fit.interval(0.9)[0][:, fit.states.index("ill")])
    assert len(ill.table()) == len(fit.times)
    assert ill.table().rows()[0]["probability"] == ill.probability[0]
    with pytest.raises(sd.UsageError, match="did you mean ill"):
        fit["il"]
    bare = sd.aalen_johansen(**STAYS, variance=None)["ill"]
    assert bare.table()["standard_error"] == (None,) * len(fit.times)


def test_probabilities_at_any_time():
    """A probability holds from one event to the next; before the first it is that of the start."""
    fit = sd.aalen_johansen(**STAYS)
    assert fit["well"].at([0, 2.5, 3, 3.9]).tolist() == [1.0, 1.0, *fit["well"].probability[[0, 0]].tolist()]
    found = fit.at([0, 3.5])
    assert found["state"] == ("dead", "ill", "well") * 2
    assert found["probability"][3:] == tuple(fit.probability[0])
    assert found["ci_low"][:3] == (None,) * 3
    assert [None if x is None else round(x, 12) for x in found["ci_high"][3:]] == [
        None if np.isnan(x) else round(x, 12) for x in fit.interval()[1][0]
    ]


def test_times_at_which_nothing_is_known():
    """Before the start, after the last observation of who has not arrived, and between times named in ``at``."""
    fit = sd.aalen_johansen([0, 0, 1], [4, 6, 9], ["well"] * 3, ["ill", None, None], since=1)
    with pytest.raises(sd.UsageError, match="0 is before 1, where the curve starts"):
        fit["ill"].at(0)
    with pytest.raises(sd.UsageError, match="not known at 10: nobody was observed after 9"):
        fit.at(10)
    some = sd.aalen_johansen(**STAYS, at=[3, 5])
    assert some["ill"].at([0, 3, 5]).tolist() == [0.0, *some["ill"].probability.tolist()]
    with pytest.raises(sd.UsageError, match="the curve was not computed at 4"):
        some.at(4)
    arrived = sd.aalen_johansen([0, 0], [1, 2], ["well"] * 2, ["dead"] * 2)
    assert arrived["dead"].at(99).tolist() == [1.0]


def test_questions_about_dates():
    """Of dates the times asked for are dates, or their texts."""
    days = [dt.date(2024, 1, day) for day in (1, 5, 9)]
    fit = sd.aalen_johansen([days[0]] * 2, days[1:], ["well"] * 2, ["ill", None])
    assert fit["ill"].at(["2024-01-04", "2024-01-05"]).tolist() == [0.0, 0.5]
    assert fit.at(days[1])["time"] == (days[1],) * 2
    with pytest.raises(sd.UsageError, match="nobody was observed after 2024-01-09"):
        fit.at("2024-02-01")


# DATES AND TIMES OF DAY


def test_times_of_day_come_back():
    """What was given with a time of day comes back with it, what was given as a day as a day."""
    moments = [dt.datetime(2024, 1, 1, 6), dt.datetime(2024, 1, 1, 18, 30), dt.datetime(2024, 1, 3)]
    for given in (moments, pd.Series(moments), np.array(moments, dtype="datetime64[ns]"), [str(m) for m in moments]):
        start, stop = (given[[0, 0]], given[[1, 2]]) if isinstance(given, np.ndarray) else ([given[0]] * 2, given[1:])
        fit = sd.aalen_johansen(start, stop, ["well"] * 2, ["ill", "ill"])
        assert fit.table()["time"] == (moments[1],) * 2 + (moments[2],) * 2
        assert "2024-01-01 18:30:00  ill" in str(fit)
    days = [moment.date() for moment in moments[1:]]
    assert sd.aalen_johansen([dt.date(2023, 1, 1)] * 2, days, ["a"] * 2, ["b"] * 2).table()["time"][0] == days[0]


def test_times_of_day_in_other_results():
    """Grids, durations, survival and faults hold times of day as well."""
    six, noon = dt.datetime(2024, 1, 1, 6), dt.datetime(2024, 1, 1, 12)
    grid = sd.state_on_grid([1], [six], ["red"], [six, noon], carry_days=0.25)
    assert grid.grid.tolist() == [six, noon]
    assert grid.stocks.tolist() == [[1, 0], [1, 0]]
    assert sd.state_on_grid([1], [six.date()], ["red"], [six.date()], carry_days=1).grid.tolist() == [six.date()]
    stays = histories([six, noon], [noon, noon + dt.timedelta(1)], ["a", "b"], ["b", None], id=[1, 1])
    assert sd.sojourns(stays, "b").table()["began"] == (noon,)
    assert stays.table()["stop"] == (noon, noon + dt.timedelta(1))
    assert sd.kaplan_meier([noon], [True], entry=[six]).table()["time"] == (noon,)
    with pytest.raises(sd.DataError, match="a from 2024-01-01 12:00:00 to 2024-01-01 06:00:00 ends before"):
        histories([noon], [six], ["a"], [None])


# CUMULATIVE HAZARDS


def numerically(of, kind):
    """Return the sum of squares of the derivatives of cumulative hazards by the weight of each person (or cluster)."""
    total, step = 0.0, 1e-6
    for one in np.unique(of):
        hazards = []
        for sign in (-1, 1):
            weights = np.where(np.array(of) == one, 1 + sign * step, 1.0)
            hazards.append(sd.aalen_johansen(**STAYS, weights=weights, hazards=True, variance=None).cumulative_hazard)
        total = total + ((hazards[1] - hazards[0]) / (2 * step)) ** 2
    return total


def test_cumulative_hazards():
    """Nelson–Aalen, with three kinds of variance; the jackknife is the derivative by the weight of each person."""
    fit = sd.aalen_johansen(**STAYS, hazards=True, variance="aalen")
    ill, well = fit.states.index("ill"), fit.states.index("well")
    # From well to ill: 1 of 5 at 3, 1 of 4 at 4, and 1 of 1 at 8.
    assert fit.cumulative_hazard[-1, well, ill] == pytest.approx(1 / 5 + 1 / 4 + 1)
    assert fit.hazard_variance[-1, well, ill] == pytest.approx(1 / 25 + 1 / 16 + 1)
    green = sd.aalen_johansen(**STAYS, hazards=True)
    assert green.hazard_variance[-1, well, ill] == pytest.approx(4 / 125 + 3 / 64 + 0)
    robust = sd.aalen_johansen(**STAYS, hazards=True, variance="jackknife")
    np.testing.assert_allclose(robust.hazard_variance, numerically(WHO, "person"), atol=1e-8)
    villages = sd.aalen_johansen(**STAYS, hazards=True, cluster=VILLAGE)
    np.testing.assert_allclose(villages.hazard_variance, numerically(VILLAGE, "village"), atol=1e-8)


def test_cumulative_hazards_as_a_table():
    """One row per time and transition that was seen, with limits on the log scale; refused if not asked for."""
    fit = sd.aalen_johansen(**STAYS, hazards=True)
    table = fit.hazards()
    assert {(row["from"], row["to"]) for row in table} == {
        ("well", "ill"),
        ("well", "dead"),
        ("ill", "well"),
        ("ill", "dead"),
    }
    last = [row for row in table if (row["from"], row["to"]) == ("well", "ill")][1]
    assert last["ci_low"] * last["ci_high"] == pytest.approx(last["hazard"] ** 2)
    bare = sd.aalen_johansen(**STAYS, hazards=True, variance=None).hazards()
    assert bare["standard_error"] == (None,) * len(bare)
    with pytest.raises(sd.UsageError, match="ask for hazards=True"):
        sd.aalen_johansen(**STAYS).hazards()


# PICTURES


def test_pictures_of_states():
    """All states that anybody is in, or those asked for, on the axes given; the unit is said where it is known."""
    axes = Figure().subplots()
    fit = sd.aalen_johansen(**STAYS)
    assert fit.plot(axes) is axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["dead", "ill", "well"]
    assert axes.get_xlabel() == ""
    one = Figure().subplots()
    fit["ill"].plot(one, level=None)
    assert (one.get_ylabel(), len(one.collections), one.get_legend()) == ("probability of ill", 0, None)
    two = Figure().subplots()
    fit.plot(two, states=["ill", "dead"])
    assert len(two.lines) == 2


def test_pictures_on_the_current_axes():
    """Without axes the current ones of matplotlib are drawn on."""
    code = (
        "import matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt; import singledisease as sd;"
        "axes = sd.kaplan_meier([1, 2], [1, 0]).plot(); assert axes is plt.gca() and axes.lines"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pictures_without_matplotlib(monkeypatch):
    """Without axes and without matplotlib the extra that installs it is named."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(sd.MissingExtraError, match=r"singledisease\[report\]"):
        sd.aalen_johansen(**STAYS).plot()


# SIZE


def test_a_covariance_that_would_not_fit_is_refused_before_it_is_made(monkeypatch):
    """The size is said, and the way out: fewer times."""
    monkeypatch.setattr(size, "MOST", 3000)
    stays = histories(**STAYS)
    with pytest.raises(sd.UsageError, match="would hold 6 x 3 x 3 x 3 x 3 numbers and take 3,888 bytes; name fewer"):
        occupation(stays, full=True)
    assert occupation(stays, full=True, at=[3, 5]).transition_covariance.shape[0] == 2


def test_sizes_are_said_in_gibibytes():
    """Twelve states at a million times take 155 GiB; that is said at once."""
    with pytest.raises(sd.UsageError, match=r"take 154\.5 GiB; name fewer"):
        size.refuse_too_large("the covariance", (1_000_000, 12, 12, 12, 12), "name fewer times")
