"""Kaplan–Meier: where it is refused, what is noted, groups, cumulative hazards, questions and pictures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.figure import Figure

import singledisease as sd

TIME = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
EVENT = [1] * 9 + [0] * 12
"""The 21 treated children of Freireich et al., Blood 1963;21:699–716 (weeks in remission)."""
UNTREATED = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_cumulative_hazard_of_a_published_example():
    """Nelson–Aalen of the treated children, by hand: 3/21 + 1/17 + 1/15 + 1/12 + 1/11 + 1/7 + 1/6."""
    fit = sd.kaplan_meier(TIME, EVENT)
    assert fit.cumulative_hazard[-1] == pytest.approx(3 / 21 + 1 / 17 + 1 / 15 + 1 / 12 + 1 / 11 + 1 / 7 + 1 / 6)
    squares = 3 / 21**2 + 1 / 17**2 + 1 / 15**2 + 1 / 12**2 + 1 / 11**2 + 1 / 7**2 + 1 / 6**2
    assert fit.hazard_error[-1] == pytest.approx(math.sqrt(squares))
    last = fit.hazards().rows()[-1]
    factor = math.exp(1.959963984540054 * last["standard_error"] / last["hazard"])
    assert (last["ci_low"], last["ci_high"]) == pytest.approx((last["hazard"] / factor, last["hazard"] * factor))


def test_questions_between_events():
    """The curve holds from one event to the next, is 1 before the first, and unknown after the last observation."""
    fit = sd.kaplan_meier(TIME, EVENT)
    found = fit.at([0, 5.9, 6, 21.9, 35])
    assert found["probability"] == pytest.approx((1, 1, 18 / 21, 0.627451, 0.4481793), abs=1e-6)
    assert found["standard_error"][0] == 0
    with pytest.raises(sd.UsageError, match="not known at 36: nobody was observed after 35"):
        fit.at(36)
    with pytest.raises(sd.UsageError, match="-1 is before 0"):
        fit.at(-1)
    assert sd.kaplan_meier([1, 2], [1, 1]).at(99)["probability"] == (0.0,)


def test_groups_in_one_call():
    """Each group has its curve; the test is the log-rank test of the two (Mantel's χ² of these data is 16.79)."""
    arms = ["6-MP"] * 21 + ["placebo"] * 21
    fit = sd.kaplan_meier(TIME + UNTREATED, EVENT + [1] * 21, group=arms)
    assert (list(fit), len(fit)) == (["6-MP", "placebo"], 2)
    np.testing.assert_array_equal(fit["6-MP"].probability, sd.kaplan_meier(TIME, EVENT).probability)
    assert fit.test.statistic == pytest.approx(16.79, abs=0.005)
    assert fit.at(10)["group"] == ("6-MP", "placebo")
    assert len(fit.table()) == 7 + 12
    assert "log-rank: chi² 16.79" in str(fit)
    with pytest.raises(sd.UsageError, match="did you mean placebo"):
        fit["placbo"]
    halves = sd.kaplan_meier(TIME + UNTREATED, EVENT + [1] * 21, group=arms, strata=[0, 1] * 21)
    assert halves.test.statistic != fit.test.statistic


def test_nobody_under_observation_in_between():
    """A time in which nobody is there, though people should be, is refused as in ``aalen_johansen``."""
    with pytest.raises(sd.DataError, match=r"nobody was under observation from 3 to 5, with probability 0\.5"):
        sd.kaplan_meier([2, 3, 9, 10], [1, 0, 1, 1], entry=[0, 0, 5, 6])
    with pytest.raises(sd.DataError, match="nobody was under observation from 3 to 5"):
        sd.aalen_johansen([0, 0, 5, 6], [2, 3, 9, 10], ["w"] * 4, ["d", None, "d", "d"])
    with pytest.raises(sd.DataError, match="group 'a': survival cannot be estimated"):
        sd.kaplan_meier([2, 3, 9, 10] * 2, [1, 0, 1, 1] * 2, entry=[0, 0, 5, 6] + [0] * 4, group=["a"] * 4 + ["b"] * 4)
    # Where everybody has had the event there is nobody to be missed; nor after the last event.
    assert sd.kaplan_meier([2, 3, 9], [1, 1, 0], entry=[0, 0, 5]).probability.tolist() == [0.5, 0.0]
    assert sd.kaplan_meier([2, 3, 9], [1, 1, 1], entry=[0, 0, 5]).probability.tolist() == [0.5, 0.0, 0.0]
    assert sd.kaplan_meier([2, 9], [0, 0], entry=[0, 5]).notes == ("nobody of 2 had the event: the curve stays at 1",)


def test_a_later_start():
    """``since`` gives the probability of those who had not had the event by then."""
    late = sd.kaplan_meier([2, 3, 9, 10], [1, 0, 1, 1], entry=[0, 0, 5, 6], since=6)
    assert (late.start, late.people, late.probability.tolist()) == (6.0, 2, [0.5, 0.0])
    whole = sd.kaplan_meier(TIME, EVENT)
    after = sd.kaplan_meier(TIME, EVENT, since=10)
    np.testing.assert_allclose(after.probability, whole.probability[3:] / whole.probability[2], rtol=1e-12)
    with pytest.raises(sd.DataError, match="nobody is at risk just after 40"):
        sd.kaplan_meier(TIME, EVENT, since=40)


def test_few_at_risk_are_noted():
    """The smallest number at risk is said, with what to do about it: at the beginning or at the end."""
    early = sd.kaplan_meier([2, 8, *[20] * 30], [1, 1, *[0] * 30], entry=[0, 0, *[3] * 30])
    assert early.notes == ("at 2 only 2 were at risk: choose a later `since`",)
    late = sd.kaplan_meier(TIME, EVENT)
    assert late.notes == ("at 23 only 6 were at risk: what follows rests on few",)
    assert sd.kaplan_meier([1] * 30, [1] * 30).notes == ()


def test_pictures():
    """A curve is drawn on the axes given, in the unit given, from the start to the last observation."""
    axes = Figure().subplots()
    fit = sd.kaplan_meier(TIME, EVENT, unit="week")
    assert fit.plot(axes) is axes
    (line,) = axes.lines
    assert (line.get_xdata()[0], line.get_xdata()[-1], line.get_ydata()[0]) == (0, 35, 1)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("weeks", "without the event")
    assert len(axes.collections) == 1
    plain = Figure().subplots()
    sd.kaplan_meier(TIME, EVENT).plot(plain, level=None)
    assert (plain.get_xlabel(), len(plain.collections)) == ("", 0)
    both = Figure().subplots()
    sd.kaplan_meier(TIME + UNTREATED, EVENT + [1] * 21, group=["a"] * 21 + ["b"] * 21).plot(both)
    assert [text.get_text() for text in both.get_legend().get_texts()] == ["a", "b"]
